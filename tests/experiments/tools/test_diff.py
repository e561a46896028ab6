"""Diff finds what differs in any stored table, and whatever is gone, cut or damaged is a difference with its file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.cli import status
from experiments.design.arms import choose_arms
from experiments.design.plan import treatments_of
from experiments.engine.design import World, make_design
from experiments.engine.experiment import Execution, Experiment
from experiments.tools.diff import differing_columns, differing_inputs, differing_table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results with two stages, and tables and data of a question beside them."""
    out = tmp_path_factory.mktemp("made") / "out"
    treatments = treatments_of(choose_arms(("siloed", "coordinated"), {}), {})
    with Experiment(out, "test", ["test"], Execution(jobs=1, show_progress=False)) as experiment:
        for stage, replicates in (("", 1), ("second", 2)):
            experiment.run(make_design(World("botkyrka", 0.02, 1, False, True), treatments, replicates, 1), stage)
        pd.DataFrame({"name": ["a", "b"], "value": [0.5, 1.0]}).to_csv(experiment.folder / "points.csv", index=False)
        pd.DataFrame({"seed": [1, 2], "rent": [0.5, 1.0]}).to_parquet(experiment.folder / "measures.parquet")
        (experiment.folder / "patterns.json").write_text('[{"name": "a", "test": {"low": 1.5}}]')
    return out


TABLES = ["runs.parquet", "curves.parquet", "runs-second.parquet", "curves-second.parquet", "design.csv", "points.csv"]
TABLES += [
    "payments.parquet",
    "talks.parquet",
    "programmes.parquet",
    "design-second.csv",
    "measures.parquet",
    "patterns.json",
]
HARM: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 4),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a loop": lambda path: (path.unlink(), path.symlink_to(path)),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_harmed_in_any_way_is_a_difference_with_its_file(
    table: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (name, harm) in enumerate(HARM.items()):
        other = tmp_path / str(number)
        shutil.copytree(made, other)
        harm(other / table)
        assert status(["diff", *map(str, (made, other) if number % 2 else (other, made))]) == 1, name
        told = capsys.readouterr().out
        assert table in told and str(made if name == "gone" else other / table) in told, told
        assert "same numbers" not in told and "Traceback" not in told


def test_two_folders_that_are_harmed_alike_are_not_the_same(made: Path, tmp_path: Path) -> None:
    for number in "12":
        shutil.copytree(made, tmp_path / number)
        (tmp_path / number / "curves-second.parquet").write_bytes(b"")
    assert status(["diff", str(tmp_path / "1"), str(tmp_path / "2")]) == 1
    for number in "12":
        (tmp_path / number / "curves-second.parquet").unlink()
    assert status(["diff", str(tmp_path / "1"), str(tmp_path / "2")]) == 1


