"""An episode over the set that is not ruled out, beside all that was thought possible before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from experiments.design.kept_set import KeptSet, kept_set
from experiments.engine.manifest import read_manifest
from experiments.engine.results import Results
from experiments.engine.sampling import plausible_ranges
from experiments.questions.hindcast import over
from experiments.questions.hindcast.result import read
from experiments.questions.hindcast.words import document

from .episodes import changed, written

# The episode sets clause_places itself; the set does not rule out three values of the other two.
MEMBERS = pd.DataFrame(
    {
        "member": [1, 2, 3], "weight": [1.0, 0.0, 0.5], "clause_places": [0.05, 0.06, 0.07],
        "tuning_rate": [0.010, 0.012, 0.014], "heat_price": [0.70, 0.72, 0.74],
    }
)  # fmt: skip


def planted(place: Path) -> KeptSet:
    """A set of three members, of which the second weighs nothing."""
    MEMBERS.to_csv(place / "set.csv", index=False)
    return kept_set(place / "set.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small episode over the planted set."""
    place = tmp_path_factory.mktemp("over")
    known, out = planted(place), place / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(over, "kept_set", lambda: known)
        command = ["hindcast", str(written(place)), "--members", "3", "--out", str(out), "--jobs", "1"]
        assert status(command) == 0
    return out


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, Any]:
    """hindcast.json."""
    found: dict[str, Any] = json.loads((folder / "hindcast.json").read_text(encoding="utf-8"))
    return found


def test_every_run_is_a_member_of_its_own_with_a_seed_of_its_own_that_its_arms_share(folder: Path) -> None:
    results = Results(folder)
    assert len(results.runs) == 3 * 2 and results.varied == ("tuning_rate", "heat_price")
    assert results.points["heat_price"].tolist() == [0.70, 0.72, 0.74]
    seeds = results.design.table()
    assert seeds.groupby("point")["seed"].nunique().tolist() == [1, 1, 1] and seeds["seed"].nunique() == 3


def test_before_the_set_the_same_parameters_were_anywhere_in_their_plausible_ranges(folder: Path) -> None:
    """Were others drawn too, what was possible before would be wider without any evidence in between."""
    prior = Results(folder).at("prior")
    assert prior.varied == Results(folder).varied == ("tuning_rate", "heat_price")
    assert len(prior.runs) == 3 * 2 and prior.design.runs[0].seed == Results(folder).design.runs[0].seed
    for name, (low, high) in plausible_ranges(prior.varied).items():
        values = prior.points[name].to_numpy(np.float64)
        thirds = np.floor((values - low) / (high - low) * 3.0).clip(0, 2)
        assert sorted(thirds) == [0, 1, 2], f"{name}: a Latin hypercube has one point in each third"
    assert {run.treatment.parameters["clause_places"] for run in prior.design.runs} == {0.2}


def test_members_count_by_their_weight_and_one_that_weighs_nothing_counts_for_nothing(data: dict[str, Any]) -> None:
    rent = data["measures"][0]["predicted"]
    first, _, third = rent["values"]
    assert (rent["low_90"], rent["high_90"]) == (min(first, third), max(first, third))
    assert rent["median"] == first, "two thirds of the weight"
    assert data["over"] == {
        "parameters": "set", "members": 3, "of": 3, "digest": data["over"]["digest"], "weight": [1.0, 0.0, 0.5],
        "worth_of_equal_weight": pytest.approx(1.8),
    }  # fmt: skip


def test_each_measure_says_what_was_foretold_observed_possible_before_and_had_nothing_changed(
    data: dict[str, Any],
) -> None:
    assert data["uninformative_from"] == 0.95
    for one in data["measures"]:
        predicted, prior = one["predicted"], one["prior"]
        assert len(predicted["values"]) == len(prior["values"]) == 3 and prior["from"] == "runs"
        assert prior["low_90"] <= prior["median"] <= prior["high_90"]
        width = (predicted["high_90"] - predicted["low_90"]) / (prior["high_90"] - prior["low_90"])
        assert one["width_over_prior"] == pytest.approx(width)
        assert 0.0 <= one["narrower_in"] <= 1.0
        assert one["uninformative"] is (width >= 0.95) and (one["verdict"] == "uninformative") is one["uninformative"]
        assert {"value", "error", "runs_are"} == set(one["no_change"]) and one["error"] >= 0.0


