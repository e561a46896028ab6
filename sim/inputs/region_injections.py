"""A region's own injections: a table that it may do without, of money that owners' owners have put in or will."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.inputs.injections import Injection
from sim.inputs.problems import Problem
from sim.inputs.region_checks import Table, what_unknown
from sim.inputs.region_rows import InjectionRow


@dataclass(frozen=True)
class OwnInjections:
    """The table, and the owners and the first year that it may name."""

    table: Table[InjectionRow]
    owners: Sequence[str]
    start_year: int

    def problems(self) -> Iterator[Problem]:
        """Rows of owners that there are not, and of years before the start."""
        yield from self.table.problems
        if self.table.problems:
            return
        for index, row in enumerate(self.table.rows):
            if row.owner not in self.owners:
                what = what_unknown("municipality or landlord", row.owner, self.owners)
                yield self.table.problem(index, "owner", what)
            if row.year < self.start_year:
                what = f"{row.year} is before the start; expected a year from {self.start_year} on"
                yield self.table.problem(index, "year", what)

    def made(self) -> tuple[Injection, ...]:
        """The injections."""
        return tuple(Injection(row.owner, row.year, row.sek) for row in self.table.rows)
