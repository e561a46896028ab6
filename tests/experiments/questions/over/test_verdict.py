"""The verdict over the set: what is counted, how it is told, and when it is out of date."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from experiments.analysis.weighted import weighted_interval
from experiments.design import kept_set as sets
from experiments.design.arms import NAMED_ARMS, Arm
from experiments.questions.over import verdict as verdicts
from experiments.questions.over.beside import where_even
from experiments.questions.over.result import rank_of_default
from experiments.questions.over.sentences import out_of_date, two_sentences
from experiments.questions.over.verdict import FILE, MADE_FROM, Verdict, made_from, read_verdict
from experiments.reporting.over_set import over_members
from experiments.reporting.quantity import quantity_of
from sim import Injection, SamspelError, load_parameters
from sim.inputs.seeds_folder import seeds_folder

ABOUT: dict[str, Any] = {
    "account": "npv_society", "share_better": 0.88, "median": 46.2, "low_90": 12.0, "high_90": 80.0,
    "rank_of_default": 0.52, "unit": "kSEK a flat", "members": 400, "arms": ("coordinated", "siloed"),
    "region": "stockholm-county", "scale": 1.0, "years": 30,
}  # fmt: skip
SOCIETY, RENT = quantity_of("npv_society", 100), quantity_of("rent", 100)
DIFFERENCES = np.array([-4.0, 0.0, 3.0, 10.0, np.nan])


USUAL = (NAMED_ARMS["siloed"], NAMED_ARMS["coordinated"])
DEARER = replace(NAMED_ARMS["coordinated"], changes={"cost_factor": 12.0})


def made(*more: Any, arms: tuple[Arm, ...] = USUAL) -> dict[str, str]:
    return made_from("stockholm-county", 1.0, arms, *more)


def verdict(**changes: Any) -> Verdict:
    return Verdict(**{**ABOUT, "digest": made(), **changes})


# --- what is counted


def test_shares_median_and_range_are_those_of_the_weights() -> None:
    alike = over_members(SOCIETY, DIFFERENCES, np.ones(5))
    assert (alike.members, alike.wins, alike.ties) == (4, 0.5, 0.25)
    assert (alike.over.mean, alike.over.low, alike.over.high) == (1.5, -4.0, 10.0)
    uneven = over_members(SOCIETY, DIFFERENCES, np.array([8.0, 1.0, 0.5, 0.5, 90.0]))
    assert (uneven.wins, uneven.ties) == (0.1, 0.1), "a member that is not known takes its weight along"
    assert (uneven.over.mean, uneven.over.low, uneven.over.high) == (-4.0, -4.0, 6.5), "between 3 and 10"


def test_where_less_is_better_a_fall_wins() -> None:
    assert over_members(RENT, DIFFERENCES, np.ones(5)).wins == 0.25


def test_a_member_without_weight_counts_nowhere_and_nobody_known_is_no_share() -> None:
    assert over_members(SOCIETY, np.array([99.0, -1.0]), np.array([0.0, 1.0])).over.high == -1.0
    nobody = over_members(SOCIETY, np.array([np.nan]), np.ones(1))
    assert nobody.members == 0 and np.isnan(nobody.wins) and not nobody.clear


def test_nine_in_ten_lie_between_the_ends() -> None:
    found = weighted_interval(np.arange(1.0, 101.0), np.ones(100))
    assert (found.low, found.high) == (5.5, 95.5)


def test_the_rank_of_the_default_is_the_weight_below_it() -> None:
    weights, usual = np.array([0.0, 6.0, 3.0, 1.0, 0.0]), np.array([True, False, False, False, True])
    assert rank_of_default(np.array([5.0, 4.0, 5.0, 9.0, 5.0]), weights, usual) == 0.6
    assert rank_of_default(np.array([0.0, 4.0, 5.0, 9.0, 9.0]), weights, usual) == 0.6, "its mean, 4.5, counts"
    assert rank_of_default(np.array([0.0, 4.0, 5.0, 9.0, 1.0]), weights, usual) == 0.0
    assert rank_of_default(np.array([10.0, np.nan, 5.0, 9.0, 11.0]), weights, usual) == 1.0
    assert rank_of_default(np.array([np.nan, 4.0, 5.0, 9.0, 5.0]), weights, usual) is None
    assert rank_of_default(np.array([5.0, np.nan, np.nan, np.nan, 5.0]), weights, usual) is None


# --- how it is told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "In Stockholm County, society is better off with coordination than with everyone for themselves in 88 % of "
            "what the evidence leaves open: 400 versions of the model, which count by how well they fit what was "
            "observed. In the middle of them society gains 46 thousand kronor a flat over 30 years, and nine in ten "
            "lie between a gain of 12 and a gain of 80.",
        ),
        ({"share_better": 0.12, "median": -5.0, "low_90": -9.0, "high_90": 2.0}, "in only 12 % of what"),
        ({"share_better": 0.12, "median": -5.0, "low_90": -9.0, "high_90": 2.0}, "society loses 5.0 thousand kronor"),
        ({"share_better": 0.12, "median": -5.0, "low_90": -9.0, "high_90": 2.0}, "a loss of 9.0 and a gain of 2.0"),
        ({"median": -0.04, "low_90": -21.0}, "society loses 0.040 thousand kronor"),
        ({"share_better": 0.55}, "whether society is better off with coordination than with everyone for themselves is "
         "open: it is in 55 % of"),
        ({"share_better": 0.999}, "in over 99 % of what"),
        ({"share_better": 1.0}, "in 100 % of what"),
        ({"share_better": 0.0001}, "everyone for themselves in under 1 % of what"),
        ({"region": "botkyrka", "scale": 0.1}, "In Botkyrka with Huddinge at scale 0.1, society"),
    ],
)  # fmt: skip
def test_a_county_director_reads_two_sentences(changes: dict[str, Any], said: str) -> None:
    told = two_sentences(verdict(**changes))
    assert said in told and told.count(". ") == 1 + told[:-1].count(" kronor. ") and "  " not in told


def test_beside_two_sentences_stands_where_the_odds_turn() -> None:
    assert where_even(verdict()) == ""
    told = where_even(verdict(turns_at={"cost_factor": 6.155, "of_another_version": 2.0}))
    assert told.endswith("the odds turn with cost of coordination, times today's, at 6.16; of_another_version, at 2.")


# --- when it is out of date


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the model's source and of the set, which verdicts are checked against."""
    package = Path(shutil.copytree(Path(sim.__file__).parent, tmp_path / "sim"))
    (tmp_path / "seeds").mkdir()
    shutil.copy(seeds_folder() / sets.FILE, tmp_path / "seeds" / sets.FILE)
    monkeypatch.setattr(sim, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(sets, "seeds_folder", lambda: tmp_path / "seeds")
    return tmp_path


def test_a_verdict_stands_where_nothing_that_it_was_made_from_has_changed(elsewhere: Path) -> None:
    assert verdict().changed() == [] and set(made()) == set(MADE_FROM)


def test_one_byte_of_the_models_source_makes_it_out_of_date(elsewhere: Path) -> None:
    then = verdict()
    source = elsewhere / "sim" / "rules" / "moving.py"
    source.write_bytes(source.read_bytes() + b"\n")
    assert then.changed() == ["the model"]


def test_a_member_more_or_less_makes_it_out_of_date(elsewhere: Path) -> None:
    then, file = verdict(), elsewhere / "seeds" / sets.FILE
    file.write_text("\n".join(file.read_text().splitlines()[:-1]) + "\n")
    assert then.changed() == ["the set that is not ruled out"]


def test_a_value_of_a_parameter_makes_it_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    then = verdict()
    other = load_parameters().replace({"co2_price": 2.5})
    monkeypatch.setattr(verdicts, "load_parameters", lambda: other)
    assert then.changed() == ["the parameters"]


def test_one_that_was_made_with_something_set_is_not_the_verdict_here() -> None:
    for settings in ({"co2_price": 2.5}, {"grant_rate": 0.3}):
        assert verdict(digest=made(settings)).changed() == ["the parameters"]
    shocked = made({}, {"heat_price": {2014: 0.9}})
    assert verdict(digest=shocked).changed() == ["the parameters"]


@pytest.mark.parametrize(
    "other",
    [
        DEARER,
        replace(DEARER, changes={}, preset="siloed"),
        replace(DEARER, changes={"training": 0.5}),
        replace(DEARER, changes={}, settings={"grant_rate": 0.3}),
        replace(DEARER, changes={}, settings={"co2_price": 2.5}),
        replace(DEARER, changes={}, injections=(Injection("Botkyrkabyggen", 2012, 1e6),)),
    ],
)
def test_one_of_other_arms_under_the_same_names_is_not_the_verdict_here(other: Arm) -> None:
    assert verdict(digest=made(arms=(USUAL[0], other))).changed() == ["the arms"]


def test_arms_that_come_with_samspel_and_have_changed_make_it_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    then = verdict()
    monkeypatch.setattr(verdicts, "NAMED_ARMS", {**NAMED_ARMS, "coordinated": DEARER})
    assert then.changed() == ["the arms"]
    assert "out of date**: the arms are others now than when it was made" in out_of_date(then.changed())


def test_what_an_arm_is_called_to_readers_and_the_order_of_arms_make_no_difference() -> None:
    usual = {"co2_price": load_parameters().values["co2_price"]}
    called = replace(USUAL[1], label="Together", meaning="as ever", settings=usual)
    assert verdict(digest=made(arms=(called, USUAL[0]))).changed() == []


def test_a_verdict_of_arms_of_ones_own_names_is_not_the_verdict_here() -> None:
    own = replace(USUAL[1], name="mine")
    assert verdict(arms=("mine", "siloed"), digest=made(arms=(own, USUAL[0]))).changed() == ["the arms"]


def test_one_that_does_not_say_what_its_arms_were_is_out_of_date_perhaps() -> None:
    old = verdict(digest={key: value for key, value in made().items() if key != "arms"})
    assert "perhaps the arms (it does not say what they were) are others now" in out_of_date(old.changed())


def test_other_tables_or_none_of_its_region_make_it_out_of_date() -> None:
    assert verdict(region="botkyrka").changed() == ["the region's tables"]
    assert verdict(region="no-such-region").changed() == ["the region's tables"]


# --- the file


def test_the_file_holds_what_readers_of_it_rely_on_and_is_read_back(tmp_path: Path) -> None:
    then = verdict().with_turns({"co2_price": 3.5})
    then.write(tmp_path)
    assert read_verdict(tmp_path) == then
    keys = set(json.loads((tmp_path / FILE).read_text()))
    assert keys == {
        "account", "share_better", "median", "low_90", "high_90", "rank_of_default", "turns_at", "unit", "members",
        "arms", "region", "scale", "years", "digest",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "{}", '{"account": 3}'])
def test_a_file_that_is_no_verdict_is_refused_by_name(text: str, tmp_path: Path) -> None:
    assert read_verdict(tmp_path) is None
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SamspelError, match=FILE):
        read_verdict(tmp_path)
