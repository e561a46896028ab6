"""What a design in files may hold: what samspel did not write there is told by file and key, or row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.engine.design_file import parse_cell, read_design, write_design
from experiments.engine.identity import digests
from sim import SamspelError

from .conftest import small

ARMS = ("siloed", "coordinated", "siloed-same-money")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A design as files, by itself."""
    folder = tmp_path_factory.mktemp("design")
    write_design(
        folder, small(*ARMS, points=[{"training": 0.0, "grant_rate": 0.1}, {"training": 1.0, "grant_rate": 0.2}])
    )
    return folder


def lines(change: Callable[[list[str]], object]) -> Callable[[str], str]:
    """A change of the lines of a file."""

    def spoil(text: str) -> str:
        found = text.splitlines()
        change(found)
        return "\n".join(found) + "\n"

    return spoil


def cell(row: int, column: int, value: str) -> Callable[[str], str]:
    """Another value in a cell of a table; rows as in a spreadsheet."""

    def change(found: list[str]) -> None:
        cells = found[row - 1].split(",")
        cells[column] = value
        found[row - 1] = ",".join(cells)

    return lines(change)


ROWS: list[tuple[str, Callable[[str], str | bytes], str]] = [
    ("a deleted row", lines(lambda x: x.pop(4)), "point 1, replicate 2 has no row for the arm siloed"),
    ("a deleted partner", lines(lambda x: x.pop(2)), "point 1, replicate 1 has no row for the arm coordinated"),
    ("cut off in a row", lambda t: t[:-12], "row 13"),
    ("cut off between rows", lines(lambda x: x.__delitem__(slice(8, None))), "has no row for the arm"),
    ("only a header", lines(lambda x: x.__delitem__(slice(1, None))), "has no runs"),
    ("nothing", lambda _: "", 'has no column "point"'),
    ("a row twice", lines(lambda x: x.append(x[1])), "row 14: point 1, replicate 1 of siloed stands in row 2 already"),
    ("no seed", cell(1, 3, "seeds"), 'has no column "seed"'),
    ("a column twice", cell(1, 5, "training"), 'column "training" stands twice'),
    ("a column without name", cell(1, 5, ""), "a column has no name"),
    ("an unknown setting", cell(1, 5, "grant_rte"), 'did you mean "grant_rate"'),
    ("an unknown arm", cell(3, 1, "siload"), 'row 3: unknown arm "siload"; did you mean "siloed"'),
    ("an arm of 50,000 letters", cell(3, 1, "x" * 50_000), "row 3: unknown arm"),
    ("a seed of 5,000 digits", cell(3, 3, "9" * 5000), "row 3, column seed: got '999"),
    ("a seed below 0", cell(3, 3, "-1"), "row 3, column seed: got '-1'; expected a whole number"),
    ("a seed too large", cell(3, 3, str(2**63)), "row 3, column seed"),
    ("half a replicate", cell(3, 2, "1.5"), "row 3, column replicate: got '1.5'"),
    (
        "a replicate too many",
        cell(3, 2, "40000"),
        "row 3, column replicate: got '40000'; expected a whole number, 0 to 32,",
    ),
    ("replicate 0", lambda t: t.replace(",1,", ",0,"), "replicates are counted from 1"),
    ("other values", cell(3, 4, "0.5"), "row 3: point 1 has other values here"),
    ("a value out of bounds", lambda t: t.replace(",0.1\n", ",7\n"), "row 2: lever grant_rate: got 7"),
    ("a value of 400 nines", lambda t: t.replace(",0.1\n", "," + "9" * 400 + "\n"), "row 2: lever grant_rate"),
    ("a cell too many", lines(lambda x: x.__setitem__(3, x[3] + ",1")), "row 4: 7 cells; expected 6"),
    ("semicolons", lambda t: t.replace(",", ";"), "columns are divided by semicolons"),
    ("a quotation mark", cell(3, 1, '"siloed'), "not readable as a table"),
    ("a cell of a million letters", cell(3, 1, '"' + "x" * 1_000_000 + '"'), "not readable as a table"),
    ("binary", lambda _: bytes(range(256)) * 5, "not readable as a table"),
    ("zeros", lambda t: "\x00" * len(t), "table"),
]


@pytest.mark.parametrize(("spoil", "said"), [one[1:] for one in ROWS], ids=[one[0] for one in ROWS])
def test_a_table_of_runs_that_does_not_fit_is_told_by_row(
    spoil: Callable[[str], str | bytes], said: str, written: Path, tmp_path: Path
) -> None:
    assert refused_design(written, tmp_path, "design.csv", spoil, said)


