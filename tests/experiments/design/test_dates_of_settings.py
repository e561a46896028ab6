"""Years of practices and levers in files, designs, sweeps and on the command line, and in what is stored of them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.design.own_design import read_own_design
from experiments.engine.design_file import read_design, write_design
from experiments.engine.identity import digests
from experiments.engine.results import Results
from sim import Collaboration, Dated, SamspelError
from sim.vocabulary import Practice

SMALL = 'region = "botkyrka"\nscale = 0.02\nyears = 3\nreplicates = 1\n'
PILOT = """
select = ["siloed", "coordinated", "pilot"]
[arms.pilot]
preset = "regional"
training = { strength = 0.5, from_year = 2012, to_year = 2012 }
[arms.pilot.set]
grant_rate = { value = 0.3, from_year = 2012 }
grant_energy_only = false
"""
TRAINING = list(Practice).index(Practice.TRAINING)


def design_of(folder: Path, text: str) -> Path:
    """A design's file."""
    file = folder / "mine.toml"
    file.write_text(SMALL + text)
    return file


def test_an_arm_has_the_years_that_its_file_says(tmp_path: Path) -> None:
    pilot = read_own_design(design_of(tmp_path, PILOT))[0].treatments[2]
    assert pilot.collaboration == Collaboration.preset("regional").replace(training=Dated(0.5, 2012, 2012))
    assert pilot.levers == {"grant_rate": Dated(0.3, 2012), "grant_energy_only": False}


def test_a_design_written_and_read_again_is_the_same_to_the_digest(tmp_path: Path) -> None:
    design, _ = read_own_design(design_of(tmp_path, PILOT + "[vary]\ntraining.to_year = [2012, 2013]\n"))
    write_design(tmp_path, design)
    again = read_design(tmp_path)
    assert again.runs == design.runs and again.treatments == design.treatments
    assert digests(again) == digests(design) and len(set(digests(design))) == 1 + 2 + 2
    assert "training = { strength = 0.5, from_year = 2012, to_year = 2012 }" in (tmp_path / "design.toml").read_text()


def test_years_vary_by_themselves_and_values_vary_in_the_years_of_their_arm(tmp_path: Path) -> None:
    vary = '[vary]\n"training.from_year" = { from = 2011, to = 2012, steps = 2 }\ntraining = [0.0, 1.0]\n'
    design, _ = read_own_design(design_of(tmp_path, PILOT + vary + "grant_rate.to_year = [2012]\n"))
    found = {
        (run.arm, run.values["training"], run.values["training.from_year"]): run.treatment.collaboration.strengths[
            TRAINING
        ]
        for run in design.runs
    }
    assert found["pilot", 1.0, 2011] == Dated(1.0, 2011, 2012) and found["coordinated", 1.0, 2012] == Dated(1.0, 2012)
    assert found["siloed", 1.0, 2012] == 0.0, "a silo has nobody to practise with"
    grants = {run.arm: run.treatment.levers.get("grant_rate") for run in design.runs}
    assert grants == {"siloed": None, "coordinated": None, "pilot": Dated(0.3, 2012, 2012)}
    assert design.table()["training.from_year"].dtype == "int64"


def test_points_of_a_table_have_years(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("training.from_year;grant_rate;grant_rate.to_year\n2012;0,3;2011\n")
    design, _ = read_own_design(design_of(tmp_path, 'select = ["siloed", "coordinated"]\npoints = "points.csv"\n'))
    assert design.runs[1].treatment.levers == {"grant_rate": Dated(0.3, None, 2011)}
    assert design.runs[1].treatment.collaboration.strengths[TRAINING] == Dated(1.0, 2012)


def test_results_carry_years_and_a_run_repeats_from_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert status(["run", str(design_of(tmp_path, PILOT)), "--jobs", "1", "--no-figures", "--out", str(out)]) == 0
    made = Results(out)
    assert made.made.arm("pilot").collaboration["training"] == {"strength": 0.5, "from_year": 2012, "to_year": 2012}
    assert made.made.arm("pilot").levers["grant_rate"] == {"value": 0.3, "from_year": 2012}
    runs = made.runs.set_index("arm")
    assert runs.loc["pilot", "set_grant_rate"] == "0.3" and runs.loc["pilot", "set_grant_rate.from_year"] == "2012"
    capsys.readouterr()
    assert status(["rerun", "pilot/1", "--results", str(out)]) == 0
    assert "end outcomes are as stored" in capsys.readouterr().out
    again = tmp_path / "again"
    assert status(["run", str(out), "--jobs", "1", "--no-figures", "--out", str(again)]) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(again / "curves.parquet"), pd.read_parquet(out / "curves.parquet"))
    assert (again / "design.toml").read_bytes() == (out / "design.toml").read_bytes()


