"""What must hold between the tables of a region: names that refer to rows, areas told apart, flats with an owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.inputs.problems import Problem, clip
from sim.inputs.region_checks import Table, what_unknown
from sim.inputs.region_owners import ownership_problems
from sim.inputs.region_rows import BuilderRow, CountyFile, LandlordRow, MunicipalityRow, NeighbourhoodRow
from sim.inputs.region_tables import Neighbourhoods
from sim.inputs.text import look


@dataclass(frozen=True)
class Tables:
    """The four tables of a region, as read."""

    places: Table[NeighbourhoodRow]
    towns: Table[MunicipalityRow]
    firms: Table[BuilderRow]
    owners: Table[LandlordRow]

    @property
    def all(self) -> tuple[Table[Any], ...]:
        """In the order in which problems are told."""
        return self.places, self.towns, self.firms, self.owners


def link_problems(tables: Tables, region: str) -> Iterator[Problem]:
    """All that is wrong between tables. Rows that are wrong in themselves count as far as their names can be read."""
    for table in tables.all:
        yield from _names_twice(table)
    yield from _tiles(tables.places)
    yield from _areas_confused(tables, region)
    # What refers to rows that could not be read is no problem of its own.
    if tables.towns.named:
        for table in (tables.places, tables.firms, tables.owners):
            yield from _unknown_municipalities(table, tables.towns)
    if tables.towns.named and tables.places.named:
        yield from _empty_municipalities(tables)
        if tables.owners.named:
            yield from ownership_problems(tables.places, tables.owners, set(tables.towns.names))


def _names_twice(table: Table[Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    names = table.names
    for index, name in enumerate(names):
        if not name or (other := first.setdefault(look(name), index)) == index:
            continue
        row, taken = table.lines[other], names[other]
        what = f"the name is taken by row {row}; expected unique names"
        twin = f'"{clip(name)}" looks like "{clip(taken)}" of row {row}'
        alike = f"{twin}; expected names that differ in more than case or form"
        yield table.problem(index, table.key, what if name == taken else alike)


def _tiles(places: Table[NeighbourhoodRow]) -> Iterator[Problem]:
    """A schematic map has a tile for every neighbourhood, and one neighbourhood a tile."""
    cells = list(zip(places.texts("x"), places.texts("y"), strict=True))
    first: dict[tuple[str, str], int] = {}
    for index, tile in enumerate(cells):
        if not any(tile):
            if any(map(any, cells)):
                yield places.problem(index, "x", "blank, where other rows have a tile; expected x and y in all rows")
        elif all(tile) and (other := first.setdefault(tile, index)) != index:
            taken = f'row {places.lines[other]} ("{clip(places.names[other])}")'
            yield places.problem(index, "x", f"the tile {', '.join(tile)} is that of {taken}; expected one each")


def _areas_confused(tables: Tables, region: str) -> Iterator[Problem]:
    """Areas of all kinds are asked for by name alone, so that two of one name could not be told apart."""
    towns, places = tables.towns, tables.places
    municipal = {look(name): index for index, name in enumerate(towns.names)}
    for index, name in enumerate(places.names):
        if name and (town := municipal.get(look(name))) is not None:
            other = towns.problem(town, towns.key, "")
            where = f'"{clip(other.name)}" in {other.file}, row {other.row}'
            what = f'"{clip(name)}" is also a municipality ({where}); expected names of their own'
            yield places.problem(index, places.key, what)
    for table in (towns, places):
        for index, name in enumerate(table.names):
            # Folders are often named in lower case: "botkyrka" is told from "Botkyrka".
            if name and (name == region or (look(name) == look(region) and region != name.lower())):
                folder = "" if name == region else f' ("{clip(region)}")'
                what = f'"{clip(name)}" is also the region{folder}, which has the name of its folder; rename the folder'
                yield table.problem(index, table.key, what)


def _unknown_municipalities(table: Table[Any], towns: Table[MunicipalityRow]) -> Iterator[Problem]:
    known = set(towns.names)
    for index, name in enumerate(table.texts("municipality")):
        if name and name not in known:
            yield table.problem(index, "municipality", what_unknown("municipality", name, known, towns.file))


def _empty_municipalities(tables: Tables) -> Iterator[Problem]:
    used = set(tables.places.texts("municipality"))
    if used - set(tables.towns.names):
        return  # a name with a slip in it, told as unknown
    for index, name in enumerate(tables.towns.names):
        if name not in used:
            what = f"has no neighbourhood in {tables.places.file}; expected at least one"
            yield tables.towns.problem(index, "municipality", what)


def county_problems(file: str, county: CountyFile) -> Iterator[Problem]:
    """Parts of the county's people that are larger than the whole."""
    people, force, workers = (
        getattr(county, name).value for name in ("county_population", "county_labour_force", "construction_workers")
    )
    if force > people:
        what = f"{force:,.0f} is more than the population of {people:,.0f}"
        yield Problem(file, what, column="county_labour_force.value", word="key")
    if workers > force:
        what = f"{workers:,.0f} is more than the labour force of {force:,.0f}"
        yield Problem(file, what, column="construction_workers.value", word="key")


def year_problems(places: Table[NeighbourhoodRow], start: int) -> Iterator[Problem]:
    """Buildings that would not be there yet."""
    for index, row in enumerate(places.rows):
        if row.built_to > start:
            what = f"{row.built_to} is after the region's start; expected a year up to {start} (start_year)"
            yield places.problem(index, "built_to", what)


def people_problems(places: Table[NeighbourhoodRow], columns: Neighbourhoods, scale: float) -> Iterator[Problem]:
    """Neighbourhoods whose rates of finding work cannot be computed: nobody of working age, or nobody out of work.

    columns: to scale; in each flat that is not empty lives a household, whose main earner counts.
    """
    counted = zip(places.rows, columns.flats.tolist(), columns.households.tolist(), strict=True)
    for index, (row, flats, homes) in enumerate(counted):
        of_age = homes * (1.0 - row.age_65_plus)
        at_scale = f" (scale {scale:g})" * (scale != 1)
        homes_words = f"{homes:,} {'occupied ' * (homes < flats)}flat{'s' * (homes != 1)}{at_scale}"
        if homes == 0:
            what = f"{row.empty_share:g} leaves nobody in {flats:,} flats{at_scale}"
            yield places.problem(index, "empty_share", f"{what}; expected at least one household")
        elif of_age < 1.0:
            what = f"{row.age_65_plus:g} leaves nobody of 20-64 years in {homes_words}; expected at least one"
            yield places.problem(index, "age_65_plus", what)
        elif of_age * (1.0 - row.employment) < 1.0:
            what = (
                f"{row.employment:g} leaves nobody out of work in {homes_words}, so that no rate of finding work "
                "can be computed; expected at least one"
            )
            yield places.problem(index, "employment", what)
