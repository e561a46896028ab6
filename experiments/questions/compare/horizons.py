"""Results by planning horizon, and the cost of coordination at which the sign flips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval, interval
from experiments.engine.results import Results
from experiments.questions.compare.findings import account_values, cumulative_difference, told_accounts
from experiments.reporting.accounts import Account
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import decimals_for, number
from experiments.reporting.tables import markdown_table

HORIZONS = (1, 3, 10)  # years: an annual budget, a plan period, an investment


@dataclass(frozen=True)
class HorizonRow:
    """One account: what has come of it after some years (discounted SEK; None before the end where closing values
    are part of it), and the flip in words."""

    account: Account
    after: tuple[Interval | None, ...]
    flip: str


def horizon_rows(results: Results, on: str, off: str) -> list[HorizonRow]:
    """Every account; horizons longer than the run are left out."""
    dearer = _dearer(results, on)
    rows = []
    for account in told_accounts(results):
        earlier: list[Interval | None] = [None] * (len(horizons(results)) - 1)
        if account.flows:
            path = cumulative_difference(results, account, on, off)
            earlier = [interval(path[:, year - 1]) for year in horizons(results)[:-1]]
        end = account_values(results, account, on, off)
        flip = ""
        if dearer is not None:
            arm, factor = dearer
            flip = flip_words(end, account_values(results, account, arm, off), factor)
        rows.append(HorizonRow(account, (*earlier, interval(end)), flip))
    return rows


def horizons(results: Results) -> tuple[int, ...]:
    """Years after which accounts are read; the last one is the length of the run."""
    length = results.made.years
    return (*(year for year in HORIZONS if year < length), length)


def flip_words(once: NDArray[Any], more: NDArray[Any], factor: float) -> str:
    """The multiple of today's cost of coordination at which the gain is zero, on the line through both arms.

    once, more: the account's difference at 1 and at `factor` times the cost, one a replicate; NaN where a run failed.

    >>> flip_words(np.array([2.0, 2.2]), np.array([-2.0, -1.8]), 3.0)
    'at 2.0 times'
    """
    slope = (more - once) / (factor - 1.0)
    if not interval(slope).distinguishable:
        return "cost not felt"
    known = ~np.isnan(slope)
    free, rate = float((once - slope)[known].mean()), float(slope[known].mean())
    at = -free / rate
    if at > 0:
        return f"at {number(at, decimals_for(at, 1, 1))} times"
    return "loses at any cost" if free < 0 else "gains at any cost"


def horizon_section(results: Results, on: str, off: str) -> list[str]:
    """The section of summary.md."""
    rows = horizon_rows(results, on, off)
    flips = any(row.flip for row in rows)
    headers = ["Account", *(f"after {year} year{'s' * (year > 1)}" for year in horizons(results))]
    headers += ["sign flips, by cost of coordination"] if flips else []
    columns = [_column([row.after[place] for row in rows]) for place in range(len(horizons(results)))]
    cells = [
        [row.account.label, *(column[place] for column in columns), *([row.flip] if flips else [])]
        for place, row in enumerate(rows)
    ]
    text = (
        "Discounted gains up to a year, MSEK; **bold** where the 95 % interval excludes zero. Whoever may look only so "
        "far ahead sees only this."
    )
    if flips:
        text += (
            " The last column: on a straight line through the arm and its dearer copy; cost not felt: the effect of "
            "the cost is not statistically distinguishable from zero."
        )
    return ["## Results by planning horizon", text, markdown_table(headers, cells)]


def _column(values: list[Interval | None]) -> list[str]:
    """A column of amounts in MSEK, with one precision."""
    shown = [None if value is None else value.scaled(1e-6) for value in values]
    places = places_of([value for value in shown if value is not None])
    return ["–" if value is None else _cell(value, places) for value in shown]


def _cell(value: Interval, places: int) -> str:
    text = number(value.mean, places, signed=True)
    return f"**{text}**" if value.distinguishable else text


def _dearer(results: Results, on: str) -> tuple[str, float] | None:
    """An arm that differs from `on` in nothing but the cost of coordination, and how many times that is."""
    arms = {arm.name: arm.collaboration for arm in results.made.arms}
    rest, cost = _without_cost(arms[on])
    for name, other in arms.items():
        same, dearer = _without_cost(other)
        if name != on and same == rest and cost and dearer != cost:
            return name, dearer / cost
    return None


def _without_cost(collaboration: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """A collaboration without its name and cost factor, and the cost factor."""
    rest = {key: value for key, value in collaboration.items() if key not in ("name", "cost_factor")}
    return rest, float(collaboration.get("cost_factor", 1.0))
