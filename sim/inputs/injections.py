"""An owner's injection: money that the owner of a housing company or landlord puts into it in a calendar year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sim.errors import SamspelError, quoted, unknown
from sim.inputs.arguments import MOST_SEK, number
from sim.inputs.dated import calendar_year

KEYS = ("owner", "year", "sek")


@dataclass(frozen=True, slots=True)
class Injection:
    """So many SEK (of 2011) for the whole region at 1:1, put into an owner in the first quarter of a calendar year.

    owner: a municipality, for its housing company, or a private landlord, by the name that it has in the region's
    tables. A municipality pays for its company, a landlord's own owners for the landlord.

    Raises
    ------
    SamspelError : no name, no calendar year, or no amount of money.
    """

    owner: str
    year: int
    sek: float

    def __post_init__(self) -> None:
        if not isinstance(self.owner, str) or not self.owner.strip():
            raise SamspelError(
                f"injection: owner is {quoted(self.owner)}; expected the name of a municipality or landlord"
            )
        object.__setattr__(self, "owner", self.owner.strip())
        object.__setattr__(self, "year", calendar_year(self.year, f"injection into {self.owner}: year"))
        given = number(self.sek)
        if given is None or not 0 <= given <= MOST_SEK:
            raise SamspelError(
                f"injection into {self.owner}: sek is {quoted(self.sek)}; expected an amount from 0 to {MOST_SEK:g}"
            )
        object.__setattr__(self, "sek", float(given))

    def written(self) -> dict[str, Any]:
        """As files have it."""
        return {key: getattr(self, key) for key in KEYS}


def read_injection(given: Mapping[str, Any]) -> Injection:
    """An injection as a table of a file says it.

    Raises
    ------
    SamspelError : a key is missing or does not exist, or a value does not fit.
    """
    for name in given:
        if name not in KEYS:
            raise unknown("key", str(name), KEYS)
    if missing := [key for key in KEYS if key not in given]:
        raise SamspelError(f"{missing[0]} is missing; expected owner, year and sek")
    return Injection(**given)


class _Region(Protocol):
    """As much as must be known of a region."""

    @property
    def municipalities(self) -> _Named: ...
    @property
    def landlords(self) -> _Named: ...
    @property
    def start_year(self) -> int: ...


class _Named(Protocol):
    @property
    def name(self) -> tuple[str, ...]: ...


def injections_of(given: object, region: _Region, years: int) -> tuple[Injection, ...]:
    """Injections each of which goes to an owner that there is, in a year of the run.

    Raises
    ------
    SamspelError : what is given is no injection, its owner is not in the region, or its year is not in the run.
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise SamspelError(f"injections: got {quoted(given)}; {_EXPECTED}")
    owners, last = (*region.municipalities.name, *region.landlords.name), region.start_year + years - 1
    found = tuple(given)
    for one in found:
        if not isinstance(one, Injection):
            raise SamspelError(f"injections: got {quoted(one)}; {_EXPECTED}")
        if one.owner not in owners:
            raise unknown("owner", one.owner, owners, f"injection of {one.year}")
        if not region.start_year <= one.year <= last:
            such = f"year {one.year} is not in the run; expected a year from {region.start_year} to {last}"
            raise SamspelError(f"injection into {one.owner}: {such}")
    return found


_EXPECTED = 'expected a list of injections, such as [Injection("Botkyrka", 2015, 2e8)]'
