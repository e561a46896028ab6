"""The one reader of tables: bytes of a CSV file or a workbook, ours or Excel's, as header, rows, notes and problems."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from sim.inputs.files import USUAL, Limits
from sim.inputs.numbers_text import Decimals, decimals, formula, grouped, shortened
from sim.inputs.problems import InputError, Problem, clip, refused
from sim.inputs.text import WORKBOOK, decoded, hidden, tidy
from sim.inputs.workbook import Record, read_workbook

LONGEST_FIELD = 1_000
_HEADER = 20_000  # characters in which the first row ends
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_SEP = re.compile(r'"?sep=(.)"?[;,\t]*\r?(?:\n|\r|$)', re.IGNORECASE)

Cells = tuple[str, ...]


@dataclass(frozen=True)
class TableText:
    """A table as text. rows: number as in a spreadsheet (the header is row 1) and one cell for each column of the
    header. whole: no row was left out. notes: what was assumed to read it."""

    file: str
    header: Cells
    rows: tuple[tuple[int, Cells], ...]
    decimals: Decimals
    whole: bool
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def read_table_text(file: str, content: bytes, limits: Limits = USUAL) -> TableText:
    """Header and rows of a table. Raises InputError where the file as a whole cannot be read."""
    if content.startswith(WORKBOOK):
        raw, notes = read_workbook(file, content, limits)
        return _table(file, _tidied(file, raw), "", notes)
    text, notes = decoded(file, content, limits.size)
    separator, text = _separator(file, text)
    return _table(file, _tidied(file, _records(file, text, separator, limits)), separator, notes)


def _table(file: str, records: list[Record], separator: str, notes: tuple[str, ...]) -> TableText:
    """The table of these rows; `separator` is empty where cells were told apart otherwise."""
    header = records[0][1] if records else []
    if separator and len(header) == 1 and any(mark in header[0] for mark in SEPARATORS):
        advice = "in Excel open the original with Data > From Text/CSV and save it again"
        raise refused(file, f"all columns stand in one cell of each row; {advice}")
    used = [at for at, name in enumerate(header) if name or any(at < len(row) and row[at] for _, row in records)]
    problems = _header_problems(file, records[0][0], header, used) if records else []
    rows = []
    for number, row in records[1:]:
        short = len(row) < len(header) and any(at >= len(row) for at in used)
        if short or any(row[len(header) :]):
            problems.append(_wrong_length(file, number, row, len(used), separator))
        else:
            rows.append((number, tuple(row[at] for at in used)))
    names = tuple(header[at] for at in used)
    marks = decimals(separator, (cell for _, row in rows for cell in row))
    notes = (*notes, *_assumed(separator, marks, rows, len(header) - len(used)))
    problems += _cell_problems(file, names, rows)
    said = (f"{file}: read as {', '.join(notes)}",) if notes else ()
    whole = len(rows) + 1 >= len(records)
    return TableText(file, names, tuple(rows), marks, whole, said, tuple(problems))


def _separator(file: str, text: str) -> tuple[str, str]:
    """What stands between columns, and the text without a first line that says it."""
    if said := _SEP.match(text):
        if said[1] not in SEPARATORS:
            raise refused(file, f'the first line says "sep={clip(said[1])}"; expected ; or , or a tab')
        return said[1], text[said.end() :]
    first = re.match(r'(?:"(?:[^"]|"")*"|[^"\r\n])*', text.lstrip("\r\n ")[:_HEADER])
    bare = re.sub(r'"(?:[^"]|"")*"', "", first[0]) if first else ""
    # A table of one column has nothing between columns; a tab leaves its decimals whole.
    best = max(SEPARATORS, key=bare.count)
    return (best if best in bare else "\t"), text


def _records(file: str, text: str, separator: str, limits: Limits) -> list[Record]:
    """Rows that are not blank, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Record] = []
    try:
        for number, row in enumerate(reader, start=1):
            if not any(cell.strip() for cell in row):
                continue
            limits.check_row(file, len(rows), len(row))
            rows.append((number, row))
    except csv.Error as error:
        what = f"not readable as csv ({error})"
        raise InputError([Problem(file, what, column=str(reader.line_num), word="line")]) from None
    return rows


def _tidied(file: str, rows: list[Record]) -> list[Record]:
    """The same rows with text in one form."""
    for number, row in rows:
        if max(map(len, row)) > LONGEST_FIELD:
            raise _too_long(file, number, row)
        # What cannot be seen is looked for before white space goes.
        row[:] = [cell if hidden(cell) else type(cell)(tidy(cell)) for cell in row]
    return rows


def _too_long(file: str, number: int, row: list[str]) -> InputError:
    at = next(at for at, cell in enumerate(row) if len(cell) > LONGEST_FIELD)
    what = f"more than {LONGEST_FIELD:,} characters in one cell (a quotation mark that never ends?)"
    return InputError([Problem(file, what, number, column=_letter(at))])


def _header_problems(file: str, row: int, header: list[str], used: list[int]) -> list[Problem]:
    problems = [
        Problem(file, f'column "{clip(name)}" stands twice; expected once', row if row > 1 else 0)
        for name, times in Counter(header[at] for at in used).items()
        if times > 1 and name
    ]
    for at in used:
        if not header[at]:
            problems.append(Problem(file, "has values but no name; expected a name in row 1", column=_letter(at)))
        elif what := hidden(header[at]):
            problems.append(Problem(file, what, row, column=_letter(at)))
    return problems


def _wrong_length(file: str, number: int, row: list[str], expected: int, separator: str) -> Problem:
    why = f" (a {SEPARATORS[separator]} inside a text needs quotes)" if separator else ""
    return Problem(file, f"{len(row)} cells; expected {expected}{why}", number)


def _cell_problems(file: str, names: Cells, rows: list[tuple[int, Cells]]) -> list[Problem]:
    return [
        Problem(file, what, number, column=name)
        for number, row in rows
        for name, cell in zip(names, row, strict=True)
        if cell[:1] == "=" or not cell.isascii() or not cell.isprintable()
        if (what := hidden(cell) or formula(cell))
    ]


def _assumed(separator: str, marks: Decimals, rows: list[tuple[int, Cells]], empty: int) -> list[str]:
    notes = [f"{SEPARATORS[separator]}s between columns"] if separator == ";" else []
    if separator in (";", "\t") and marks.sure:
        notes.append("decimal commas" if marks.mark == "," else "decimal points")
    if any(grouped(cell) for _, row in rows for cell in row if " " in cell and cell[-1:].isdigit()):
        notes.append("spaces between thousands")
    powers = next((cell for _, row in rows for cell in row if "E" in cell and shortened(cell)), "")
    notes += [f"{powers} as it stands (Excel may have rounded it; format the column as Number)"] if powers else []
    return [*notes, *([f"{empty} empty column{'s' * (empty > 1)} left out"] if empty else [])]


def _letter(at: int) -> str:
    """A column as a spreadsheet names it: A, B, ... Z, AA."""
    letters = ""
    while at >= 0:
        letters, at = chr(ord("A") + at % 26) + letters, at // 26 - 1
    return letters
