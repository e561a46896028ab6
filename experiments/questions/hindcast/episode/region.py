"""A changed region written as a folder of tables: a change in an episode is the same as one by hand in a copy."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from experiments.questions.hindcast.episode.changes import FIGURES, ROWS, key_of
from sim import load_region
from sim.errors import SamspelError, unknown
from sim.inputs.files import read_bytes
from sim.inputs.problems import InputError, Problem
from sim.inputs.region import OPTIONAL, region_files, region_folder
from sim.inputs.region_checks import read_table
from sim.inputs.region_rows import InjectionRow, Row
from sim.inputs.toml_text import read_toml

Cell = int | float | str | None
Table = dict[str, dict[str, Cell]]  # rows by their names
CHANGED = "changed for an episode"


def written(changed: Mapping[str, Any], file: str, scale: float = 1.0) -> Path:
    """The folder of a changed region, made once in a process; it goes when the process ends. Raises SamspelError, with
    the episode's file and key, for rows that do not exist and tables that do not fit together, at 1:1 or the scale."""
    try:
        folder = region_folder(changed["name"])
    except SamspelError as error:
        raise SamspelError(f"{file}, key region.name: {error}") from None
    tables = {name: _table(folder, name) for name in ROWS}
    problems = [*_unknown_rows(changed, tables, file)]
    if problems:
        raise InputError(problems)
    for name in ROWS:
        _change(tables[name], changed[name])
    _leave_out(tables, changed)
    figures = read_toml(folder / "region.toml", str(folder / "region.toml"), "a region")[0]
    _change_figures(figures, changed)
    files = {f"{name}.csv": _csv(name, table) for name, table in tables.items()} | {"region.toml": _toml(figures)}
    files |= _injections(folder, {*tables["municipalities"], *tables["landlords"]})
    place = _folder(f"{folder.resolve().name}-changed", json.dumps(files, sort_keys=True))
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8", newline="")
    for size in (1.0, scale):
        _check(place, changed, file, size)
    return place


_PLACES: list[tempfile.TemporaryDirectory[str]] = []


@lru_cache(maxsize=64)
def _folder(name: str, contents: str) -> Path:
    """A folder for these tables, whose path no result depends on."""
    _PLACES.append(tempfile.TemporaryDirectory(prefix=f"samspel-{sha256(contents.encode()).hexdigest()[:8]}-"))
    place = Path(_PLACES[-1].name) / name
    place.mkdir()
    return place


def _table(folder: Path, name: str) -> Table:
    """Rows of a table by their names, as they are read from whatever file holds it."""
    path = next(path for path in region_files(folder) if path.stem == name)
    found = read_table(str(path), read_bytes(path, str(path)), ROWS[name], may_be_empty=name == "landlords")
    if found.problems:
        raise InputError(found.problems)
    return {str(getattr(row, key_of(name))): row.model_dump() for row in found.rows}


def _unknown_rows(changed: Mapping[str, Any], tables: Mapping[str, Table], file: str) -> Iterator[Problem]:
    for name, table in tables.items():
        places = [(f"region.{name}", list(changed[name]))]
        places += [(f"region.{key}.{name}", changed[key][name]) for key in ("keep", "leave_out")]
        for where, names in places:
            for row in names:
                if row not in table:
                    yield Problem(file, str(unknown(key_of(name), row, table)), column=where, word="key")


