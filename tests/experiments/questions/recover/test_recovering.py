"""The recovery test on a made-up simulator: it finds what can be found, and it can fail."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.emulator import Emulator
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.recover.recovering import Recovered, narrowed, observed, recover, truths
from experiments.questions.recover.result import share_of

Array = NDArray[Any]

SPACE = Space.of({"found": (0.0, 10.0), "idle": (-1.0, 1.0)})
TARGETS = (Target("P1.twice", 4.0, 6.0, 0.6, 0.6), Target("P1.bound", 2.0, np.inf, 0.6, 0.0))
RULES = Rules(points_first=30, points_later=20, waves=2, candidates=1 << 6)
NAMES = {target.name for target in TARGETS}
WORLDS = 3
NOISE = 0.2


def simulate(values: Array, before: int = 0) -> Array:
    """Two measures of the first parameter; the second one does nothing."""
    draws = np.random.Generator(np.random.PCG64([5, before])).normal(0.0, NOISE, (len(values), 1, 2))
    x = values[:, 0]
    return np.asarray(np.stack([2.0 * x, x + 0.05 * x**2], axis=1)[:, None, :] + draws)


def another(values: Array, before: int = 0) -> Array:
    """Another model than the one that made the worlds."""
    return np.asarray(simulate(values, before) + 3.0)


def searched(simulator: Callable[[Array, int], Array], count: int = WORLDS) -> list[tuple[Array, Recovered]]:
    """So many worlds, each observed once and matched."""
    unit = truths(SPACE.size, count, 1)
    seen = simulate(SPACE.values(unit), 999)[:, 0]
    return [
        (point, recover(simulator, SPACE, observed(TARGETS, values), RULES, point))
        for point, values in zip(unit, seen, strict=True)
    ]


@pytest.fixture(scope="module")
def worlds() -> list[tuple[Array, Recovered]]:
    return searched(simulate)


def test_the_truth_is_kept_in_every_world_and_most_of_the_space_is_not(worlds: list[tuple[Array, Recovered]]) -> None:
    assert [one.kept for _, one in worlds] == [True] * WORLDS
    assert all((one.wave, one.ruled_out_by, one.measures) == (0, (), 2) and 0.0 < one.share < 0.6 for _, one in worlds)


def test_what_the_measures_tell_of_narrows_around_the_truth_and_what_does_nothing_keeps_its_range(
    worlds: list[tuple[Array, Recovered]],
) -> None:
    for point, one in worlds:
        value, low, high = SPACE.values(point), np.array(one.low), np.array(one.high)
        found, idle = narrowed(low, high, SPACE)
        assert found > 0.5 and abs(idle) < 0.1
        # The interval is the middle nine tenths: near an end of the range a truth may lie in the twentieth beyond.
        assert low[0] - 0.5 <= value[0] <= high[0] + 0.5


def test_a_model_that_is_another_than_the_worlds_loses_their_truths_and_what_rules_them_out_is_named() -> None:
    found = [one for _, one in searched(another, 2)]
    assert not any(one.kept for one in found)
    assert all(one.wave == 1 and one.ruled_out_by and set(one.ruled_out_by) <= NAMES for one in found if one.share)
    assert share_of(0, len(found)).high < 0.95


def test_emulators_that_are_off_and_do_not_know_it_lose_truths(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Emulator.predict

    def off(self: Emulator, unit: Array) -> tuple[Array, Array]:
        mean, variance = honest(self, unit)
        return mean + 2.5, variance

    monkeypatch.setattr(Emulator, "predict", off)
    assert not any(one.kept for _, one in searched(simulate, 2))


def test_what_was_observed_elsewhere_than_in_the_truths_world_loses_it() -> None:
    point = np.array([0.2, 0.5])
    elsewhere = observed(TARGETS, np.array([16.0, 11.2]))  # at eight, not at two
    one = recover(simulate, SPACE, elsewhere, RULES, point)
    assert not one.kept and one.wave == 1 and "P1.twice" in one.ruled_out_by
    assert one.low[0] > SPACE.values(point)[0]


def test_where_nothing_is_left_the_truth_is_lost_and_there_is_no_interval() -> None:
    contradicting = observed(TARGETS, np.array([2.0, 14.0]))
    one = recover(simulate, SPACE, contradicting, RULES, np.array([0.1, 0.5]))
    assert not one.kept and one.share == 0.0 and all(map(math.isnan, (*one.low, *one.high)))


def test_a_world_in_which_nothing_could_be_measured_keeps_everything() -> None:
    assert observed(TARGETS, np.array([np.nan, np.inf])) == ()
    one = recover(simulate, SPACE, (), RULES, np.array([0.1, 0.5]))
    assert one.kept and one.share == 1.0 and one.measures == 0
    assert narrowed(np.array(one.low), np.array(one.high), SPACE) == pytest.approx([0.0, 0.0])
    json.dumps(asdict(one))


# --- what is observed


def test_a_range_keeps_its_width_around_what_came_out_and_a_bound_becomes_five_standard_deviations() -> None:
    # The discrepancy is a third of where near ends: 0.2, so a bound becomes half a unit to each side.
    first, second = observed(TARGETS, np.array([9.0, 3.0]))
    assert (first.low, first.high, first.below, first.above) == (8.0, 10.0, 0.6, 0.6)
    assert (second.low, second.high) == pytest.approx((2.5, 3.5)) and second.below == second.above == 0.6


def test_what_could_not_be_measured_is_left_out() -> None:
    assert [target.name for target in observed(TARGETS, np.array([np.nan, 3.0]))] == ["P1.bound"]


def test_the_first_truths_are_the_same_however_many_there_are_and_others_by_seed() -> None:
    few, many = truths(3, 2, 1), truths(3, 9, 1)
    assert np.array_equal(few, many[:2]) and not np.array_equal(few, truths(3, 2, 2))
    assert ((many >= 0.0) & (many < 1.0)).all()


def test_twenty_of_twenty_still_leaves_room_for_losing_a_sixth() -> None:
    share = share_of(20, 20)
    assert (share.mean, share.high) == (1.0, 1.0) and share.low == pytest.approx(0.025 ** (1 / 20))
    assert math.isnan(share_of(0, 0).mean)


def test_fewer_waves_leave_more(worlds: list[tuple[Array, Recovered]]) -> None:
    unit = truths(SPACE.size, 1, 1)[0]
    seen = simulate(SPACE.values(unit[None, :]), 999)[0, 0]
    once = recover(simulate, SPACE, observed(TARGETS, seen), replace(RULES, waves=1), unit)
    assert once.kept and once.share >= 0.8 * worlds[0][1].share
