"""Rival rules: their words, signs on hand cases, what flips them, and the question end to end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import Interval, paired
from experiments.analysis.signs import Switches, sign, switches, verdict
from experiments.cli import status
from experiments.engine.design import replicate_seed
from experiments.engine.manifest import read_manifest
from experiments.engine.results import Results
from experiments.questions.rivals.combinations import few, points_of
from experiments.questions.rivals.command import AT_DEFAULT
from experiments.questions.rivals.result import Finding, Rivals, default_outcomes, read
from experiments.questions.rivals.rules import WORDS, rivalries, rules_of
from experiments.questions.rivals.words import said, sections
from experiments.reporting.quantity import quantity_of
from sim import Collaboration, Levers, RenewalModel, load_region
from sim.rules import rivals as rival_rules

from ...resealed import resealed

TINY = ["--over", "default", "--region", "botkyrka", "--scale", "0.02", "--jobs", "1"]
SMALL = [*TINY, "--years", "2", "--replicates", "3"]
TWO = ["--rivalry", "landlords_maximise", "--rivalry", "entry"]
RENT = ["--outcome", "rent", "--outcome", "mean_bids_per_tender"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All nine combinations of two rivalries."""
    out = tmp_path_factory.mktemp("rivals") / "results"
    assert status(["rivals", *SMALL, *TWO, *RENT, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def partial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one rule replaced at a time."""
    out = tmp_path_factory.mktemp("rivals") / "partial"
    assert status(["rivals", *SMALL, *TWO, *RENT, "--one-at-a-time", "--out", str(out)]) == 0
    return out


# --- signs


def test_a_sign_is_decided_where_the_interval_excludes_zero() -> None:
    values = [Interval(2, 1, 3, 5), Interval(-2, -3, -1, 5), Interval(2, -1, 5, 5), Interval(0, 0, 0, 5)]
    assert [sign(value) for value in values] == [1, -1, 0, 0]
    assert sign(paired(np.array([5.0]), np.array([1.0]))) == 0, "one replicate has no interval"


def test_a_finding_holds_leans_flips_or_is_open() -> None:
    cases = {(1, 1): "holds", (-1, -1): "holds", (1, 0): "leans", (0, -1): "leans", (1, 0, -1): "flips", (0, 0): "open"}
    assert {signs: verdict(signs) for signs in cases} == cases


# Rule b alone turns the sign round, except where c is 2, which leaves it open; rule c never turns it.
POINTS = tuple({"b": b, "c": c} for b in (1, 2) for c in (1, 2))
SIGNS = [1, 0, -1, 0]


def test_switches_count_the_pairs_that_differ_in_one_rule_only() -> None:
    assert switches(POINTS, SIGNS, "b") == Switches("b", pairs=2, flips=1, decides=0)
    assert switches(POINTS, SIGNS, "c") == Switches("c", pairs=2, flips=0, decides=2)


def test_with_three_rules_every_two_of_them_are_a_pair() -> None:
    points = [{"b": b, "c": c} for b in (1, 2, 3) for c in (1, 2)]
    found = switches(points, [1, 1, 1, -1, -1, -1], "b")
    assert (found.pairs, found.flips) == (6, 4)


def test_a_rule_that_never_varies_has_no_pairs_and_flips_nothing() -> None:
    points = [{"b": b, "c": 1} for b in (1, 2)]
    assert switches(points, [1, -1], "c") == Switches("c", pairs=0, flips=0, decides=0)


# --- rules


def test_every_table_of_rival_rules_is_a_rivalry_of_the_levers() -> None:
    tables = []
    for path in sorted(Path(rival_rules.__path__[0]).glob("[!_]*.py")):
        module = import_module(f"{rival_rules.__name__}.{path.stem}")
        tables += [table for name, table in vars(module).items() if name.isupper() and isinstance(table, Mapping)]
    rivals = [sorted(rules_of(name)) for name in rivalries()]  # some are of the account alone and have no table
    assert len(tables) >= 5 and [table for table in tables if sorted(table) not in rivals] == []
    assert len(tables) >= 4


@pytest.mark.parametrize("name", rivalries())
def test_every_rule_has_words_and_the_models_own_comes_first(name: str) -> None:
    assert rules_of(name)[0] == Levers.model_fields[name].default
    assert set(rules_of(name)) == set(WORDS[name].rules) and all(WORDS[name].rules.values()) and WORDS[name].asked


def test_there_are_words_for_rivalries_only() -> None:
    assert set(WORDS) == set(rivalries())


def test_one_at_a_time_are_the_model_as_it_stands_and_each_other_rule_alone() -> None:
    whole, few = points_of(rivalries(), False), points_of(rivalries(), True)
    own = {name: Levers.model_fields[name].default for name in rivalries()}
    assert few[0] == whole[0] == own
    assert len(whole) == np.prod([len(rules_of(name)) for name in rivalries()])
    replaced = [{name: rule for name, rule in point.items() if rule != own[name]} for point in few[1:]]
    assert replaced == [{name: rule} for name in rivalries() for rule in rules_of(name)[1:]]
    assert all(point in whole for point in few)


def test_what_happens_only_while_something_is_built_is_read_over_all_years() -> None:
    names = default_outcomes()
    assert {"mean_bids_per_tender", "mean_moves_caused", "rent", "npv_society"} <= set(names)
    assert "bids_per_tender" not in names and len(set(names)) == len(names)


def test_all_rival_rules_are_run_one_at_a_time_unless_they_are_few_or_somebody_asks() -> None:
    assert few(rivalries(), None) and not few(rivalries(), False)
    assert not few(TWO[1::2], None) and few(TWO[1::2], True)
    assert len(points_of(rivalries(), True)) == 1 + sum(len(rules_of(name)) - 1 for name in rivalries())


# --- words


def told(folder: Path, findings: Mapping[str, list[int]], points: tuple[Mapping[str, str], ...]) -> list[str]:
    """What is said of findings with these signs under these points."""
    made = []
    for name, signs in findings.items():
        each = tuple(Interval(float(s), s - 0.5, s + 0.5, 5) for s in signs)
        mean = Interval(float(np.mean(signs)), -1.0, 1.0, 5)
        by_rule = {key: {point[key]: mean for point in points} for key in points[0]}
        made.append(Finding(quantity_of(name, 100), each, by_rule, mean))
    return said(Rivals(Results(folder), points, tuple(made), "coordinated", "siloed"))


FOUR = tuple({"leaving": a, "entry": b} for a in ("mixed", "disturbance") for b in ("profit", "lot-size"))


def test_the_answer_says_what_holds_what_leans_what_flips_by_which_rule_and_what_is_open(folder: Path) -> None:
    named = {"rent": [1, 1, 1, 1], "energy_use": [0, -1, 0, 0], "health": SIGNS, "trust": [0, 0, 0, 0]}
    text = "\n".join(told(folder, named, FOUR))
    labels = {name: quantity_of(name, 1).label for name in named}
    assert text.startswith("Of 4 findings (coordinated minus siloed) under 4 combinations of rules:")
    assert f"1 holds under every combination**: {labels['rent']} (raised)." in text
    assert f"1 never changes sign, but is not decided everywhere**: {labels['energy_use']} (lowered in 25 %)" in text
    assert "**Health flips**: raised in 25 % of combinations, lowered in 25 %." in text
    assert "It is turned round by who leaves at renovation alone in 1 of 2 pairs" in text
    assert "which firms bid alone" not in text
    assert f"1 decided nowhere, or so rarely that chance may do it**: {labels['trust']}." in text


def test_a_flip_that_no_rule_makes_alone_is_said_to_take_several(folder: Path) -> None:
    (line,) = (line for line in told(folder, {"rent": [1, 0, 0, -1]}, FOUR) if "flips**" in line)
    assert "No rule turns it round alone; it takes several." in line


def test_a_rule_that_this_version_has_no_words_for_is_told_by_its_name(folder: Path) -> None:
    points = tuple({"leaving": rule, "entry": "profit"} for rule in ("mixed", "by-the-moon"))
    finding = Finding(
        quantity_of("rent", 1),
        (Interval(1, 0.5, 2, 5),) * 2,
        {name: {point[name]: Interval(1, 0.5, 2, 5) for point in points} for name in points[0]},
        Interval(1, 0.5, 2, 5),
    )
    text = "\n".join(sections(Rivals(Results(folder), points, (finding,), "coordinated", "siloed")))
    assert "- by the moon: by the moon" in text


# --- the question


def test_every_combination_is_run_and_its_sign_told(folder: Path) -> None:
    assert {path.stem for path in (folder / "figures").iterdir()} == {"verdict", "rules", "combinations"}
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert "Of 2 findings (coordinated minus siloed) under 9 combinations of rules" in summary
    assert "| profit | present value |" in summary and "leaves at renovation" not in summary
    assert "one rule replaced" not in summary and "that were run" not in summary and "less siloed" not in summary
    signs = pd.read_csv(folder / "signs.csv")
    assert len(signs) == 2 * 9 and set(signs["sign"]) <= {-1, 0, 1}
    assert ((signs["low"] > 0) == (signs["sign"] == 1)).all() and ((signs["high"] < 0) == (signs["sign"] == -1)).all()
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 9 * 2 * 3 and set(runs["set_entry"]) == {"profit", "order-books", "lot-size"}
    by_arm = runs.pivot(index=["point", "replicate"], columns="arm", values="rent")
    means = (by_arm["coordinated"] - by_arm["siloed"]).groupby("point").mean().to_numpy()
    assert signs[signs["outcome"] == "rent"]["difference"].to_numpy() == pytest.approx(means)


def test_it_tells_how_much_each_rival_alone_moves_the_verdict(folder: Path) -> None:
    runs = pd.read_parquet(folder / "runs.parquet")
    by_arm = runs.pivot(index=["set_entry", "set_landlords_maximise", "replicate"], columns="arm", values="rent")
    apart = (by_arm["coordinated"] - by_arm["siloed"]).unstack("set_entry")
    found = read(folder).findings[0]
    for rule in ("order-books", "lot-size"):
        assert found.moved["entry"][rule].mean == pytest.approx((apart[rule] - apart["profit"]).mean())
    assert set(found.moved["entry"]) == {"order-books", "lot-size"}
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert "## What each rival does to the verdict: rent" in summary and "| which firms bid | profit |" in summary


def test_the_headline_is_the_mean_over_all_combinations_and_findings_have_their_signs(folder: Path) -> None:
    data = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    signs = pd.read_csv(folder / "signs.csv")
    rent = signs[signs["outcome"] == "rent"]
    assert data["headline"]["account"] == "rent" and data["headline"]["better"] == -1
    assert data["headline"]["mean"] == pytest.approx(rent["difference"].mean()) and data["headline"]["low"] is not None
    assert data["arms"] == ["coordinated", "siloed"] and data["possible_combinations"] == 9
    first = data["findings"][0]
    assert first["signs"] == rent["sign"].tolist() and first["verdict"] == verdict(first["signs"])
    assert [one["entry"] for one in data["combinations"]] == rent["entry"].tolist()


def test_with_one_rule_at_a_time_the_rest_is_not_claimed(partial: Path, folder: Path) -> None:
    found, whole = read(partial), read(folder)
    assert (len(found.points), found.possible, found.whole) == (5, 9, False) and whole.whole
    summary = (partial / "summary.md").read_text(encoding="utf-8")
    assert "One rule replaced at a time, 5 of 9 combinations." in summary and "A quick look" not in summary
    assert "under every combination**" not in summary and "under 5 of 9 combinations of rules" in summary
    # A rule that replaces the model's own stands in one combination: its row is that combination's.
    for finding in found.findings:
        alone = {tuple(point.items()): value for point, value in zip(found.points, finding.each, strict=True)}
        for name in found.names:
            for rule in found.rules[name][1:]:
                point = {**found.points[0], name: rule}
                assert finding.by_rule[name][rule] == alone[tuple(point.items())]
            # An own rule's row is the model as it stands, not a mean over the rivals of other rules.
            assert finding.by_rule[name][found.points[0][name]] == finding.each[0]
    assert [one.pairs for one in found.switches(found.findings[0])] == [3, 3]
    # Combinations that both ran are the same runs.
    for one, all_ in zip(found.findings, whole.findings, strict=True):
        for point, value in zip(found.points, one.each, strict=True):
            assert all_.each[whole.points.index(point)] == value


@pytest.mark.parametrize("which", ["folder", "partial"])
def test_a_plot_of_a_copy_elsewhere_gives_the_same_bytes(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made: Path = request.getfixturevalue(which)
    drawn = {path.name: path.read_bytes() for path in (made / "figures").iterdir()}
    copy = tmp_path / "elsewhere" / "copied"
    shutil.copytree(made, copy)
    shutil.rmtree(copy / "figures")
    assert status(["plot", str(copy)]) == 0
    assert {path.name: path.read_bytes() for path in (copy / "figures").iterdir()} == drawn


def test_a_quick_look_keeps_years_and_region_and_replaces_one_rule_at_a_time(tmp_path: Path) -> None:
    assert not {"years", "region"} & set(AT_DEFAULT.quick)
    out = tmp_path / "out"
    options = ["--rivalry", "landlords_maximise", "--rivalry", "entry", "--outcome", "rent", "--replicates", "2"]
    options += ["--years", "2", "--jobs", "1", "--no-figures", "--out", str(out)]
    assert status(["rivals", "--quick", "--over", "default", *options]) == 0
    made = read_manifest(out)
    assert (made.region.name, made.quick) == (AT_DEFAULT.usual.region, True)
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "A quick look: one rule replaced at a time, 5 of 9 combinations." in summary


def test_the_first_combination_is_the_model_as_it_stands(folder: Path) -> None:
    runs = pd.read_parquet(folder / "runs.parquet")
    for arm, preset in (("siloed", "siloed"), ("coordinated", "regional")):
        plain = RenewalModel(load_region("botkyrka", 0.02), Collaboration.preset(preset), replicate_seed(1, 1), years=2)
        row = runs[(runs["point"] == 1) & (runs["arm"] == arm) & (runs["replicate"] == 1)]
        assert row["rent"].item() == pytest.approx(plain.run().curves()["rent"][-4:].mean(), rel=1e-12)


def test_a_failed_run_costs_its_pair_only(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copied"
    shutil.copytree(folder, copy)
    runs = pd.read_parquet(copy / "runs.parquet")
    runs["error"] = runs["error"].astype(object)
    failed = runs.index[(runs["point"] == 2) & (runs["arm"] == "siloed") & (runs["replicate"] == 3)]
    runs.loc[failed, ["rent", "mean_bids_per_tender"]] = np.nan
    runs.loc[failed, "error"] = "it broke"
    runs.to_parquet(copy / "runs.parquet")
    before, after = read(folder).findings[0], read(resealed(copy)).findings[0]
    assert [value.count for value in after.each] == [3, 2, *[3] * 7]
    assert after.each[0] == before.each[0] and after.each[2:] == before.each[2:]


def test_other_arms_are_compared_where_they_are_named(tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--years", "1", "--replicates", "2", "--rivalry", "entry", "--outcome", "rent", "--no-figures"]
    assert status(["rivals", *TINY, *options, "--arms", "coordinated,national", "--out", str(out)]) == 0
    found = read(out)
    assert (found.on, found.off) == ("national", "coordinated")
    assert "national minus coordinated" in (out / "summary.md").read_text(encoding="utf-8")


def test_a_configuration_file_may_hold_the_options_of_the_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    file.write_text('rivalry = ["entry"]\none_at_a_time = true\noutcome = ["rent"]\n', encoding="utf-8")
    given = ["rivals", *TINY, "--years", "1", "--replicates", "2", "--no-figures", "--config", str(file)]
    assert status([*given, "--out", str(out)]) == 0
    asked = {"rivalry": ["entry"], "one_at_a_time": True, "outcome": ["rent"], "over": "default", "members": None}
    assert read_manifest(out).options == asked
    file.write_text('rivalery = ["entry"]\n', encoding="utf-8")
    capsys.readouterr()
    assert status([*given, "--out", str(tmp_path / "other")]) == 2
    said = capsys.readouterr().err
    assert "mine.toml" in said and 'unknown key "rivalery"; did you mean "rivalry"' in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--replicates", "1"], "expected --replicates 2 or more"),
        (["--set", "leaving=disturbance"], "--set leaving: all its rules are run"),
        (["--set", "leaving=rent"], "lever leaving: got 'rent'"),
        (["--rivalry", "weather"], "--rivalry"),
        (["--outcome", "rnet"], 'did you mean "rent"'),
        (["--members", "3"], "--members: counts members of the set; expected it together with --over set"),
        (["--arms", "siloed"], "1 arm; expected two to compare"),
        (["--arms", "siloed,coordinated,national"], "3 arms; expected two to compare"),
        (["--arms", "siloed,coordinatedd"], 'did you mean "coordinated"'),
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
