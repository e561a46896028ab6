"""Each question asked end to end on a tiny design: what is written, and that it says what it should."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine import settings
from experiments.questions import kinds
from experiments.questions.sweep.result import read
from experiments.questions.sweep.words import sections
from sim import Parameters, load_parameters

TINY = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--jobs", "1"]
MONEY = "npv_society"


def asked(out: Path, *arguments: str, replicates: int = 2) -> str:
    """Ask, expect success, and read the summary."""
    assert status([*arguments, *TINY, "--replicates", str(replicates), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} >= {
        "summary.md",
        "summary.json",
        "figures",
        "manifest.json",
        "runs.parquet",
    }
    for image in (out / "figures").glob("*.png"):
        assert image.with_suffix(".svg").is_file()
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "exploration, not prediction" in summary and f"samspel {arguments[0]}" in summary
    return summary


def again(out: Path, elsewhere: Path) -> None:
    """Draw stored results in another folder, and expect the same bytes."""
    shutil.copytree(out, elsewhere, ignore=shutil.ignore_patterns("figures"))
    assert status(["plot", str(elsewhere)]) == 0
    drawn = {path.name: path.read_bytes() for path in (elsewhere / "figures").iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in (out / "figures").iterdir()}


def verdict(out: Path) -> dict[str, Any]:
    """summary.json, with a headline that is all there."""
    data: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert set(data["headline"]) == {"account", "mean", "low", "high", "unit", "better"}
    return data


def figures(out: Path) -> set[str]:
    return {path.stem for path in (out / "figures").iterdir()}


def test_a_sweep_of_one_setting_shows_four_arms_and_says_where_coordination_pays(tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    summary = asked(out, "sweep", "boom_demand=1.1:1.2:2", "--outcome", MONEY, "--outcome", "rent")
    assert "coordinated-triple-cost" in summary and "Coordinated minus siloed goes from" in summary
    assert "not statistically distinguishable from zero" in summary and figures(out) == {"sweep", "levels", "years"}
    runs = pd.read_parquet(out / "runs.parquet")
    assert len(runs) == 2 * 4 * 2 and set(runs["set_boom_demand"]) == {1.1, 1.2}
    again(out, tmp_path / "again")
    data = verdict(out)
    assert data["headline"]["account"] == MONEY and data["headline_at"] == {"boom_demand": 1.2}


def test_a_sweep_of_two_settings_is_a_map_with_a_frontier(tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    summary = asked(out, "sweep", "cost_factor=0:6:2", "trust_start=0.2:0.5:2", "--outcome", MONEY)
    assert "of the grid" in summary and "| cost_factor \\ trust_start | 0.200 | 0.500 |" in summary
    assert figures(out) == {"frontier"}
    again(out, tmp_path / "again")


def test_what_varied_is_told_and_drawn_as_it_stood_when_it_was_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other seeds than those of the time, in words, unit, default and plausible range, change nothing that is shown."""
    out = tmp_path / "sweep"
    asked(out, "sweep", "cost_factor=0:6:2", "trust_start=0.1:0.9:2", "--outcome", MONEY)
    before = sections(read(out))
    assert any("reaches beyond the plausible one" in part for part in before)
    records = dict(load_parameters().records)
    changes = {"note": "something else", "unit": "kg", "value": 0.11, "plausible": (0.0, 1.0)}
    records["trust_start"] = records["trust_start"].model_copy(update=changes)
    other = Parameters(records, {name: record.value for name, record in records.items()})
    monkeypatch.setattr(settings, "load_parameters", lambda: other)
    assert settings.describe_settings(["trust_start"])["trust_start"].label == "something else (kg)"
    assert sections(read(out)) == before
    again(out, tmp_path / "again")


def test_a_sweep_says_what_does_not_answer(
    tmp_path: Path,
) -> None:
    summary = asked(tmp_path / "sweep", "sweep", "trust_start=0.2:0.5:2", "--outcome", MONEY)
    assert "whatever trust_start is: no answer" in summary


def test_sensitivity_screens_and_then_shares_out_the_variance(tmp_path: Path) -> None:
    out = tmp_path / "sensitivity"
    names = "company_yield,cost_mini,start_condition"
    options = ["--parameters", names, "--trajectories", "2", "--top", "2", "--base", "4", "--outcome", MONEY]
    summary = asked(out, "sensitivity", *options, replicates=1)
    assert "Coordinated minus siloed moves most with" in summary and "base points" in summary
    assert "settled" in summary or "does not vary" in summary
    assert figures(out) == {"screening", "indices"}
    assert len(pd.read_csv(out / "morris.csv")) == 3 and len(pd.read_csv(out / "sobol.csv")) == 2
    again(out, tmp_path / "again")
    assert verdict(out)["headline"]["account"] == MONEY


