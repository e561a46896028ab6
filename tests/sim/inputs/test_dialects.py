"""A region is the same region however a spreadsheet saved it, and says what was assumed."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.numbers_text import Decimals
from sim.inputs.region import FILES, Region, load_region
from sim.inputs.seeds_folder import seeds_folder, shipped_regions

NBSP, NARROW = "\u00a0", "\u202f"


@dataclass(frozen=True)
class Dialect:
    """How a program saves tables."""

    separator: str = ";"
    decimal: str = ","
    encoding: str = "utf-8"
    line: str = "\r\n"
    first: str = ""
    thousands: str = ""
    quoting: int = csv.QUOTE_MINIMAL
    empty_columns: int = 0
    empty_rows: int = 0
    form: Callable[[str], str] = str

    def saved(self, content: bytes) -> bytes:
        """A table of ours as this program saves it."""
        rows = [[self._cell(cell) for cell in row] for row in csv.reader(io.StringIO(content.decode(), newline=""))]
        out = io.StringIO(newline="")
        out.write(self.first)
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.line, quoting=self.quoting)  # type: ignore[arg-type]
        width = len(rows[0]) + self.empty_columns
        writer.writerows([*row, *[""] * self.empty_columns] for row in rows)
        writer.writerows([[""] * width] * self.empty_rows)
        return out.getvalue().encode(self.encoding)

    def _cell(self, cell: str) -> str:
        if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
            return self.form(cell)
        whole, _, part = (f"{float(cell):.10g}" if "." in cell else cell).partition(".")
        if self.thousands:
            whole = f"{int(whole):,}".replace(",", self.thousands)
        return whole + (self.decimal + part if part else "")


def decomposed(text: str) -> str:
    """Letters as a Macintosh composes them, and more spaces than needed."""
    return unicodedata.normalize("NFD", text).replace(" ", f" {NBSP}")


DIALECTS = {
    "ours": (Dialect(",", ".", line="\n"), ""),
    "CSV UTF-8 of Swedish Excel": (Dialect(encoding="utf-8-sig"), "semicolons between columns, decimal commas"),
    "CSV of Swedish Excel": (Dialect(encoding="cp1252"), "Windows-1252 letters"),
    "a sep= line": (Dialect(first="sep=;\r\n"), "semicolons between columns, decimal commas"),
    "a sep= line of English Excel": (Dialect(",", ".", first='"sep=,"\r\n'), ""),
    "semicolons, decimal points": (Dialect(decimal=".", thousands=" "), "semicolons between columns"),
    "tabs, decimal commas": (Dialect("\t"), "decimal commas"),
    "tabs, decimal points": (Dialect("\t", "."), "decimal points"),
    "Unicode text of Excel": (Dialect("\t", encoding="utf-16"), "UTF-16 text"),
    "empty columns and rows": (Dialect(empty_columns=3, empty_rows=40), "3 empty columns left out"),
    "empty columns, commas": (Dialect(",", ".", empty_columns=1, empty_rows=2), "1 empty column left out"),
    "no-break spaces between thousands": (Dialect(thousands=NBSP), "spaces between thousands"),
    "no-break spaces, Windows-1252": (Dialect(thousands=NBSP, encoding="cp1252"), "spaces between thousands"),
    "narrow no-break spaces": (Dialect(thousands=NARROW), "spaces between thousands"),
    "plain spaces": (Dialect(",", ".", thousands=" "), "spaces between thousands"),
    "everything quoted": (Dialect(quoting=csv.QUOTE_ALL), "semicolons between columns"),
    "everything quoted, commas": (Dialect(",", ".", quoting=csv.QUOTE_ALL), ""),
    "CR as Excel for Mac": (Dialect(line="\r"), "semicolons between columns"),
    "CRLF": (Dialect(",", "."), ""),
    "decomposed letters": (Dialect(",", ".", form=decomposed), ""),
}


def saved(name: str, dialect: Dialect, folder: Path) -> Path:
    """A shipped region as another program saves it."""
    folder.mkdir()
    for file in FILES:
        content = (seeds_folder() / name / file).read_bytes()
        (folder / file).write_bytes(dialect.saved(content) if file.endswith(".csv") else content)
    return folder


def alike(one: Any, other: Any) -> bool:
    """Whether two columns are the same, in numbers that there are and in those that there are not."""
    return bool(np.array_equal(one, other, equal_nan=isinstance(one, np.ndarray) and one.dtype.kind == "f"))


def unequal(one: Region, other: Region) -> list[str]:
    """Fields in which two regions differ."""
    found = []
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if dataclasses.is_dataclass(a) and not isinstance(a, type) and a.__class__.__name__ != "County":
            found += [
                f"{field.name}.{column.name}"
                for column in dataclasses.fields(a)
                if not alike(getattr(a, column.name), getattr(b, column.name))
            ]
        elif a != b:
            found.append(field.name)
    return found


@pytest.mark.parametrize("name", shipped_regions())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_region_saved_by_another_program_is_the_same_region(name: str, dialect: str, tmp_path: Path) -> None:
    how, said = DIALECTS[dialect]
    region = load_region(saved(name, how, tmp_path / name), 0.1)
    differs = unequal(load_region(name, 0.1), region)
    assert differs == (["notes"] if said else [])
    assert not said or all(said in note for note in region.notes if "neighbourhoods.csv" in note)


def test_our_own_regions_need_no_assumptions() -> None:
    assert all(load_region(name).notes == () for name in shipped_regions())


def test_a_note_names_the_file_and_all_that_was_assumed(tmp_path: Path) -> None:
    folder = saved("botkyrka", Dialect(encoding="cp1252", thousands=NBSP), tmp_path / "mine")
    assert load_region(folder).notes[0] == (
        f'{folder}/neighbourhoods.csv: read as Windows-1252 letters ("Hovsjö"), '
        "semicolons between columns, decimal commas, spaces between thousands"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_region_toml_may_be_saved_by_notepad(encoding: str, tmp_path: Path) -> None:
    folder = saved("botkyrka", Dialect(",", ".", line="\n"), tmp_path / "botkyrka")
    text = (folder / "region.toml").read_text(encoding="utf-8")
    (folder / "region.toml").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    region = load_region(folder)
    assert unequal(load_region("botkyrka"), region) == ([] if encoding == "utf-8-sig" else ["notes"])


def test_a_number_that_excel_shortened_is_noted(tmp_path: Path) -> None:
    folder = saved("botkyrka", Dialect(), tmp_path / "mine")
    towns = folder / "municipalities.csv"
    towns.write_bytes(towns.read_bytes().replace(b"85000000", b"8,5E+07"))
    region = load_region(folder)
    assert region.municipalities.investment_slack_sek[0] == 85_000_000
    assert "8,5E+07 as it stands (Excel may have rounded it" in region.notes[1]


@given(st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from([",", "."]), st.sampled_from(["-", "−"]))
def test_a_number_is_the_same_however_it_is_written(value: float, mark: str, minus: str) -> None:
    written = f"{value:,.6f}".replace(",", " ").replace(".", mark).replace("-", minus)
    assert float(Decimals(mark, sure=True).number(written)) == float(f"{value:.6f}")


def test_one_changed_value_is_another_region_in_every_dialect(tmp_path: Path) -> None:
    folder = saved("botkyrka", Dialect(), tmp_path / "botkyrka")
    builders = folder / "builders.csv"
    builders.write_bytes(builders.read_bytes().replace(b"420", b"420,5"))
    region = load_region(folder)
    assert region.builders.workers[0] == 420.5 and region.digest != load_region("botkyrka").digest
