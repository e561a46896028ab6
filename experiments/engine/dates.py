"""Years of practices and levers as settings of their own, such as ``training.from_year`` or ``grant_rate.to_year``: in
points, tables and ranges, and on the command line. Where there is room for a table a dated value is one setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim import Dated, Levers, SamspelError, load_parameters
from sim.inputs.dated import EARLIEST, FROM, LATEST, TO, calendar_year, simplest, undated
from sim.inputs.shocks import Shocks
from sim.vocabulary import Practice

ENDS = {FROM: "first", TO: "last"}
DATES = tuple(f"{name}.{end}" for name in (*map(str, Practice), *Levers.model_fields) for end in ENDS)
YEARS = f"a calendar year, {EARLIEST} to {LATEST}"


def whose(name: str) -> str:
    """The practice or lever that a setting is, or is a year of."""
    return name.rpartition(".")[0] if name in DATES else name


def refuse_yearless(name: str, where: str) -> None:
    """Raises SamspelError for a year of a parameter, which has none."""
    base, _, end = name.rpartition(".")
    if end in ENDS and base in load_parameters().records:
        raise SamspelError(f"{where + ': ' if where else ''}{name}: a parameter has no years; expected {base} alone")


def year_taken(name: str, value: Any) -> int:
    """A year as the model takes it. Raises SamspelError."""
    return calendar_year(value, name)


def with_years(values: Mapping[str, Any], given: Mapping[str, Any], keep: bool) -> dict[str, Any]:
    """Values by name with what is given in their place: plain and dated values, and years of them. Raises SamspelError.

    keep: a plain value given leaves the years of the one that it replaces, as in a point of a design. Years of what has
    no value are left out.
    """
    found = dict(values)
    for name in dict.fromkeys(map(whose, given)):
        if name in given:
            found[name] = _dated(given[name], found.get(name)) if keep else given[name]
        ends = {end: year_taken(f"{name}.{end}", given[f"{name}.{end}"]) for end in ENDS if f"{name}.{end}" in given}
        if ends and name in found:
            found[name] = _moved(name, found[name], ends)
    return found


def _dated(value: Any, before: Any) -> Any:
    """A value in the years of the one before, unless it has its own."""
    if isinstance(value, Dated) or not isinstance(before, Dated):
        return value
    return Dated(value, before.from_year, before.to_year)


def _moved(name: str, value: Any, ends: Mapping[str, int]) -> Any:
    """A value in other years. Raises SamspelError."""
    old = value if isinstance(value, Dated) else Dated(value)
    try:
        return simplest(Dated(undated(value), ends.get(FROM, old.from_year), ends.get(TO, old.to_year)))
    except SamspelError as error:
        raise SamspelError(f"{name}: {error}") from None


def of_nothing(given: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """What is wrong with years of something that has no value, in words; nothing where all have one."""
    for name in given:
        if name in DATES and whose(name) not in values:
            return f"{name}: the year of something that is not set; expected {whose(name)} as well"
    return ""


def plain(values: Mapping[str, Any], key: str = "value") -> dict[str, Any]:
    """Values by name as files and tables hold them: a dated one as a table."""
    return {name: value.written(key) if isinstance(value, Dated) else value for name, value in values.items()}


def named(shocks: Shocks) -> dict[str, Any]:
    """Shocks as what is set in all arms: values by year under the series' name."""
    return {f"shocks.{series}": {str(year): value for year, value in years.items()} for series, years in shocks.items()}


def apart(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same with years as settings of their own, as columns hold them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found[name] = undated(value)
        if isinstance(value, Dated):
            found |= {f"{name}.{end}": year for end, year in value.written().items() if end in ENDS}
    return found


def never(arm: str, values: Mapping[str, Any], first: int, last: int) -> list[str]:
    """Remarks on what has years of which none is run."""
    dated = {name: value for name, value in values.items() if isinstance(value, Dated)}
    return [
        f"arm {arm}: {name} ({said(value.written())}) acts in no year of the run, {first} to {last}"
        for name, value in dated.items()
        if not any(map(value.holds, range(first, last + 1)))
    ]


def said(value: Any) -> str:
    """A value as a reader sees it, with its years: 0.3 (2014 to 2018), or 0.9 in 2014."""
    if not isinstance(value, Mapping):
        return str(value)
    if not {"value", "strength"} & set(value):
        return ", ".join(f"{one} in {year}" for year, one in value.items())
    first, last = value.get(FROM), value.get(TO)
    years = f"{first} to {last}" if first and last else f"from {first}" if first else f"to {last}"
    return f"{value.get('value', value.get('strength'))} ({years})"