def test_discover_says_how_often_and_when_coordination_loses(tmp_path: Path) -> None:
    out = tmp_path / "discover"
    summary = asked(out, "discover", "--runs", "24", replicates=1)
    assert "**How often?** Coordination loses in" in summary and "**When?**" in summary
    assert "What moves it" in summary and figures(out) == {"box"}
    pairs = pd.read_csv(out / "pairs.csv")
    assert len(pairs) == 24 and {"case", "inside", "difference", "mean_construction_cycle"} <= set(pairs)
    runs = pd.read_parquet(out / "runs.parquet")
    surroundings = runs.pivot(index="point", columns="arm", values="mean_construction_cycle")
    assert (surroundings["coordinated"] == surroundings["siloed"]).all()
    again(out, tmp_path / "again")
    assert verdict(out)["share"] == pairs["case"].mean()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "trust_strat=0:1"], 'did you mean "trust_start"'),
        (["sweep", "trust_start=1:0"], "LOW below HIGH"),
        (["sweep", "trust_start=0:1:1"], "2 steps or more"),
        (["sweep", "trust_start=0:one"], "expected NAME=LOW:HIGH"),
        (["sweep", "trust_start=0:nan"], "expected NAME=LOW:HIGH"),
        (["sweep", "trust_start=0:2"], "expected 0 to 1"),
        (["sweep", "vat"], "plausible range is the point 0.25"),
        (["sweep", "grant_rate"], "a lever has no plausible range"),
        (["sweep", "trust_start", "trust_start"], "swept twice"),
        (["sweep", "trust_start", "training", "heat_price"], "expected one or two"),
        (["sweep", "trust_start", "--set", "trust_start=0.3"], "it is swept"),
        (["sweep", "trust_start", "--outcome", "rnet"], 'did you mean "rent"'),
        (["sensitivity", "--base", "12"], "expected a power of two"),
        (["sensitivity", "--parameters", "vat"], "vat is not uncertain"),
        (["sensitivity", "--parameters", "heat_prise"], 'did you mean "heat_price"'),
        (["discover", "--runs", "3"], "--runs"),
        (["discover", "--find", "draws"], "--find"),
        (["discover", "--jobs", "0"], "--jobs: got 0"),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    chosen = [] if "--region" in arguments else ["--region", "botkyrka"]
    assert status([*arguments, *chosen, "--scale", "0.02", "--years", "1", "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and told.out == ""
    assert not out.exists()


@pytest.mark.parametrize("name", kinds.names())
def test_a_quick_look_cuts_neither_years_nor_region(name: str) -> None:
    question = kinds.question_of(name)
    assert question.quick and not {"years", "region"} & set(question.quick)
    assert question.answer.kind == name and question.usual.years == 30


@pytest.mark.parametrize("name", kinds.names())
def test_every_question_takes_the_same_options_and_help_names_them(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([name, "--help"]) == 0
    shown = capsys.readouterr().out
    asked_by_file = kinds.question_of(name).usual.file is not None
    assert ("FILE" if asked_by_file else "--config") in shown
    for option in ("set", "seed", "jobs", "cluster", "out", "fresh", "quick", "scale", "years", "replicates"):
        assert f"--{option}" in shown, option


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("step = 3", 'mine.toml: unknown key "step"; did you mean "steps"'),
        ("steps = 1", "mine.toml: steps: got 1"),
        ("scale = 2.0", "mine.toml, key scale: got 2.0"),
    ],
)
def test_a_configuration_file_with_a_mistake_is_told_by_file_and_key(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(text)
    assert status(["sweep", "--config", str(config), "--out", str(tmp_path / "no")]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1 and not (tmp_path / "no").exists()


def test_a_configuration_file_sets_a_questions_own_options_and_the_command_line_overrules_it(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        'ranges = ["trust_start=0.2:0.5:2"]\noutcome = ["rent"]\nyears = 1\n' + 'select = ["siloed", "local"]'
    )
    options = ["--config", str(config), "--region", "botkyrka", "--scale", "0.02", "--replicates", "1", "--jobs", "1"]
    assert status(["sweep", *options, "--outcome", "employment", "--out", str(tmp_path / "out")]) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["years"] == 1 and manifest["options"]["outcome"] == ["employment"]
    assert [arm["name"] for arm in manifest["arms"]] == ["siloed", "local"]


def test_a_quick_look_says_so_first_in_the_title_and_at_the_foot_of_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert status(["sweep", "trust_start=0.2:0.5:2", "--quick", *TINY, "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith("A quick look")
    assert (out / "summary.md").read_text(encoding="utf-8").startswith("# A quick look")
    assert all("A quick look" in path.read_text(encoding="utf-8") for path in (out / "figures").glob("*.svg"))