def test_a_number_changed_in_a_table_is_shown_and_said_to_be_changed_since(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(made, other)
    table = pq.read_table(other / "runs-second.parquet")
    place = table.schema.get_field_index("rent")
    values = np.array([1e12, *table["rent"].to_numpy()[1:]])
    pq.write_table(table.set_column(place, table.field(place), pa.array(values)), other / "runs-second.parquet")
    (other / "patterns.json").write_text('[{"name": "a", "test": {"low": 1.25}}]')
    assert status(["diff", str(made), str(other)]) == 1
    told = capsys.readouterr().out
    assert f"{other / 'runs-second.parquet'}: damaged, or changed since samspel wrote it" in told
    assert "runs-second.parquet: 1 column differs over 4 shared runs" in told and "rent: in 1 of 4 runs" in told
    assert "patterns.json: 1 column differs over 1 shared rows" in told and "test.low" in told


def test_the_same_is_the_same_wherever_it_lies(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(made, tmp_path / "other")
    assert status(["diff", str(made), str(tmp_path / "other")]) == 0
    assert "The same inputs and the same numbers." in capsys.readouterr().out


def test_whole_numbers_are_compared_to_the_last(tmp_path: Path) -> None:
    one, other = (pd.DataFrame({"seed": [2**60 + last, 5]}) for last in (0, 1))
    assert [name for name, *_ in differing_columns(one, other, 0.0)] == ["seed"]
    assert differing_columns(one, one, 0.0) == []
    nothing = pd.DataFrame({"x": [np.nan, np.inf, -0.0]})
    assert differing_columns(nothing, nothing.assign(x=[np.nan, np.inf, 0.0]), 0.0) == []
    assert differing_columns(nothing, nothing.assign(x=[np.nan, -np.inf, 0.0]), 9.0) == [("x", 1, np.inf)]


def test_tables_of_somebody_else_are_told_not_tripped_over(tmp_path: Path) -> None:
    for folder in ("1", "2"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.json").write_text("5")
        (tmp_path / folder / "deep.json").write_text("[" * 100_000)
        twice = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
        pq.write_table(twice, tmp_path / folder / "twice.parquet")
    for name in ("x.json", "deep.json", "twice.parquet"):
        assert "cannot be read" in differing_table(name, tmp_path / "1", tmp_path / "2", 0.0)[0]


# Designs and inputs, which are no tables of numbers


INPUTS = ["inputs/parameters.toml", "inputs/region/botkyrka/neighbourhoods.csv", "design.toml", "design-second.toml"]


@pytest.mark.parametrize("name", INPUTS)
def test_a_design_or_an_input_that_is_harmed_in_any_way_is_a_difference_with_its_file(
    name: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harms = HARM | {"one letter": lambda path: path.write_bytes(path.read_bytes()[:-2] + b"9\n")}
    for number, (harm, do) in enumerate(harms.items()):
        other = tmp_path / str(number)
        shutil.copytree(made, other)
        do(other / name)
        assert status(["diff", *map(str, (made, other) if number % 2 else (other, made))]) == 1, harm
        told = capsys.readouterr().out
        assert f"{other / name}: " in told and "same numbers" not in told, told


def test_inputs_that_are_gone_or_harmed_in_both_are_not_the_same(made: Path, tmp_path: Path) -> None:
    for number in "12":
        shutil.copytree(made, tmp_path / number)
        shutil.rmtree(tmp_path / number / "inputs")
    assert status(["diff", str(tmp_path / "1"), str(tmp_path / "2")]) == 1


def test_inputs_that_are_others_are_told_where_all_numbers_are_the_same(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(made, other)
    (other / "inputs" / "more.csv").write_text("name,value\n")
    assert status(["diff", str(made), str(other)]) == 0
    told = capsys.readouterr().out
    assert f"inputs/more.csv: only in {other}" in told and "same" not in told
    shutil.copy(other / "inputs" / "parameters.toml", other / "inputs" / "more.csv")
    shutil.copytree(other, tmp_path / "third")
    (tmp_path / "third" / "inputs" / "more.csv").write_text("name\n")
    assert status(["diff", str(tmp_path / "third"), str(other)]) == 0
    assert "inputs/more.csv: not the same in both" in capsys.readouterr().out


def test_what_differs_in_an_arm_is_told_of_that_arm() -> None:
    arms = [{"name": "siloed", "training": 0}, {"name": "pilot", "training": {"from_year": 2012}}]
    other = [arms[0], {"name": "pilot", "training": {"from_year": 2011}}]
    assert [*differing_inputs({"arms": arms}, {"arms": other})] == ["arms.pilot.training.from_year: 2012 | 2011"]


@pytest.mark.parametrize("tolerance", ["nan", "inf", "-inf", "-1", "1e999"])
def test_a_tolerance_that_would_hide_everything_is_refused(
    tolerance: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["diff", str(made), str(made), f"--tolerance={tolerance}"]) == 2
    assert "--tolerance" in capsys.readouterr().err


def test_what_is_known_in_one_only_differs_whatever_is_overlooked() -> None:
    one, other = pd.DataFrame({"x": [1.0, np.nan]}), pd.DataFrame({"x": [1.0, 2.0]})
    assert differing_columns(one, other, np.inf) == [("x", 1, np.inf)]
