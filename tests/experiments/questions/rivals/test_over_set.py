"""Rival rules over the set: which members run on which random numbers, what is told of them, and what turns it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.weighted import side_of, turned_in, weighted_interval, worth_of
from experiments.cli import status
from experiments.design.members import Members
from experiments.engine.design import replicate_seed
from experiments.engine.manifest import read_manifest
from experiments.engine.results import Results
from experiments.questions.rivals.command import QUESTION
from experiments.questions.rivals.over_set.figures import draw_rules, draw_verdict, verdict_title
from experiments.questions.rivals.over_set.result import Finding, RivalsOver, found_in, read
from experiments.questions.rivals.over_set.words import said, sections
from experiments.reporting.quantity import quantity_of
from experiments.reporting.style import house_style
from tests.conftest import Once, planted_set
from tests.legible import faults

SMALL = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--jobs", "1"]
TWO = ["--rivalry", "landlords_maximise", "--rivalry", "entry", "--one-at-a-time"]
RENT = ["--outcome", "rent", "--outcome", "mean_bids_per_tender"]
WEIGHTS = np.array([0.5, 1.0, 0.25])
SET = "member,weight,heat_price,cost_midi\n" + "".join(
    f"{number},{weight},{heat},{cost}\n"
    for number, weight, heat, cost in ((1, 0.5, 0.7, 5e5), (2, 1.0, 0.8, 4e5), (3, 0.25, 0.85, 6e5))
)  # fmt: skip


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three members in which two parameters differ, in place of the shipped set."""
    return planted_set(SET, tmp_path, monkeypatch)


@pytest.fixture
def ran(small_set: Path, once: Once) -> Path:
    """Five combinations of rules in each of them, run once for all tests here."""

    def made(folder: Path) -> None:
        assert status(["rivals", *SMALL, *TWO, *RENT, "--out", str(folder)]) == 0

    return once.made("rivals-over-a-small-set", made)


def by_hand(ran: Path, column: str) -> np.ndarray:
    """Coordinated minus siloed, combination by combination and member."""
    runs = pd.read_parquet(ran / "runs.parquet")
    arms = runs.pivot(index="point", columns="arm", values=column)
    found: np.ndarray = (arms["coordinated"] - arms["siloed"]).to_numpy().reshape(3, 5).T
    return found


# --- what is run


