"""In how much of the set that is not ruled out coordination wins, and by how much; members count by their fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.engine.results import Results
from experiments.reporting.quantity import Quantity

Array = NDArray[Any]

RANGE = (0.05, 0.95)  # of members, between which nine in ten lie


@dataclass(frozen=True)
class Headline:
    """One quantity over the members of the set, each weighted by its fit. wins: share of the set in which coordination
    is better, on the mean over replicates; ties: in which nothing differs; over: the difference coordinated minus
    siloed, median with the 5 and 95 % ends."""

    quantity: Quantity
    members: int
    wins: float
    ties: float
    over: Interval

    @property
    def clear(self) -> bool:
        """Whether at least nine tenths of the set agree on who wins."""
        return max(self.wins, 1.0 - self.wins - self.ties) >= 0.9


def points_of_members(members: pd.DataFrame, names: Sequence[str], most: int) -> list[dict[str, float]]:
    """Parameter values of the first so many members. They were drawn evenly and stand in the order of drawing, so that
    the first are as good a sample as any."""
    rows = members[list(names)].to_numpy(np.float64)[:most].tolist()
    return [dict(zip(names, row, strict=True)) for row in rows]


def headlines_of(results: Results, quantities: Sequence[Quantity], weights: Array) -> list[Headline]:
    """Each quantity in which more is better or worse, over the points of a design in both arms; weights: by point."""
    return [_headline(results, quantity, weights) for quantity in quantities if quantity.better]


def differences_of(results: Results, quantity: Quantity) -> Array:
    """Coordinated minus siloed by point, mean over replicates; NaN where no pair tells."""
    return results.pairs(quantity.of(results.runs)).by_point()


def weighted_interval(values: Array, weights: Array) -> Interval:
    """Weighted median with the ends between which nine in ten lie."""
    ends = np.quantile(values, (0.5, *RANGE), weights=weights, method="inverted_cdf")
    middle, low, high = (float(x) for x in ends)
    return Interval(middle, low, high, len(values))


def _headline(results: Results, quantity: Quantity, weights: Array) -> Headline:
    means = differences_of(results, quantity)
    known = ~np.isnan(means)
    differences, weight = means[known], weights[: len(means)][known]
    better, same = differences * quantity.better > 0, differences == 0
    wins, ties = (float(np.average(which, weights=weight)) for which in (better, same))
    return Headline(quantity, len(differences), wins, ties, weighted_interval(differences, weight))


def table_of(found: Sequence[Headline]) -> pd.DataFrame:
    """One row a quantity."""
    rows = [
        {
            "outcome": one.quantity.name, "label": one.quantity.label, "unit": one.quantity.unit_of_difference,
            "members": one.members, "coordination_wins": one.wins, "no_difference": one.ties, "median": one.over.mean,
            "low_90": one.over.low, "high_90": one.over.high,
        }
        for one in found
    ]  # fmt: skip
    return pd.DataFrame(rows)
