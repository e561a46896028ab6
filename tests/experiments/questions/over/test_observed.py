"""What was observed stands beside the baseline over the set: weighted by fit, in words, as data and in a figure."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.analysis.weighted import weighted_interval
from experiments.cli import status
from experiments.design.arms import choose_arms
from experiments.design.kept_set import kept_set
from experiments.engine.manifest import read_manifest, write_manifest
from experiments.engine.results import Results
from experiments.questions.over.figures import draw
from experiments.questions.over.observed import KEY, STAGE, design_of, why_not
from experiments.questions.over.result import read, verdicts
from experiments.questions.over.words import sections
from experiments.questions.question import View
from experiments.reporting.style import house_style
from experiments.reporting.summary import plain
from experiments.reporting.tracks.figure import history_title
from sim import Injection, SamspelError
from tests.experiments.conftest import small
from tests.legible import faults

from .conftest import OVER

WEIGHTS = [0.0, 0.5, 1.0, 0.25, 1.0]  # of the default parameters, and of the members


def test_the_baseline_runs_again_as_far_as_something_was_observed_with_all_places_on_the_same_numbers(
    ran: Path,
) -> None:
    large, again = Results(ran), Results(ran).at(STAGE)
    assert large.arms == ("siloed", "coordinated") and again.arms == ("siloed",)
    assert again.areas("municipality") and not large.areas("municipality")
    assert again.years.tolist() == [2011, 2012, 2013, 2014, 2015] and len(again.points) == 5
    for outcome in ("employment", "rent", "moves"):
        assert np.array_equal(again.paths(outcome, "siloed"), large.paths(outcome, "siloed")[:5])


def test_runs_that_end_with_the_last_observed_number_are_the_first_years_of_the_large_ones(
    small_set: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    asked = [*OVER, "--members", "1", "--no-figures", "--out", str(out)]
    asked[asked.index("--years") + 1] = "15"
    assert status(asked) == 0
    large, again = Results(out), Results(out).at(STAGE)
    assert large.years[-1] == 2025 and again.years[-1] == 2024
    quarters = 4 * len(again.years)
    assert np.array_equal(again.paths("employment", "siloed"), large.paths("employment", "siloed")[:2, :, :quarters])


def test_a_band_is_that_of_nine_tenths_of_the_set_by_fit(ran: Path) -> None:
    history = read(ran).history
    assert history is not None and history.runs == 4
    track = next(one.track for one in history.found if one.track.series.name == "rent" and one.track.area == "Botkyrka")
    assert track.weights is not None and track.weights.tolist() == WEIGHTS
    (held,) = next(one.held for one in history.found if one.track is track)
    rents = Results(ran).at(STAGE).paths("rent", "siloed", "municipality")
    place = Results(ran).at(STAGE).areas("municipality").index("Botkyrka")
    of_2013 = rents[1:, 0, 8:12, place].mean(axis=-1)
    expected = weighted_interval(of_2013, np.array(WEIGHTS[1:]))
    assert (held.low, held.median, held.high) == pytest.approx((expected.low, expected.mean, expected.high))


def test_summary_and_data_tell_it_as_a_comparison_does(ran: Path) -> None:
    text, stored = (ran / "summary.md").read_text(), json.loads((ran / "summary.json").read_text())
    assert "## What was observed" in text and "in all members of the set that the evidence leaves open" in text
    assert "| Rent | Botkyrka | 2013 |" in text and "| Satisfaction, lived | Botkyrka | 2015 |" in text
    observed = stored["observed"]
    assert observed == plain(verdicts(read(ran)))["observed"] and observed["arm"] == "siloed"
    assert observed["chose_nothing"]["numbers"] >= 2 and "share_inside" in observed["chose_nothing"]["no_change"]
    assert {"series", "left_out", "chose_something"} <= set(observed)


def test_the_figure_can_be_read_and_says_how_much_is_met(ran: Path) -> None:
    over = read(ran)
    (drawing,) = [one for one in draw(over, View()) if one.name == "observed"]
    assert over.history is not None
    of = len(over.history.held(False))
    assert f"hold {sum(one.inside for one in over.history.held(False))} of {of} observed" in history_title(over.history)
    with house_style():
        assert faults(drawing.make()) == []


def test_results_of_versions_that_kept_no_places_are_read_and_say_why_nothing_is_told(
    ran: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier"
    shutil.copytree(ran, earlier)
    for path in earlier.glob(f"*-{STAGE}.*"):
        path.unlink()
    made = read_manifest(ran)
    sums = {name: one for name, one in made.made["checksums"].items() if f"-{STAGE}." not in name}
    write_manifest(earlier, made.model_copy(update={
        "stages": {name: one for name, one in made.stages.items() if name != STAGE},
        "options": {name: one for name, one in made.options.items() if name != KEY},
        "made": made.made | {"checksums": sums},
    }))  # fmt: skip
    over = read(earlier)
    text = "\n\n".join(sections(over))
    assert over.history is None and verdicts(over)["observed"] is None
    assert "## What was observed" not in text and "a version that kept no places over the set" in text
    assert "observed" not in {one.name for one in draw(over, View())}


def test_without_places_none_is_run_and_that_is_said(small_set: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert status([*OVER, "--members", "2", "--no-record", "--no-figures", "--out", str(out)]) == 0
    assert set(Results(out).made.stages) == {""}
    text = (out / "summary.md").read_text()
    assert "## What was observed" not in text and "places were not to be recorded (--no-record)" in text


def test_where_nothing_that_could_be_evidence_was_observed_none_is_run(ran: Path, tmp_path: Path) -> None:
    arms = choose_arms(("siloed", "coordinated"), {})
    asked = replace(small(tmp_path, years=14, options={"members": 2}), arms=arms)
    assert design_of(asked, kept_set()) is not None
    assert design_of(replace(asked, region="estate-in-distress"), kept_set()) is None
    assert design_of(replace(asked, years=2), kept_set()) is None  # one number, told against the first
    made = Results(ran).made
    assert "holds no number that chose nothing" in why_not(
        made.model_copy(update={"options": {**made.options, KEY: None}})
    )


def test_what_is_set_after_the_last_observed_year_is_left_out_of_these_runs_alone(tmp_path: Path) -> None:
    silos, together = choose_arms(("siloed", "coordinated"), {})
    given = tuple(Injection("Botkyrka", year, 1e6) for year in (2020, 2030))
    asked = replace(
        small(tmp_path, years=30, options={"members": 2}), arms=(replace(silos, injections=given), together),
        shocks={"heat_price": {2014: 0.9, 2030: 1.2}, "wages": {2031: 1.1}},
    )  # fmt: skip
    design = design_of(asked, kept_set())
    assert design is not None and design.world.years == 14
    assert design.world.shocks == {"heat_price": {2014: 0.9}}
    assert [one.year for one in design.treatments[0].injections] == [2020]


def test_a_table_that_is_wrong_is_told_before_anything_is_run(
    small_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.reporting.tracks import bands

    def refuse() -> None:
        raise SamspelError("tracks.csv, row 7, column value: wrong")

    monkeypatch.setattr(bands, "tracks", refuse)
    assert status([*OVER, "--members", "2", "--no-figures", "--out", str(tmp_path / "out")]) == 2
    assert "tracks.csv, row 7, column value: wrong" in capsys.readouterr().err and not list(tmp_path.rglob("*.parquet"))
