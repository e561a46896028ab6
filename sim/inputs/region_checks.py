"""Check every row of a region's tables on its own; what is wrong is gathered, all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sim.errors import unknown
from sim.inputs.numbers_text import Decimals, NotANumberError, excel
from sim.inputs.problems import InputError, Problem, clip, refused, stop_if
from sim.inputs.region_rows import CountyFile, Row
from sim.inputs.tables_text import read_table_text
from sim.inputs.text import hidden, tidy
from sim.inputs.toml_text import read_toml_text

R = TypeVar("R", bound=Row)
MANY = 300  # names among which the nearest is looked for


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table's rows, and where each stands in its file (the header is row 1, as in a spreadsheet).

    cells and lines hold all rows; rows only those that are right, so it is complete where there are no problems.
    named: whether every row could be read as far as its name and municipality, so that a name that is not in it is
    unknown indeed.
    """

    file: str
    key: str
    rows: tuple[R, ...] = ()
    lines: tuple[int, ...] = ()
    cells: tuple[Mapping[str, str], ...] = ()
    named: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the rows are called, in file order."""
        return self.texts(self.key)

    def texts(self, column: str) -> tuple[str, ...]:
        """One column of all rows as text; blank where the file has no such column."""
        return tuple(row.get(column, "") for row in self.cells)

    def column(self, name: str) -> list[Any]:
        """One column of the rows that are right."""
        return [getattr(row, name) for row in self.rows]

    def problem(self, index: int, column: str, what: str) -> Problem:
        """What is wrong with one cell."""
        return Problem(self.file, what, self.lines[index], self.cells[index].get(self.key, ""), column)


def read_table(file: str, content: bytes, model: type[R], *, may_be_empty: bool = False) -> Table[R]:
    """Check a whole csv file against its row model; the model's own first field names the rows."""
    key = next(name for name in model.__annotations__ if name not in ("sums", "either"))
    try:
        text = read_table_text(file, content)
    except InputError as error:
        return Table(file, key, problems=error.problems)
    problems = [*text.problems, *_header_problems(file, text.header, model)]
    known = [name for name in text.header if name in model.model_fields]
    if text.header and not text.rows and not text.problems and not may_be_empty:
        problems.append(Problem(file, "the table is empty; expected at least one row below the header"))
    if len(set(text.header)) < len(text.header) or not known:
        return Table(file, key, notes=text.notes, problems=tuple(problems))
    amiss = {(problem.row, problem.column) for problem in text.problems}
    lacking = set() if {*model.either} & {*text.header} else {", ".join(model.either)}  # told of the header
    rows, cells = [], []
    for line, values in text.rows:
        record = {name: value for name, value in zip(text.header, values, strict=True) if name in known}
        cells.append(record)
        row, wrong = _row(model, record, text.decimals, Problem(file, "", line, record.get(key)))
        rows += [row] if row is not None else []
        # One cell, one problem: a name with hidden letters need not be told again as unknown.
        told = amiss | {(line, columns) for columns in lacking}
        problems += [problem for problem in wrong if (line, problem.column) not in told]
    lines = tuple(line for line, _ in text.rows)
    names = {key, "municipality"}
    named = text.whole and all(record.get(name) for record in cells for name in names)
    named = named and not any(column in names for _, column in amiss)
    return Table(file, key, tuple(rows), lines, tuple(cells), named, text.notes, tuple(problems))


def _row(
    model: type[R], record: Mapping[str, str], decimals: Decimals, place: Problem
) -> tuple[R | None, list[Problem]]:
    """The checked row, or what is wrong with it."""
    # A blank cell of a column that may be missing says no more than no column.
    values = {name: value for name, value in record.items() if value or model.model_fields[name].is_required()}
    problems = []
    for name, value in record.items():
        if (number := _number_kind(model, name)) is not None and value:
            try:
                values[name] = decimals.number(value)
            except NotANumberError as error:
                kind = "whole number" if number is int else "number"
                why = str(error).replace("is not a number", f"is not a {kind}")
                expected = _expected(model, [name])
                what = f'"{clip(value)}" {why}; expected {expected}'
                problems.append(Problem(place.file, what, place.row, place.name, name))
    try:
        row = model.model_validate(values)
    except ValidationError as error:
        told = {problem.column for problem in problems}
        found = explain(error, model, place, record)
        return None, [*problems, *(one for one in found if one.column not in told)]
    return (None if problems else row), problems


def _number_kind(model: type[Row], name: str) -> type | None:
    """int or float where a column holds such numbers, in all rows or where there is one."""
    annotation = model.model_fields[name].annotation
    return next((kind for kind in (int, float) if kind is annotation or kind in get_args(annotation)), None)


