"""What becomes of state grants: applied for, promised, paid, lapsed or unspent, and what would be built anyway."""

from __future__ import annotations

from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import QUARTERS_A_YEAR, Results
from experiments.reporting.names import label
from experiments.reporting.numbers import number, percent


def grants_section(results: Results, *arms: str) -> list[str]:
    """Grants in each of these arms; nothing where none has a programme."""
    told = [_told(results, arm) for arm in arms]
    found = [text for text in told if text]
    return ["## What becomes of grants", *found] if found else []


def _told(results: Results, arm: str) -> str:
    """One arm's grants in words, empty where it has none."""
    names = ("applied", "granted", "paid", "lapsed", "unspent", "anyway", "work")
    applied, granted, paid, lapsed, unspent, anyway, work = (_sum(results, f"grants_{name}", arm) for name in names)
    if not granted + applied + unspent > 0.0:
        return ""
    text = (
        f"{label(results, arm)}: over {results.made.years} years owners apply for {_sek(applied)} of grants and are "
        f"promised {_sek(granted)}; {_sek(paid)} are paid by the end, {_sek(lapsed)} lapse, as works do not begin in "
        f"time or come out smaller, and {_sek(unspent)} of the budget are promised to nobody and lost to the "
        f"programme. Applying takes work worth {_sek(work)}."
    )
    if granted > lapsed:
        share = percent(min(anyway / (granted - lapsed), 1.0))
        text += f" Of what is taken up, {share} is for works that their owners would have chosen without (deadweight)."
    return text


def _sum(results: Results, name: str, arm: str) -> float:
    """SEK over all years, mean over replicates; nothing in results that do not tell."""
    column = f"mean_{name}"
    if column not in results.runs:
        return 0.0
    mean = float(mean_of_known(results.levels(column, arm).ravel(), 0))
    return mean * float(QUARTERS_A_YEAR * results.made.years)


def _sek(value: float) -> str:
    return f"{number(value / 1e6, 1)} MSEK"
