"""How runs are scored against what was observed, on hand cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from experiments.questions.hindcast import words
from experiments.questions.hindcast.errors import error_of, interval
from experiments.questions.hindcast.measuring.measured import measured
from experiments.questions.hindcast.no_change import no_change, sign_of
from experiments.questions.hindcast.score import Scored, score

from .planted import Planted, measure
from .test_measures import PEOPLE, RENT, SEK, TOLD

VALUES = np.linspace(0.0, 10.0, 101)  # nine in ten between 0.5 and 9.5


def scored(values: Any = VALUES, prior: tuple[float, float] | None = None, **keys: Any) -> Scored:
    """A measure whose runs are given."""
    low, median, high = interval(np.asarray(values, np.float64))
    return Scored(measure("rent", SEK, **keys), np.asarray(values, np.float64), low, median, high, 0.0, prior)


@pytest.mark.parametrize(
    ("observed", "verdict", "distance"),
    [
        ({"observed": 5.0}, "inside", 0.0),
        ({"observed": 9.5}, "inside", 0.0),
        ({"observed": 18.5}, "near", 1.0),
        ({"observed": 18.6}, "far", 9.1 / 9.0),
        ({"observed": -4.0}, "near", 0.5),
        ({"observed": 12.0, "low": 9.0, "high": 15.0}, "near", 0.0),
        ({"low": 4.0, "high": 6.0}, "inside", 0.0),
        ({"low": 7.0, "high": 8.0}, "near", 0.0),
        ({"low": 5.0}, "inside", 0.0),
        ({"high": 4.0}, "near", 0.0),
        ({"high": -20.0}, "far", 20.5 / 9.0),
    ],
)
def test_what_was_observed_lies_inside_near_or_far(observed: dict[str, float], verdict: str, distance: float) -> None:
    one = scored(**observed)
    assert one.verdict == verdict and one.inside == (verdict == "inside")
    assert one.distance == pytest.approx(distance)


def test_an_interval_no_narrower_than_what_was_thought_before_tells_nothing() -> None:
    assert scored(observed=5.0, prior=(0.0, 9.0)).verdict == "uninformative"
    assert scored(observed=50.0, prior=(0.0, 9.0)).verdict == "uninformative"
    wider = scored(observed=5.0, prior=(0.0, 9.6))
    assert wider.verdict == "inside" and wider.informative


def test_fewer_than_half_of_the_runs_tell_nothing() -> None:
    assert scored([1.0, math.nan, math.nan], observed=1.0).verdict == "not measured"
    assert scored([1.0, 1.0, math.nan], observed=1.0).verdict == "inside"
    assert math.isnan(interval(np.zeros(0))[1])


def test_an_interval_without_width_is_met_or_far_away() -> None:
    assert scored([2.0, 2.0], observed=2.0).distance == 0.0
    assert scored([2.0, 2.0], observed=2.1).verdict == "far"
    assert scored([2.0, 2.0], observed=2.1).distance == math.inf


def test_the_error_is_that_of_a_single_value_or_the_score_of_all_of_them() -> None:
    one = measure("rent", SEK, observed=4.0)
    assert error_of(np.array([1.0]), one) == 3.0
    assert error_of(np.array([4.0, 4.0, math.nan]), one) == 0.0
    # |1 - 4| and |7 - 4| are 3; half the mean distance between two drawn with replacement is 6 / 2 / 2.
    assert error_of(np.array([1.0, 7.0]), one) == 1.5
    assert error_of(np.array([1.0, 7.0]), measure("rent", SEK, low=3.0, high=5.0)) == 2.0
    assert math.isnan(error_of(np.array([math.nan]), one))


def test_runs_are_better_than_no_change_where_they_are_less_wrong() -> None:
    assert scored([4.0, 5.0], observed=5.0).beside == "less wrong"
    assert scored([40.0, 50.0], observed=5.0).beside == "more wrong"
    assert scored([math.nan], observed=5.0).beside is None


def test_where_both_are_as_wrong_neither_wins_or_loses() -> None:
    assert scored([5.0, 5.0], observed=2.5).beside == "as wrong", "as far above as no change is below"
    assert scored([0.3, 0.1 + 0.2], observed=0.15).beside == "as wrong", "but for the last bits"
    assert scored([0.0, 0.0], observed=0.0).beside == "as wrong"
    assert scored([1.0, 4.0], high=5.0).beside == "as wrong", "both lie in what was observed"


@pytest.mark.parametrize(
    ("keys", "sign"),
    [
        ({"against": "b", "high": 0.0}, -1),
        ({"against": "b", "low": 0.0}, 1),
        ({"against": "b", "low": 0.0, "high": 0.0}, 0),
        ({"against": "b", "observed": -1.0, "high": 0.0}, 0),
        ({"against": "b", "low": -5.0, "high": 0.0}, 0),
        ({"against": "b", "high": 5.0}, 0),
        ({"others": {"neighbourhood": "Alby"}, "high": 0.0}, -1),
        ({"against": "b", "by": "ratio", "unit": "times", "low": 1.0}, 1),
        ({"against": "b", "by": "ratio", "unit": "times", "low": 0.0}, 0),
        ({"how": "change", "high": 0.0}, -1),
        ({"high": 0.0}, 0),
        ({"no_change": 7.0, "low": 7.0}, 1),
    ],
)
def test_a_range_with_one_end_that_is_no_change_itself_is_a_sign(keys: dict[str, Any], sign: int) -> None:
    assert sign_of(measure("rent", **({"unit": SEK} | keys))) == sign


@pytest.mark.parametrize(
    ("values", "beside", "verdict"),
    [
        ([-3.0, -2.0, -1.0], "less wrong", "inside"),
        ([-3.0, -2.0, 5.0], "less wrong", "inside"),
        ([-3.0, 2.0, 5.0], "more wrong", "near"),
        ([3.0, 4.0, 5.0], "more wrong", "far"),
        ([0.0, 0.0, 0.0], "as wrong", "near"),
        ([-3.0, 0.0, 3.0], "as wrong", "near"),
        ([-3.0, -1e-12, 3.0], "as wrong", "near"),
    ],
)
def test_at_most_nothing_of_a_difference_is_a_drop_and_no_difference_is_none(
    values: list[float], beside: str, verdict: str
) -> None:
    for side, end in ((1.0, {"high": 0.0}), (-1.0, {"low": 0.0})):
        one = scored([side * value for value in values], against="b", **end)
        assert (one.beside, one.verdict) == (beside, verdict)
        assert one.error_of_no_change is None, "it lacks the sign by no distance"
        assert words.observed(one) == ("less than 0.0" if side > 0 else "more than 0.0")
    assert scored(np.zeros(3), high=0.0).verdict == "inside", "of a level at most 0 is 0"


@pytest.mark.parametrize(
    ("what", "unit", "keys", "expected"),
    [
        ("rent", SEK, {"year": 2012}, 150),
        ("rent", SEK, {"how": "change"}, 0),
        ("rent", SEK, {"against": "b"}, 0),
        ("rent", "times", {"against": "b", "by": "ratio"}, 1),
        ("rent", "%", {"against": "b", "by": "percent"}, 0),
        ("rent", SEK, {"year": 2012, "no_change": 7.0}, 7),
        ("dividends", "MSEK", {"how": "sum"}, 8),
        ("dividends", "kSEK a flat", {"how": "sum", "per": "flat"}, 100),
        ("people.at_work", "%", {"year": 2012}, 100 * 1.5 / 8 / 2),
        ("people.at_work", "%", {"over": {"people": "took_a_place"}, "years_after_place": [1, 1]}, None),
        ("works.flats", "flats", {}, None),
        ("P17 first_year", "points", {"against": "b"}, 0),
        ("P17 others_first_year", "share", {"against": "b"}, None),
        ("P20 calm", "%", {}, 0),
    ],
)
def test_no_change_is_no_difference_no_change_over_years_or_the_level_of_the_first_year(
    what: str, unit: str, keys: dict[str, Any], expected: float | None
) -> None:
    stored = Planted(RENT, TOLD | PEOPLE, years=3 if what.startswith("people") else 2)
    assert no_change(stored, measure(what, unit, **keys)) == (None if expected is None else pytest.approx(expected))


def test_what_was_thought_possible_before_comes_from_the_file_or_from_outside() -> None:
    stored = Planted(RENT)
    told = measure("rent", SEK, observed=150.0, prior_low=0.0, prior_high=1.0)
    assert score(stored, [told])[0].verdict == "uninformative"
    assert score(stored, [told], prior={"m": (0.0, 1000.0)})[0].verdict == "inside"
    assert score(stored, [told])[0].values.tolist() == measured(stored, told).tolist()


def test_what_a_rule_caps_is_capped_but_for_the_last_bits() -> None:
    assert scored([15.000000000000002] * 3, high=15.0).verdict == "inside"
    assert scored([15.000000000000002] * 3, observed=15.0).verdict == "inside"
    assert scored([15.001] * 3, high=15.0).verdict == "far"
    assert scored([14.999999999999998] * 3, low=15.0).verdict == "inside"
    assert scored([14.999999999999998] * 3, observed=15.0).verdict == "inside"
    assert scored([0.0, 7.0, 14.999999999999998], observed=14.3).verdict == "near"
    assert scored([14.999] * 3, observed=15.0).verdict == "far"
    for end in (15.000000000000002, 14.999999999999998):
        assert scored(np.array([14.0, 15.0, 15.0, 15.0]) / 15.0 * end, observed=15.0).verdict == "inside"
        assert scored(np.array([16.0, 15.0, 15.0, 15.0]) / 15.0 * end, observed=15.0).verdict == "inside"


def test_from_nineteen_twentieths_of_the_width_before_on_nothing_was_learnt() -> None:
    assert scored(observed=5.0, prior=(0.0, 9.0 / 0.951)).verdict == "uninformative"
    assert scored(observed=5.0, prior=(0.0, 9.0 / 0.949)).verdict == "inside"
    certain = scored([2.0, 2.0], observed=2.0, prior=(2.0, 2.0))
    assert certain.width == 1.0 and certain.verdict == "uninformative", "the rules alone decide it"
    assert scored([2.0, 2.0], observed=2.0, prior=(0.0, 2.0)).verdict == "inside"
    assert scored([1.0, 2.0], observed=2.0, prior=(2.0, 2.0)).verdict == "uninformative"


def test_weights_decide_interval_and_error() -> None:
    values, weights = np.array([1.0, 2.0, 30.0, math.nan]), np.array([1.0, 8.0, 0.0, 1.0])
    assert interval(values, weights) == (1.0, 2.0, 2.0)
    assert math.isnan(interval(values, np.array([1.0, 0.0, 0.0, 8.0]))[1]), "most of the weight tells nothing"
    one = measure("rent", SEK, observed=4.0)
    assert error_of(np.array([1.0, 7.0]), one, np.array([1.0, 1.0])) == error_of(np.array([1.0, 7.0]), one)
    assert error_of(np.array([1.0, 7.0]), one, np.array([1.0, 0.0])) == 3.0


def test_runs_over_all_that_was_possible_are_the_prior_in_place_of_what_the_file_says() -> None:
    told = measure("rent", SEK, observed=150.0, prior_low=0.0, prior_high=1000.0)
    stored = Planted(RENT)
    for weights, ends in ((None, (114.5, 195.5)), (np.ones(2), (110.0, 200.0))):
        (same,) = score(stored, [told], weights=weights, before=stored)
        assert same.verdict == "uninformative" and same.prior == pytest.approx(ends)
    assert score(stored, [told])[0].verdict == "inside"


def test_how_far_the_word_narrower_can_be_trusted_is_told_by_resamples() -> None:
    def share(values: Any, before: Any) -> float | None:
        low, median, high = interval(values, np.ones(len(values)))
        prior = interval(before, np.ones(len(before)))
        one = Scored(measure("rent", SEK), values, low, median, high, 0.0, (prior[0], prior[2]), np.ones(len(values)),
                     before)  # fmt: skip
        assert one.narrower_in == one.narrower_in, "the same every time"
        return one.narrower_in

    assert share(VALUES / 10.0, VALUES) == 1.0 and share(VALUES * 10.0, VALUES) == 0.0
    few = np.linspace(0.0, 10.0, 12)
    assert share(few, 1.01 * few + 3.0) == 0.0, "what chance does to a run it does to the one on the same seed"
    by_chance = share(few, np.random.default_rng(1).permutation(few))
    assert by_chance is not None and 0.1 < by_chance < 0.9, "of the same width, chance alone decides"
    assert scored(prior=(0.0, 5.0)).narrower_in is None
