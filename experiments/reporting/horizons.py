"""Whether a purse's own horizon lets it see a gain, and the cost of coordination at which the sign flips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from experiments.analysis.intervals import Interval, interval
from experiments.engine.results import Results
from experiments.reporting.findings import cumulative_difference, value_difference
from experiments.reporting.numbers import PUBLIC, PURSES, decimals_for, number, purse_label
from experiments.reporting.tables import markdown_table

HORIZONS = (1, 3, 10)  # years: an annual budget, a plan period, an investment
ACCOUNTS = (*PURSES, "resources")
# Accounts that are complete only with what houses are worth in the end, so that no earlier horizon sees them.
_HOUSES = ("value_housing_companies", "value_private_landlords")
IN_THE_END: dict[str, tuple[str, ...]] = {
    "companies and public, end value": ("housing_companies", "value_housing_companies", *PUBLIC),
    "resources, end value": ("resources", *_HOUSES),
    "resources, tenants' worth": ("resources", *_HOUSES, "standard_surplus", "value_standard_surplus"),
}


@dataclass(frozen=True)
class HorizonRow:
    """One account: what has come of it after some years (discounted SEK; None where that is not known before the end),
    and the flip in words."""

    name: str
    after: tuple[Interval | None, ...]
    flip: str


def horizon_rows(results: Results, treated: str, control: str) -> list[HorizonRow]:
    """Every purse and real resources, and accounts with end values; horizons longer than the run are left out."""
    years = horizons(results)
    dearer = _dearer(results, treated)
    rows = []
    for name in ACCOUNTS:
        if name == "resources" and "npv_resources" not in results.runs:
            continue
        path = cumulative_difference(results, (name,), treated, control)
        after = tuple(interval(path[:, year - 1]) for year in years)
        rows.append(HorizonRow(name, after, _flip(results, (name,), treated, control, dearer)))
    for name, parts in IN_THE_END.items():
        if all(f"npv_{part}" in results.runs for part in parts):
            last = interval(value_difference(results, parts, treated, control))
            unseen: tuple[Interval | None, ...] = (None,) * (len(years) - 1)
            rows.append(HorizonRow(name, (*unseen, last), _flip(results, parts, treated, control, dearer)))
    return rows


def _flip(
    results: Results, parts: tuple[str, ...], treated: str, control: str, dearer: tuple[str, float] | None
) -> str:
    """Where an account's sign flips, in words; nothing without a dearer arm."""
    if dearer is None:
        return ""
    arm, factor = dearer
    once, more = (value_difference(results, parts, on, control) for on in (treated, arm))
    return flip_words(once, more, factor)


def horizons(results: Results) -> tuple[int, ...]:
    """Years after which accounts are read."""
    length = int(results.manifest["years"])
    return tuple(year for year in (*HORIZONS, length) if year <= length)


def flip_words(once: NDArray[Any], more: NDArray[Any], factor: float) -> str:
    """The multiple of today's cost of coordination at which the gain is zero, on the line through both arms.

    once, more: the account's difference at 1 and at `factor` times the cost, one a replicate.

    >>> flip_words(np.array([2.0, 2.2]), np.array([-2.0, -1.8]), 3.0)
    'at 2.0 times'
    """
    slope = (more - once) / (factor - 1.0)
    if not interval(slope).distinguishable:
        return "cost not felt"
    free, rate = float((once - slope).mean()), float(slope.mean())
    at = -free / rate
    if at > 0:
        return f"at {number(at, decimals_for(at, 1, 1))} times"
    return "loses at any cost" if free < 0 else "gains at any cost"


def horizon_section(results: Results, treated: str, control: str) -> list[str]:
    """The section of summary.md."""
    rows = horizon_rows(results, treated, control)
    flips = any(row.flip for row in rows)
    headers = ["Purse", *(f"after {year} year{'s' * (year > 1)}" for year in horizons(results))]
    headers += ["sign flips, by cost of coordination"] if flips else []
    cells = [[purse_label(row.name), *map(_cell, row.after), *([row.flip] if flips else [])] for row in rows]
    text = (
        "Discounted gains up to a year, MSEK; **bold** where the 95 % interval leaves zero out. "
        "Who may look only so far ahead sees only this."
    )
    if flips:
        text += " The last column: on a straight line through the arm and its dearer copy."
    return ["## Which horizon sees it", text, markdown_table(headers, cells)]


def _cell(value: Interval | None) -> str:
    if value is None:
        return "–"
    shown = value.scaled(1e-6)
    text = number(shown.mean, decimals_for(shown.mean), signed=True)
    return f"**{text}**" if shown.distinguishable else text


def _dearer(results: Results, treated: str) -> tuple[str, float] | None:
    """An arm that differs from `treated` in nothing but the cost of coordination, and how many times it is."""
    arms = {arm["name"]: dict(arm["collaboration"]) for arm in results.manifest["arms"]}
    if treated not in arms:
        return None
    cost = _taken(arms[treated])
    for name, other in arms.items():
        factor = _taken(other) / cost if cost else 1.0
        if factor != 1.0 and other == arms[treated]:
            return name, factor
    return None


def _taken(collaboration: dict[str, Any]) -> float:
    """The cost factor, taken out together with the name."""
    collaboration.pop("name", None)
    return float(collaboration.pop("cost_factor", 1.0))
