"""Each question asked end to end on a tiny design: what is written, and that it says what it should."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status

TINY = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--jobs", "1"]
MONEY = "npv_companies_and_public"


def asked(out: Path, *arguments: str, replicates: int = 2) -> str:
    """Ask, expect success, and read the summary."""
    assert status([*arguments, *TINY, "--replicates", str(replicates), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} >= {"summary.md", "figures", "manifest.json", "runs.parquet"}
    for image in (out / "figures").glob("*.png"):
        assert image.with_suffix(".svg").is_file()
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "exploration, not prediction" in summary and f"samspel {arguments[0]}" in summary
    return summary


def figures(out: Path) -> set[str]:
    return {path.stem for path in (out / "figures").iterdir()}


def test_a_sweep_of_one_setting_shows_four_arms_and_says_where_coordination_pays(tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    summary = asked(out, "sweep", "boom_demand=1.1:1.2:2", "--outcome", MONEY, "--outcome", "rent")
    assert "coordinated-triple-cost" in summary and "Coordinated less siloed goes from" in summary
    assert "distinguishably better" in summary and figures(out) == {"sweep", "years"}
    runs = pd.read_parquet(out / "runs.parquet")
    assert len(runs) == 2 * 4 * 2 and set(runs["set_boom_demand"]) == {1.1, 1.2}


def test_a_sweep_of_two_settings_is_a_map_with_a_frontier(tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    summary = asked(out, "sweep", "cost_factor=0:6:2", "trust_start=0.2:0.5:2", "--outcome", MONEY)
    assert "of the grid" in summary and "| cost_factor \\ trust_start | 0.200 | 0.500 |" in summary
    assert figures(out) == {"frontier"}


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
    assert "The difference moves most with" in summary and "base points" in summary
    assert "settled" in summary or "does not vary" in summary
    assert figures(out) == {"screening", "indices"}
    assert len(pd.read_csv(out / "morris.csv")) == 3 and len(pd.read_csv(out / "sobol.csv")) == 2


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
        (["sweep"], "Missing argument"),
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