TOML: list[tuple[str, Callable[[str], str | bytes], str]] = [
    ("nothing", lambda _: "", "key region: missing"),
    ("cut off", lambda t: t[:100], "not valid TOML"),
    ("no arms", lambda t: t[: t.index("[arms")], "key arms: missing"),
    ("no runs", lambda t: t.replace('runs = "design.csv"\n', ""), "key runs: missing"),
    ("runs elsewhere", lambda t: t.replace("design.csv", "../design.csv"), "key runs"),
    ("runs that are not there", lambda t: t.replace("design.csv", "other.csv"), "other.csv: cannot be read"),
    ("an unknown key", lambda t: "yaers = 3\n" + t, "key yaers"),
    ("years in words", lambda t: t.replace("years = 1", 'years = "one"'), 'key years: got "one"'),
    ("years below 1", lambda t: t.replace("years = 1", "years = -1"), "key years: got -1"),
    ("scale 50", lambda t: t.replace("scale = 0.02", "scale = 50"), "key scale: got 50"),
    ("scale nan", lambda t: t.replace("scale = 0.02", "scale = nan"), "key scale: got nan"),
    ("detail as text", lambda t: t.replace("detail = false", 'detail = "false"'), 'key detail: got "false"'),
    ("an unknown region", lambda t: t.replace('"botkyrka"', '"botkyrkka"'), "region_digest"),
    ("another digest", lambda t: t.replace('region_digest = "', 'region_digest = "0'), "region_digest"),
    ("arms as a list", lambda t: t[: t.index("[arms")] + "arms = [1]\n", "key arms: got a list of 1"),
    ("an arm by number", lambda t: t[: t.index("[arms")] + "[arms]\na = 1\n", "key arms.a: got 1"),
    ("an arm without strengths", lambda t: t[: t.index("[arms")] + "[arms.a]\n", "arms.a: key name: missing"),
    ("a strength above 1", lambda t: t.replace("training = 1.0", "training = 2.0"), "arms.coordinated: "),
    ("a strength in words", lambda t: t.replace("training = 1.0", 'training = "much"'), "key training: got \"much\""),
    ("a partner unknown", lambda t: t.replace('"builders"', '"bilders"'), 'did you mean "builders"'),
    ("partners as text", lambda t: t.replace("partners = []", 'partners = "all"', 1), "key partners"),
    ("an unknown parameter", lambda t: t.replace("parameters = {", "parameters = { heat_prise = 1.0", 1), "heat_price"),
    ("a parameter as text", lambda t: t.replace("parameters = {", 'parameters = { heat_price = "1"', 1), "heat_price"),
    ("an unknown lever", lambda t: t.replace("levers = {  }", "levers = { grant_rat = 1.0 }", 1), "grant_rate"),
    ("money of nobody", lambda t: t.replace('_as = "coordinated"', '_as = "nobody"'), "same_money_as"),
    ("money in a circle", lambda t: t.replace('_as = "c', '_as = "siloed-same-money" # "c'), "itself takes"),
    ("deep", lambda t: "x = " + "[" * 5000 + "]" * 5000 + "\n" + t, "more than 20 deep"),
    ("5,000 digits", lambda t: t.replace("years = 1", "years = " + "9" * 5000), "key years: a whole number beyond"),
    ("binary", lambda _: bytes(range(128, 256)), "not UTF-8 text"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "said"), [one[1:] for one in TOML], ids=[one[0] for one in TOML])
def test_a_design_that_does_not_fit_is_told_by_key(
    spoil: Callable[[str], str | bytes], said: str, written: Path, tmp_path: Path
) -> None:
    assert refused_design(written, tmp_path, "design.toml", spoil, said)


def refused_design(written: Path, folder: Path, name: str, spoil: Callable[[str], str | bytes], said: str) -> bool:
    """Spoil one of a design's files, and read it."""
    for file in ("design.toml", "design.csv"):
        shutil.copy(written / file, folder)
    spoilt = spoil((folder / name).read_text(encoding="utf-8"))
    (folder / name).write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    with pytest.raises(SamspelError) as caught:
        read_design(folder)
    told = str(caught.value)
    assert said in told and str(folder) in told and len(told) < 2000, told
    return True


def test_a_design_by_itself_is_what_was_written(written: Path, tmp_path: Path) -> None:
    read = read_design(written)
    again = tmp_path / "again"
    again.mkdir()
    write_design(again, read)
    assert digests(read_design(again)) == digests(read)
    for name in ("design.toml", "design.csv"):
        assert (again / name).read_bytes() == (written / name).read_bytes()


def test_rows_of_a_whole_point_may_be_left_out(written: Path, tmp_path: Path) -> None:
    for name in ("design.toml", "design.csv"):
        shutil.copy(written / name, tmp_path)
    text = (tmp_path / "design.csv").read_text().splitlines(True)
    (tmp_path / "design.csv").write_text("".join([text[0], *(line for line in text if line.startswith("2,"))]))
    assert {run.point for run in read_design(tmp_path).runs} == {2}


def test_a_cell_is_a_number_where_it_is_one_however_long() -> None:
    assert parse_cell("3") == 3 and isinstance(parse_cell("3"), int) and parse_cell("0.5") == 0.5
    assert parse_cell("9" * 400) == float("inf") and parse_cell("1" + "0" * 30) == 1e30
    assert parse_cell("true") is True and parse_cell("owner") == "owner" and parse_cell("9" * 5000) == float("inf")
