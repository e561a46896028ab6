"""Intervals, payback and break-even additionality on cases that were worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.analysis.breakeven import break_even, ratio_bounds
from experiments.analysis.intervals import band, interval, paired
from experiments.analysis.value import cumulative, discount_factors, payback
from experiments.reporting.numbers import decimals_for, listed, number, shown_unit


def test_the_interval_of_paired_differences_is_students() -> None:
    found = paired(np.array([3.0, 5.0, 10.0]), np.array([2.0, 3.0, 7.0]))
    # Differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t(2 df, 97.5 %) = 4.302653.
    assert found.mean == pytest.approx(2.0)
    assert found.high - found.mean == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)
    assert not found.distinguishable


def test_a_difference_is_distinguishable_when_its_interval_leaves_zero_out() -> None:
    assert interval(np.array([1.0, 1.1, 0.9])).distinguishable
    assert interval(np.array([-1.0, -1.1, -0.9])).distinguishable
    assert not interval(np.array([1.0, -1.1, 0.9])).distinguishable


def test_one_replicate_has_a_mean_and_no_interval() -> None:
    found = interval(np.array([4.0]))
    assert found.mean == 4.0 and not found.known and not found.distinguishable


def test_replicates_without_a_value_are_left_out() -> None:
    assert interval(np.array([1.0, math.nan, 3.0])) == interval(np.array([1.0, 3.0]))
    assert math.isnan(interval(np.array([math.nan])).mean)


def test_a_band_is_the_interval_of_every_column() -> None:
    values = np.array([[1.0, math.nan, math.nan], [2.0, 5.0, math.nan], [4.0, 7.0, math.nan]])
    mean, low, high = band(values)
    for column in (0, 1):
        alone = interval(values[:, column])
        assert (mean[column], low[column], high[column]) == pytest.approx((alone.mean, alone.low, alone.high))
    assert math.isnan(mean[2]) and math.isnan(low[2])


def test_a_krona_in_the_middle_of_the_first_quarter_is_discounted_by_an_eighth_of_a_year() -> None:
    assert discount_factors(8, 0.035)[0] == pytest.approx(1.035**-0.125)
    assert discount_factors(8, 0.0).sum() == 8.0


def test_cumulative_values_stand_at_the_end_of_each_year() -> None:
    assert cumulative(np.arange(8.0), 0.0).tolist() == [6.0, 28.0]


@pytest.mark.parametrize(
    ("path", "kind", "year"),
    [
        ([-2.0, -1.0, 0.0, 3.0], "year", 2),
        ([-2.0, 1.0, -1.0, 3.0], "year", 3),
        ([1.0, 2.0, 3.0, 4.0], "from the start", 0),
        ([1.0, 2.0, 3.0, -4.0], "never", None),
        ([0.0, 0.0, 0.0, 0.0], "no difference", None),
    ],
)
def test_payback_is_the_first_year_from_which_the_difference_stays_positive(
    path: list[float], kind: str, year: int | None
) -> None:
    found = payback(np.array(path))
    assert (found.kind, found.year) == (kind, year)


def test_payback_in_words_is_a_calendar_year_or_the_reason_that_there_is_none() -> None:
    assert payback(np.array([-1.0, 1.0])).words(2011) == "2012"
    assert payback(np.array([-1.0, -1.0])).words(2011) == "not within the horizon"


def test_break_even_additionality_balances_costs_with_rescaled_jobs() -> None:
    # Other flows cost 30, jobs as reported bring 100, the model says that 40 of these are additional: gains 10.
    found = break_even(np.array([10.0, 10.0]), np.array([40.0, 40.0]), np.array([100.0, 100.0]))
    assert found.verdict == "share"
    assert found.share == pytest.approx(0.30) and found.emergent == pytest.approx(0.40)
    assert (found.low, found.high) == pytest.approx((0.30, 0.30))


def test_a_purse_may_gain_with_no_additional_job_or_lose_with_every_one() -> None:
    jobs, clause = np.array([40.0, 41.0]), np.array([100.0, 101.0])
    always, never = (break_even(np.array(net), jobs, clause) for net in ([50.0, 52.0], [-90.0, -92.0]))
    assert (always.verdict, never.verdict) == ("always", "never")
    assert "no additional job" in always.words() and "every job" in never.words()


def test_without_programme_jobs_break_even_is_not_defined() -> None:
    none = break_even(net=np.array([1.0, 2.0]), jobs=np.array([0.0, 0.0]), clause=np.array([0.0, 0.0]))
    unsure = break_even(net=np.array([1.0, 2.0]), jobs=np.array([0.0, 0.0]), clause=np.array([-9.0, 10.0]))
    assert none.verdict == unsure.verdict == "not defined"


def test_fiellers_interval_holds_the_ratio_and_is_open_when_the_bottom_may_be_zero() -> None:
    top, bottom = np.array([29.0, 31.0, 30.0, 32.0]), np.array([100.0, 98.0, 103.0, 101.0])
    low, high = ratio_bounds(top, bottom)
    assert low < top.mean() / bottom.mean() < high
    assert all(math.isnan(bound) for bound in ratio_bounds(top, np.array([-5.0, 9.0, -3.0, 2.0])))


def test_units_numbers_and_lists_are_shown_as_a_person_writes_them() -> None:
    assert shown_unit("share of flats") == ("% of flats", 100.0)
    assert shown_unit("share/year") == ("% a year", 100.0)
    assert shown_unit("SEK/quarter")[0] == "MSEK a year"
    assert shown_unit("quarters") == ("quarters", 1.0)
    assert number(-0.0001, 2, signed=True) == "0.00" and number(1234.5, 1) == "1,234.5"
    assert [decimals_for(width) for width in (123.0, 1.5, 0.023, 0.0)] == [0, 1, 3, 0]
    assert listed(["a", "b", "c"]) == "a, b and c" and listed(["a"]) == "a" and listed([]) == ""
