"""The table of observed series is read strictly, and the shipped one says of each number what it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from experiments.reporting.tracks.series import BY_NAME, SERIES
from experiments.reporting.tracks.table import COLUMNS, read_tracks, tracks, tracks_file
from sim import OUTCOMES, load_parameters
from sim.errors import SamspelError
from sim.inputs.seeds_folder import seeds_folder

HEADER = ",".join(COLUMNS)
GOOD = "rent,Botkyrka,2013,912,900,985,SEK/m2.year of the day,predict,a source,derived"


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "tracks.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def said(folder: Path, *rows: str, header: str = HEADER) -> str:
    """What a table is refused with."""
    with pytest.raises(SamspelError) as refused:
        read_tracks(table(folder, *rows, header=header))
    return str(refused.value)


def spoilt(column: str, cell: str) -> str:
    """A good row with one cell changed."""
    cells = GOOD.split(",")
    cells[COLUMNS.index(column)] = cell
    return ",".join(cells)


# --- what is read


def test_a_row_is_one_observed_number(tmp_path: Path) -> None:
    (one,) = read_tracks(table(tmp_path, GOOD))
    assert (one.series, one.places, one.year) == ("rent", ("Botkyrka",), 2013)
    assert (one.low, one.value, one.high) == (900, 912, 985) and (one.use, one.grade) == ("predict", "derived")


def test_without_ends_a_number_is_its_own_range(tmp_path: Path) -> None:
    (one,) = read_tracks(table(tmp_path, "energy_use,Botkyrka,2022,121.7,,,kWh/m2.year,fit,a source,found"))
    assert one.low == one.value == one.high == 121.7


def test_neighbourhoods_may_be_observed_as_one(tmp_path: Path) -> None:
    (one,) = read_tracks(table(tmp_path, spoilt("area", "Alby;Fittja")))
    assert one.places == ("Alby", "Fittja")


# --- what is refused, by row and column


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("series", "rnt", 'unknown series "rnt"; did you mean "rent"?'),
        ("series", "", "blank; expected a series"),
        ("area", "Botkyrkaa", 'unknown area "Botkyrkaa"; did you mean "Botkyrka"?'),
        ("area", "Alby;", "blank; expected an area"),
        ("area", "", "blank; expected an area"),
        ("year", "2006", '"2006" is not a year of 2007 to 2024'),
        ("year", "2013.5", '"2013.5" is not a year'),
        ("year", "late", '"late" is not a number'),
        ("year", "2008", "consumer_prices.csv has no prices of 2008, which money of the day needs"),
        ("value", "", "blank; expected a number"),
        ("value", "high", '"high" is not a number'),
        ("low", "950", "950 is more than the value, 912"),
        ("high", "900", "900 is less than the value, 912"),
        ("unit", "SEK/m2.year", '"SEK/m2.year"; expected "SEK/m2.year of the day", the unit of rent'),
        ("use", "fitted", 'unknown use "fitted"; did you mean "fit"?'),
        ("grade", "assumed", 'unknown grade "assumed"; known: derived, found, recalled'),
        ("source", "", "blank; expected where the number is from"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(column: str, cell: str, told: str, tmp_path: Path) -> None:
    message = said(tmp_path, "energy_use,Botkyrka,2022,121.7,,,kWh/m2.year,fit,a source,found", spoilt(column, cell))
    assert f"tracks.csv, row 3, column {column}: " in message and told in message


def test_what_is_only_recalled_needs_a_range(tmp_path: Path) -> None:
    row = "energy_use,Botkyrka,2022,121.7,,,kWh/m2.year,fit,a source,recalled"
    assert "row 2, column low: blank; expected a range, since the number is only recalled" in said(tmp_path, row)


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [("0,,", "value", "0"), ("5,0,6", "low", "0"), ("5,-1,6", "low", "-1"), ("-5,-6,0", "high", "0")],
)
def test_what_is_told_as_a_ratio_to_its_first_number_is_above_zero(
    cells: str, column: str, told: str, tmp_path: Path
) -> None:
    row = f"company_value,Botkyrka,2012,{cells},SEK/flat of the day,check,a source,derived"
    expected = f"tracks.csv, row 2, column {column}: {told}; expected more than 0, as company_value is told as a ratio"
    assert expected in said(tmp_path, row)
    level = f"begun_share,Botkyrka,2012,{cells},share of flats/year,check,a source,derived"
    assert read_tracks(table(tmp_path, level)), "of a level zero is a number"


def test_a_number_stands_once(tmp_path: Path) -> None:
    message = said(tmp_path, GOOD, spoilt("value", "950"))
    assert "row 3: rent of Botkyrka in 2013 stands in row 2 already; expected it once" in message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    message = said(tmp_path, spoilt("series", "rnt"), spoilt("use", "fitted"))
    assert "row 2, column series" in message and "row 3, column use" in message


def test_columns_are_those_that_are_known(tmp_path: Path) -> None:
    message = said(tmp_path, GOOD, header=HEADER.replace("grade", "grad"))
    assert "column grade: missing" in message and 'unknown column "grad"; did you mean "grade"?' in message


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"tracks\.csv: missing; expected the table of observed series"):
        read_tracks(tmp_path / "tracks.csv")


# --- what the shipped table says


def test_the_shipped_table_is_read_and_tells_of_every_series() -> None:
    assert read_tracks(tracks_file()) == tracks()
    assert {one.series for one in tracks()} == set(BY_NAME)


def test_a_number_that_chose_something_says_what_and_there_is_such_a_thing() -> None:
    patterns = set(tomllib.loads((seeds_folder() / "patterns.toml").read_text(encoding="utf-8")))
    fitted = {
        name for name, one in tomllib.loads((seeds_folder() / "patterns.toml").read_text(encoding="utf-8")).items()
        if one["use"] == "fit"
    }  # fmt: skip
    parameters = set(vars(load_parameters()))
    starts = {"energy_kwh_m2", "rent_sek_m2", "company_loan_to_value", "calm", "county_population"}
    for one in tracks():
        chose = re.search(r"; chose ([\w, ]+)$", one.source)
        assert (chose is not None) == (one.use == "fit"), one
        if chose:
            names = set(re.split(r",? and |, ", chose[1]))
            assert names <= patterns | parameters | starts, (one, names)
            assert names & (fitted | parameters | starts), one


def test_a_series_is_compared_or_says_why_not() -> None:
    known = {outcome.name for outcome in OUTCOMES}
    for series in SERIES:
        assert bool(series.outcomes) != bool(series.apart), series
        assert set(series.outcomes) <= known
