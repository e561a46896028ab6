"""The table of observed series, read strictly: all that is wrong is told at once, by row and column."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from experiments.reporting.tracks.prices import consumer_prices, prices_file
from experiments.reporting.tracks.series import BY_NAME
from sim.errors import unknown
from sim.inputs.files import read_bytes
from sim.inputs.numbers_text import Decimals, NotANumberError
from sim.inputs.problems import Problem, clip, stop_if
from sim.inputs.seeds_folder import seeds_folder, shipped_regions
from sim.inputs.tables_text import read_table_text

Use = Literal["fit", "check", "predict"]
Grade = Literal["found", "derived", "recalled"]

COLUMNS = ("series", "area", "year", "value", "low", "high", "unit", "use", "source", "grade")
FIRST, LAST = 2007, 2024  # years that the table may tell of
ELSEWHERE = ("Sweden",)  # places that no region of ours is, told for whoever reads the table
AND = ";"  # between neighbourhoods that are observed as one


@dataclass(frozen=True)
class Observed:
    """One observed number. area: a region, a municipality, or neighbourhoods. low, high: between which it may lie, both
    the value where nothing is known of that. use: fit where it chose a parameter, a starting value or a fitted pattern,
    check where it was known while the model was built, predict where nobody had looked at it."""

    series: str
    area: str
    year: int
    value: float
    low: float
    high: float
    use: Use
    source: str
    grade: Grade

    @property
    def places(self) -> tuple[str, ...]:
        """The areas of ours that it is about, together."""
        return tuple(self.area.split(AND))


def tracks_file() -> Path:
    """The shipped table."""
    return seeds_folder() / "tracks.csv"


@lru_cache(maxsize=1)
def tracks() -> tuple[Observed, ...]:
    """All that the shipped table tells. Raises SamspelError."""
    return read_tracks(tracks_file())


def read_tracks(path: Path) -> tuple[Observed, ...]:
    """Observed numbers of a table in the form of seeds/tracks.csv. Raises SamspelError with all that is wrong in it."""
    content = read_bytes(path, path.name, "missing; expected the table of observed series")
    table = read_table_text(path.name, content)
    problems = [*table.problems, *_columns(path.name, table.header)]
    stop_if(problems)
    found = []
    for row, cells in table.rows:
        reader = _Row(path.name, row, dict(zip(table.header, cells, strict=True)), table.decimals)
        if (one := reader.observed()) is not None:
            found.append((row, one))
        problems += reader.problems
    stop_if([*problems, *_twice(path.name, found)])
    return tuple(one for _, one in found)


@lru_cache(maxsize=1)
def known_areas() -> frozenset[str]:
    """Names of the shipped regions and of all their municipalities and neighbourhoods, and places beyond them."""
    names = {*shipped_regions(), *ELSEWHERE}
    for region in shipped_regions():
        file = seeds_folder() / region / "neighbourhoods.csv"
        table = read_table_text(file.name, read_bytes(file, file.name))
        columns = [table.header.index(column) for column in ("neighbourhood", "municipality")]
        names |= {cells[column] for _, cells in table.rows for column in columns}
    return frozenset(names)


class _Row:
    """A row being read: what is wrong with it gathers in `problems`."""

    def __init__(self, file: str, row: int, cells: dict[str, str], decimals: Decimals) -> None:
        self.file, self.row, self.cells, self.decimals = file, row, cells, decimals
        self.problems: list[Problem] = []

    def observed(self) -> Observed | None:
        """The row as a number that was observed; None where something is wrong."""
        series = self._one_of("series", "series", BY_NAME)
        use, grade = self._one_of("use", "use", get_args(Use)), self._one_of("grade", "grade", get_args(Grade))
        area, year = self._area(), self._year()
        value = self._number("value")
        low, high = (value if not self.cells[end] else self._number(end) for end in ("low", "high"))
        self._ranges(value, low, high, grade)
        if series in BY_NAME:
            self._of_series(series, year)
            self._positive(series, {"value": value, "low": low, "high": high})
        if not self.cells["source"]:
            self._wrong("source", "blank; expected where the number is from")
        if self.problems:
            return None
        source = self.cells["source"]
        return Observed(series, area, year, value, low, high, cast(Use, use), source, cast(Grade, grade))

    def _one_of(self, column: str, kind: str, valid: Collection[str]) -> str:
        name = self.cells[column]
        if name not in valid:
            self._wrong(column, str(unknown(kind, name, valid)) if name else f"blank; expected a {kind}")
        return name

    def _area(self) -> str:
        for name in self.cells["area"].split(AND):
            if name not in known_areas():
                self._wrong("area", str(unknown("area", name, known_areas())) if name else "blank; expected an area")
        return self.cells["area"]

    def _year(self) -> int:
        year = self._number("year")
        if not (math.isnan(year) or (year.is_integer() and FIRST <= year <= LAST)):
            self._wrong("year", f'"{clip(self.cells["year"])}" is not a year of {FIRST} to {LAST}')
            return 0
        return 0 if math.isnan(year) else int(year)

    def _number(self, column: str) -> float:
        cell = self.cells[column]
        try:
            return float(self.decimals.number(cell))
        except NotANumberError as error:
            self._wrong(column, f'"{clip(cell)}" {error}' if cell else "blank; expected a number")
            return math.nan

    def _ranges(self, value: float, low: float, high: float, grade: str) -> None:
        if value < low:
            self._wrong("low", f"{low:g} is more than the value, {value:g}")
        if value > high:
            self._wrong("high", f"{high:g} is less than the value, {value:g}")
        if grade == "recalled" and low == high:
            self._wrong("low", "blank; expected a range, since the number is only recalled")

    def _of_series(self, name: str, year: int) -> None:
        series = BY_NAME[name]
        if self.cells["unit"] != series.unit:
            self._wrong("unit", f'"{clip(self.cells["unit"])}"; expected "{series.unit}", the unit of {name}')
        if series.of_the_day and not series.apart and year and year not in consumer_prices():
            self._wrong("year", f"{prices_file().name} has no prices of {year}, which money of the day needs")

    def _positive(self, name: str, numbers: dict[str, float]) -> None:
        """A series that is told as a ratio to its first number has numbers above zero."""
        for column, number in numbers.items() if BY_NAME[name].against_first else ():
            if number <= 0 and self.cells[column]:
                self._wrong(
                    column, f"{number:g}; expected more than 0, as {name} is told as a ratio to its first number"
                )

    def _wrong(self, column: str, what: str) -> None:
        self.problems.append(Problem(self.file, what, self.row, column=column))


def _columns(file: str, header: tuple[str, ...]) -> Iterator[Problem]:
    for name in COLUMNS:
        if name not in header:
            yield Problem(file, "missing", column=name)
    for name in header:
        if name not in COLUMNS:
            yield Problem(file, str(unknown("column", name, COLUMNS)), column=name)


def _twice(file: str, found: list[tuple[int, Observed]]) -> Iterator[Problem]:
    rows: dict[tuple[str, str, int], int] = {}
    for row, one in found:
        if (first := rows.setdefault((one.series, one.area, one.year), row)) != row:
            what = f"{one.series} of {one.area} in {one.year} stands in row {first} already; expected it once"
            yield Problem(file, what, row)