def test_the_folder_tells_it_again_whatever_the_set_is_by_now(folder: Path) -> None:
    text = (folder / "hindcast.md").read_text(encoding="utf-8")
    assert document(read(folder)) == text
    assert "3 of 3 members of the set that is not ruled out" in text and "Latin hypercube" in text
    assert "nine tenths of the set" in text and (folder / "figures" / "hindcast.png").is_file()
    made = read_manifest(folder)
    assert made.options["over"] == "set" and set(made.stages) == {"", "prior"}


def test_results_whose_runs_of_before_varied_more_than_the_set_say_so(folder: Path) -> None:
    found = read(folder)
    assert found.alike and "all others stay at their default" in document(found)
    older = document(replace(found, alike=False))
    assert "a narrower interval is no evidence by itself" in older and "at their default" not in older


def test_a_run_of_a_member_and_one_of_the_prior_can_be_repeated_from_the_folder_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["rerun", "2/clauses/1", "--results", str(folder)]) == 0
    assert "2/clauses/1" in capsys.readouterr().out


def test_the_shipped_set_is_the_usual_one_and_replicates_say_how_many_members(tmp_path: Path) -> None:
    text = changed(("years = 3", "years = 1"), ("[2012, 2013]", "[2011, 2011]"))
    out = tmp_path / "out"
    assert status(["hindcast", str(written(tmp_path, text)), "--out", str(out), "--jobs", "1", "--no-figures"]) == 0
    found, kept = json.loads((out / "hindcast.json").read_text(encoding="utf-8")), kept_set()
    assert (found["over"]["members"], found["over"]["of"], found["over"]["digest"]) == (2, len(kept), kept.digest)
    points = Results(out).points
    varied = set(kept.names) - {"clause_places"}  # which the episode sets
    assert points.to_dict("records") == [
        {name: pytest.approx(point[name]) for name in kept.names if name in varied} for point in kept.points(2)
    ]


def test_a_parameter_that_a_single_arm_sets_is_told_and_not_varied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = planted(tmp_path)
    monkeypatch.setattr(over, "kept_set", lambda: known)
    text = changed(("years = 3", "years = 1"), ("[2012, 2013]", "[2011, 2011]"),
                   ("[[measure]]", "[arms.clauses.set]\nheat_price = 0.9\n\n[[measure]]"))  # fmt: skip
    out = tmp_path / "out"
    assert status(["hindcast", str(written(tmp_path, text)), "--out", str(out), "--jobs", "1", "--no-figures"]) == 0
    results = Results(out)
    assert results.varied == ("tuning_rate",)
    heat = {run.arm: run.treatment.parameters.get("heat_price") for run in results.design.runs}
    assert heat == {"siloed": None, "clauses": 0.9}
    assert any("at the default in the others: heat_price" in note for note in results.made.notes)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--over", "default", "--members", "2"], "--members: the defaults are one set of parameters"),
        (["--members", "4000"], "--members: got 4000; the set that is not ruled out has"),
        (["--replicates", "20000"], "replicates: got 20000; the set that is not ruled out has"),
        (["--over", "kept"], "'kept' is not one of 'set', 'default'"),
    ],
)
def test_what_cannot_be_run_over_is_one_message_and_leaves_nothing(
    given: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert status(["hindcast", str(path), *given, "--out", str(tmp_path / "out"), "--jobs", "1"]) == 2
    said = capsys.readouterr()
    assert told in said.err and said.out == ""
    assert sorted(tmp_path.iterdir()) == [path]