def test_the_set_is_the_usual_way_and_every_member_runs_all_rules_on_random_numbers_of_its_own(ran: Path) -> None:
    design, made = Results(ran).design, read_manifest(ran)
    assert made.kind == "rivals" and made.replicates == 1 and len(design.runs) == 3 * 5 * 2
    seeds: dict[float, set[int]] = {}
    for run in design.runs:
        seeds.setdefault(run.values["heat_price"], set()).add(run.seed)
    # The number that a member has in `samspel compare --over set`, where the default parameters come first.
    assert seeds == {heat: {replicate_seed(1, 1, f"/{place}")} for place, heat in enumerate((0.7, 0.8, 0.85), 2)}
    for member in range(3):
        block = [run.values for run in design.runs if (run.point - 1) // 5 == member]
        rules = {(one["landlords_maximise"], one["entry"]) for one in block}
        assert len(rules) == 5 and len({one["cost_midi"] for one in block}) == 1


def test_the_models_own_rules_in_a_member_are_the_runs_of_a_comparison_over_the_set(ran: Path, tmp_path: Path) -> None:
    out = tmp_path / "compared"
    assert status(["compare", "--over", "set", *SMALL, "--no-turns", "--no-figures", "--out", str(out)]) == 0
    runs, rivals = pd.read_parquet(out / "runs.parquet"), pd.read_parquet(ran / "runs.parquet")
    own = rivals[(rivals["set_landlords_maximise"] == "present-value") & (rivals["set_entry"] == "profit")]
    compared = runs[runs["point"].between(2, 4)]  # the default parameters stand before and after the members
    assert own["rent"].tolist() == compared["rent"].tolist() and len(own) == 6


def test_fewer_members_are_the_first_of_them(small_set: Path, ran: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert status(["rivals", *SMALL, *TWO, *RENT, "--members", "2", "--no-figures", "--out", str(out)]) == 0
    found = read(out)
    assert found.members.weight == (0.5, 1.0) and found.members.of == 3
    fewer, more = (pd.read_parquet(folder / "runs.parquet") for folder in (out, ran))
    assert fewer["rent"].tolist() == more["rent"].tolist()[: 2 * 5 * 2]


# --- what is told


def test_shares_medians_and_what_a_rule_adds_are_those_of_the_runs_by_hand(ran: Path) -> None:
    found, rent = read(ran), by_hand(ran, "rent")
    finding = found.findings[0]
    for place, row in enumerate(rent):
        under = finding.under[place]
        assert under.over.wins == pytest.approx(WEIGHTS[row < 0].sum() / WEIGHTS.sum()), "less rent is better"
        assert under.over.over == weighted_interval(row, WEIGHTS)
        if place:
            assert under.moved is not None
            assert under.moved == weighted_interval(row - rent[0], WEIGHTS)
    assert finding.own.moved is None and finding.own.told == "own rules"
    bids = found.findings[1]
    assert bids.quantity.better == 0
    raised = WEIGHTS[by_hand(ran, "mean_bids_per_tender")[0] > 0].sum() / WEIGHTS.sum()
    assert bids.own.over.wins == pytest.approx(raised), "of what is neither better nor worse, where it is raised"


def test_data_and_table_have_every_combination_and_the_headline_is_the_median_over_the_set(ran: Path) -> None:
    data = json.loads((ran / "summary.json").read_text(encoding="utf-8"))
    mean = by_hand(ran, "rent").mean(axis=0)
    assert data["headline"]["account"] == "rent" and data["headline"]["better"] == -1
    assert data["headline"]["mean"] == pytest.approx(weighted_interval(mean, WEIGHTS).mean)
    assert data["over"]["weight"] == [0.5, 1.0, 0.25] and data["possible_combinations"] == 9
    assert data["over"]["worth_of_equal_weight"] == pytest.approx(1.75**2 / (0.25 + 1.0 + 0.0625))
    first = data["findings"][0]
    assert len(first["under"]) == 5 == len(data["combinations"]) and first["under"][0]["moved_median"] is None
    signs = pd.read_csv(ran / "signs.csv")
    rent = signs[signs["outcome"] == "rent"]
    assert rent["median"].tolist() == pytest.approx([one["median"] for one in first["under"]])
    assert rent["told"].tolist() == [one["told"] for one in first["under"]]
    assert signs[signs["outcome"] == "mean_bids_per_tender"]["share_better"].isna().all()


def test_the_summary_says_over_what_and_each_figure_can_be_read(ran: Path) -> None:
    summary = (ran / "summary.md").read_text(encoding="utf-8")
    assert "One rule replaced at a time, 5 of 9 combinations of rules, in each of 3 of 3 members of the set" in summary
    assert "| which firms bid | profit |" in summary and "Under every combination" not in summary
    assert {path.stem for path in (ran / "figures").iterdir()} == {"verdict", "rules"}
    found = read(ran)
    with house_style():
        assert [faults(draw(found)) for draw in (draw_verdict, draw_rules)] == [[], []]


# --- which rules turn a finding

POINTS: tuple[Mapping[str, str], ...] = tuple(
    {"rents_follow": rents, "entry": entry}
    for rents, entry in (("use-value", "profit"), ("cost", "profit"), ("use-value", "order-books"),
                         ("use-value", "lot-size"))
)  # fmt: skip
MANY = np.ones(40)


def planted(ran: Path, rows: Mapping[str, np.ndarray]) -> RivalsOver:
    """What is found where findings have these differences: own rules, and three rivals."""
    findings: list[Finding] = [found_in(quantity_of(name, 100), values, MANY) for name, values in rows.items()]
    members = Members(120, "", tuple(MANY.tolist()))
    return RivalsOver(Results(ran), POINTS, tuple(findings), members, "coordinated", "siloed")


@pytest.fixture
def society(ran: Path) -> RivalsOver:
    """Society gains in nine of ten members; one rule turns that, one leaves it, and of one chance decides."""
    own = np.where(np.arange(40) < 36, 2.0, -1.0)
    even = np.where(np.arange(40) < 19, 3.0, -3.0)
    return planted(ran, {"npv_society": np.array([own, -own, own + 0.5, even])})


def test_a_rule_turns_a_finding_leaves_it_or_the_members_are_too_few_to_tell(society: RivalsOver) -> None:
    first = society.findings[0]
    assert [under.told for under in first.under] == ["own rules", "turns", "holds", "may turn"]
    assert first.under[1].turned_in == 1.0 and first.under[2].turned_in == 0.0
    assert first.under[3].opposite and 0.5 < first.under[3].turned_in < 0.9


def test_the_answer_names_the_rules_that_turn_the_verdict_and_the_others(society: RivalsOver) -> None:
    text = "\n".join(said(society))
    assert "better in 90 % of the set, median +2.0 kSEK a flat (nine tenths of the set: −1.0 to 2.0)" in text
    assert "**1 of 3 rival rules turns it**: what rents follow, “cost” (better in 10 %, median −2.0" in text
    assert "**1 may turn it**: the members are too few to tell" in text and "which firms bid, “lot size”" in text
    assert "**1 leaves it**: better in 90 % of the set." in text
    assert "**1 is turned by some rule**: society (what rents follow: cost)." in text
    assert "| what rents follow | use value | 90 % |" in "\n".join(sections(society))
    assert verdict_title(society) == (
        "With coordination society gains in 90 % of the set; 1 of 3 rival rules surely turns that: what rents follow "
        "(cost); 1 may"
    )


def test_a_member_of_which_a_run_failed_counts_for_nothing(ran: Path) -> None:
    own = np.ones(40)
    lost = own.copy()
    lost[:39] = np.nan
    found = planted(ran, {"rent": np.array([own, lost, np.full(40, np.nan), own])})
    under = found.findings[0].under
    assert under[1].over.members == 1 and under[1].told == "holds"
    assert under[2].told == "not known" and under[2].over.members == 0


def test_sides_weigh_and_resamples_are_paired() -> None:
    some = np.array([1.0, -2.0, np.nan, -3.0])
    assert side_of(some, np.array([3.0, 1.0, 9.0, 1.0])) == 1 and side_of(some, np.ones(4)) == -1
    assert side_of(np.zeros(3), np.ones(3)) == 0
    # Two columns that chance alone decides, and each resample alike for both.
    even = np.array([1.0, -1.0] * 10)
    assert turned_in(even, even * 5.0, np.ones(20)) == 0.0 and turned_in(even, -even, np.ones(20)) > 0.7
    assert np.isnan(turned_in(some, np.full(4, np.nan), np.ones(4)))
    assert worth_of(np.array([1.0, 1.0, 0.0])) == 2.0


# --- what cannot be asked


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--over", "sets"], "'sets' is not one of 'set', 'default'"),
        (["--members", "4"], "--members: got 4; expected 1 to 3, the members of the set"),
        (["--members", "0"], "--members"),
        (["--set", "heat_price=0.7"], "--set heat_price: members of the set differ in it"),
        (["--set", "leaving=disturbance"], "--set leaving: all its rules are run"),
        (["--arms", "siloed"], "1 arm; expected two to compare"),
        (["--arms", "coordinated,siloed-same-money"], "one takes the other's money"),
        (["--outcome", "rnet"], 'did you mean "rent"'),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_nothing(
    arguments: list[str], told: str, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results"
    assert status(["rivals", *SMALL, *arguments, "--out", str(out)]) == 2
    printed = capsys.readouterr()
    assert told in printed.err and printed.err.count("\n") == 1 and printed.out == ""
    assert not out.exists()


@pytest.mark.parametrize("command", [["rivals"], ["compare", "--over", "set"]])
def test_an_arm_that_sets_what_members_differ_in_is_refused(
    command: list[str], small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('select = ["siloed", "warm"]\n[arms.warm]\npreset = "regional"\nset = { heat_price = 0.7 }\n')
    assert status([*command, *SMALL, "--config", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "arm warm: sets heat_price, in which members of the set differ; leave it out" in capsys.readouterr().err


def test_a_quick_look_takes_fewer_members_and_never_fewer_years() -> None:
    assert QUESTION.quick["members"] < 20 and not {"years", "region"} & set(QUESTION.quick)
