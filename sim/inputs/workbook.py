"""A sheet of an Excel workbook as rows of text, for the same checks as a CSV file; read by openpyxl, an extra."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sim.inputs.files import Limits
from sim.inputs.numbers_text import TextCell
from sim.inputs.problems import InputError, clip, refused
from sim.inputs.text import SAVE_AS

UNPACKED = 100_000_000  # bytes of a workbook's parts: a small file may hold very much

Record = tuple[int, list[str]]


def read_workbook(file: str, content: bytes, limits: Limits) -> tuple[list[Record], tuple[str, ...]]:
    """Rows that are not blank, with their numbers, all of one length, and what was assumed. Raises InputError."""
    try:
        import openpyxl
    except ImportError:
        advice = f'pip install "samspel[excel]" reads it; or {SAVE_AS}'
        raise refused(file, f"an Excel workbook, which needs openpyxl; {advice}") from None
    try:
        _check_size(file, content)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what openpyxl does not know (styles, menus in cells) is no concern of ours
            values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            return _first_sheet(file, values, formulas, limits)
    except (InputError, MemoryError):
        raise
    # A workbook that is damaged makes openpyxl, zipfile and the reader of XML raise errors of all kinds.
    except Exception as error:
        what = f"cannot be read as an Excel workbook ({type(error).__name__}: {clip(error, 100)}); {SAVE_AS}"
        raise refused(file, what) from None


def _check_size(file: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > UNPACKED:
        raise refused(file, f"{size:,} bytes when unpacked; expected {UNPACKED:,} at most")


def _first_sheet(file: str, values: Any, formulas: Any, limits: Limits) -> tuple[list[Record], tuple[str, ...]]:
    """The first sheet in sight that holds anything."""
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise refused(file, f"an Excel workbook without a sheet that can be seen; {SAVE_AS}")
    for sheet in sheets:
        if records := _records(file, sheet, formulas[sheet.title], limits):
            others = f' (sheet "{clip(sheet.title, 31)}"; others are not read)' if len(sheets) > 1 else ""
            return records, (f"an Excel workbook{others}",)
    return [], ("an Excel workbook",)


def _records(file: str, values: Any, formulas: Any, limits: Limits) -> list[Record]:
    records: list[Record] = []
    for number, row in enumerate(_rows(values, formulas), start=1):
        while row and not row[-1]:
            row.pop()
        if not row:
            continue
        limits.check_row(file, len(records), len(row))
        records.append((number, row))
    width = max((len(row) for _, row in records), default=0)
    return [(number, row + [""] * (width - len(row))) for number, row in records]


def _rows(values: Any, formulas: Any) -> Iterator[list[str]]:
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # programs write wrong ones
    for row, asked in zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=()):
        yield [_text(cell.value, by.value) for cell, by in zip_longest(row, asked, fillvalue=_BLANK)]


class _Blank:
    value = None


_BLANK = _Blank()


def _text(value: Any, formula: Any) -> str:
    """A cell as a CSV file would have it, with a point in decimals, text marked as such; a formula without a value as
    the formula."""
    if value is None:
        value = "" if formula is None else f"={str(getattr(formula, 'text', formula)).lstrip('=')}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return str(value.date())
    return TextCell(value) if isinstance(value, str) else str(value)
