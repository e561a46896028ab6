"""Tables of points are read as regions' tables are: by the same reader, with the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.own_design import read_own_design
from experiments.design.points_table import read_points
from sim.errors import SamspelError

POINTS = [
    {"training": 0.5, "cost_mini": 1000.0, "entry_intercept": 3.0, "renovation": True, "standard_choice": "tenants"},
    {"training": 1.0, "cost_mini": 2500.5, "entry_intercept": -1.25, "renovation": False, "standard_choice": "owner"},
]
NAMES = "training,cost_mini,entry_intercept,renovation,standard_choice"
OURS = f"{NAMES}\n0.5,1000,3,true,tenants\n1,2500.5,-1.25,false,owner\n"
SWEDISH = (
    f"{NAMES.replace(',', ';')};\r\n0,5;1\u00a0000;3;SANT;tenants;\r\n1;2\u00a0500,5;−1,25;FALSKT;owner;\r\n;;;;;\r\n"
)
SAVED = {
    "ours": OURS.encode(),
    "CSV UTF-8": SWEDISH.encode("utf-8-sig"),
    "sep=": ("sep=;\r\n" + SWEDISH).encode(),
    "CSV": SWEDISH.replace("−", "-").encode("cp1252"),
    "Unicode text": SWEDISH.replace(";", "\t").encode("utf-16"),
    "tabs": OURS.replace(",", "\t").encode(),
    "CR": OURS.replace("\n", "\r").encode(),
}


def table(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "points.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("dialect", SAVED)
def test_points_are_the_same_in_every_dialect(dialect: str, tmp_path: Path) -> None:
    points, _ = read_points(table(tmp_path, SAVED[dialect]))
    assert points == POINTS
    assert [type(value) for point in points for value in point.values()] == [
        type(value) for point in POINTS for value in point.values()
    ]


def test_one_column_needs_nothing_between_columns(tmp_path: Path) -> None:
    assert read_points(table(tmp_path, "training\n0,5\n1\n"))[0] == [{"training": 0.5}, {"training": 1}]
    assert read_points(table(tmp_path, "training\n0.5\n"))[0] == [{"training": 0.5}]


def test_what_was_assumed_is_noted_when_a_design_is_read(tmp_path: Path) -> None:
    path = table(tmp_path, "training;grant_rate\n0,5;0,1\n")
    said = f"{path}: read as semicolons between columns, decimal commas"
    assert read_points(path)[1] == (said,)
    (tmp_path / "mine.toml").write_text('region = "botkyrka"\nscale = 0.02\nreplicates = 1\npoints = "points.csv"\n')
    design, settings = read_own_design(tmp_path / "mine.toml")
    assert design.runs[0].values == {"training": 0.5, "grant_rate": 0.1}
    assert settings is not None and settings.notes == (said,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,a\n1,2,3\n", 'points.csv: column "a" stands twice; expected once'),
        ("a,b\n1\n", "points.csv, row 2: 1 cells; expected 2"),
        ("a,b\n1,\n", "points.csv, row 2, column b: blank; expected a value for each setting"),
        ("a,b\n1,2,3\n", "points.csv, row 2: 3 cells; expected 2"),
        ('a,b\n1,"1,234"\n', 'points.csv, row 2, column b: "1,234" can be read in two ways, 1.234 or 1234'),
        ("a;b\n1;1.234\n", 'points.csv, row 2, column b: "1.234" can be read in two ways'),
        ("a\n1,234\n", 'points.csv, row 2, column a: "1,234" can be read in two ways'),
        ("a;b\n0,5;0.5\n", 'points.csv, row 2, column b: "0.5" is not a number (decimals are written with a comma'),
        ("a,b\n1,01-feb\n", 'points.csv, row 2, column b: "01-feb" is a date, which Excel makes of numbers'),
        ("a,b\n1,2011-02-01\n", 'row 2, column b: "2011-02-01" is a date'),
        ("a,b\n1,nan\n", 'row 2, column b: "nan" is not a number'),
        ("a,b\n1,1_000\n", 'row 2, column b: "1_000" is not a number'),
        ("a,b\n1,#N/A\n", 'row 2, column b: "#N/A" is an error of an Excel formula'),
        ("a,\n1,2\n", "points.csv, column B: has values but no name"),
        ("a,b\u200b\n1,2\n", "row 1, column B: "),
        ("", "points.csv: no points; expected names of settings"),
        ("training\n", "points.csv: no points"),
        (b"PK\x03\x04", "points.csv: cannot be read as an Excel workbook (BadZipFile"),
        (b"\xd0\xcf\x11\xe0", "points.csv: an Excel workbook of the old kind, or one with a password; in Excel: File"),
    ],
)
def test_wrong_points_are_told_with_row_and_column(text: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, text))
    assert said in str(error.value)


def test_settings_that_do_not_exist_and_values_out_of_bounds_are_told_with_row_and_column(tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, "trainin,grant_rate\n1,0.5\n"))
    assert 'points.csv, column trainin: unknown parameter, lever or practice "trainin"; did you mean' in str(
        error.value
    )
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, "training;heat_price;standard_choice\n0,5;100;owner\n2;0,7;nobody\n"))
    lines = [line.rpartition("points.csv, ")[2] for line in str(error.value).splitlines()]
    assert lines[0] == "row 2, column heat_price: heat_price is 100; expected 0.2 to 3 (SEK/kWh)"
    assert lines[1] == "row 3, column training: training is 2; expected a share from 0 to 1"
    assert lines[2].startswith("row 3, column standard_choice: lever standard_choice: got 'nobody'")


def test_all_wrong_points_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, "training,grant_rate\n1,01-feb\nnan,2\n3\n"))
    assert [line.rpartition("points.csv, ")[2][:5] for line in str(error.value).splitlines()] == [
        "row 2",
        "row 3",
        "row 4",
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("training\n0.5\n1\n0.50\n", {4: 2}),
        ("training;heat_price\n1;0,9\n0;0,9\n1,0;0,90\n0;0,9\n", {4: 2, 5: 3}),
        ("renovation,framework_packages\ntrue,3\nSANT,3.0\n", {3: 2}),
    ],
)
def test_a_point_that_stands_twice_is_told_with_both_rows(text: str, rows: dict[int, int], tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, text))
    said = [line.rpartition("points.csv, ")[2] for line in str(error.value).splitlines()]
    assert said == [
        f"row {row}: the same point as in row {first}; expected each point once" for row, first in rows.items()
    ]


def test_values_of_another_kind_are_told_with_row_and_column(tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, "grant_rate,renovation,training\ntrue,1,false\nmuch,off,0.5\n"))
    said = [line.rpartition("points.csv, ")[2] for line in str(error.value).splitlines()]
    assert sorted(said) == sorted(
        [
            "row 2, column grant_rate: lever grant_rate: got True; expected a number from 0 to 1",
            "row 3, column grant_rate: lever grant_rate: got 'much'; expected a number from 0 to 1",
            "row 2, column renovation: lever renovation: got 1; expected true or false",
            "row 3, column renovation: lever renovation: got 'off'; expected true or false",
            "row 2, column training: training is False; expected a share from 0 to 1",
        ]
    )


def test_missing_points_are_told(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"points\.csv: missing; expected a table of points"):
        read_points(tmp_path / "points.csv")


def test_a_million_points_are_refused_before_they_are_made_with_the_memory_that_they_would_take(tmp_path: Path) -> None:
    with pytest.raises(SamspelError) as error:
        read_points(table(tmp_path, b"training\n" + b"0.5\n" * 1_000_000))
    said = "points.csv: more than 200,000 rows, which would take some 1.3 GB of memory; expected 200,000 rows at most"
    assert str(error.value).endswith(said)
    with pytest.raises(SamspelError, match=r"points\.csv: 1,000,001 rows, which would take some 6\.6 GB"):
        read_points(table(tmp_path, b"training\n" + b"0.5".ljust(60) + b"\n" + (b"0.5".ljust(60) + b"\n") * 999_999))
