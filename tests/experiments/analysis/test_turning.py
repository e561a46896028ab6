"""Where a difference turns along one setting: planted differences, and what makes the two experiments agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from experiments.analysis.intervals import interval
from experiments.analysis.turning import Along

VALUES = np.array([0.0, 1.0, 3.0])
NOISE = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])


def along(means: list[float], stands: int = 1, noise: float = 1.0, response: float = 1.0) -> Along:
    """Differences with these means at VALUES: what they are where the setting stands, and what is added elsewhere."""
    large = np.tile(means[stands] + noise * NOISE, (3, 1))
    added = np.array(means)[:, None] - means[stands] + response * 0.1 * NOISE[None, ::-1] * np.arange(3)[:, None]
    return Along(VALUES, large, added - added[stands])


def test_a_planted_zero_is_found_on_the_straight_line_between_the_values_tried() -> None:
    (turn,) = along([1.0, -1.0, -5.0]).turns()
    assert turn.at == pytest.approx(0.5) and not turn.rising
    (turn,) = along([-3.0, -1.0, 1.0]).turns()
    assert turn.at == pytest.approx(2.0) and turn.rising
    assert turn.low < turn.at < turn.high


def test_a_difference_of_exactly_zero_where_it_was_tried_turns_there() -> None:
    (turn,) = along([2.0, 0.0, -1.0], noise=1.5).turns()
    assert turn.at == 1.0 and turn.low < 1.0 < turn.high
    (turn,) = Along(np.array([0.0, 1.0, 2.0, 3.0]), np.array([[1.0], [0.0], [0.0], [-1.0]]), np.zeros((4, 1))).turns()
    assert turn.at == 1.5, "the middle of where it is zero"


def test_where_the_setting_stands_the_difference_is_that_of_the_large_experiment() -> None:
    found = along([1.0, -0.1, -5.0])
    told = interval(found.large[1])
    here = found.at(1.0)
    assert (here.mean, here.low, here.high) == pytest.approx((told.mean, told.low, told.high), rel=1e-12)


def test_every_crossing_is_reported_and_where_there_is_none_nothing_is() -> None:
    assert [one.rising for one in along([1.0, -1.0, 1.0]).turns()] == [False, True]
    assert along([1.0, 2.0, 3.0]).turns() == [] == along([-1.0, -2.0, -3.0]).turns()
    assert along([0.0, 0.0, 0.0], noise=0.0, response=0.0).turns() == [], "identical arms"


def test_the_interval_holds_exactly_the_values_at_which_the_difference_is_not_decided() -> None:
    found = along([1.0, -1.0, -5.0])
    (turn,) = found.turns()
    for value in (turn.low + 1e-3, turn.high - 1e-3):
        assert not found.at(value).distinguishable
    for value in (turn.low - 1e-2, turn.high + 1e-2):
        assert found.at(value).distinguishable


def test_an_interval_that_reaches_beyond_what_was_tried_is_open() -> None:
    found = along([0.1, -0.1, -5.0], noise=2.0)
    (turn,) = found.turns()
    assert math.isinf(turn.low) and turn.low < 0 and math.isfinite(turn.high)
    (turn,) = along([0.1, -0.1, -0.2], noise=20.0).turns()
    assert (turn.low, turn.high) == (-math.inf, math.inf)


def test_one_replicate_gives_a_turning_point_without_an_interval() -> None:
    found = along([1.0, -1.0, -5.0])
    one = Along(found.values, found.large[:, :1], found.small[:, :1])
    (turn,) = one.turns()
    assert math.isnan(turn.low) and math.isnan(turn.high) and not one.at(0.0).known


def test_a_replicate_with_a_failed_run_is_left_out_of_its_experiment_alone() -> None:
    found = along([1.0, -1.0, -5.0])
    small = found.small.copy()
    small[2, 4] = np.nan
    kept = Along(found.values, found.large, small)
    assert (kept.at(1.0).low, kept.at(1.0).high) == (found.at(1.0).low, found.at(1.0).high)
    assert kept.at(0.0).mean == pytest.approx(1.0 + found.small[0, :4].mean() - found.small[0].mean())


def test_a_value_at_which_the_large_experiment_has_an_arm_of_its_own_counts_as_it_is() -> None:
    large = np.vstack([np.tile(1.0 + NOISE, (2, 1)), -2.0 + NOISE])
    found = Along(VALUES, large, np.zeros((3, 2)))
    here, told = found.at(3.0), interval(large[2])
    assert (here.mean, here.low, here.high) == pytest.approx((told.mean, told.low, told.high))


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.floats(0.1, 3))
@example([2.0, 0.0, -1.0], 1.5)
def test_bounds_lie_around_the_turning_point_and_the_sign_is_right_on_both_sides(
    means: list[float], noise: float
) -> None:
    found = along(means, noise=noise)
    turns, step = found.turns(), 1e-6
    for turn in turns:
        assert turn.low <= turn.at <= turn.high
        if any(abs(turn.at - other.at) < 2 * step for other in turns if other is not turn):
            continue  # a difference that only touches zero turns twice there, for rounding
        below, above = (found.at(float(np.clip(turn.at + way * step, 0, 3))).mean for way in (-1, 1))
        assert (above > below) == turn.rising or abs(above - below) < 1e-9
