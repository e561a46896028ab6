"""Outcomes and purses in words and in units that a person reads: percent, MSEK a year, calendar years."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim import OUTCOMES
from sim.vocabulary import PUBLIC_PURSES, Purse

PURPOSE = "Samspel: exploration, not prediction for an estate"

PURSES = tuple(purse.name.lower() for purse in Purse)
PUBLIC = tuple(purse.name.lower() for purse in PUBLIC_PURSES)


@dataclass(frozen=True)
class Measure:
    """How an outcome is shown: `factor` turns the recorded unit into `unit`, a difference is in its own unit.

    better: +1 where more is better, -1 where less is, 0 where neither can be said.
    """

    name: str
    label: str
    unit: str
    difference_unit: str
    factor: float
    better: int


def measure_of(name: str) -> Measure:
    """The measure of an outcome; one that this version does not know is shown by its bare name."""
    known = next((outcome for outcome in OUTCOMES if outcome.name == name), None)
    if known is None:
        return Measure(name, name.replace("_", " "), "", "", 1.0, 0)
    unit, factor = shown_unit(known.unit)
    difference = "percentage points" + (" a year" if unit.endswith("a year") else "") if "%" in unit else unit
    return Measure(name, known.label, unit, difference, factor, known.better)


def shown_unit(unit: str) -> tuple[str, float]:
    """The unit that a reader sees, and the factor into it.

    >>> shown_unit("SEK/quarter")
    ('MSEK a year', 4e-06)
    """
    base, _, per = unit.partition("/")
    if per == "quarter":
        return ("MSEK a year", 4e-6) if base == "SEK" else (f"{base} a year", 4.0)
    if base.split(" ")[0] == "share":
        return (base.replace("share", "%", 1) + (f" a {per}" if per else ""), 100.0)
    if base == "SEK" and not per:
        return ("MSEK", 1e-6)
    plain = {"0-1": "0 to 1", "SEK/m2.year": "SEK per m² and year", "kWh/m2.year": "kWh per m² and year"}
    return (plain.get(unit, unit.replace("/", " a ")), 1.0)


def headlines() -> tuple[str, ...]:
    """Names of the headline outcomes, in the order of the declarations."""
    return tuple(outcome.name for outcome in OUTCOMES if outcome.headline)


PURSE_LABELS = {
    "rest_of_world": "rest of the world",
    "resources": "real resources",
    "resources, end value": "real resources, end value",
    "resources, tenants' worth": "real resources, tenants' worth",
    "housing_companies, end value": "companies, end value",
    "companies and public, end value": "companies and public",
    "private_landlords, end value": "landlords, end value",
}


def purse_label(purse: str) -> str:
    """A purse, or another account, in words."""
    return PURSE_LABELS.get(purse, purse.replace("_", " "))


def decimals_for(width: float, least: int = 0, most: int = 4) -> int:
    """Decimals that show a number of this size with two digits."""
    if not math.isfinite(width) or width == 0:
        return least
    return min(most, max(least, 1 - math.floor(math.log10(abs(width)))))


def number(value: float, decimals: int, signed: bool = False) -> str:
    """A number with separated thousands; "–" where there is none."""
    if math.isnan(value):
        return "–"
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    return text.lstrip("+-") if not text.strip("+-0.,") else text


def listed(words: list[str]) -> str:
    """Words as a phrase: a, b and c.

    >>> listed(["rent", "moves", "health"])
    'rent, moves and health'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
