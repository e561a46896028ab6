"""`samspel screen` end to end on a tiny design."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.questions.screen.result import read
from experiments.questions.validate.measuring.patterns import load_patterns

TINY = [
    "screen", "--region", "botkyrka", "--scale", "0.02", "--years", "12", "--points", "20", "--jobs", "1",
    "--parameters", "tuning_rate,co2_price",
]  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty points of what owners save by tuning, which the stock's energy answers to."""
    folder = tmp_path_factory.mktemp("screen") / "done"
    assert status([*TINY, "--out", str(folder)]) == 0
    return folder


def test_the_headline_and_every_measure_of_every_pattern_is_asked_of_every_point(out: Path) -> None:
    measured, points = pd.read_parquet(out / "measured.parquet"), pd.read_csv(out / "points.csv")
    assert len(measured) == len(points) == 20 and measured["headline.society"].notna().all()
    wanted = {p.measure_of(test) for p in load_patterns() for test in p.tests if test.measure != "none"}
    assert set(measured) == wanted | {"headline.society"}


def test_what_a_measure_answers_to_is_told_and_the_rest_is_cleared(out: Path) -> None:
    found = read(out)
    answers = found.answers.set_index(["output", "input"])
    assert answers.loc[("P3.change", "tuning_rate"), "straight"] < -0.9
    assert answers.loc[("P3.change", "tuning_rate"), "matters"]
    assert not answers.loc[("P3.change", "co2_price"), "matters"]
    assert set(found.matter) | set(found.cleared) == {"tuning_rate", "co2_price"} and "tuning_rate" in found.matter
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "some measure answers to" in summary and "`tuning_rate`" in summary
    verdict = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert verdict["kind"] == "screen" and verdict["headline"]["account"] == "npv_society"
    assert verdict["points"] == 20 and 0.0 <= verdict["share_better"] <= 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--parameters", "tuning_rat"], "tuning_rate"),
        (["--parameters", "health_start"], "is not uncertain"),
        (["--parameters", "tuning_rate", "--set", "tuning_rate=0.01"], "expected one or more to vary"),
        (["--points", "19"], "19"),
    ],
)
def test_what_cannot_be_screened_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert status(["screen", "--scale", "0.02", "--out", str(tmp_path / "no"), *arguments]) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "no").exists()


CALIBRATE = [
    "calibrate", "--region", "botkyrka", "--scale", "0.02", "--years", "12", "--replicates", "1", "--jobs", "1",
    "--headline-scale", "0.02", "--points", "10", "--waves", "2", "--members", "2", "--member-seeds", "1",
    "--headlines", "0", "--patterns", "P3", "--parameters", "tuning_rate", "--no-figures",
]  # fmt: skip


def test_a_screening_can_be_the_first_wave_of_a_calibration(out: Path, tmp_path: Path) -> None:
    assert status([*CALIBRATE, "--first", str(out), "--out", str(tmp_path / "done")]) == 0
    points, screened = pd.read_csv(tmp_path / "done" / "points.csv"), pd.read_csv(out / "points.csv")
    first = points[points["wave"] == 1]
    assert first["tuning_rate"].tolist() == pytest.approx(screened["tuning_rate"].tolist())
    measured = pd.read_parquet(out / "measured.parquet")["P3.change"]
    assert first["P3.change"].tolist() == pytest.approx(measured.tolist())
    # Enough of its points lie inside every range: members follow, on seeds after the screening's.
    assert len(points) == 22 and (points["wave"] == 2).sum() == 2
    assert points["tuning_rate"].is_unique


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seed", "2"], "another seed"),
        (["--years", "13"], "another years"),
        (["--parameters", "tuning_rate,heat_price"], "heat_price is not varied there"),
        (["--set", "co2_price=1"], "another set"),
    ],
)
def test_a_screening_of_something_else_is_no_first_wave(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert status([*CALIBRATE, *arguments, "--first", str(out), "--out", str(tmp_path / "done")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "done").exists()


def test_a_first_wave_of_another_model_is_found_out(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = read(out).measured + 1e-6
    monkeypatch.setattr(
        "experiments.questions.calibrate.first_wave.read", lambda folder: replace(read(folder), measured=other)
    )
    assert status([*CALIBRATE, "--first", str(out), "--out", str(tmp_path / "done")]) == 2
    assert "measures its first point otherwise" in capsys.readouterr().err
