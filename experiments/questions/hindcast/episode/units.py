"""In which unit a measure of an episode is told."""

from __future__ import annotations

from experiments.questions.hindcast.episode.whats import How, What
from experiments.reporting.numbers import SCALES

POINTS = "percentage points"


def unit_of(what: What, how: How | None, compared: bool, by: str, per: str | None) -> str:
    """The unit of a measure. compared: with another arm, or with others in the same one.

    >>> from experiments.questions.hindcast.episode.whats import WHATS
    >>> unit_of(WHATS["rent"], "mean", False, "difference", None)
    'SEK per m² and year'
    >>> unit_of(WHATS["employment"], "change", False, "difference", None)
    'percentage points'
    >>> unit_of(WHATS["dividends"], "sum", True, "difference", "flat")
    'kSEK a flat'
    """
    if by == "ratio" and compared:
        return "times"
    if how == "percent_change" or (by == "percent" and compared):
        return POINTS if how == "percent_change" and compared and by == "difference" else "%"
    unit = what.total if how == "sum" else what.unit
    if compared or how == "change":
        unit = POINTS + " a year" * unit.endswith(" a year") if "%" in unit else SCALES.get(unit, unit)
    return _per(unit, per) if per else unit


def _per(unit: str, per: str) -> str:
    """A unit for each flat or place: of money in thousands."""
    money, _, rest = unit.partition("MSEK")
    return f"{money}kSEK a {per}{rest.replace(' a ', ' and ')}" if "MSEK" in unit else f"{unit} a {per}"


def per_factor(unit: str) -> float:
    """What a number in this unit is multiplied by where it is told for each flat or place."""
    return 1e3 if "MSEK" in unit else 1.0
