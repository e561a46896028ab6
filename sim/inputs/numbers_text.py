"""Cells as numbers: digits, decimal mark, spaces between thousands; what can be read in two ways is not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sim.errors import clip

_MINUS = str.maketrans("−", "-")
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?:(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:(?P<mark>[.,])(?P<part>[0-9]+))?"
    r"|(?P<first>[.,])(?P<only>[0-9]+))(?P<power>[eE][+-]?[0-9]+)?"
)
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_MONTH = r"(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"(?:\d{{1,4}}[-/. ]{_MONTH}(?:[-/. ]\d{{2,4}})?|{_MONTH}[-/. ]\d{{1,4}}"
    r"|\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?"
    r"|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,3}:\d{2}(?::\d{2})?)",
    re.IGNORECASE,
)
_AGAIN = "in Excel format the column as Number and type the value again"
_FORMULA = "is a formula; in Excel paste it as a value"
_EXCEL = (
    (_DATE, f"is a date, which Excel makes of numbers that look like one; {_AGAIN}"),
    (re.compile(r"#+"), "is what Excel shows where a column is too narrow; widen it and save again"),
    (re.compile(r"#[A-ZÅÄÖ/0]+[!?]?", re.IGNORECASE), "is an error of an Excel formula; type the value instead"),
    (re.compile(r"=.*"), _FORMULA),
    (re.compile(r"[-+−]?[\d ., ]*\d ?%"), "is a percentage; in Excel format the column as Number (56 % is 0.56)"),
    (re.compile(r"[-+−]?[\d ., ]*\d ?(?:kr|sek|m2|m²|st)\.?", re.IGNORECASE),
     "has a unit; in Excel format the column as Number"),
    (re.compile(r"sant|falskt|true|false", re.IGNORECASE), "is a truth value of Excel's, not a number"),
)  # fmt: skip


class TextCell(str):
    """A cell that a workbook holds as text, whatever it looks like."""

    __slots__ = ()


class NotANumberError(ValueError):
    """A cell that is not a number, or could be two; the message says why, after the cell."""


@dataclass(frozen=True)
class Decimals:
    """How a file writes decimals. `sure`: so sure that 1.234 (or 1,234) cannot be one thousand."""

    mark: str
    sure: bool

    def number(self, text: str) -> str:
        """The number as Python writes it. Raises NotANumberError, also for a workbook's text of whatever digits."""
        found = _NUMBER.fullmatch(text.translate(_MINUS))
        if found is None:
            raise NotANumberError(excel(text) or "is not a number")
        mark = found["mark"] or found["first"]
        if isinstance(text, TextCell):  # "420.000" may be one number in Swedish and another in English
            raise NotANumberError(f"is text, not a number; {_AGAIN}")
        if mark and _THOUSANDS.fullmatch(found[0]) and not (mark == self.mark and self.sure):
            one = found[0].replace(",", ".")
            both = f"{one} or {one.replace('.', '')}"
            raise NotANumberError(f"can be read in two ways, {both}; in Excel format the column as Number")
        if mark and mark != self.mark:
            usual = "with a point" if self.mark == "." else "with a comma in this file"
            raise NotANumberError(f"is not a number (decimals are written {usual})")
        whole = (found["whole"] or "0").replace(" ", "")
        part = found["part"] or found["only"]
        return f"{found['sign']}{whole}{'.' + part if part else ''}{found['power'] or ''}"


def decimals(separator: str, cells: Iterable[str]) -> Decimals:
    """How a table writes decimals, by what stands between its columns and what its cells show beyond doubt."""
    if separator in ("", ","):  # a workbook has numbers as such, or text that is none
        return Decimals(".", sure=True)
    marks = {found for cell in cells if (found := _evident(cell))}
    if separator == ";":
        return Decimals(".", sure=False) if marks == {"."} else Decimals(",", sure=True)
    return Decimals("," if marks == {","} else ".", sure=len(marks) == 1)


def _evident(cell: str) -> str:
    found = _NUMBER.fullmatch(cell.translate(_MINUS)) if cell[-1:].isdigit() else None
    return "" if found is None or _THOUSANDS.fullmatch(found[0]) else found["mark"] or found["first"] or ""


def grouped(text: str) -> bool:
    """Whether a number has spaces between its thousands."""
    return " " in text and _NUMBER.fullmatch(text.translate(_MINUS)) is not None


def shortened(text: str) -> bool:
    """Whether Excel wrote a number with a power of ten, as 8,5E+07, which may have cost digits."""
    return re.fullmatch(r"[-+]?\d[.,]?\d*E[+-]\d{2,}", text.translate(_MINUS)) is not None


def formula(text: str) -> str:
    """What to say of a cell that holds a formula in place of its value; or nothing."""
    return f'"{clip(text)}" {_FORMULA}' if text.startswith("=") else ""


def excel(text: str) -> str:
    """What Excel did to a cell that is no number, and what to do about it; or nothing."""
    return next((what for pattern, what in _EXCEL if pattern.fullmatch(text)), "")
