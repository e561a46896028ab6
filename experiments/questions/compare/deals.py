"""Whether partners pay each other, how far short they are, why, and what would close the gap."""

from __future__ import annotations

import math

from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results
from experiments.reporting.names import label
from experiments.reporting.numbers import number, percent

RARE = 0.5  # of the flats that partners looked at: below it, what is missing is told


def deals_section(results: Results, *arms: str) -> list[str]:
    """Deals in each of these arms in which partners talk to each other; nothing where none does."""
    told = [_told(results, arm) for arm in arms]
    found = [text for text in told if text]
    return ["## Who pays whom", *found] if found else []


def _told(results: Results, arm: str) -> str:
    """One arm's deals in words, empty where partners have looked at nothing."""
    agreed = _mean(results, "deal_flats", arm)
    if math.isnan(agreed):
        return ""
    years, flats = results.made.years, results.made.flats
    paid = 4.0 * _mean(results, "side_payments", arm) / flats
    talks = 4.0 * _mean(results, "talks_cost", arm) / flats
    text = (
        f"{label(results, arm)}: partners pay for other works than the housing company would do alone in "
        f"{percent(agreed, 1)} of the flats that they look at; side payments come to {number(paid, 1)} SEK a flat and "
        f"year over {years} years, talks to {number(talks, 1)}."
    )
    return text + (_short(results, arm) if agreed < RARE else "")


def _short(results: Results, arm: str) -> str:
    """How far short the best deals are, why, and what would close the gap."""
    lacks, offered = _mean(results, "deal_short", arm), _mean(results, "deal_offered", arm)
    if math.isnan(lacks):
        return ""
    unlawful, unfunded = _mean(results, "deal_not_lawful", arm), _mean(results, "deal_no_budget", arm)
    missing = _mean(results, "deal_not_worth_it", arm)
    text = (
        f" Elsewhere the nearest deal is {_sek(lacks)} a flat short, with {_sek(offered)} offered (present value to "
        f"the owner): {_sek(missing)} because all that partners believe to gain does not cover it, {_sek(unlawful)} "
        f"that payers gain and have no lawful way to pay, {_sek(unfunded)} for want of budgets."
    )
    deep, for_deep = _mean(results, "deep_short", arm), _mean(results, "deep_offered", arm)
    if not math.isnan(deep):
        text += f" Deep energy measures are {_sek(deep)} short, with {_sek(for_deep)} offered."
    return text + _closing(lacks, offered, deep, for_deep)


def _closing(lacks: float, offered: float, deep: float, for_deep: float) -> str:
    """What would close both gaps: money from elsewhere, or larger gains."""
    parts = [f"{_sek(lacks)} a flat from elsewhere (such as a grant){_times(lacks, offered)}"]
    if not math.isnan(deep):
        parts.append(f"for deep energy {_sek(deep)}{_times(deep, for_deep)}")
    return f" What would close the gap: {'; '.join(parts)}."


def _times(lacks: float, offered: float) -> str:
    """How many times larger offers would have to be, where there are any."""
    return f", or offers {number((lacks + offered) / offered, 1)} times as large" if offered > 1.0 else ""


def _sek(value: float) -> str:
    return f"{number(value / 1e3, 1)} thousand SEK"


def _mean(results: Results, name: str, arm: str) -> float:
    """Mean over years and replicates, NaN where there is none."""
    column = f"mean_{name}"
    if column not in results.runs:
        return math.nan
    return float(mean_of_known(results.levels(column, arm).ravel(), 0))
