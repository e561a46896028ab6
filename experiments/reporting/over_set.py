"""A quantity over the members of the set that is not ruled out: in which share of it coordination is better, and by how
much; members count by their fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.analysis.weighted import share_of, weighted_interval
from experiments.engine.results import Results
from experiments.reporting.accounts import asked_accounts
from experiments.reporting.numbers import amount, headlines, short
from experiments.reporting.quantity import Quantity, quantities_of

Array = NDArray[Any]

LEAST = 0.001  # share below which, and above one less which, no digits are told


@dataclass(frozen=True)
class Over:
    """One quantity over the members of the set, each weighted by its fit. wins: share of the set in which the arm in
    question is better, on the mean over replicates; ties: in which nothing differs; over: its difference from the other
    arm, median with the 5 and 95 % ends. All are NaN where no member is known."""

    quantity: Quantity
    members: int
    wins: float
    ties: float
    over: Interval

    @property
    def clear(self) -> bool:
        """Whether at least nine tenths of the set agree on who wins."""
        return max(self.wins, 1.0 - self.wins - self.ties) >= 0.9


def over_members(quantity: Quantity, differences: Array, weights: Array) -> Over:
    """A quantity from its differences, one a member; a member that is not known (NaN) is left out, with its weight."""
    known = ~np.isnan(differences) & (weights > 0)
    differences, weight = differences[known], weights[known]
    if not len(differences):
        return Over(quantity, 0, math.nan, math.nan, Interval(math.nan, math.nan, math.nan, 0))
    better, same = differences * quantity.better > 0, differences == 0
    wins, ties = share_of(better, weight), share_of(same, weight)
    return Over(quantity, len(differences), wins, ties, weighted_interval(differences, weight))


def headlines_of(results: Results, quantities: Sequence[Quantity], weights: Array) -> list[Over]:
    """Each quantity in which more is better or worse, over the points of a design in both arms; weights: by point."""
    told = [quantity for quantity in quantities if quantity.better]
    differences = [differences_of(results, quantity) for quantity in told]
    return [over_members(one, far, weights[: len(far)]) for one, far in zip(told, differences, strict=True)]


def differences_of(results: Results, quantity: Quantity) -> Array:
    """Coordinated minus siloed by point, mean over replicates; NaN where no pair tells."""
    return results.pairs(quantity.of(results.runs)).by_point()


def asked_quantities(flats: int) -> tuple[Quantity, ...]:
    """What both arms are compared in: the usual accounts, society first, and the headline outcomes."""
    return quantities_of((*(account.name for account in asked_accounts()), *headlines()), flats)


def table_of(found: Sequence[Over]) -> pd.DataFrame:
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


def data_of(found: Sequence[Over]) -> dict[str, dict[str, Any]]:
    """For summary.json, by quantity."""
    return {
        one.quantity.name: {
            "wins": one.wins, "no_difference": one.ties, "median": one.over.mean,
            "low_90": one.over.low, "high_90": one.over.high, "unit": one.quantity.unit_of_difference,
        }
        for one in found
    }  # fmt: skip


def rows_of(found: Sequence[Over]) -> list[tuple[str, str, str, str]]:
    """Cells of a table: what, in which share it is better, in which nothing differs, and the median with its range."""
    return [
        (one.quantity.title, share_words(one.wins), share_words(one.ties),
         amount(one.over, one.quantity.unit_of_difference))
        for one in found
    ]  # fmt: skip


def share_words(share: float) -> str:
    """A share in words; weighted shares come arbitrarily near none and all, where digits say nothing.

    >>> share_words(0.876), share_words(1e-9), share_words(0.99999)
    ('87.6 %', 'under 0.100 %', 'over 99.9 %')
    """
    if 0.0 < share < LEAST:
        return f"under {short(100 * LEAST)} %"
    return f"over {short(100 * (1 - LEAST))} %" if 1.0 - LEAST < share < 1.0 else f"{short(100 * share)} %"
