"""In how much of the set that is not ruled out coordination wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.analysis.intervals import Interval, interval
from experiments.engine.results import Results
from experiments.questions.calibrate.matching.space import spread_out
from experiments.reporting.quantity import Quantity


@dataclass(frozen=True)
class Headline:
    """One quantity over the members of the set. wins: share of members in which coordination is better, on the mean
    over replicates; ties: in which nothing differs; mean: the difference coordinated minus siloed, with its interval
    over members; spread: 5 and 95 % of the members' differences."""

    quantity: Quantity
    members: int
    wins: float
    ties: float
    mean: Interval
    spread: tuple[float, float]

    @property
    def clear(self) -> bool:
        """Whether at least nine in ten members agree on who wins."""
        return max(self.wins, 1.0 - self.wins - self.ties) >= 0.9


def chosen_points(members: pd.DataFrame, names: Sequence[str], most: int) -> list[dict[str, float]]:
    """Parameter values of at most so many members, spread over the set; the middle one is among them."""
    values = members[list(names)].to_numpy(np.float64)
    spans = np.maximum(np.ptp(values, axis=0), 1e-12)
    unit = (values - values.min(axis=0)) / spans
    middle = members["middle"].to_numpy() == 1
    others = spread_out(unit[~middle], most - 1, unit[middle])
    kept = np.concatenate([unit[middle], others])[:most]
    return [dict(zip(names, row, strict=True)) for row in (values.min(axis=0) + kept * spans).tolist()]


def headlines_of(results: Results, quantities: Sequence[Quantity]) -> list[Headline]:
    """Each quantity in which more is better or worse, over the points of a design in both arms."""
    return [_headline(results, quantity) for quantity in quantities if quantity.better]


def _headline(results: Results, quantity: Quantity) -> Headline:
    means = results.pairs(quantity.of(results.runs)).by_point()
    differences = means[~np.isnan(means)]
    wins, ties = float((differences * quantity.better > 0).mean()), float((differences == 0).mean())
    low, high = np.quantile(differences, [0.05, 0.95])
    return Headline(quantity, len(differences), wins, ties, interval(differences), (float(low), float(high)))


def table_of(found: Sequence[Headline]) -> pd.DataFrame:
    """One row a quantity."""
    rows = [
        {
            "outcome": one.quantity.name, "label": one.quantity.label, "unit": one.quantity.unit_of_difference,
            "members": one.members, "coordination_wins": one.wins, "no_difference": one.ties, "mean": one.mean.mean,
            "low": one.mean.low, "high": one.mean.high, "q05": one.spread[0], "q95": one.spread[1],
        }
        for one in found
    ]  # fmt: skip
    return pd.DataFrame(rows)
