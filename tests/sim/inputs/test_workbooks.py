"""A workbook is the same table as the CSV file that would be saved from it, with the same checks."""

from __future__ import annotations

import csv
import datetime
import io
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from experiments.design.points_table import read_points
from experiments.engine.inputs import store_inputs
from sim.errors import SamspelError
from sim.inputs.files import Limits
from sim.inputs.region import FILES, load_region
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.tables_text import read_table_text

Cell = Any


def typed(cell: str) -> Cell:
    """A cell as Excel takes it when it is typed in."""
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def workbook(rows: list[list[Cell]], edit: Callable[[Any], None] = lambda book: None) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(name: str) -> list[list[Cell]]:
    """A table of a shipped region, as typed into Excel."""
    text = (seeds_folder() / "botkyrka" / name).read_text(encoding="utf-8")
    return [[typed(cell) for cell in row] for row in csv.reader(io.StringIO(text))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region of workbooks, named so shortly that all its problems are told."""
    monkeypatch.chdir(tmp_path)
    folder = Path("mine")
    folder.mkdir()
    shutil.copy(seeds_folder() / "botkyrka" / "region.toml", folder)
    for name in FILES[1:]:
        (folder / name).with_suffix(".xlsx").write_bytes(workbook(table(name)))
    return folder


def refusal(folder: Path) -> list[str]:
    with pytest.raises(SamspelError) as error:
        load_region(folder)
    return [line.removeprefix(f"{folder}/") for line in str(error.value).splitlines()]


def test_a_region_of_workbooks_is_the_same_region_and_says_what_it_was_read_from(folder: Path) -> None:
    region, ours = load_region(folder), load_region("botkyrka")
    assert region.digest == ours.digest and region.neighbourhoods.name == ours.neighbourhoods.name
    assert region.notes[0] == f"{folder}/neighbourhoods.xlsx: read as an Excel workbook"


def test_results_carry_the_workbooks_that_they_were_made_from(folder: Path, tmp_path: Path) -> None:
    store_inputs(tmp_path / "results", str(folder), 0.1)
    (stored,) = (tmp_path / "results").rglob("builders.xlsx")
    assert load_region(stored.parent).digest == load_region("botkyrka").digest


def test_of_a_workbook_and_a_csv_file_the_csv_file_is_read_and_that_is_said(folder: Path) -> None:
    shutil.copy(seeds_folder() / "botkyrka" / "builders.csv", folder)
    (folder / "builders.xlsx").write_bytes(b"not even a workbook")
    assert f"{folder}/builders.csv: read, and not builders.xlsx beside it" in load_region(folder).notes


def test_what_excel_makes_of_cells_is_told_with_row_and_column(folder: Path) -> None:
    rows = table("builders.csv")
    wrong = [
        datetime.datetime(2011, 2, 1), datetime.time(5, 30), True, "=SUM(A1:A2)", "420,5", "1 200", "#DIV/0!", None,
        "many",
    ]  # fmt: skip
    rows = [rows[0], *([f"Builder {at}", *rows[1][1:2], value, *rows[1][3:]] for at, value in enumerate(wrong))]
    (folder / "builders.xlsx").write_bytes(workbook(rows))
    lines = refusal(folder)
    expected = [
        'row 2 ("Builder 0"), column workers: "2011-02-01" is a date, which Excel makes of numbers',
        'row 3 ("Builder 1"), column workers: "05:30:00" is a date',
        'row 4 ("Builder 2"), column workers: "true" is a truth value',
        'row 5, column workers: "=SUM(A1:A2)" is a formula; in Excel paste it as a value',
        'row 6 ("Builder 4"), column workers: "420,5" is text, not a number; in Excel format the column as Number',
        'row 7 ("Builder 5"), column workers: "1 200" is text, not a number',
        'row 8 ("Builder 6"), column workers: "#DIV/0!" is an error of an Excel formula',
        'row 9 ("Builder 7"), column workers: blank',
        'row 10 ("Builder 8"), column workers: "many" is not a number',
    ]
    assert len(lines) == len(expected)
    assert [said for said in expected if not any(line.startswith(f"builders.xlsx, {said}") for line in lines)] == []


@pytest.mark.parametrize("cell", ["12", "420.000", "1.234", "12,5", " 12", "1 200", "−3", "4e2", ".5"])
def test_a_number_typed_as_text_is_told_and_never_read(folder: Path, tmp_path: Path, cell: str) -> None:
    rows = table("builders.csv")
    rows[2][rows[0].index("workers")] = cell
    (folder / "builders.xlsx").write_bytes(workbook(rows))
    [line] = refusal(folder)
    assert line.startswith(f'builders.xlsx, row 3 ("{rows[2][0]}"), column workers: "{cell.strip()}" is text, not a nu')
    assert "in Excel format the column as Number and type the value again" in line
    path = tmp_path / "points.xlsx"
    path.write_bytes(workbook([["training"], [0.5], [cell]]))
    with pytest.raises(SamspelError, match=r"points.xlsx, row 3, column training: .* is text, not a number; in Excel"):
        read_points(path)


def test_a_formula_whose_value_is_text_is_told_as_text(folder: Path) -> None:
    before = (folder / "builders.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(before)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    as_text = re.sub(rb'(<c r="C2")[^>]*><v>420</v>', rb'\1 t="str"><f>TEXT(420,"0")</f><v>420</v>', sheet)
    assert as_text != sheet
    (folder / "builders.xlsx").write_bytes(damaged(before, "xl/worksheets/sheet1.xml", as_text))
    [line] = refusal(folder)
    assert 'column workers: "420" is text, not a number' in line


def test_a_formula_with_its_value_is_the_value(folder: Path) -> None:
    content = io.BytesIO()
    before = (folder / "builders.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b"<v>420</v>" in part
                part = part.replace(b"<v>420</v>", b"<f>210*2</f><v>420</v>", 1)
            new.writestr(name, part)
    (folder / "builders.xlsx").write_bytes(content.getvalue())
    assert load_region(folder).digest == load_region("botkyrka").digest


def test_empty_rows_columns_and_sheets_do_not_matter_and_other_sheets_are_noted(folder: Path) -> None:
    def edit(book: Any) -> None:
        for at, title in enumerate(["empty", "hidden"]):
            book.create_sheet(title, at)
        book["hidden"]["A1"], book["hidden"].sheet_state = "mine", "hidden"
        book.create_sheet("more")["A1"] = "not read"

    rows = [[*row, None, " "] for row in table("builders.csv")]
    (folder / "builders.xlsx").write_bytes(workbook([[], rows[0], [None, ""], *rows[1:]], edit))
    region = load_region(folder)
    assert region.digest == load_region("botkyrka").digest
    assert any(
        'builders.xlsx: read as an Excel workbook (sheet "Sheet"; others are not read)' in x for x in region.notes
    )


def test_names_are_checked_as_in_csv_files(folder: Path) -> None:
    rows = table("builders.csv")
    rows[1][0] = "One\u200b"
    rows[2][0], rows[3][0] = "So\u0308der", "S\u00f6der"
    (folder / "builders.xlsx").write_bytes(workbook([[*rows[0], "size"], *rows[1:]]))
    lines = refusal(folder)
    assert 'column "size" stands twice' in lines[0]
    (folder / "builders.xlsx").write_bytes(workbook(rows))
    assert 'row 2, column builder: "One\\u200b" holds a character that cannot be seen' in refusal(folder)[0]
    assert any("the name is taken by row 3" in line for line in refusal(folder))


def test_points_may_stand_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "points.xlsx"
    path.write_bytes(
        workbook([["training", "renovation", "standard_choice"], [0.5, True, "owner"], [1, False, "tenants"]])
    )
    points, notes = read_points(path)
    assert points == [
        {"training": 0.5, "renovation": True, "standard_choice": "owner"},
        {"training": 1, "renovation": False, "standard_choice": "tenants"},
    ]
    assert notes == (f"{path}: read as an Excel workbook",)


def damaged(content: bytes, part: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


GOOD = workbook([["training"], [0.5]])
BROKEN = {
    "cut off": (GOOD[: len(GOOD) // 2], "cannot be read as an Excel workbook"),
    "no sheet": (damaged(GOOD, "xl/worksheets/sheet1.xml", b"<"), "cannot be read as an Excel workbook"),
    "no book": (damaged(GOOD, "xl/workbook.xml", b"<workbook/>"), "without a sheet that can be seen; in Excel"),
    "another zip file": (damaged(GOOD, "[Content_Types].xml", b"mine"), "cannot be read as an Excel workbook"),
    "very much": (damaged(GOOD, "xl/worksheets/sheet1.xml", b" " * 101_000_000), "when unpacked; expected 100,000,000"),
    "old": (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "an Excel workbook of the old kind, or one with a password; in Excel"),
    "rows": (workbook([["training"], *([0.5] for _ in range(60))]), "more than 50 rows; expected 50 rows at most"),
    "columns": (workbook([["a"] * 1_001, [0.5]]), "1,001 columns; expected 1,000 at most"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_workbook_that_cannot_be_read_is_told_in_one_message(kind: str) -> None:
    content, said = BROKEN[kind]
    with pytest.raises(SamspelError) as error:
        read_table_text("mine.xlsx", content, Limits(rows=50))
    assert str(error.value).startswith("mine.xlsx: ") and said in str(error.value) and len(str(error.value)) < 2_000


def test_without_openpyxl_a_workbook_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        SamspelError, match=r'which needs openpyxl; pip install "samspel\[excel\]" reads it; or in Excel'
    ):
        read_table_text("mine.xlsx", GOOD)