def test_years_on_the_command_line_are_those_of_a_file(tmp_path: Path) -> None:
    options = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--replicates", "1", "--jobs", "1",
               "--arms", "siloed,coordinated", "--no-figures", "--no-turns", "--no-record"]  # fmt: skip
    config = tmp_path / "mine.toml"
    config.write_text("[set]\ngrant_rate = { value = 0.3, from_year = 2012 }\n")
    line = ["--set", "grant_rate=0.3", "--set", "grant_rate.from_year=2012"]
    for name, said in (("line", line), ("file", ["--config", str(config)])):
        assert status(["compare", *options, *said, "--out", str(tmp_path / name)]) == 0
    one, other = (Results(tmp_path / name) for name in ("line", "file"))
    assert one.runs["digest"].tolist() == other.runs["digest"].tolist()
    assert other.made.set == {"grant_rate": {"value": 0.3, "from_year": 2012}}
    assert "grant_rate = 0.3 (from 2012)" in (tmp_path / "file" / "summary.md").read_text()


def test_a_sweep_goes_along_years_and_tells_them_as_years(tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--region", "botkyrka", "--scale", "0.02", "--years", "3", "--replicates", "2", "--jobs", "1"]
    assert status(["sweep", "training.from_year=2011:2013", *options, "--no-figures", "--out", str(out)]) == 0
    assert sorted(set(Results(out).runs["set_training.from_year"])) == [2011.0, 2012.0, 2013.0]
    text = (out / "summary.md").read_text()
    assert "training.from_year (first year of training; calendar year) from 2011 to 2013" in text and "2,01" not in text
    assert json.loads((out / "summary.json").read_text())["kind"] == "sweep"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--set", "grant_rate.from_year=2012"], "grant_rate.from_year: the year of something that is not set"),
        (["--set", "grant_rate=0.3", "--set", "grant_rate.from_year=2"], "got 2; expected a calendar year"),
        (["--set", "grant_rate=0.3", "--set", "grant_rate.fromyear=2012"], 'unknown parameter or lever "grant_rate'),
        (["--set", "heat_price.from_year=2012"], "heat_price.from_year: a parameter has no years; expected heat_price"),
        (["--set", "training.from_year=2012"], "training is a practice; expected it as a key of a table [arms.NAME]"),
        (["sweep", "trainin.from_year=2012:2014"], 'did you mean "training.from_year"?'),
    ],
)  # fmt: skip
def test_years_that_cannot_be_are_told(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(options if options[0] == "sweep" else ["compare", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[arms.a.injections]]\nowner = "Botkyrkka"\nyear = 2011\nsek = 1', ", key arms.a.injections"),
        ("[shocks.heat_price]\n2040 = 0.9", ", key shocks: shocks.heat_price: 2040 is not a year of the run"),
    ],
)  # fmt: skip
def test_what_the_region_or_the_run_has_not_is_told_with_the_file_that_names_it(
    text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    small = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--out", str(tmp_path / "out")]
    assert status(["compare", "--config", str(path), *small]) == 2
    assert f"samspel: {path}{told}" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_lists_show_how_years_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list", "presets"]) == 0 and status(["list", "levers"]) == 0
    said = capsys.readouterr().out
    assert "training = { strength = 1.0, from_year = 2013, to_year = 2016 }" in said
    assert "grant_rate = { value = 0.3, from_year = 2014, to_year = 2018 }" in said and "training.from_year" in said


def test_a_year_in_a_table_of_runs_is_told_by_its_row(tmp_path: Path) -> None:
    vary = '[vary]\n"training.from_year" = [2012]\n"training.to_year" = [2013]\n'
    design, _ = read_own_design(design_of(tmp_path, 'select = ["siloed", "coordinated"]\n' + vary))
    write_design(tmp_path, design)
    rows = tmp_path / "design.csv"
    rows.write_text(rows.read_text().replace(",2012,", ",2014,"))
    with pytest.raises(SamspelError, match=r"design\.csv, row 3: training: from_year: 2014 is after to_year, 2013"):
        read_design(tmp_path)


INJECTED = """
select = ["siloed", "pilot"]
[arms.pilot]
[[arms.pilot.injections]]
owner = "Botkyrka"
year = 2012
sek = 2e9
"""


def test_injections_of_an_arm_are_run_stored_and_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert status(["run", str(design_of(tmp_path, INJECTED)), "--jobs", "1", "--no-figures", "--out", str(out)]) == 0
    made = Results(out)
    assert made.made.arm("pilot").injections == ({"owner": "Botkyrka", "year": 2012, "sek": 2e9},)
    curves = pd.read_parquet(out / "curves.parquet").query("area_kind == 'region'")
    paid = curves.pivot(index="quarter", columns="arm", values="owner_injections")
    assert paid["pilot"][4] == pytest.approx(4e7) and paid["siloed"].sum() == 0.0
    again = read_design(out)
    assert digests(again) == made.runs["digest"].tolist()
    capsys.readouterr()
    assert status(["rerun", "pilot/1", "--results", str(out)]) == 0
    assert "end outcomes are as stored" in capsys.readouterr().out


SHOCKED = 'select = ["siloed", "coordinated"]\n[shocks.heat_price]\n2012 = 1.5\n[shocks.interest]\n2013 = 0.05\n'


def test_shocks_of_a_file_hold_in_all_arms_and_are_stored_and_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert status(["run", str(design_of(tmp_path, SHOCKED)), "--jobs", "1", "--no-figures", "--out", str(out)]) == 0
    curves = pd.read_parquet(out / "curves.parquet").query("area_kind == 'region'")
    assert curves.query("quarter == 4").heat_price.tolist() == pytest.approx([1.5, 1.5])
    assert curves.query("quarter == 8").interest.tolist() == pytest.approx([0.05, 0.05])
    made = Results(out).made
    assert made.set == {"shocks.heat_price": {"2012": 1.5}, "shocks.interest": {"2013": 0.05}}
    assert "shocks.heat_price = 1.5 in 2012" in (out / "summary.md").read_text()
    design = read_design(out)
    assert design.world.shocks == {"heat_price": {2012: 1.5}, "interest": {2013: 0.05}}
    assert digests(design) == Results(out).runs["digest"].tolist()
    capsys.readouterr()
    assert status(["rerun", "siloed/1", "--results", str(out)]) == 0
    assert "end outcomes are as stored" in capsys.readouterr().out
    again = tmp_path / "again"
    assert status(["run", str(out), "--jobs", "1", "--no-figures", "--out", str(again)]) == 0
    assert (again / "design.toml").read_bytes() == (out / "design.toml").read_bytes()


def test_a_comparison_takes_shocks_from_its_file_and_validate_refuses_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, out = tmp_path / "mine.toml", tmp_path / "out"
    config.write_text(SMALL + SHOCKED)
    options = ["--config", str(config), "--jobs", "1", "--no-figures", "--no-turns", "--no-record", "--out", str(out)]
    assert status(["compare", *options]) == 0
    curves = pd.read_parquet(out / "curves.parquet")
    assert curves.query("quarter == 4").heat_price.tolist() == pytest.approx([1.5, 1.5])
    config.write_text("[shocks.wages]\n2015 = 1.1\n")
    for question in ("validate", "calibrate"):
        assert status([question, "--config", str(config), "--out", str(tmp_path / question)]) == 2
        assert "shocks: " in capsys.readouterr().err


def test_the_list_of_shocks_has_their_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["list", "shocks"]) == 0
    said = capsys.readouterr().out
    assert "SEK/kWh" in said and "construction_cycle" in said and "[shocks.heat_price]" in said


def test_years_that_are_not_run_are_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = (
        'select = ["siloed", "late"]\n[arms.late]\npreset = "regional"\ntraining = { strength = 1, from_year = 2014 }\n'
    )
    design, _ = read_own_design(design_of(tmp_path, late))
    note = "arm late: training (1.0 (from 2014)) acts in no year of the run, 2011 to 2013"
    assert design.notes() == (note,)
    options = ["--config", str(tmp_path / "mine.toml"), "--jobs", "1", "--no-figures", "--no-turns", "--no-record"]
    assert status(["compare", *options, "--out", str(tmp_path / "out")]) == 0
    assert note in capsys.readouterr().err and note in Results(tmp_path / "out").made.notes
