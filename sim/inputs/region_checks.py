"""Read a region's tables and check every row; whatever is wrong becomes one SamspelError."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import SamspelError, unknown
from sim.inputs.region_rows import CountyFile, Row

SHOWN = 3  # problems spelled out before "and n more"

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Table(Generic[R]):
    """Checked rows, and where each stands in its file (the header is row 1, as in a spreadsheet)."""

    file: str
    key: str
    rows: tuple[R, ...]
    lines: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the rows are called, in file order."""
        return tuple(self.column(self.key))

    def column(self, name: str) -> list[Any]:
        """One column, in file order."""
        return [getattr(row, name) for row in self.rows]

    def where(self, index: int, column: str) -> str:
        """The place of one cell, for an error."""
        return f'{self.file}, row {self.lines[index]} ("{self.names[index]}"), column {column}'


def decode(file: str, content: bytes) -> str:
    """Text of a seed file, which must be UTF-8 (a byte-order mark is fine)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SamspelError(f"{file}, line {line}: not UTF-8 text; expected the file saved as UTF-8") from None


def read_table(file: str, content: bytes, model: type[R], *, may_be_empty: bool = False) -> Table[R]:
    """Check a whole csv file against its row model; the model's own first field names the rows."""
    key = next(name for name in model.__annotations__ if name != "sums")
    cells = _cells(file, decode(file, content))
    header = cells[0][1] if cells else []
    _check_header(file, header, list(model.model_fields))
    if len(cells) < 2 and not may_be_empty:
        raise SamspelError(f"{file}: the table is empty; expected at least one row below the header")
    rows, problems = [], []
    for line, values in cells[1:]:
        place = f"{file}, row {line}"
        if len(values) != len(header):
            problems.append(
                f"{place}: {len(values)} cells; expected {len(header)} (a comma inside a text needs quotes)"
            )
            continue
        record = dict(zip(header, values, strict=True))
        try:
            rows.append(model.model_validate(record))
        except ValidationError as error:
            problems += explain(error, model, f'{place} ("{record[key]}")', "column")
    stop_if(problems)
    table = Table(file, key, tuple(rows), tuple(line for line, _ in cells[1:]))
    _check_unique(table)
    return table


def _cells(file: str, text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, start=1)]
    except csv.Error as error:
        raise SamspelError(f"{file}, line {reader.line_num}: not readable as csv ({error})") from None
    return [(number, row) for number, row in rows if any(row)]


def _check_header(file: str, header: Sequence[str], expected: Sequence[str]) -> None:
    if not header:
        raise SamspelError(f"{file}: the file is empty; expected the columns {', '.join(expected)}")
    if len(header) == 1 and ";" in header[0]:
        raise SamspelError(f"{file}: columns are divided by semicolons; expected commas")
    for name in header:
        if header.count(name) > 1:
            raise SamspelError(f'{file}: column "{name}" stands twice; expected once')
        if name not in expected:
            raise unknown("column", name, set(expected) - set(header) or expected, file)
    missing = [name for name in expected if name not in header]
    if missing:
        raise SamspelError(f"{file}: missing column {', '.join(missing)}")


def _check_unique(table: Table[Any]) -> None:
    first: dict[str, int] = {}
    for index, name in enumerate(table.names):
        if name in first:
            place = table.where(index, table.key)
            raise SamspelError(f"{place}: the name is taken by row {table.lines[first[name]]}; expected unique names")
        first[name] = index


def read_county(file: str, content: bytes) -> CountyFile:
    """Check region.toml."""
    try:
        data = tomllib.loads(decode(file, content))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SamspelError(f"{file}: not readable as TOML: {error}") from None
    for key in data:
        if key not in CountyFile.model_fields:
            raise unknown("key", key, set(CountyFile.model_fields) - set(data) or CountyFile.model_fields, file)
    try:
        return CountyFile.model_validate(data)
    except ValidationError as error:
        stop_if(explain(error, CountyFile, file, "key"))
        raise


def stop_if(problems: Sequence[str]) -> None:
    """Raise one error that spells out the first few problems, if there are any."""
    if problems:
        more = len(problems) - SHOWN
        tail = [f"and {more} more like these"] if more > 0 else []
        raise SamspelError("\n".join([*problems[:SHOWN], *tail]))


def explain(error: ValidationError, model: type[BaseModel], place: str, word: str) -> list[str]:
    """A line for each problem that pydantic found: where, what is wrong, what was expected."""
    lines = []
    for detail in error.errors():
        loc = [str(part) for part in detail["loc"]]
        if not loc:
            lines.append(f"{place}, {detail['ctx']['error']}")
            continue
        expected = _expected(model, loc)
        ending = f"; expected {expected}" if expected else ""
        lines.append(f"{place}, {word} {'.'.join(loc)}: {_wrong(detail, expected)}{ending}")
    return lines


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


def _wrong(detail: Mapping[str, Any], expected: str) -> str:
    kind, given, limits = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return "missing"
    if given == "":
        return "blank"
    for name, words in (("ge", "below"), ("le", "above"), ("gt", "not above")):
        if name in limits:
            return f"{given} is {words} {limits[name]:.12g}"
    if kind == "literal_error":
        near = get_close_matches(str(given), expected.replace(" or ", ", ").split(", "), n=1)
        return f'unknown word "{given}"' + (f'; did you mean "{near[0]}"?' if near else "")
    if kind == "extra_forbidden":
        return "unknown key"
    if kind.startswith(("float", "int", "finite")):
        comma = " (decimals are written with a point)" if isinstance(given, str) and "," in given else ""
        return f'"{given}" is not a {"whole " if kind.startswith("int") else ""}number{comma}'
    return f'"{given}" does not fit'
