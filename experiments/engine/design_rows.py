"""The table of runs of a design, one row a run: point, arm, replicate, seed, then a column for each setting."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.engine.design import Design, Run
from experiments.engine.points import Treatment, apply_point, check_points
from sim import SamspelError
from sim.errors import unknown
from sim.inputs.problems import clip

FIXED = ("point", "arm", "replicate", "seed")
MOST_BYTES = 500_000_000
LARGEST = {"point": 2**31 - 1, "replicate": 2**15 - 1, "seed": 2**63 - 1}  # what the tables of results can hold
LONGEST_WHOLE = 18


def write_rows(path: Path, design: Design) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*FIXED, *design.varied])
        for run in design.runs:
            fixed = (run.point, run.arm, run.replicate, run.seed)
            writer.writerow([*fixed, *(_cell(run.values[name]) for name in design.varied)])


def read_rows(path: Path, treatments: Mapping[str, Treatment]) -> list[Run]:
    """The runs again. Raises SamspelError for a row that does not fit, and where a run is missing: at every point each
    replicate has all arms."""
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise SamspelError(f"{path}: {size:,} bytes; expected {MOST_BYTES:,} at most")
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, strict=True)
            reader = _Reader(path, treatments, _header(path, next(table, [])))
            for line, row in enumerate(table, 2):
                reader.add(line, row)
    except OSError as error:
        raise SamspelError(f"{path}: cannot be read ({error.strerror or error}); expected a table of runs") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SamspelError(f"{path}: not readable as a table ({clip(error, 200)}); expected a table of runs") from None
    reader.check()
    return reader.runs


def _header(path: Path, header: Sequence[str]) -> Sequence[str]:
    if len(header) == 1 and ";" in header[0]:
        raise SamspelError(f"{path}: columns are divided by semicolons; expected commas, as samspel wrote it")
    if missing := [name for name in FIXED if name not in header]:
        raise SamspelError(f'{path}: has no column "{missing[0]}"; expected {", ".join(FIXED)}, then settings')
    for name in header:
        if header.count(name) > 1 or not name:
            such = f'column "{clip(name)}" stands twice' if name else "a column has no name"
            raise SamspelError(f"{path}: {such}; expected one column for each setting")
    return header


@dataclass
class _Reader:
    """Takes the table row by row. Points are applied to arms once, however many replicates they have."""

    path: Path
    treatments: Mapping[str, Treatment]
    header: Sequence[str]
    runs: list[Run] = field(default_factory=list)
    _points: dict[int, tuple[tuple[str, ...], Mapping[str, Any]]] = field(default_factory=dict)
    _applied: dict[tuple[int, str], Treatment] = field(default_factory=dict)
    _seen: dict[tuple[int, int, str], int] = field(default_factory=dict)

    def add(self, line: int, row: Sequence[str]) -> None:
        """One row. Raises SamspelError."""
        where = f"{self.path}, row {line}"
        if len(row) != len(self.header):
            raise SamspelError(f"{where}: {len(row)} cells; expected {len(self.header)}")
        cells = dict(zip(self.header, row, strict=True))
        if cells["arm"] not in self.treatments:
            raise unknown("arm", clip(cells["arm"]), self.treatments, where)
        point, replicate, seed = (_whole(cells[name], name, where) for name in ("point", "replicate", "seed"))
        key = (point, replicate, cells["arm"])
        if key in self._seen:
            run = f"point {point}, replicate {replicate} of {clip(cells['arm'])}"
            raise SamspelError(f"{where}: {run} stands in row {self._seen[key]} already; expected each run once")
        self._seen[key] = line
        values = self._values(point, tuple(row), where)
        try:
            treatment = self._treatment(point, cells["arm"], values)
        except SamspelError as error:
            raise SamspelError(f"{where}: {error}") from None
        self.runs.append(Run(len(self.runs), treatment, replicate, seed, point, values))

    def check(self) -> None:
        """Raises SamspelError where a run is missing, such as one that another takes its money from."""
        if not self.runs:
            raise SamspelError(f"{self.path}: has no runs; expected a row for each")
        for name in ("point", "replicate"):
            if min(getattr(run, name) for run in self.runs) < (name == "replicate" or len(self.header) > len(FIXED)):
                raise SamspelError(f"{self.path}: {name}s are counted from 1; got 0")
        for point, replicate, arm in self._expected():
            if (point, replicate, arm) not in self._seen:
                raise SamspelError(
                    f"{self.path}: point {point}, replicate {replicate} has no row for the arm {clip(arm)}; expected a "
                    "row for every arm in every replicate at every point"
                )

    def _expected(self) -> Iterator[tuple[int, int, str]]:
        replicates = sorted({replicate for _, replicate, _ in self._seen})
        for point in self._points:
            for replicate in replicates:
                for arm in self.treatments:
                    yield point, replicate, arm

    def _values(self, point: int, row: tuple[str, ...], where: str) -> Mapping[str, Any]:
        given = tuple(cell for name, cell in zip(self.header, row, strict=True) if name not in FIXED)
        if point not in self._points:
            names = [name for name in self.header if name not in FIXED]
            settings: Mapping[str, Any] = {name: parse_cell(cell) for name, cell in zip(names, given, strict=True)}
            try:
                (settings,) = check_points([settings])
            except SamspelError as error:
                raise SamspelError(f"{where}: {error}") from None
            self._points[point] = given, settings
        stored, values = self._points[point]
        if stored != given:
            raise SamspelError(f"{where}: point {point} has other values here than in rows before; expected the same")
        return values

    def _treatment(self, point: int, arm: str, values: Mapping[str, Any]) -> Treatment:
        if (point, arm) not in self._applied:
            self._applied[point, arm] = apply_point(self.treatments[arm], values)
        return self._applied[point, arm]


def parse_cell(text: str) -> bool | int | float | str:
    """A cell of a table as the number, truth value or text that it is."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if not text.isascii() or "_" in text:  # numbers to Python alone
        return text
    kinds: tuple[Callable[[str], int | float], ...] = (int, float) if len(text) <= LONGEST_WHOLE else (float,)
    for kind in kinds:
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(text: str, name: str, where: str) -> int:
    digits = text if text.isascii() and text.isdigit() and len(text) < 20 else ""
    if not digits or int(digits) > LARGEST[name]:
        raise SamspelError(
            f"{where}, column {name}: got {clip(text)!r}; expected a whole number, 0 to {LARGEST[name]:,}"
        )
    return int(digits)
