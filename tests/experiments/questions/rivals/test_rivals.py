"""Rival rules: signs on hand cases, what flips them, and the command end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import Interval, paired
from experiments.analysis.signs import Switches, sign, switches, verdict
from experiments.cli import status
from experiments.engine.design import replicate_seed
from experiments.questions.rivals.command import RIVALRIES, Finding, headline_names, rules_of
from experiments.questions.rivals.words import RULES, answer
from experiments.reporting.quantity import quantity_of
from sim import Collaboration, Levers, RenewalModel, load_region

TINY = ["--region", "botkyrka", "--scale", "0.02", "--jobs", "1"]


# --- signs


def test_a_sign_is_decided_where_the_interval_leaves_zero_out() -> None:
    values = [Interval(2, 1, 3, 5), Interval(-2, -3, -1, 5), Interval(2, -1, 5, 5), Interval(0, 0, 0, 5)]
    assert [sign(value) for value in values] == [1, -1, 0, 0]
    assert sign(paired(np.array([5.0]), np.array([1.0]))) == 0, "one replicate has no interval"


def test_a_finding_holds_leans_flips_or_is_open() -> None:
    cases = {(1, 1): "holds", (-1, -1): "holds", (1, 0): "leans", (0, -1): "leans", (1, 0, -1): "flips", (0, 0): "open"}
    assert {signs: verdict(signs) for signs in cases} == cases


# Rule b alone turns the sign round, except where c is 2, which leaves it open; rule c never turns it.
POINTS = [{"b": b, "c": c} for b in (1, 2) for c in (1, 2)]
SIGNS = [1, 0, -1, 0]


def test_switches_count_the_pairs_that_differ_in_one_rule_only() -> None:
    assert switches(POINTS, SIGNS, "b") == Switches("b", pairs=2, flips=1, decides=0)
    assert switches(POINTS, SIGNS, "c") == Switches("c", pairs=2, flips=0, decides=2)


def test_with_three_rules_every_two_of_them_are_a_pair() -> None:
    points = [{"b": b, "c": c} for b in (1, 2, 3) for c in (1, 2)]
    found = switches(points, [1, 1, 1, -1, -1, -1], "b")
    assert (found.pairs, found.flips) == (6, 4)


# --- words


def finding(name: str, signs: list[int]) -> Finding:
    """A finding with these signs under POINTS."""
    each = tuple(Interval(float(s), s - 0.5, s + 0.5, 5) for s in signs)
    mean = Interval(float(np.mean(signs)), -1.0, 1.0, 5)
    by_rule = {key: dict.fromkeys(("mixed", "disturbance"), mean) for key in ("leaving", "entry")}
    return Finding(quantity_of(name, 100), np.zeros((4, 5)), each, by_rule, mean)


def test_the_answer_says_what_holds_what_leans_what_flips_by_which_rule_and_what_is_open() -> None:
    points = [{"leaving": point["b"], "entry": point["c"]} for point in POINTS]
    named = {"rent": [1, 1, 1, 1], "employment": [0, -1, 0, 0], "health": SIGNS, "reputation": [0, 0, 0, 0]}
    said = answer([finding(name, signs) for name, signs in named.items()], points, "coordinated")
    text = "\n".join(said)
    assert "1 hold under every combination**: rent (raised)." in text
    assert "employment, place (lowered in 25%)" in text
    assert "**Health flips**: raised in 25% of combinations, lowered in 25%." in text
    assert "It is turned round by who leaves at renovation alone in 1 of 2 pairs" in text
    assert "which firms bid alone" not in text
    assert "1 decided nowhere, or so rarely that chance may do it**: reputation, outside." in text


def test_a_flip_that_no_rule_makes_alone_is_said_to_take_several() -> None:
    points = [{"leaving": point["b"], "entry": point["c"]} for point in POINTS]
    (said,) = (line for line in answer([finding("rent", [1, 0, 0, -1])], points, "coordinated") if "flips**" in line)
    assert "No rule turns it round alone; it takes several." in said


@pytest.mark.parametrize("name", RIVALRIES)
def test_every_rule_has_words_and_the_models_own_comes_first(name: str) -> None:
    rules = rules_of(name)
    assert rules[0] == Levers.model_fields[name].default and set(rules) <= set(RULES)
    assert "as it stands" in RULES[rules[0]] and not any("as it stands" in RULES[rule] for rule in rules[1:])


def test_what_happens_only_while_something_is_built_is_read_over_all_years() -> None:
    names = headline_names()
    assert {"mean_bids_per_tender", "mean_moves_caused", "rent", "npv_resources_end_value"} <= set(names)
    assert "bids_per_tender" not in names and len(set(names)) == len(names)


# --- the command


def test_the_command_runs_every_combination_and_says_what_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rivals"
    chosen = [
        "--rivalry",
        "landlords_maximise",
        "--rivalry",
        "entry",
        "--outcome",
        "rent",
        "--outcome",
        "bids_per_tender",
    ]
    assert status(["rivals", *TINY, "--years", "3", "--replicates", "3", *chosen, "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "54 runs of botkyrka" in told.err and "Of 2 findings" in told.out
    assert {path.stem for path in (out / "figures").iterdir()} == {"rules", "combinations"}
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "All 9 combinations" in summary and "| profit | present value |" in summary
    assert "exploration, not prediction" in summary and "leaves at renovation" not in summary
    signs = pd.read_csv(out / "signs.csv")
    assert len(signs) == 2 * 9 and set(signs["sign"]) <= {-1, 0, 1}
    assert ((signs["low"] > 0) == (signs["sign"] == 1)).all() and ((signs["high"] < 0) == (signs["sign"] == -1)).all()
    runs = pd.read_parquet(out / "runs.parquet")
    assert len(runs) == 9 * 2 * 3 and set(runs["set_entry"]) == {"profit", "order-books", "lot-size"}
    by_arm = runs.pivot(index=["point", "replicate"], columns="arm", values="rent")
    means = (by_arm["coordinated"] - by_arm["siloed"]).groupby("point").mean().to_numpy()
    assert signs[signs["outcome"] == "rent"]["difference"].to_numpy() == pytest.approx(means)


def test_the_first_combination_is_the_model_as_it_stands(tmp_path: Path) -> None:
    out = tmp_path / "rivals"
    options = [*TINY, "--years", "2", "--replicates", "2", "--rivalry", "landlords_maximise", "--outcome", "rent"]
    assert status(["rivals", *options, "--out", str(out)]) == 0
    runs = pd.read_parquet(out / "runs.parquet")
    for arm, preset in (("siloed", "siloed"), ("coordinated", "regional")):
        plain = RenewalModel(load_region("botkyrka", 0.02), Collaboration.preset(preset), replicate_seed(1, 1), years=2)
        row = runs[(runs["point"] == 1) & (runs["arm"] == arm) & (runs["replicate"] == 1)]
        assert row["rent"].item() == pytest.approx(plain.run().curves()["rent"][-4:].mean(), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--replicates", "1"], "expected --replicates 2 or more"),
        (["--set", "leaving=disturbance"], "--set leaving: all its rules are run"),
        (["--set", "leaving=rent"], "lever leaving: got 'rent'"),
        (["--rivalry", "weather"], "--rivalry"),
        (["--outcome", "rnet"], 'did you mean "rent"'),
        (["--on", "alone"], "--on"),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    assert status(["rivals", *TINY, "--years", "1", *arguments, "--out", str(out)]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and told.out == ""
    assert not out.exists()
