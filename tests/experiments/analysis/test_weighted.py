"""Quantiles of members that count by weights have no side of their own."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.analysis.weighted import weighted_interval, weighted_quantiles

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def drawn(seed: int, count: int, kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values, some of them the same, with weights of a kind."""
    draws = np.random.default_rng(seed)
    values = np.round(draws.normal(size=count), 1)
    weights = {
        "random": draws.random(count),
        "equal": np.full(count, 0.3),
        "few kinds": draws.integers(0, 3, count) / 10.0 + (np.arange(count) == 0),
    }
    return values, weights[kind]


@pytest.mark.parametrize("kind", ["random", "equal", "few kinds"])
@pytest.mark.parametrize("count", [1, 2, 3, 20, 40, 119, 120])
def test_numbers_with_the_other_sign_have_the_quantiles_with_the_other_sign(kind: str, count: int) -> None:
    for seed in range(20):
        values, weights = drawn(seed, count, kind)
        found, other = (weighted_quantiles(one, weights, SHARES) for one in (values, -values))
        assert found == pytest.approx(-other[::-1], abs=1e-12), seed


def test_at_a_tie_of_weights_the_quantile_is_the_middle() -> None:
    twenty, ones = np.arange(1.0, 21.0), np.ones(20)
    for sign in (1.0, -1.0):
        found = weighted_interval(sign * twenty, ones)
        assert sorted((sign * found.low, sign * found.high)) == [1.5, 19.5] and found.mean == sign * 10.5
    assert weighted_interval(np.array([-1.0, 1.0]), np.array([0.2, 0.2])).mean == 0.0


@pytest.mark.parametrize("count", [1, 7, 20, 60, 140])
def test_equal_weights_are_none_and_a_weight_of_two_is_two_members(count: int) -> None:
    values, weights = drawn(count, count, "equal")
    plain = np.quantile(values, SHARES, method="averaged_inverted_cdf")
    assert weighted_quantiles(values, weights, SHARES) == pytest.approx(plain)
    twice = np.random.default_rng(count).integers(0, 3, count) + 1
    repeated = np.quantile(np.repeat(values, twice), SHARES, method="averaged_inverted_cdf")
    assert weighted_quantiles(values, twice / 7.0, SHARES) == pytest.approx(repeated)


def test_what_weighs_nothing_is_no_end_and_what_is_not_known_is_no_number() -> None:
    assert weighted_interval(np.array([-9.0, 1.0, 3.0, 9.0]), np.array([0.0, 1.0, 1.0, 0.0])).mean == 2.0
    assert np.isnan(weighted_quantiles(np.array([1.0, np.nan]), np.ones(2), SHARES)).all()