def _header_problems(file: str, header: Sequence[str], model: type[Row]) -> list[Problem]:
    every = list(model.model_fields)
    needed = [name for name in every if model.model_fields[name].is_required() or name in model.either[:1]]
    if not header:
        return [Problem(file, f"the file is empty; expected the columns {', '.join(needed)}")]
    strange = [name for name in header if name and name not in every]
    if len(strange) == len(header):
        return [Problem(file, f"row 1 names no column of this table; expected {', '.join(needed)}")]
    missing = [name for name in every if name not in header]
    problems, near = [], set[str]()
    for name in strange:
        near |= set(get_close_matches(name, missing, n=1))
        problems.append(Problem(file, what_unknown("column", name, missing or every)))
    absent = [name for name in needed if name in missing and name not in near and name not in model.either]
    if model.either and not {*model.either} & ({*header} | near):
        absent.append(" or ".join(model.either))
    return [*problems, *([Problem(file, f"missing column {', '.join(absent)}")] if absent else [])]


def what_unknown(kind: str, name: str, valid: Collection[str], source: str = "") -> str:
    """What to say of a name that does not exist, and in which file (`source`) names are.

    The nearest is looked for where that takes no time.
    """
    many = len(valid) > MANY or len(name) > 2 * len(clip(name))
    what = f'unknown {kind} "{clip(name)}"' if many else str(unknown(kind, clip(name), valid))
    return f"{what} ({Path(source).name} has the names)" if source else what


def read_county(file: str, content: bytes) -> tuple[CountyFile, tuple[str, ...]]:
    """Check region.toml; the county and notes on how it was read. Raises InputError."""
    data, notes = read_toml_text(file, content)
    fields = CountyFile.model_fields
    problems = [
        Problem(file, what_unknown("key", key, set(fields) - set(data) or fields)) for key in data if key not in fields
    ]
    title = data.get("title")
    if isinstance(title, str):
        data["title"] = tidy(title)
        problems += [Problem(file, what, column="title", word="key")] if (what := hidden(title)) else []
        if len(title) > 200:
            problems.append(Problem(file, "more than 200 characters", column="title", word="key"))
    try:
        county = CountyFile.model_validate({key: value for key, value in data.items() if key in fields})
    except ValidationError as error:
        stop_if([*problems, *explain(error, CountyFile, Problem(file, "", word="key"), {})])
        raise refused(file, "does not fit") from None
    stop_if(problems)
    return county, notes


def explain(error: ValidationError, model: type[BaseModel], place: Problem, record: Mapping[str, str]) -> list[Problem]:
    """A problem for each that pydantic found: where, what is wrong, what was expected."""
    problems = []
    for detail in error.errors():
        loc = [str(part) for part in detail["loc"]]
        if not loc:
            columns, _, what = str(detail["ctx"]["error"]).removeprefix("columns ").partition(": ")
            problems.append(Problem(place.file, what, place.row, place.name, columns, "columns"))
        elif detail["type"] != "missing" or place.word == "key":
            expected = _expected(model, loc)
            what = _wrong(detail, expected, record.get(loc[0])) + (f"; expected {expected}" if expected else "")
            problems.append(Problem(place.file, what, place.row, place.name, ".".join(loc), place.word))
    return problems


def _expected(model: type[BaseModel], loc: Iterable[str]) -> str:
    text = ""
    for name in loc:
        field = model.model_fields.get(name)
        if field is None:
            return ""
        text = field.description or "a table with value, unit, evidence, source"
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return text


def _wrong(detail: Mapping[str, Any], expected: str, cell: str | None) -> str:
    kind, limits = detail["type"], detail.get("ctx", {})
    given = clip(detail["input"] if cell is None else cell)
    if kind == "missing":
        return "missing"
    if given == "":
        return "blank"
    for name, words in (("ge", "below"), ("le", "above"), ("gt", "not above")):
        if name in limits:
            return f"{given} is {words} {limits[name]:.12g}"
    if kind == "literal_error":
        near = get_close_matches(given, expected.replace(" or ", ", ").split(", "), n=1)
        return f'unknown word "{given}"' + (f'; did you mean "{near[0]}"?' if near else "")
    if kind == "extra_forbidden":
        return "unknown key"
    if kind.startswith(("float", "int", "finite")):
        known = excel(cell) if cell is not None else ""
        return f'"{given}" {known or "is not a " + ("whole " if kind.startswith("int") else "") + "number"}'
    return f'"{given}" does not fit'
