"""Results carry what they were made from: run again from anywhere they are the same, and a change is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine import identity, runs
from experiments.engine.manifest import read_manifest
from sim import load_parameters
from sim.inputs import parameters, region, seeds_folder

SEEDS = Path(__file__).parents[3] / "seeds"
RATE = ("[social_discount_rate]\nvalue = 0.035", "[social_discount_rate]\nvalue = 0.04")
DESIGN = """
region = "./mine"
scale = 0.02
years = 1
replicates = 1
points = "points.csv"
select = ["siloed", "helped"]
[set]
heat_price = 0.8
[arms.helped]
label = "With help"
preset = "local"
set = { grant_rate = 0.3 }
"""


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    """What a process has read of its inputs."""
    for cached in (runs.region_of, identity.inputs_digest, load_parameters):
        cached.cache_clear()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a region, a design and its points, and their results in `out`."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(SEEDS / "botkyrka", folder / "mine")
    (folder / "design.of-mine.toml").write_text(DESIGN)
    (folder / "points.csv").write_text("training,grant_budget_per_year\n0,1e8\n1,2e8\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert samspel("run", "design.of-mine.toml", "--out", "out") == 0
    return folder


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it as the working folder."""
    shutil.copytree(made, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def samspel(*arguments: str) -> int:
    """A command, as a process of its own would see its inputs."""
    forget()
    running = arguments[0] in ("run", "compare")
    return status([*arguments, "--jobs", "1", "--no-figures"] if running else arguments)


def other(file: Path, column: str, factor: float) -> None:
    """Multiply a column of a region's table."""
    table = pd.read_csv(file)
    (table[column] * factor).round(6).pipe(lambda values: table.assign(**{column: values})).to_csv(file, index=False)


def same(first: Path, second: Path) -> bool:
    """Whether two results have the same runs, byte by byte, and the same design."""
    names = ("runs.parquet", "curves.parquet", "design.csv", "design.toml")
    return all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_results_of_a_relative_region_run_again_from_anywhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(home / "out", tmp_path / "carried")
    shutil.rmtree(home)
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    capsys.readouterr()
    for carried in ("../carried", "../carried/design.toml", "../carried/design.csv", str(tmp_path / "carried")):
        assert samspel("run", carried, "--out", "again") == 0
        assert same(tmp_path / "away" / "again", tmp_path / "carried")
        shutil.rmtree("again")
    assert samspel("rerun", "2/helped/1", "--results", "../carried") == 0
    assert samspel("plot", "../carried", "--out", "figures") == 0
    told = capsys.readouterr()
    assert "are as stored" in told.out and "note" not in told.err
    assert {arm.label for arm in read_manifest(tmp_path / "carried").arms} == {"Siloed", "With help"}


def test_a_change_of_any_original_is_told_and_does_not_count(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = home / "kept"
    shutil.copytree(home / "out", kept)
    other(home / "mine" / "neighbourhoods.csv", "rent_sek_m2", 1.3)
    (home / "points.csv").write_text("training,grant_budget_per_year\n0,1e8\n1,3e8\n")
    (home / "design.of-mine.toml").write_text(DESIGN.replace("0.3", "0.4"))
    capsys.readouterr()
    commands = (["run", "out", "--out", "again"], ["rerun", "1/siloed/1", "--results", "out"], ["plot", "out"])
    for command in (*commands, ["run", "out", "--out", "out"]):
        assert samspel(*command) == 0
        told = capsys.readouterr().err.splitlines()
        for name in ("region ./mine", "points.csv", "design.of-mine.toml"):
            assert sum(line.startswith(f"note: {name}: ") and "out was made from" in line for line in told) == 1, name
    assert same(home / "again", kept) and same(home / "out", kept)
    # What is asked for anew is made from what is there now, and that is told as well.
    assert samspel("run", "design.of-mine.toml", "--out", "out") == 0
    assert "region ./mine: its tables here are not those" in capsys.readouterr().err
    assert not same(home / "out", kept)
    assert samspel("run", "design.of-mine.toml", "--out", "out") == 0
    assert "note" not in capsys.readouterr().err


def test_another_region_of_the_same_name_in_another_folder_is_not_taken_for_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = tmp_path / "away"
    shutil.copytree(home / "mine", away / "mine")
    other(away / "mine" / "municipalities.csv", "company_loan_to_value", 1.1)
    monkeypatch.chdir(away)
    capsys.readouterr()
    assert samspel("run", str(home / "out"), "--out", "again") == 0
    assert "note: region ./mine: its tables here are not those of" in capsys.readouterr().err
    assert same(away / "again", home / "out")
    (away / "mine" / "builders.csv").write_text("nonsense")
    assert samspel("rerun", "1/helped/1", "--results", str(home / "out")) == 0
    told = capsys.readouterr()
    assert "its tables here cannot be read any more" in told.err and "are as stored" in told.out


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seeds that may be changed, in place of the shipped ones."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    for module in (parameters, region, seeds_folder):
        monkeypatch.setattr(module, "seeds_folder", lambda: folder)
    return folder


def test_a_shipped_region_and_parameters_that_changed_are_told_and_do_not_count(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "1", "--out", "out"]
    asked += ["--arms", "siloed,coordinated", "--set", "heat_price=0.8", "--no-turns"]
    assert samspel("compare", *asked) == 0
    before = pd.read_parquet("out/runs.parquet")
    other(seeds / "botkyrka" / "neighbourhoods.csv", "rent_sek_m2", 0.9)
    file = seeds / "parameters.toml"
    file.write_text(file.read_text().replace(*RATE))
    forget()
    assert load_parameters().values["social_discount_rate"] == 0.04
    capsys.readouterr()
    assert samspel("run", "out", "--out", "again") == 0
    told = capsys.readouterr().err
    assert "note: region botkyrka: its tables here are not those of" in told
    assert "seeds/parameters.toml: other values here (social_discount_rate was 0.035, is 0.04)" in told
    again = pd.read_parquet("again/runs.parquet")
    pd.testing.assert_frame_equal(again[before.columns.drop("checksum")], before.drop(columns="checksum"))
    found = read_manifest(tmp_path / "again")
    assert found.discount_rate == 0.035 and found.set == {"social_discount_rate": 0.035, "heat_price": 0.8}
    assert samspel("compare", *asked) == 0
    assert "out was made with what it was then" in capsys.readouterr().err
    assert read_manifest(tmp_path / "out").discount_rate == 0.04


@pytest.mark.parametrize("name", [
    "inputs/region/mine/landlords.csv", "inputs/region/mine/region.toml", "inputs/parameters.toml", "design.csv",
    "design.toml",
])  # fmt: skip
@pytest.mark.parametrize("change", ["flipped", "gone"])
def test_stored_inputs_that_are_not_as_written_are_refused_by_name(
    name: str, change: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "out" / name
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content) if change == "flipped" else file.unlink()
    capsys.readouterr()
    for command in (["run", "out", "--out", "again"], ["rerun", "1/siloed/1", "--results", "out"], ["plot", "out"]):
        assert samspel(*command) == 2
        told = capsys.readouterr().err
        assert f"{name}: {'damaged' if change == 'flipped' else 'is gone'}" in told and told.count("\n") == 1
    assert not (home / "again").exists()


def test_a_design_by_itself_runs_where_its_inputs_are_known_and_is_refused_where_not(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("design.toml", "design.csv"):
        shutil.copy(home / "out" / name, tmp_path)
    capsys.readouterr()
    assert samspel("run", str(tmp_path / "design.toml"), "--out", "again") == 2
    said = capsys.readouterr().err
    assert "design.toml: region_digest: the region mine of this version is not what" in said
    assert "inputs/region/mine" in said and not (home / "again").exists()
    shutil.copytree(home / "out" / "inputs", tmp_path / "inputs")
    other(tmp_path / "inputs" / "region" / "mine" / "neighbourhoods.csv", "rent_sek_m2", 1.1)
    assert samspel("run", str(tmp_path / "design.toml"), "--out", "again") == 2
    assert "inputs/region/mine is not what the design was made with" in capsys.readouterr().err
    text = (tmp_path / "design.toml").read_text()
    (tmp_path / "design.toml").write_text("".join(x for x in text.splitlines(True) if "region_digest" not in x))
    assert samspel("run", str(tmp_path / "design.toml"), "--out", "again") == 0
    assert not same(home / "again", home / "out")


def test_parameters_of_another_version_are_needed_beside_a_design(
    home: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = seeds / "parameters.toml"
    file.write_text(file.read_text().replace(*RATE))
    (home / "own").mkdir()
    for name in ("design.toml", "design.csv"):
        shutil.copy(home / "out" / name, home / "own")
    shutil.copytree(home / "out" / "inputs", home / "own" / "inputs")
    values = home / "own" / "inputs" / "parameters.toml"
    stored = values.read_text()
    for text, said in (
        (None, "parameters_digest: the parameters of this version have other values"),
        (
            stored.replace("social_discount_rate = 0.035", "social_discount_rate = 0.05"),
            "not the values that design.toml was made",
        ),
        ("social_discount_rate = true", "key social_discount_rate: got true"),
        ("social_discount_rate = nan", "not the values that design.toml was made"),
        ("[[[", "not valid TOML"),
        ("social_discount_rate = " + "[" * 90 + "]" * 90, "more than 20 deep"),
    ):
        values.unlink(missing_ok=True)
        if text is not None:
            values.write_text(text)
        capsys.readouterr()
        assert samspel("run", "own/design.toml", "--out", "again") == 2
        assert said in capsys.readouterr().err
    values.write_text(stored)
    assert samspel("run", "own/design.toml", "--out", "again") == 0


def test_a_configuration_that_changed_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "own.toml").write_text('region = "./mine"\nscale = 0.02\nyears = 1\nreplicates = 1\nselect = ["siloed"]\n')
    asked = ["compare", "--config", "own.toml", "--out", "compared"]
    assert samspel(*asked) == 0
    (home / "own.toml").write_text((home / "own.toml").read_text().replace("years = 1", "years = 2"))
    capsys.readouterr()
    assert samspel("rerun", "siloed/1", "--results", "compared") == 0
    assert "note: own.toml: the configuration was changed since" in capsys.readouterr().err
    assert samspel(*asked) == 0
    assert "note: own.toml: the configuration was changed since; compared was made with" in capsys.readouterr().err
    sources = read_manifest(home / "compared").sources
    assert [(one.kind, one.given) for one in sources] == [("region", "./mine"), ("configuration", "own.toml")]


@pytest.mark.parametrize("name", [
    "inputs/thesis.docx", "inputs/region/mine/thesis.docx", "inputs/region/thesis.docx", "inputs/other/region.toml",
    "inputs/region/mine/deep/region.toml",
])  # fmt: skip
def test_somebody_elses_file_among_the_inputs_is_not_replaced(
    name: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "out" / name).parent.mkdir(parents=True, exist_ok=True)
    (home / "out" / name).write_text("years of work")
    assert samspel("run", "design.of-mine.toml", "--out", "out") == 2
    assert "holds a file that is not ours" in capsys.readouterr().err
    assert (home / "out" / name).read_text() == "years of work"


def test_a_file_called_like_the_folder_of_inputs_is_not_ours(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(home / "out" / "inputs")
    (home / "out" / "inputs").write_text("mine")
    assert samspel("run", "design.of-mine.toml", "--out", "out") == 2
    assert "not ours (inputs)" in capsys.readouterr().err
