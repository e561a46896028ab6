"""Columns that a region may do without: what is wrong with them is said in one message, whatever they are saved as."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from sim.errors import SamspelError
from sim.inputs.region import load_region
from sim.inputs.seeds_folder import seeds_folder

P, M, L, R = "neighbourhoods.csv", "municipalities.csv", "landlords.csv", "region.toml"
TALL, GRAN, TOWN = 'row 2 ("Tallmon")', 'row 3 ("Granmon")', 'row 2 ("Stensund")'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region with most of these columns that is right, to break one thing in."""
    return Path(shutil.copytree(seeds_folder() / "estate-in-distress", tmp_path / "mine"))


def edit(folder: Path, file: str, row: int, **cells: str) -> None:
    """Write cells of a row, in columns that need not be there yet."""
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[row] |= cells
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for one in rows for name in one)), restval="")
        writer.writeheader()
        writer.writerows(rows)


def drop(folder: Path, file: str, *columns: str) -> None:
    """Take columns out of a table."""
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        rows = [{k: v for k, v in row.items() if k not in columns} for row in csv.DictReader(stream)]
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def refusal(folder: Path, scale: float = 1.0) -> str:
    with pytest.raises(SamspelError) as error:
        load_region(folder, scale)
    return str(error.value)


EITHER = "columns company_loan_to_value, company_debt_sek"
CELLS = [
    (P, 0, {"empty_share": "1.2"}, f"{TALL}, column empty_share: 1.2 is above 1; expected a share between 0 and 1"),
    (P, 0, {"empty_share": "-0.1"}, f"{TALL}, column empty_share: -0.1 is below 0"),
    (P, 0, {"empty_share": "a third"}, f'{TALL}, column empty_share: "a third" is not a number'),
    (P, 0, {"empty_share": "1"}, f"{TALL}, column empty_share: 1 leaves nobody in 900 flats; expected at least one"),
    (P, 0, {"empty_share": "0.999"}, "in 1 occupied flat"),
    (P, 0, {"calm": "40"}, f"{TALL}, column calm: 40 is above 1"),
    (P, 0, {"x": ""}, f"{TALL}, columns x, y: y without x; expected both or neither"),
    (P, 1, {"y": ""}, f"{GRAN}, columns x, y: x without y; expected both or neither"),
    (
        P,
        1,
        {"x": "0.5"},
        f'{GRAN}, column x: "0.5" is not a whole number; expected a whole number of tiles, 0 to 20',
    ),
    (P, 1, {"x": "-1"}, f"{GRAN}, column x: -1 is below 0"),
    (P, 1, {"x": "", "y": ""}, f"{GRAN}, column x: blank, where other rows have a tile; expected x and y in all rows"),
    (P, 1, {"x": "0"}, f'{GRAN}, column x: the tile 0, 0 is that of row 2 ("Tallmon"); expected one each'),
    (
        M,
        0,
        {"company_loan_to_value": "0.4"},
        f"{TOWN}, {EITHER}: both are given; expected exactly one, the other blank",
    ),
    (M, 0, {"company_debt_sek": ""}, f"{TOWN}, {EITHER}: neither is given; expected exactly one, the other blank"),
    (M, 0, {"company_debt_sek": "-1"}, f"{TOWN}, column company_debt_sek: -1 is below 0; expected SEK of the whole"),
    (M, 0, {"company_debt_sek": "much"}, f'{TOWN}, column company_debt_sek: "much" is not a number'),
    (
        L,
        0,
        {"debt_sek": "1e9"},
        'row 2 ("Buyer from elsewhere"), column debt_sek: 1,000,000,000 SEK are owed by an own',
    ),
    (L, 0, {"debt_sek": "-5"}, 'row 2 ("Buyer from elsewhere"), column debt_sek: -5 is below 0'),
]


@pytest.mark.parametrize(("file", "row", "cells", "expected"), CELLS)
def test_a_wrong_cell_is_named_once_by_file_row_and_column(
    folder: Path, file: str, row: int, cells: dict[str, str], expected: str
) -> None:
    edit(folder, file, row, **cells)
    message = refusal(folder)
    assert expected in message and file in message and "\n" not in message


def test_a_table_with_neither_column_for_the_debt_is_told_so_once(folder: Path) -> None:
    drop(folder, M, "company_debt_sek")
    message = refusal(folder)
    assert message.endswith(f"{M}: missing column company_loan_to_value or company_debt_sek")
    edit(folder, M, 0, company_det_sek="455000000")
    assert 'unknown column "company_det_sek"; did you mean "company_debt_sek"?' in refusal(folder)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2011.5", '"2011.5" is not a whole number'),
        ('"2011"', '"2011" is not a whole number'),
        ("true", '"True" is not a whole number'),
        ("2011-01-01", '"2011-01-01" is not a whole number'),
        ("11", "11 is below 1980"),
        ("20110", "20110 is above 2060"),
    ],
)
def test_a_start_year_that_is_none_is_refused(folder: Path, year: str, said: str) -> None:
    path = folder / R
    path.write_text(f"start_year = {year}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    message = refusal(folder)
    assert f"{R}, key start_year: {said}; expected a calendar year from 1980 to 2060" in message


def test_buildings_that_are_not_there_yet_are_refused(folder: Path) -> None:
    edit(folder, P, 0, built_to="2013")
    assert f"{P}, {TALL}, column built_to: 2013 is after the region's start; expected a year up to 2011" in refusal(
        folder
    )
    path = folder / R
    path.write_text("start_year = 2015\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_region(folder).start_year == 2015


def test_a_workbook_has_the_same_columns_and_the_same_checks(folder: Path) -> None:
    digest = load_region(folder).digest
    for name in (P, M):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = [[number(cell) for cell in row] for row in csv.reader(stream)]
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / Path(name).with_suffix(".xlsx").name)
        (folder / name).unlink()
    assert load_region(folder).digest == digest
    book = openpyxl.load_workbook(folder / "neighbourhoods.xlsx")
    sheet = book.active
    column = [cell.value for cell in sheet[1]].index("y") + 1
    sheet.cell(2, column).value = None
    book.save(folder / "neighbourhoods.xlsx")
    assert f"neighbourhoods.xlsx, {TALL}, columns x, y: x without y" in refusal(folder)


def number(cell: str) -> str | float:
    """A cell as Excel takes it when it is typed in."""
    try:
        return float(cell)
    except ValueError:
        return cell


def test_what_may_be_missing_is_optional_in_every_shipped_region(folder: Path) -> None:
    drop(folder, P, "empty_share", "calm", "x", "y")
    places = load_region(folder).neighbourhoods
    assert not places.empty.any() and (places.calm == 1.0).all() and not places.mapped


def test_the_estate_in_distress_is_invented_has_one_owner_and_is_a_third_empty_with_debts_near_its_value() -> None:
    region = load_region("estate-in-distress")
    places = region.neighbourhoods
    assert region.title.startswith("Invented") and region.total_flats == 2_000
    assert (places.municipal_share == 1.0).all() and places.empty.mean() == pytest.approx(1 / 3, abs=0.01)
    tables = (places, region.municipalities, region.builders, region.landlords)
    assert {grade for table in tables for grade in table.evidence} == {"assumed"}
    assert all("invented" in source for table in tables for source in table.source)
    assert region.total_workers / region.total_flats == pytest.approx(3_600 / 83_000, rel=0.01)
