"""A comparison's summary says how its baseline holds what was observed, and what is left out and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions.compare import command
from experiments.reporting.style import house_style
from experiments.reporting.summary import plain
from experiments.reporting.tracks import bands
from experiments.reporting.tracks.figure import draw_history, history_title, shown_tracks
from experiments.reporting.tracks.history import data, history_of, section
from experiments.reporting.tracks.table import Observed, Use
from sim.errors import SamspelError
from tests.legible import faults


def seen(series: str, area: str, year: int, value: float, use: Use = "predict") -> Observed:
    return Observed(series, area, year, value, value, value, use, "a source", "found")


def middle(results: Results, outcome: str) -> float:
    """What the baseline's runs of 2012 lie around in Botkyrka."""
    values = results.yearly(outcome, "siloed", "municipality", "Botkyrka")[:, 1]
    return float(values.min() + values.max()) / 2


@pytest.fixture
def told(results: Results, monkeypatch: pytest.MonkeyPatch) -> Results:
    """Results beside a table: one number is met, two are not, one chose something, two cannot be compared."""
    table = (
        seen("energy_use", "Botkyrka", 2012, middle(results, "energy_use"), "check"),
        seen("moves", "Botkyrka", 2012, 0.9),
        seen("satisfaction", "Botkyrka", 2012, 0.1),
        seen("rent", "Botkyrka", 2012, 5000.0, "fit"),
        seen("rent", "Sweden", 2012, 900.0),
        seen("population", "Botkyrka", 2012, 85e3),
    )
    monkeypatch.setattr(bands, "tracks", lambda: table)
    return results


def test_the_summary_says_how_much_is_met_and_sets_apart_what_chose_something(told: Results) -> None:
    text = "\n".join(section(history_of(told)))
    assert "## What was observed" in text and "beside the runs of *Siloed*" in text
    assert "Of 3 that chose nothing in the model, 2 of which nobody had looked at before, 1 lies inside (33 %)" in text
    assert "Of 1 that did, 0 lie inside (0 %)" in text and "Those are no evidence." in text
    assert "| Energy use | Botkyrka | 2012 | 1 of 1 | 0.00 |" in text and "| Rent (fitted) | Botkyrka |" in text
    assert "- rent (1): no such area in this region." in text and "- population (1): the model has households" in text


def test_summary_json_has_the_same_with_every_number(told: Results) -> None:
    found = plain(data(history_of(told)))
    assert found["arm"] == "siloed"
    assert found["chose_nothing"]["numbers"] == 3 and found["chose_nothing"]["share_inside"] == pytest.approx(1 / 3)
    assert found["chose_something"]["share_inside"] == 0
    energy = next(one for one in found["series"] if one["series"] == "energy_use")
    (point,) = energy["points"]
    assert point["inside"] is True and point["use"] == "check"
    assert point["runs"]["low"] <= point["observed"]["value"] <= point["runs"]["high"]
    assert {one["reason"] for one in found["left_out"]} >= {"no such area in this region"}


def test_the_stored_summary_holds_it(results: Results) -> None:
    stored = json.loads((Path(results.folder) / "summary.json").read_text(encoding="utf-8"))
    assert stored["observed"] == plain(data(history_of(results))) and stored["observed"]["series"]
    assert "## What was observed" in (Path(results.folder) / "summary.md").read_text(encoding="utf-8")


def test_a_table_that_is_wrong_is_told_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise SamspelError("tracks.csv, row 7, column value: wrong")

    monkeypatch.setattr(command, "tracks", refuse)
    given = ["compare", "--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "1"]
    assert status([*given, "--out", str(tmp_path / "out")]) != 0
    assert "tracks.csv, row 7, column value: wrong" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_where_nothing_was_observed_nothing_is_said(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "tracks", lambda: (seen("rent", "Sweden", 2012, 900.0),))
    nothing = history_of(results)
    assert section(nothing) == [] and data(nothing)["chose_nothing"] is None


def test_the_figure_draws_what_chose_nothing_first_and_tells_how_much_is_met(told: Results) -> None:
    history = history_of(told)
    names = [track.series.name for track in shown_tracks(history.found)]
    assert set(names[:3]) == {"energy_use", "moves", "satisfaction"} and names[3] == "rent"
    assert history_title(history).startswith("The band of nine runs in ten holds 1 of 3 observed numbers")
    with house_style():
        assert faults(draw_history(history)) == []
