"""Verdicts on cases small enough to be judged by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.questions.validate.measuring.patterns import Pattern, Test
from experiments.questions.validate.measuring.score import Verdict, board, counts, judged, score, verdict, worst
from sim import SamspelError

NAN = math.nan


def a_test(**changes: object) -> Test:
    return Test.model_validate({"measure": "m", "title": "title", "unit": "unit", **changes})


def a_pattern(*tests: Test, **changes: object) -> Pattern:
    given = {
        "key": "P5", "name": "name", "sentence": "sentence", "strength": "A", "source": "source", "input": "no",
        "use": "check", "tests": tests,
    }  # fmt: skip
    return Pattern.model_validate(given | changes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.06, "pass"), (0.10, "pass"), (0.15, "pass"), (0.05, "near"), (0.04, "near"), (0.2, "near"), (0.2249, "near"),
     (0.0399, "miss"), (0.226, "miss"), (-0.1, "miss"), (math.inf, "miss"), (NAN, "not measured")],
)  # fmt: skip
def test_inside_is_a_pass_within_half_as_much_again_near_and_beyond_a_miss(value: float, expected: Verdict) -> None:
    assert verdict(a_test(low=0.06, high=0.15), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(-0.2, "pass"), (-0.1, "near"), (-0.09, "near"), (-0.36, "near"), (-0.37, "miss")]
)
def test_near_reaches_as_far_below_zero(value: float, expected: Verdict) -> None:
    assert verdict(a_test(low=-0.24, high=-0.13), value) == expected


def test_a_range_of_zero_alone_has_nothing_near_it() -> None:
    only_zero = a_test(low=0.0, high=0.0)
    assert verdict(only_zero, 0.0) == "pass"
    assert verdict(only_zero, 1e-6) == "miss"


def test_a_sign_is_strict_and_never_near() -> None:
    positive = a_test(low=0.0, over="sign")
    assert [verdict(positive, value) for value in (0.001, 0.0, -0.001)] == ["pass", "miss", "miss"]
    below = a_test(high=0.35, over="sign")
    assert [verdict(below, value) for value in (0.34, 0.35, 0.36)] == ["pass", "miss", "miss"]


def test_the_median_of_runs_is_judged_and_a_pay_back_that_never_comes_counts_as_late() -> None:
    test = a_test(high=5.0)
    assert judged(test, np.array([1.0, 4.0, 100.0])) == 4.0
    assert judged(test, np.array([1.0, math.inf, math.inf])) == math.inf


def test_a_share_of_runs_is_judged_where_the_test_says_so() -> None:
    test = a_test(low=0.3, high=0.9, over="share", above=1.0)
    assert judged(test, np.array([0.5, 1.5, 2.0, 1.0])) == 0.5
    assert verdict(test, 0.5) == "pass"
    assert verdict(test, 1.0) == "miss"


def test_runs_that_tell_nothing_are_left_out_and_more_than_half_of_them_leave_nothing_to_judge() -> None:
    test = a_test(low=0.0)
    assert judged(test, np.array([NAN, 2.0, 4.0])) == 3.0
    assert math.isnan(judged(test, np.array([NAN, NAN, 4.0])))


def test_a_test_without_a_measure_is_not_measured_and_counts_as_a_miss() -> None:
    pattern = a_pattern(a_test(low=1.0), a_test(measure="none", low=1.0))
    found = score([pattern], pd.DataFrame({"P5.m": [2.0, 3.0]}))
    assert [one.verdict for one in found] == ["pass", "not measured"]
    assert counts(found) == {"pass": 1, "near": 0, "miss": 1, "not measured": 1}
    assert worst(found) == "not measured"


def test_a_measure_that_no_run_has_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match=r'\[P5\]: unknown measure "P5.m"; did you mean "P5.n"'):
        score([a_pattern(a_test(low=1.0))], pd.DataFrame({"P5.n": [1.0]}))


def test_only_what_is_no_input_is_evidence_and_a_test_may_say_it_for_itself() -> None:
    found = score([a_pattern(a_test(low=1.0), a_test(low=1.0, input="no"), input="yes")], pd.DataFrame({"P5.m": [2.0]}))
    assert [one.evidence for one in found] == [False, True]


def test_what_was_fitted_is_no_evidence_whatever_emerges() -> None:
    runs = pd.DataFrame({"P5.m": [2.0]})
    found = [score([a_pattern(a_test(low=1.0), use=use)], runs)[0] for use in ("fit", "check", "predict")]
    assert [one.verdict for one in found] == ["pass"] * 3
    assert [one.evidence for one in found] == [False, True, True]


def test_a_test_read_over_sets_of_parameters_shows_its_number_and_has_no_verdict() -> None:
    pattern = a_pattern(a_test(low=0.3, over="share", read_over="sets"))
    (found,) = score([pattern], pd.DataFrame({"P5.m": [1.0, 2.0, -1.0, -2.0]}))
    assert (found.value, found.verdict) == (0.5, "not measured")


def test_a_test_that_is_only_shown_has_its_number_and_counts_neither_way() -> None:
    shown = a_test(scored=False)
    found = score([a_pattern(a_test(low=3.0), shown)], pd.DataFrame({"P5.m": [4.0, 5.0]}))
    assert [(one.verdict, one.value, one.evidence) for one in found] == [("pass", 4.5, True), ("shown", 4.5, False)]
    assert worst(found) == "pass" and sum(counts(found).values()) == 1
    assert board(found)["verdict"].tolist() == ["pass", "shown"]


def test_the_scoreboard_has_a_row_a_test_with_quantiles_over_runs() -> None:
    runs = pd.DataFrame({"P5.m": np.arange(1.0, 22.0)})
    table = board(score([a_pattern(a_test(low=5.0, high=20.0))], runs))
    row = table.iloc[0]
    assert (row["q05"], row["median"], row["q95"], row["runs"], row["verdict"]) == (2.0, 11.0, 20.0, 21, "pass")
