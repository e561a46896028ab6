"""What knowing some parameters would be worth, against answers that are known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from experiments.analysis.information import Information, information, perfect

Array = NDArray[Any]

WORLDS = 5


def known_value(mean: float, spread: float) -> float:
    """What knowing a normal gain is worth: E max(g, 0) − max(E g, 0)."""
    return float(mean * norm.cdf(mean / spread) + spread * norm.pdf(mean / spread) - max(mean, 0.0))


def world(seed: int, points: int = 120) -> tuple[Array, Array]:
    """Six normal parameters, and the noise of runs; the gain follows the first parameter alone."""
    random = np.random.default_rng(seed)
    return random.normal(size=(points, 6)), random.normal(size=points)


def mean_of(told: list[Information]) -> tuple[float, float]:
    return float(np.mean([one.value for one in told])), float(np.mean([one.error for one in told]))


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0])
def test_it_finds_the_value_that_can_be_written_down(mean: float) -> None:
    told = []
    for seed in range(WORLDS):
        x, noise = world(seed)
        told.append(information(x[:, :3], {"society": mean + x[:, 0] + noise}, np.ones(len(x)))["society"])
    value, error = mean_of(told)
    true = known_value(mean, 1.0)
    assert 0.65 * true - 0.01 < value < true + 0.03  # it leans low, and hardly ever promises too much
    assert abs(value - true) < 2.0 * error
    assert 0.3 < np.mean([one.explained for one in told]) < 0.6  # a half: parameter and noise vary alike


def test_parameters_that_do_nothing_are_worth_nothing() -> None:
    told = []
    for seed in range(WORLDS):
        x, noise = world(seed)
        told.append(information(x[:, 1:], {"society": x[:, 0] + noise}, np.ones(len(x)))["society"])
    assert mean_of(told)[0] < 0.02  # of the 0.56 that knowing the gain would be worth
    assert np.mean([one.explained for one in told]) < 0.02


def test_nothing_is_worth_knowing_that_would_change_no_decision() -> None:
    x, noise = world(3)
    found = information(x, {"society": 20.0 + x[:, 0] + 0.1 * noise}, np.ones(len(x)))["society"]
    assert found.value == 0.0 and found.other == 0.0 and found.explained > 0.9


def test_members_that_weigh_more_count_more() -> None:
    x, noise = world(5, 200)
    gain, heavy = 1.0 + x[:, 0] + 0.3 * noise, np.where(x[:, 0] < 0.0, 1.0, 1e-3)
    alike, tilted = (information(x[:, :1], {"s": gain}, one)["s"] for one in (np.ones(200), heavy))
    # Where the second weights lie, the gain is around 0.2 and not 1: which decision is right is far less clear.
    assert alike.other < 0.22 < 0.28 < tilted.other and tilted.value > alike.value


def test_who_decides_for_himself_is_told_for_himself() -> None:
    x, noise = world(7)
    gains = {"state": x[:, 0] + 0.2 * noise, "owners": x[:, 1] + 0.2 * noise}
    first = information(x[:, :1], gains, np.ones(len(x)))
    assert first["state"].value > 0.2 and first["owners"].value < 0.03
    alone = information(x[:, :1], {"state": gains["state"]}, np.ones(len(x)))
    assert alone["state"].value == pytest.approx(first["state"].value)


def test_a_choice_of_several_ways_is_worth_knowing_about_as_well() -> None:
    x, noise = world(9)
    ways = np.column_stack([1.0 + x[:, 0], 1.0 - x[:, 0]]) + 0.1 * noise[:, None]
    either = information(x[:, :1], {"society": ways}, np.ones(len(x)))["society"]
    one = information(x[:, :1], {"society": ways[:, 0]}, np.ones(len(x)))["society"]
    here = np.abs(x[:, 0]).mean() - abs(x[:, 0].mean())  # in this world the first way is a little better, or worse
    assert either.value == pytest.approx(here, rel=0.15) and one.value < either.value / 2


def test_a_failed_run_is_left_out_and_few_points_tell_nothing() -> None:
    x, noise = world(11)
    gain = x[:, 0] + noise
    gain[:5] = np.nan
    found = information(x, {"s": gain}, np.ones(len(x)))["s"]
    assert found == information(x[5:], {"s": gain[5:]}, np.ones(len(x) - 5))["s"]
    assert math.isnan(information(x[:20], {"s": x[:20, 0]}, np.ones(20))["s"].value)


def test_no_study_is_worth_more_than_knowing_everything() -> None:
    x, noise = world(13)
    gain = 0.2 + x[:, 0] + noise
    most = perfect(gain, np.ones(len(x)))
    assert most == pytest.approx(known_value(0.2, math.sqrt(2.0)), abs=0.15)
    assert information(x, {"s": gain}, np.ones(len(x)))["s"].value < most