def _change(table: Table, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Cells as the episode has them; what it does not say of their origin is marked as assumed."""
    for row, cells in changes.items():
        new = {name: value for name, value in cells.items() if value is not None}
        if not new:
            continue
        about = f"{table[row]['source']}; {', '.join(new)} {CHANGED}"
        for one, other in (
            ("company_debt_sek", "company_loan_to_value"),
            ("company_loan_to_value", "company_debt_sek"),
        ):
            if one in new and other in table[row] and other not in new:
                table[row][other] = None  # a company has one of them
        table[row] |= {"evidence": "assumed", "source": about} | new


def _leave_out(tables: Mapping[str, Table], changed: Mapping[str, Any]) -> None:
    """Rows that go, and those that would be without what they belong to: neighbourhoods, builders and landlords of a
    municipality that goes, a municipality without neighbourhoods, a landlord without flats."""
    for name, table in tables.items():
        kept = set(changed["keep"][name]) or set(table)
        _only(table, {row for row in table if row in kept and row not in changed["leave_out"][name]})
    towns, places = tables["municipalities"], tables["neighbourhoods"]
    _only(places, {name for name, row in places.items() if row["municipality"] in towns})
    _only(towns, {str(row["municipality"]) for row in places.values()})
    for name in ("builders", "landlords"):
        _only(tables[name], {row for row, cells in tables[name].items() if cells["municipality"] in towns})
    for row, cells in list(tables["landlords"].items()):
        there = [name for name in str(cells["neighbourhoods"]).split(";") if name.strip() in {*places, "*"}]
        cells["neighbourhoods"] = ";".join(there)
        if not there:
            del tables["landlords"][row]


def _only(table: Table, names: set[str]) -> None:
    for row in [row for row in table if row not in names]:
        del table[row]


def _change_figures(figures: dict[str, Any], changed: Mapping[str, Any]) -> None:
    for name in FIGURES:
        value = changed.get(name)
        if value is None:
            continue
        if isinstance(figures.get(name), dict):
            about = f"{figures[name]['source']}; {CHANGED}"
            figures[name] = figures[name] | {"value": value, "evidence": "assumed", "source": about}
        else:
            figures[name] = value


def _injections(folder: Path, owners: set[str]) -> dict[str, str]:
    """The region's own injections into owners that are left, where it has such a table."""
    for path in region_files(folder):
        if path.stem == Path(OPTIONAL).stem:
            found = read_table(str(path), read_bytes(path, str(path)), InjectionRow, may_be_empty=True)
            if found.problems:
                raise InputError(found.problems)
            return {OPTIONAL: _text(InjectionRow, [row.model_dump() for row in found.rows if row.owner in owners])}
    return {}


def _csv(name: str, table: Table) -> str:
    """A table as text."""
    return _text(ROWS[name], list(table.values()))


def _text(model: type[Row], rows: Sequence[Mapping[str, Cell]]) -> str:
    """Rows as text; a column that no row has a value in is left out."""
    last = ("evidence", "source")
    names = [name for name in model.model_fields if name not in last]
    if rows:
        names = [name for name in names if any(row[name] is not None for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, *last])
    writer.writerows(["" if row[one] is None else _cell(row[one]) for one in (*names, *last)] for row in rows)
    return text.getvalue()


def _cell(value: Cell) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _toml(tables: Mapping[str, Any]) -> str:
    """region.toml: single values first, then tables."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in tables.items()
             if not isinstance(value, dict)]  # fmt: skip
    for name, table in tables.items():
        if isinstance(table, dict):
            lines += [
                "",
                f"[{name}]",
                *(f"{key} = {json.dumps(one, ensure_ascii=False)}" for key, one in table.items()),
            ]
    return "\n".join(lines) + "\n"


def _check(place: Path, changed: Mapping[str, Any], file: str, scale: float) -> None:
    """The tables are read as any region's are; what is wrong is told with the episode's file and key."""
    try:
        load_region(place, scale)
    except InputError as error:
        raise InputError(_told(problem, changed, file) for problem in error.problems) from None


def _told(problem: Problem, changed: Mapping[str, Any], file: str) -> Problem:
    table = Path(problem.file).stem
    row = problem.name if problem.name in changed.get(table, {}) else None
    parts = ["region", *([table] if table in ROWS else []), *([row] if row else []), *problem.column.split(", ")[:1]]
    return Problem(file, problem.what, column=".".join(part for part in parts if part), word="key")
