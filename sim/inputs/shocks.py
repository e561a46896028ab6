"""Shocks: series of the surroundings set to a value in a calendar year, in all arms; from there they go on as ever."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from sim.errors import SamspelError, quoted, unknown
from sim.inputs.arguments import number
from sim.inputs.dated import calendar_year
from sim.inputs.parameters import Parameters

MOST = 100.0  # times its level of 2011: more than any price or demand could become
LEAST = 0.01  # times the same: things and people always cost something


class Series(StrEnum):
    """What can be set: its unit, its meaning, the least and the most that it can be.

    The value is that of the first quarter of its year, in place of what the process came to.
    """

    unit: str
    meaning: str
    least: float
    most: float

    def __new__(cls, key: str, unit: str, meaning: str, least: float = LEAST, most: float = MOST) -> Self:
        """A series by its key in files."""
        member = str.__new__(cls, key)
        member._value_, member.unit, member.meaning = key, unit, meaning
        member.least, member.most = least, most
        return member

    HEAT_PRICE = "heat_price", "SEK/kWh", "district heating, real (SEK of 2011), with tax; reverts to its trend"
    INTEREST = "interest", "share/year", "real, before the owners' margin; reverts to interest_rate", -1.0, 1.0
    WAGES = "wages", "1 = 2011", "real pay, support and pensions of all but building crews; grows on from there"
    CONSTRUCTION = "construction", "1 = 2011", "real construction price before scarcity, as all know it; drifts on"
    CONSTRUCTION_CYCLE = (
        "construction_cycle",
        "1 = normal",
        "demand of other construction; reverts as its cycle does",
        0.0,
    )


Shocks = Mapping[str, Mapping[int, float]]
_SUCH = '{"heat_price": {2014: 0.9}}'


def fit_shocks(given: object) -> dict[str, dict[int, float]]:
    """Shocks by series and calendar year, each checked by itself, in the order of the series and of years.

    Raises
    ------
    SamspelError : a series does not exist, a year is none, or a value does not fit.
    """
    if not isinstance(given, Mapping):
        raise SamspelError(f"shocks: got {quoted(given)}; expected values by series and year, such as {_SUCH}")
    for name in given:
        if name not in list(Series):
            raise unknown("series", str(name), list(map(str, Series)), "shocks")
    found = {str(series): _years(series, given[series]) for series in Series if series in given}
    return {series: years for series, years in found.items() if years}


def _years(series: Series, given: object) -> dict[int, float]:
    if not isinstance(given, Mapping):
        raise SamspelError(f"shocks.{series}: got {quoted(given)}; expected values by year, such as 2014 = 0.9")
    return dict(sorted((_year(series, year), _value(series, year, value)) for year, value in given.items()))


def _year(series: Series, year: object) -> int:
    """A year; as the key of a file it is text."""
    digits = isinstance(year, str) and year.isascii() and year.isdigit() and len(year) < len("10000")
    return calendar_year(int(str(year)) if digits else year, f"shocks.{series}")


def _value(series: Series, year: object, value: object) -> float:
    given = number(value)
    if given is None or not series.least <= given <= series.most:
        expected = f"expected a number from {series.least:g} to {series.most:g} ({series.unit})"
        raise SamspelError(f"shocks.{series}: {year} is {quoted(value)}; {expected}")
    return float(given)


def shocks_of(given: object, start_year: int, years: int, p: Parameters) -> dict[str, dict[int, float]]:
    """Shocks in years of the run, at values that the processes can have.

    Raises
    ------
    SamspelError : as ``fit_shocks`` does; or a year is not in the run, or the process would not stay at such a value.
    """
    found, last = fit_shocks(given), start_year + years - 1
    for series, values in found.items():
        for year, value in values.items():
            if not start_year <= year <= last:
                such = f"{year} is not a year of the run; expected a year from {start_year} to {last}"
                raise SamspelError(f"shocks.{series}: {such}")
            if what := _beyond(series, value, p):
                raise SamspelError(f"shocks.{series}: {year} is {value:g}; expected {what}")
    return found


def _beyond(series: str, value: float, p: Parameters) -> str:
    """What the process keeps to, where this is beyond it."""
    if series == Series.HEAT_PRICE and value < p.heat_price_least * p.heat_price:
        return f"{p.heat_price_least * p.heat_price:g} or more (heat_price_least x heat_price)"
    if series == Series.INTEREST and not p.interest_least <= value <= p.interest_most:
        return f"a rate from {p.interest_least:g} to {p.interest_most:g} (interest_least, interest_most)"
    return ""
