"""The file of patterns: complete, with the ranges that were fixed before calibration, and refused where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.questions.validate.measuring.measures import MEASURES
from experiments.questions.validate.measuring.patterns import load_patterns
from sim import Levers, SamspelError

Range = tuple[float | None, float | None]

# As written down before any calibration; by pattern and measure. Judged signs have one end.
FIXED: dict[str, dict[str, Range]] = {
    "P1": {"below": (0.95, None), "deep_on_energy_alone": (0.0, 0.0)},
    "P2": {"deep": (None, 0.05), "medium": (0.15, 0.40)},
    "P3": {"change": (-0.24, -0.13), "renovation": (None, 0.15)},
    "P4": {"light": (0.10, 0.25), "medium": (0.30, 0.40), "deep": (0.45, 0.65), "mean": (0.30, 0.45)},
    "P5": {
        "excess": (0.06, 0.15), "before_start": (0.50, None), "caused": (0.20, 0.50), "third_year": (-0.02, 0.02),
    },
    "P6": {"odds_ratio": (0.8, 1.5), "private_to_municipal": (1.0, None), "destination": (None, 0.0)},
    "P7": {"large": (0.25, 0.50), "small": (0.50, 0.80), "small_less_large": (0.0, None)},
    "P8": {
        "places_per_msek": (0.05, 0.2), "site_labour": (0.01, 0.12), "botkyrka_places": (23, 93),
        "botkyrka_jobs": (3, 30),
    },
    "P9": {"additionality": (0.30, 0.55)},
    "P10": {"hires": (0.60, 0.90), "apprentices": (0.90, None), "ordered": (1.0, None)},
    "P11": {
        "assistance_municipality": (0.52, 0.56), "assistance_county": (0.11, 0.12), "assistance_state": (0.33, 0.36),
        "insurance_municipality": (0.05, 0.07), "insurance_county": (0.03, 0.04), "insurance_state": (0.88, 0.92),
        "equalised_municipality": (None, 0.38), "equalised_county": (None, 0.03), "company_cost": (0.90, None),
        "company_gain": (None, 0.35),
    },
    "P12": {
        "years_full": (None, 5.0), "times_longer": (2.0, 3.0), "public": (0.0, None),
        "society": (0.30, 0.90),
    },
    "P13": {"gap": (0.15, 0.25), "kept": (None, 0.0), "out_less_in": (0.04, 0.15)},
    "P14": {"slope_calm": (None, 0.0), "cycle_less_experience": (0.0, None), "price_changes": (0.06, 0.12)},
    "P15": {
        "bids": (2.0, 4.0), "single": (0.10, 0.25), "shortage": (None, -0.3), "joint_bids": (None, 0.0),
        "joint_price": (None, 0.0),
    },
    "P16": {
        "satisfaction": (0.05, 0.15), "reputation_moved": (None, 0.20), "address_foreign": (0.0, None),
        "address_others": (0.0, 0.0),
    },
    "P17": {
        "first_year": (8.0, 20.0), "years_five_six": (None, 5.0), "others_first_year": (0.10, 0.20),
        "others_years_five_six": (0.40, 0.60), "person_years": (0.30, 0.80),
    },
    "P18": {"debt": (0.8, 1.4), "loan_to_value": (0.30, 0.50)},
    "P19": {"concentration": (2.0, None), "order": (None, None), "delay": (None, None)},
    "P20": {"calm_less_hot": (None, -5.0), "calm": (-20.0, -3.0)},
    "C1": {"gain": (None, 0.95)},
    "C2": {"employment": (None, 0.02)},
    "C3": {"difference": (0.0, None)},
    "C4": {"jobs": (10, 40)},
}  # fmt: skip


def test_all_patterns_and_four_controls_are_there_with_a_source_and_a_sentence() -> None:
    patterns = load_patterns()
    known = [f"P{i}" for i in range(1, 21)]
    assert [pattern.key for pattern in patterns] == [*known, "C1", "C2", "C3", "C4"]
    assert [pattern.control for pattern in patterns] == [False] * len(known) + [True] * 4
    assert all(len(pattern.source) > 10 and pattern.sentence.endswith(".") for pattern in patterns)
    assert list(MEASURES) == [pattern.key for pattern in patterns]


def test_ranges_are_those_that_were_fixed() -> None:
    found: dict[str, dict[str, Range]] = {}
    for pattern in load_patterns():
        for test in pattern.tests:
            if (pattern.key, test.over, test.measure) != ("P6", "share", "odds_ratio"):
                found.setdefault(pattern.key, {})[test.measure] = (test.low, test.high)
    assert found == FIXED


def test_displacing_the_poor_always_or_never_is_a_miss() -> None:
    test = next(t for p in load_patterns() if p.key == "P6" for t in p.tests if t.over == "share")
    assert test.above == 1.0 and test.low is not None and test.high is not None
    assert 0.0 < test.low < 0.05 and 0.95 < test.high < 1.0


def test_where_rents_follow_use_value_the_rent_ladder_is_an_input_and_else_evidence() -> None:
    ladder = next(pattern for pattern in load_patterns() if pattern.key == "P4")
    by_use, by_cost = ladder.under(Levers()), ladder.under(Levers(rents_follow="cost"))
    assert {by_use.input_of(test) for test in by_use.tests} == {"yes"}
    assert by_cost is ladder and ladder.input_of(ladder.tests[-1]) == "no"
    for pattern in load_patterns():
        assert pattern.evidence_where or pattern.under(Levers()) is pattern


def test_what_is_read_over_sets_of_parameters_is_shown_and_not_judged_by_seeds_of_one() -> None:
    found = {(p.key, t.measure) for p in load_patterns() for t in p.tests if t.read_over == "sets"}
    assert found == {("P6", "odds_ratio"), ("P12", "society")}


def test_what_no_source_bounds_is_shown_alone() -> None:
    found = {(p.key, t.measure) for p in load_patterns() for t in p.tests if not t.scored}
    assert found == {("P19", "order"), ("P19", "delay"), ("P20", "calm")}


def test_at_least_five_patterns_are_never_used_for_calibration() -> None:
    kept = {pattern.key for pattern in load_patterns() if not pattern.fitted}
    assert len(kept) >= 5 and {"P9", "P12", "P13", "C1"} <= kept


PATTERN = """
[P5]
name = "name"
sentence = "sentence"
strength = "A"
source = "source"
input = "no"
use = "fit"
[[P5.tests]]
measure = "excess"
title = "title"
unit = "share"
low = 0.1
high = 0.2
"""


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (("[P5]", "[P5"), "not valid TOML"),
        (("P5", "P55"), 'unknown pattern "P55"; did you mean "P5"'),
        (('use = "fit"', 'use = "fitting"'), r"\[P5\], use"),
        (('source = "source"', ""), r"\[P5\], source"),
        (('source = "source"', 'source = " "'), "needs a source"),
        (("high = 0.2", "high = 0.05"), "low is 0.1 and above high, 0.05"),
        (("low = 0.1\nhigh = 0.2", ""), "needs low, high or both"),
        (("high = 0.2", "high = 0.2\nscored = false"), "at least one test that is scored"),
        (("high = 0.2", 'high = 0.2\nover = "sign"'), "low or high, not both"),
        (("low = 0.1", "low = nan"), r"\[P5\], tests.0.low"),
        (("unit =", "unti ="), r"\[P5\], tests.0.unit"),
        (('use = "fit"', 'use = "fit"\nevidence_where = { rents = "cost" }'), 'unknown lever "rents"'),
        (
            ('use = "fit"', 'use = "fit"\nevidence_where = { rents_follow = "costs" }'),
            "lever rents_follow: got 'costs'",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_where_and_what(tmp_path: Path, wrong: tuple[str, str], message: str) -> None:
    file = tmp_path / "patterns.toml"
    file.write_text(PATTERN, encoding="utf-8")
    assert load_patterns(file)[0].measure_of(load_patterns(file)[0].tests[0]) == "P5.excess"
    bad = tmp_path / "bad.toml"
    bad.write_text(PATTERN.replace(*wrong), encoding="utf-8")
    with pytest.raises(SamspelError, match=message) as told:
        load_patterns(bad)
    assert "bad.toml" in str(told.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match="cannot be read"):
        load_patterns(tmp_path / "nowhere.toml")
