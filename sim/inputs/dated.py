"""A value that holds in some calendar years: of a practice, or of a lever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import SamspelError, quoted, unknown
from sim.inputs.arguments import whole_within

EARLIEST, LATEST = 1900, 2500  # a year outside is no calendar year: years counted from the start are told from these
FROM, TO = "from_year", "to_year"
EXPECTED = f"expected a calendar year, a whole number from {EARLIEST} to {LATEST}"
_taken = whole_within(EARLIEST, LATEST)


def calendar_year(value: object, what: str) -> int:
    """A calendar year of any type of whole number. ``what`` it is, for the message.

    Raises
    ------
    SamspelError : it is none.
    """
    try:
        return _taken(value)
    except ValueError:
        raise SamspelError(f"{what}: got {quoted(value)}; {EXPECTED}") from None


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from one calendar year to another, both inclusive; where one is missing, from the start or to the end.

    In other years a practice is off, and a lever has its default value.

    Raises
    ------
    SamspelError : a year is no calendar year, or the first is after the last.
    """

    value: Any
    from_year: int | None = None
    to_year: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, Dated | Mapping):
            raise SamspelError(f"dated: got {quoted(self.value)}; expected a value that has no years of its own")
        for name in (FROM, TO):
            if (given := getattr(self, name)) is not None:
                object.__setattr__(self, name, calendar_year(given, name))
        if self.from_year is not None and self.to_year is not None and self.from_year > self.to_year:
            raise SamspelError(
                f"from_year: {self.from_year} is after to_year, {self.to_year}; expected a year up to it"
            )

    def holds(self, year: int) -> bool:
        """Whether the value is in force in a calendar year."""
        return (self.from_year is None or self.from_year <= year) and (self.to_year is None or year <= self.to_year)

    def written(self, key: str = "value") -> dict[str, Any]:
        """As files have it: the value under a key, and the years that there are."""
        years = {name: year for name in (FROM, TO) if (year := getattr(self, name)) is not None}
        return {key: self.value, **years}

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.written().items())


def undated(value: Any) -> Any:
    """The value itself, without its years if it has any."""
    return value.value if isinstance(value, Dated) else value


def with_value(value: Any, now: Any) -> Any:
    """Another value in the same years: what has none stays without."""
    return Dated(now, value.from_year, value.to_year) if isinstance(value, Dated) else now


def simplest(value: Any) -> Any:
    """The same, as a plain value where it holds in all years, so that one thing has one form."""
    return value.value if isinstance(value, Dated) and value.from_year is value.to_year is None else value


def read_dated(given: Mapping[str, Any], key: str) -> Any:
    """What a table of a file says: ``key`` is where the value stands, ``strength`` or ``value``.

    Raises
    ------
    SamspelError : the value is missing, a key does not exist, or the years do not fit.
    """
    for name in given:
        if name not in (key, FROM, TO):
            raise unknown("key", str(name), (key, FROM, TO))
    if key not in given:
        raise SamspelError(f"{key} is missing; expected {{ {key} = ..., {FROM} = ..., {TO} = ... }}")
    return simplest(Dated(given[key], given.get(FROM), given.get(TO)))
