"""A design of one's own: run, told, drawn, drawn again, run again, and compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from experiments.analysis.intervals import Interval
from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions.designed.figures import draw
from experiments.questions.designed.result import over_points, read
from experiments.questions.question import View
from experiments.reporting.accounts import HEADLINE
from experiments.reporting.style import house_style
from sim import RenewalModel
from tests.legible import faults

from ..resealed import resealed

HEAD = 'region = "botkyrka"\nscale = 0.02\nyears = 2\nreplicates = 2\n'
PAIR = 'select = ["siloed", "coordinated"]\n'
VARY = "[vary]\ntraining = [0.0, 1.0]\ngrant_rate = [0.0, 0.3]\n"


def designed(folder: Path, text: str, *options: str) -> Path:
    """Run a design written as text; the folder of its results."""
    file, out = folder / "mine.toml", folder / "out"
    file.write_text(HEAD + text)
    assert status(["run", str(file), "--jobs", "1", "--out", str(out), *options]) == 0
    return out


def data(out: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((out / "summary.json").read_text())
    return found


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a design with four points, and figures."""
    return designed(tmp_path_factory.mktemp("varied"), PAIR + VARY)


def test_a_design_with_points_is_told_and_drawn_over_them(varied: Path) -> None:
    results = Results(varied)
    assert results.made.kind == "run" and results.made.seed == 1 and results.varied == ("training", "grant_rate")
    text = (varied / "summary.md").read_text()
    assert "A design of 4 points" in text and "## Point by point" in text and "## Who" not in text
    assert {path.name for path in (varied / "figures").iterdir()} == {"points.png", "points.svg"}
    headline = data(varied)["headline"]
    ends = results.runs.assign(value=results.runs[HEADLINE.name] * 1e-3 / results.made.flats)
    means = ends.groupby("arm")["value"].mean()
    assert headline["account"] == HEADLINE.name  # type: ignore[index]
    assert headline["mean"] == pytest.approx(means["coordinated"] - means["siloed"])  # type: ignore[index]


@pytest.mark.parametrize("text", [PAIR + VARY, 'select = ["siloed"]\n' + VARY, PAIR, 'select = ["siloed"]\n'])
def test_the_figure_of_a_design_can_be_read(tmp_path: Path, text: str) -> None:
    found = read(designed(tmp_path, text, "--no-figures"))
    with house_style():
        for drawing in draw(found, View()):
            assert faults(drawing.make()) == []


def test_a_design_without_points_shows_curves_of_its_arms(tmp_path: Path) -> None:
    out = designed(tmp_path, PAIR)
    assert {path.stem for path in (out / "figures").iterdir()} == {"curves"}
    assert "A design of arms alone" in (out / "summary.md").read_text()


def test_one_arm_has_a_level_for_its_headline(tmp_path: Path) -> None:
    out = designed(tmp_path, 'select = ["siloed"]\ncurves = false\n')
    headline = data(out)["headline"]
    expected = Results(out).runs["renovated_share"].mean() * 100
    assert headline["account"] == "renovated_share"  # type: ignore[index]
    assert headline["mean"] == pytest.approx(expected)  # type: ignore[index]
    assert {path.stem for path in (out / "figures").iterdir()} == {"points"}


def test_plot_draws_the_same_bytes_wherever_the_folder_is(varied: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(varied, moved)
    shutil.rmtree(moved / "figures")
    assert status(["plot", str(moved)]) == 0
    for name in ("points.png", "points.svg"):
        assert (moved / "figures" / name).read_bytes() == (varied / "figures" / name).read_bytes()


def test_a_folder_of_results_runs_again_to_the_same_numbers(
    varied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again"
    assert status(["run", str(varied), "--jobs", "1", "--no-figures", "--out", str(again)]) == 0
    assert not (again / "figures").exists() and "seed" not in (again / "summary.md").read_text().split("## Notes")[1]
    capsys.readouterr()
    assert status(["diff", str(varied), str(again)]) == 0
    assert "parquet" not in capsys.readouterr().out


def test_a_run_that_fails_is_left_out_with_its_pair_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed: list[int] = []

    class Failing(RenewalModel):
        def run(self) -> RenewalModel:
            if not failed:
                failed.append(1)
                raise ZeroDivisionError("no builders left")
            return super().run()

    monkeypatch.setattr("sim.RenewalModel", Failing)
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    file.write_text(HEAD + PAIR + VARY)
    assert status(["run", str(file), "--jobs", "1", "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert "run failed" in told or "runs failed" in told
    assert f"samspel rerun 1/siloed/1 --results {out}" in told
    assert "**Failed runs.**" in (out / "summary.md").read_text()


def test_a_mean_over_points_needs_a_replicate_to_be_known_at_all_of_them() -> None:
    values = pd.DataFrame([[1.0, 2.0, float("nan")], [3.0, 4.0, 90.0]]).to_numpy()
    assert over_points(values) == Interval(2.5, pytest.approx(-3.853, abs=1e-3), pytest.approx(8.853, abs=1e-3), 2)  # type: ignore[arg-type]
    alone = over_points(pd.DataFrame([[1.0, float("nan")], [float("nan"), 5.0]]).to_numpy())
    assert alone.mean == 3.0 and not alone.known


def test_diff_compares_every_stored_table_and_tells_what_is_missing_or_unreadable(
    varied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(varied, other)
    curves = pd.read_parquet(other / "curves.parquet")
    curves.loc[3, "rent"] *= 1.5
    curves.iloc[::-1].to_parquet(other / "curves.parquet")
    for folder, value in ((varied, 1.0), (other, 2.0)):
        pd.DataFrame({"name": ["a", "b"], "value": [0.0, value]}).to_csv(folder / "further.csv", index=False)
    try:
        assert status(["diff", str(varied), str(other)]) == 1
        told = capsys.readouterr().out
        assert "curves.parquet: 1 column differs over" in told and "rent: in 1 of" in told
        assert "further.csv: 1 column differs over 2 shared rows" in told and "value: in 1 of 2 rows" in told
        assert f"{other / 'curves.parquet'}: damaged, or changed since" in told and "runs.parquet" not in told
        resealed(other)
        assert status(["diff", str(varied), str(other), "--tolerance", "0.6"]) == 0
        assert status(["diff", str(varied), str(other), "--tolerance", "0.4"]) == 1
        (other / "curves.parquet").write_text("no table")
        (other / "further.csv").unlink()
        capsys.readouterr()
        assert status(["diff", str(varied), str(other)]) == 1
        told = capsys.readouterr().out
        assert f"{other / 'curves.parquet'}: damaged" in told and f"further.csv: only in {varied}" in told
        (other / "manifest.json").write_text("{}")
        assert status(["diff", str(varied), str(other)]) == 2
        assert "manifest.json: of an earlier version" in capsys.readouterr().err
    finally:
        (varied / "further.csv").unlink()


def test_rerun_tells_a_folder_without_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["rerun", "siloed/1", "--results", str(tmp_path)]) == 2
    assert "holds no finished results" in capsys.readouterr().err
