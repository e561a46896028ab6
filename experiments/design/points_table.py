"""A user's table of points, CSV or workbook: a column a setting, a row a point; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.engine.design_file import parse_cell
from experiments.engine.points import as_taken, check_points, refuse_unknown
from sim import SamspelError
from sim.inputs.files import Limits, read_bytes
from sim.inputs.numbers_text import Decimals, NotANumberError, excel
from sim.inputs.problems import InputError, Problem, clip, stop_if
from sim.inputs.tables_text import TableText, read_table_text

LIMITS = Limits(size=50_000_000, rows=200_000)
NUMERIC = "0123456789+-−.,"
TRUTHS = {"true": True, "false": False, "sant": True, "falskt": False}

Point = dict[str, Any]


def read_points(path: Path) -> tuple[list[Point], tuple[str, ...]]:
    """Points, and what was assumed to read the table. Raises SamspelError with all that is wrong in it."""
    content = read_bytes(path, str(path), "missing; expected a table of points (CSV or .xlsx)", LIMITS)
    table = read_table_text(str(path), content, LIMITS)
    problems = [*table.problems, *_unknown(table)]
    amiss = {(problem.row, problem.column) for problem in table.problems}
    points: list[Point] = [{} for _ in table.rows]
    for point, (row, cells) in zip(points, table.rows, strict=True):
        for name, cell in zip(table.header, cells, strict=True):
            try:
                point[name] = _value(cell, table.decimals)
            except NotANumberError as error:
                what = f'"{clip(cell)}" {error}' if cell else str(error)
                problems += [Problem(table.file, what, row, column=name)] * ((row, name) not in amiss)
    if not table.rows and not problems:
        problems.append(Problem(table.file, "no points; expected names of settings, and a row for each point"))
    stop_if(problems)
    try:
        points = check_points(points)
    except SamspelError as error:
        raise InputError([*_out_of_bounds(table, points)] or [Problem(table.file, str(error))]) from None
    stop_if([*_twice(table, points)])
    return points, table.notes


def _unknown(table: TableText) -> Iterator[Problem]:
    for name in table.header:
        if name and (what := unheard_of(name)):
            yield Problem(table.file, what, column=name)


def _out_of_bounds(table: TableText, points: list[Point]) -> Iterator[Problem]:
    """Values that do not fit, each by itself."""
    for (row, _), point in zip(table.rows, points, strict=True):
        for name, value in point.items():
            if what := unfit(name, value):
                yield Problem(table.file, what, row, column=name)


def _twice(table: TableText, points: list[Point]) -> Iterator[Problem]:
    """Points that would count twice."""
    rows: dict[tuple[Any, ...], int] = {}
    for (row, _), point in zip(table.rows, points, strict=True):
        if (first := rows.setdefault(tuple(point.values()), row)) != row:
            yield Problem(table.file, f"the same point as in row {first}; expected each point once", row)


def unheard_of(name: str) -> str:
    """Why there is no such parameter, lever or practice, nor a year of one; or nothing."""
    try:
        refuse_unknown(name, "")
    except SamspelError as error:
        return str(error)
    return ""


def unfit(name: str, value: Any) -> str:
    """Why a parameter, lever or practice cannot have this value; or nothing."""
    try:
        as_taken(name, value)
    except SamspelError as error:
        return str(error).removeprefix("parameters.toml: ").removeprefix("collaboration point: ")
    return ""


def _value(cell: str, decimals: Decimals) -> bool | int | float | str:
    """A cell as what it is: a number, a truth value (Excel may say it in Swedish) or a word."""
    if not cell:
        raise NotANumberError("blank; expected a value for each setting")
    if cell.lower() in TRUTHS:
        return TRUTHS[cell.lower()]
    try:
        return parse_cell(decimals.number(cell))
    except NotANumberError:
        # A word stays one; what looks like a number, or came of one in Excel, does not.
        if excel(cell) or cell[0] in NUMERIC or not isinstance(parse_cell(cell), str):
            raise
        return cell
