"""Coverage: inside the band of nine runs in ten, else how many widths of it outside, beside the same of no change."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.reporting.tracks.bands import Dot, Track
from experiments.reporting.tracks.score import Coverage, band, coverage, score
from experiments.reporting.tracks.series import BY_NAME
from experiments.reporting.tracks.table import Observed, Use

YEARS = np.array([2011, 2012, 2013])
# 101 runs: bands of nine in ten are 5 to 95, 105 to 195, and 205 to 295.
RUNS = np.linspace(0.0, 100.0, 101)[:, None] + np.array([0.0, 100.0, 200.0])


def dot(year: int, value: float, spread: float = 0.0, use: Use = "predict") -> Dot:
    seen = Observed("energy_use", "Botkyrka", year, value, value - spread, value + spread, use, "a source", "found")
    return Dot(year, value, seen.low, seen.high, seen)


def track(
    *dots: Dot,
    values: np.ndarray = RUNS,  # type: ignore[type-arg]
    base: int | None = None,
    weights: np.ndarray | None = None,  # type: ignore[type-arg]
) -> Track:
    return Track(BY_NAME["energy_use"], "Botkyrka", dots, YEARS, values, base, weights)


def of(one: Dot, **changes: object) -> Coverage:
    (scored,) = score([track(one, **changes)])  # type: ignore[arg-type]
    return scored.coverage


@pytest.mark.parametrize(
    ("value", "inside", "outside"),
    [(150.0, 1, 0.0), (106.0, 1, 0.0), (104.0, 0, 1 / 90), (285.0, 0, 1.0), (15.0, 0, 1.0)],
)
def test_a_number_is_inside_its_year_s_band_or_so_many_widths_outside(
    value: float, inside: int, outside: float
) -> None:
    found = of(dot(2012, value))
    assert (found.numbers, found.inside) == (1, inside) and found.outside == pytest.approx(outside)


def test_distance_counts_from_the_nearer_end_of_what_the_number_may_be() -> None:
    assert of(dot(2012, 285.0, spread=45.0)).outside == pytest.approx(0.5)
    found = of(dot(2012, 200.0, spread=20.0))
    assert found.outside == 0.0 and found.inside == 0  # it may lie inside; the number itself does not


def test_no_change_is_the_first_year_s_band_in_the_same_widths() -> None:
    found = of(dot(2012, 185.0))
    assert (found.inside, found.inside_unchanged) == (1, 0) and found.outside_unchanged == pytest.approx(1.0)
    stayed = of(dot(2012, 50.0))
    assert (stayed.inside, stayed.inside_unchanged) == (0, 1) and stayed.outside_unchanged == 0.0


def test_of_a_ratio_to_a_first_year_no_change_is_one_with_a_band_as_wide_as_that_beside_it() -> None:
    ratios = RUNS / 100.0  # in 2013: 2.05 to 2.95 around 2.5, so that no change is 0.82 to 1.18
    found = of(dot(2013, 2.8), values=ratios, base=2012)
    assert found.inside == 1 and found.outside_unchanged == pytest.approx((2.8 - 1.18) / 0.9)
    for value, inside in ((1.17, 1), (0.83, 1), (1.19, 0), (0.81, 0)):
        assert of(dot(2013, value), values=ratios, base=2012).inside_unchanged == inside, value


def test_no_change_of_a_ratio_is_as_wide_as_the_band_of_the_set_by_weight() -> None:
    weights = np.where(np.abs(np.arange(101) - 50) <= 10, 1.0, 0.0)  # 2.41 to 2.59 around 2.5
    found = of(dot(2013, 1.1), values=RUNS / 100.0, base=2012, weights=weights)
    assert found.inside_unchanged == 0 and of(dot(2013, 1.03), values=RUNS / 100.0, base=2012, weights=weights
    ).inside_unchanged == 1  # fmt: skip


def test_numbers_that_chose_something_are_scored_apart() -> None:
    free, fitted = score([track(dot(2012, 150.0, use="fit"), dot(2013, 10.0), dot(2012, 150.0, use="check"))])
    assert not free.fitted and [held.dot.value for held in free.held] == [10.0, 150.0] and free.coverage.inside == 0.5
    assert fitted.fitted and [held.dot.value for held in fitted.held] == [150.0] and fitted.coverage.inside == 1.0


def test_several_numbers_count_the_same() -> None:
    scored = score([track(dot(2012, 150.0), dot(2013, 385.0))])
    found = coverage([held for one in scored for held in one.held])
    assert (found.numbers, found.inside, found.outside) == (2, 0.5, pytest.approx(0.5))


def test_a_band_without_width_tells_no_distance() -> None:
    alone = RUNS[:1]
    assert of(dot(2012, 150.0), values=alone).outside == math.inf
    assert of(dot(2012, 100.0), values=alone).outside == 0.0


def test_runs_that_failed_are_left_out() -> None:
    values = RUNS.copy()
    values[:20] = np.nan
    assert of(dot(2012, 150.0), values=values).inside == 1


# --- runs that count by weights


def test_members_count_by_their_weight_and_what_weighs_nothing_does_not_count() -> None:
    weights = np.zeros(101)
    weights[40:61] = 1.0  # 2012: 140 to 160
    assert of(dot(2012, 120.0)).inside == 1 and of(dot(2012, 120.0), weights=weights).inside == 0
    assert of(dot(2012, 120.0), weights=weights).outside == pytest.approx(21 / 18)  # from 141, in widths of 141 to 159
    weights[20] = 100.0
    assert of(dot(2012, 120.0), weights=weights).inside == 1


def test_no_change_over_a_set_is_weighted_too() -> None:
    weights = np.where(np.arange(101) < 50, 1.0, 0.0)
    assert of(dot(2012, 80.0)).inside_unchanged == 1 and of(dot(2012, 80.0), weights=weights).inside_unchanged == 0


def test_a_band_is_not_known_where_less_than_half_of_the_weight_is() -> None:
    values, weights = np.array([np.nan, 1.0, 2.0, 3.0]), np.array([4.0, 1.0, 1.0, 1.0])
    assert np.isnan(band(values, weights)).all() and not np.isnan(band(values)).any()
    assert band(values, np.array([1.0, 1.0, 5.0, 1.0])) == (1.0, 2.0, 3.0)


def test_a_failed_default_which_weighs_nothing_takes_no_band_away() -> None:
    assert band(np.array([np.nan, 7.0]), np.array([0.0, 1.0])) == (7.0, 7.0, 7.0)
