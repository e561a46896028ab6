"""`samspel compare --over set` from end to end, on a small set, and what every comparison then says first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions.over import beside
from experiments.questions.over import verdict as verdicts
from experiments.questions.over.result import read
from experiments.questions.over.sentences import two_sentences
from experiments.questions.over.verdict import FILE, read_verdict
from sim import load_parameters

from .conftest import OVER, SET, SMALL


def shipped(monkeypatch: pytest.MonkeyPatch, found: verdicts.Verdict | None) -> None:
    monkeypatch.setattr(beside, "shipped_verdict", lambda: found)


def compared(folder: Path, *more: str) -> tuple[str, dict[str, object]]:
    """The summary of a comparison of two years, and its data."""
    given = [*SMALL, "--years", "2", "--replicates", "1", "--no-turns", "--no-figures", "--no-record"]
    assert status(["compare", *given, "--arms", "siloed,coordinated", *more, "--out", str(folder)]) == 0
    data: dict[str, object] = json.loads((folder / "summary.json").read_text())
    return (folder / "summary.md").read_text(), data


# --- over the set


def test_both_arms_run_in_every_member_and_at_the_default_on_random_numbers_of_its_own(ran: Path) -> None:
    made, over = Results(ran), read(ran)
    assert made.made.kind == "over" and made.arms == ("siloed", "coordinated") and made.made.replicates == 1
    assert over.members["member"].tolist() == [0, 1, 2, 3, 4, *[0] * 9]
    assert over.members["weight"].tolist() == [0.0, 0.5, 1.0, 0.25, 1.0, *[0.0] * 9]
    usual = load_parameters().values["heat_price"]
    assert over.members["heat_price"].tolist() == [usual, 0.7, 0.8, 0.85, 0.75, *[usual] * 9]
    assert made.points["cost_midi"].tolist() == over.members["cost_midi"].tolist()
    design = made.design
    seeds = {run.point: run.seed for run in design.runs}
    assert len(set(seeds.values())) == 14 and all(run.seed == seeds[run.point] for run in design.runs)


def test_the_verdict_is_that_of_the_runs_by_hand(ran: Path) -> None:
    runs = pd.read_parquet(ran / "runs.parquet")
    money = runs.pivot(index="point", columns="arm", values="npv_society") / (1e3 * Results(ran).made.flats)
    differences = (money["coordinated"] - money["siloed"]).to_numpy()
    weights = np.array([0.5, 1.0, 0.25, 1.0])
    found = read_verdict(ran)
    assert found is not None and found.members == 4 and found.unit == "kSEK a flat" and found.turns_at == {}
    default, differences = np.append(differences[0], differences[5:]).mean(), differences[:5]
    assert found.share_better == pytest.approx(weights[differences[1:] > 0].sum() / 2.75)
    order = np.argsort(differences[1:])
    middle = order[np.searchsorted(weights[order].cumsum(), 2.75 / 2)]
    assert found.median == pytest.approx(differences[1:][middle])
    assert found.rank_of_default == pytest.approx(weights[differences[1:] < default].sum() / 2.75)
    assert (found.region, found.scale, found.years, found.arms) == ("botkyrka", 0.02, 5, ("coordinated", "siloed"))
    assert found.changed() == []


def test_summary_and_data_tell_the_verdict_and_every_account(ran: Path) -> None:
    found, data = read_verdict(ran), json.loads((ran / "summary.json").read_text())
    assert found is not None and data["verdict"] == found.model_dump(mode="json")
    assert data["headline"]["account"] == "npv_society" and data["headline"]["mean"] == found.median
    assert data["over_members"]["npv_society"]["rank_of_default"] == found.rank_of_default
    assert {"npv_state", "npv_housing_companies_closing", "rent"} <= set(data["over_members"])
    assert two_sentences(found) in (ran / "summary.md").read_text()


def test_more_members_later_run_only_what_is_new(ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert status([*OVER, "--members", "2", "--no-figures", "--out", str(out)]) == 0
    fewer, all_ = read(out).members, read(ran).members
    pd.testing.assert_frame_equal(fewer, all_.drop(index=[3, 4]).reset_index(drop=True))
    capsys.readouterr()
    assert status([*OVER, "--no-figures", "--out", str(out)]) == 0
    assert "28 runs (24 of them done)" in capsys.readouterr().err
    pd.testing.assert_frame_equal(read(out).members, all_)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--over", "sets"], "--over: got 'sets'; expected set"),
        (["--over", "set", "--width", "0.1"], "--width"),
        (["--over", "set", "--minutes", "3"], "--minutes"),
        (["--over", "set", "--own-seeds"], "--shared-seeds"),
        (["--over", "set", "--replicates", "auto"], '--replicates: got "auto"; expected a number'),
        (["--over", "set", "--members", "5"], "--members: got 5; expected 1 to 4"),
        (["--over", "set", "--set", "heat_price=0.8"], "--set heat_price: members of the set differ in it"),
        (["--over", "set", "--arms", "siloed"], "--arms: got 1; expected two"),
        (["--over", "set", "--arms", "coordinated,siloed-same-money"], "one takes the other's money"),
        (["--members", "2"], "--members: counts members of the set"),
    ],
)
def test_what_does_not_belong_to_it_is_refused_in_a_line(
    more: list[str], said: str, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["compare", *SMALL, *more, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1 and not (tmp_path / "out").exists()


# --- what every comparison says first


def test_a_comparison_tells_the_verdict_first_and_calls_itself_an_illustration(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = read_verdict(ran)
    assert found is not None
    shipped(monkeypatch, found)
    text, data = compared(tmp_path / "out")
    short = text.partition("## In short")[2].strip().split("\n\n")
    assert short[0] == f"**The verdict.** {two_sentences(found)}"
    assert short[1].startswith("**What follows is an illustration**") and "default parameters lie above" in short[1]
    assert "over 2 years; the verdict is of Botkyrka with Huddinge at scale 0.02 over 5 years" in short[1]
    assert "out of date" not in text and "beat" not in text
    shown = capsys.readouterr().out
    assert shown.index("The verdict.") < shown.index("illustration") < shown.index("Present value over the years")
    assert data["verdict"] == {**found.model_dump(mode="json"), "changed": []}


def test_one_that_is_out_of_date_is_told_aloud_with_what_makes_it_anew(
    ran: Path, small_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped(monkeypatch, read_verdict(ran))
    small_set.write_text(SET.replace("0.85", "0.86"))
    text, data = compared(tmp_path / "out")
    assert "**That verdict is out of date**: the set that is not ruled out is another now" in text
    assert "`samspel compare --over set`" in text and "copy results/over/verdict.json" in text
    assert isinstance(data["verdict"], dict) and data["verdict"]["changed"] == ["the set that is not ruled out"]


def test_where_there_is_none_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped(monkeypatch, None)
    text, data = compared(tmp_path / "out", "--set", "co2_price=2.5")
    assert "**No verdict is here yet** (results/reference/verdict.json)" in text and data["verdict"] is None
    assert "the default one, but for co2_price" in text


def test_a_shipped_verdict_that_is_none_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results" / "reference"
    folder.mkdir(parents=True)
    (folder / FILE).write_text("{}")
    monkeypatch.setattr(verdicts, "__file__", str(tmp_path / "experiments" / "questions" / "over" / "verdict.py"))
    assert status(["compare", *SMALL, "--years", "1", "--out", str(tmp_path / "out")]) == 2
    assert FILE in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_results_of_versions_that_knew_no_verdict_can_still_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_small: Callable[[str], Path]
) -> None:
    made = Results(asked_small("compare")).made
    options = {key: value for key, value in made.options.items() if key != beside.KEY}
    assert beside.KEY in made.options and beside.first_of_all(made.model_copy(update={"options": options})) == []
