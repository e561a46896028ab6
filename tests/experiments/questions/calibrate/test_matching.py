"""History matching on functions whose true parameters are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.questions.calibrate.matching import space as spaces
from experiments.questions.calibrate.matching.emulator import active_inputs, fit
from experiments.questions.calibrate.matching.implausibility import (
    Target,
    chance,
    implausibility,
    inside,
    mean_runs,
    overall,
    weights,
    with_depth,
)
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.waves import History, match

Array = NDArray[Any]

SPACE = Space.of({"a": (0.0, 10.0), "b": (0.0, 10.0), "c": (-1.0, 1.0)})
TRUTH = np.array([[3.0, 7.0, 0.2]])
NOISE = 0.1
RULES = Rules(points_first=40, points_later=40, waves=3, members=30, seeds_of_members=2, candidates=1 << 9)


def toy(values: Array) -> Array:
    """Three measures of three parameters, the last of which hardly matters."""
    a, b, c = values.T
    return np.stack([a + 0.5 * b, a * b / 5.0, np.sin(a) + 0.01 * c], axis=1)


def noisy(values: Array, before: int = 0, seeds: int = 1) -> Array:
    """The toy on seeds of its own."""
    draws = np.random.Generator(np.random.PCG64([3, before])).normal(0.0, NOISE, (len(values), seeds, 3))
    return toy(values)[:, None, :] + draws


def around_truth(width: float = 0.3) -> list[Target]:
    """Ranges that hold the truth's measures."""
    return [Target(f"m{k}", y - width, y + width, 0.2, 0.2) for k, y in enumerate(toy(TRUTH)[0])]


@pytest.fixture(scope="module")
def history() -> History:
    """The toy, matched, with members."""
    found = match(noisy, SPACE, around_truth(), RULES)
    fresh = found.fresh()
    found.take(fresh, noisy(SPACE.values(fresh), found.runs_before, RULES.seeds_of_members))
    return found


def test_the_truth_is_not_ruled_out_and_the_space_shrinks(history: History) -> None:
    shares = [wave.share for wave in history.waves]
    assert all(later <= earlier * 1.05 for earlier, later in zip([1.0, *shares], shares, strict=False))
    assert 0.0 < history.share < 0.2
    # The truth lies within what is left in the directions that matter, and near points that the function itself keeps.
    unit = SPACE.unit(TRUTH)[0]
    last = history.waves[-1]
    assert (last.low[:2] <= unit[:2]).all() and (unit[:2] <= last.high[:2]).all()
    kept = history.unit[history.accepted]
    assert len(kept) >= 5 and np.linalg.norm(kept[:, :2] - unit[:2], axis=1).min() < 0.05


def test_what_is_left_is_about_as_large_as_it_truly_is(history: History) -> None:
    # The set that a perfect emulator would leave, counted on a grid.
    drawn = spaces.whole(3, 1 << 16, 7).points
    variance = np.full((len(drawn), 3), NOISE**2)
    true = (overall(implausibility(toy(SPACE.values(drawn)), variance, around_truth())) <= 3.0).mean()
    assert 0.7 * true < history.share < 3.0 * true


def test_later_waves_are_drawn_where_the_model_is_nearer_the_patterns(history: History) -> None:
    assert len(history.waves) > 1
    assert history.accepted_in(len(history.waves)) > 2 * history.accepted_in(1)


def test_members_are_fresh_points_of_what_is_left_and_all_of_them(history: History) -> None:
    assert history.members is not None and history.left is not None
    unit, runs = history.members
    assert len(unit) == RULES.members and runs.shape == (RULES.members, 2, 3)
    waves = np.concatenate([wave.unit for wave in history.waves])
    assert not any((waves == row).all(axis=1).any() for row in unit)
    last = history.wave_of == len(history.waves) + 1
    assert last.sum() == RULES.members and history.accepted[last].mean() > 0.6


def test_cut_offs_that_fall_to_below_zero_leave_points_that_lie_inside_when_they_are_run() -> None:
    # Three standard deviations leave what may lie outside; expected deep inside, nearly all lies inside.
    strict = replace(RULES, waves=4, cut_offs=(3.0, 1.0, 0.0, -1.0), share_inside=0.9)
    loose = match(noisy, SPACE, around_truth(), replace(RULES, share_inside=1.0))
    found = match(noisy, SPACE, around_truth(), strict)
    shares = []
    for one in (loose, found):
        fresh = one.fresh()
        shares.append(inside(toy(SPACE.values(fresh)), around_truth()).mean())
    assert shares[0] < 0.7 < 0.9 < shares[1]
    assert found.share < loose.share


def test_a_wave_of_which_enough_lies_inside_every_range_is_the_last(history: History) -> None:
    easy = [Target("m0", 0.0, 12.0, 0.5, 0.5)]
    found = match(lambda v, b: noisy(v, b)[:, :, :1], SPACE, easy, replace(RULES, share_inside=0.5))
    assert found.met and len(found.waves) < RULES.waves
    assert not history.met and len(history.waves) == RULES.waves


def test_a_parameter_that_does_not_matter_keeps_its_range(history: History) -> None:
    last = history.waves[-1]
    assert last.high[2] - last.low[2] > 0.9


def test_patterns_that_no_parameter_can_meet_leave_nothing() -> None:
    targets = [*around_truth(), Target("m2", 5.0, 6.0, 0.1, 0.1)]

    def with_sine_twice(values: Array, before: int) -> Array:
        runs = noisy(values, before)
        return np.concatenate([runs, runs[:, :, 2:]], axis=2)

    empty = match(with_sine_twice, SPACE, targets, RULES)
    assert empty.share == 0.0 and not empty.met and not empty.accepted.any() and not len(empty.fresh())
    # With its worst measure forgiven, the rest can be met.
    forgiving = match(with_sine_twice, SPACE, targets, replace(RULES, rank=2))
    assert forgiving.share > 0.0 and forgiving.accepted.any()


def test_a_pattern_that_everything_meets_rules_out_nothing() -> None:
    anything = [Target("m0", -100.0, 100.0, 1.0, 1.0)]
    loose = match(lambda values, before: noisy(values, before)[:, :, :1], SPACE, anything, RULES)
    assert loose.share == 1.0 and loose.accepted.all() and loose.met and len(loose.waves) == 1


def test_matching_twice_gives_the_same_points_and_numbers() -> None:
    one, other = (match(noisy, SPACE, around_truth(), replace(RULES, waves=2)) for _ in range(2))
    assert np.array_equal(one.unit, other.unit) and one.share == other.share


def test_chance_is_known_from_what_emulators_leave_over_and_from_the_members_seeds(history: History) -> None:
    assert (history.waves[-1].noise > 0.0).all()
    assert history.waves[-1].noise[0] == pytest.approx(NOISE**2, rel=0.7)


def test_a_measure_that_never_exists_says_nothing() -> None:
    def half_blind(values: Array, before: int) -> Array:
        runs = noisy(values, before)
        runs[:, :, 1] = np.nan
        return runs

    unseen = match(lambda v, b: np.full((len(v), 1, 3), np.nan), SPACE, around_truth(), RULES)
    assert unseen.share == 1.0 and len(unseen.fresh()) == RULES.members
    blind, seeing = match(half_blind, SPACE, around_truth(), RULES), match(noisy, SPACE, around_truth(), RULES)
    assert np.isfinite(blind.share) and blind.share > seeing.share
    assert np.isnan(blind.waves[0].missed[1])


def test_infinite_values_are_brought_back_to_where_they_stop_counting() -> None:
    def never(values: Array, before: int) -> Array:
        runs = noisy(values, before)
        runs[:, :, 0] = np.where(values[:, None, 0] > 5.0, np.inf, runs[:, :, 0])
        return runs

    found = match(never, SPACE, around_truth(), RULES)
    assert np.isfinite(found.means).all() and 0.0 < found.share < 0.2


# --- implausibility by hand


def test_implausibility_is_the_distance_outside_over_all_that_is_uncertain() -> None:
    target = Target("rent", 30.0, 40.0, 3.0, 6.0)
    expected = np.array([[35.0], [40.0], [46.0], [27.0], [46.0]])
    # Inside 0; 6 above with a tolerance of 6: exactly 3; 3 below with a tolerance of 3: exactly 3.
    # Emulator 1.5 squared and seeds 1 squared beside a discrepancy of 2: 6 / sqrt(4 + 2.25 + 1) = 2.228.
    variance = np.array([[0.0], [0.0], [0.0], [0.0], [1.5**2 + 1.0]])
    found = implausibility(expected, variance, [target])[:, 0]
    assert found == pytest.approx([0.0, 0.0, 3.0, 3.0, 6.0 / 7.25**0.5])


def test_inside_a_range_the_depth_is_told_below_zero_and_its_middle_is_always_deep_enough() -> None:
    targets = [Target("rent", 30.0, 40.0, 3.0, 6.0)]
    expected = np.array([[30.0], [31.0], [35.0], [46.0], [np.nan]])
    found = with_depth(expected, np.full((5, 1), 4.0), targets)[:, 0]
    assert found == pytest.approx([0.0, -0.5, -2.5, 6.0 / 8.0**0.5, -np.inf])
    # However uncertain: five from both ends is deeper than one.
    assert with_depth(np.array([[35.0]]), np.full((1, 1), 1e4), targets)[0, 0] == pytest.approx(-1.25)


def test_patterns_weigh_alike_whatever_the_number_of_their_measures() -> None:
    targets = [Target(name, 0.0, 1.0, 1.0, 1.0) for name in ("P1.a", "P1.b", "P2.a")]
    by_target = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 2.0], [np.nan, 0.0, 0.0]])
    assert weights(by_target, targets) == pytest.approx([1.0, np.exp(-1.0), np.exp(-2.0), 1.0])


def test_an_open_range_has_one_side() -> None:
    target = Target("share", 0.5, np.inf, 0.15, 0.0)
    found = implausibility(np.array([[9.0], [0.5], [0.35]]), np.zeros((3, 1)), [target])[:, 0]
    assert found == pytest.approx([0.0, 0.0, 3.0])


def test_the_largest_counts_or_the_second_largest_and_what_is_unknown_does_not() -> None:
    by_target = np.array([[1.0, 4.0, 2.0], [np.nan, 5.0, np.nan]])
    assert overall(by_target).tolist() == [4.0, 5.0] and overall(by_target, 2).tolist() == [2.0, 0.0]


def test_chance_is_the_variance_within_points_not_between_them() -> None:
    runs = np.array([[[1.0], [3.0]], [[11.0], [13.0]]])
    assert chance(runs) == pytest.approx([2.0]) and mean_runs(runs)[:, 0].tolist() == [2.0, 12.0]


# --- emulators and designs


def test_an_emulator_knows_a_smooth_function_and_how_far_it_may_be_off() -> None:
    unit = spaces.latin_hypercube(2, 60, 1)
    new = spaces.latin_hypercube(2, 200, 2)

    def smooth(x: Array) -> Array:
        return np.asarray(np.sin(4.0 * x[:, 0]) + x[:, 1] ** 2)

    mean, variance = fit(unit, smooth(unit)).predict(new)
    off = np.abs(mean - smooth(new))
    assert off.max() < 0.1
    assert (off <= 3.0 * np.sqrt(variance) + 1e-3).mean() > 0.95


def test_a_constant_needs_no_process() -> None:
    emulator = fit(spaces.latin_hypercube(2, 20, 1), np.full(20, 4.0))
    mean, variance = emulator.predict(np.array([[0.5, 0.5]]))
    assert mean[0] == pytest.approx(4.0) and variance[0] == pytest.approx(0.0)


def test_what_is_left_in_many_dimensions_is_found_with_its_share_and_evenly() -> None:
    # Ten of fifty inputs within a tenth of their ranges: a share of 1e-10, which no draw of the cube would ever hit.
    def far(unit: Array, level: float = 0.0) -> Array:
        return np.asarray(np.abs(unit[:, :10] - 0.5).max(axis=1) / 0.05)

    left = spaces.narrowed(spaces.whole(50, 1024, 1), far, 1.0, 2)
    assert 0.3e-10 < left.share < 3e-10
    assert left.points.shape == (1024, 50) and (far(left.points) <= 1.0).all()
    # Even in the ten (the largest of ten distances is 10/11 on average), and in all of the others.
    assert far(left.points).mean() == pytest.approx(10 / 11, abs=0.02)
    assert left.points[:, 10:].std() == pytest.approx(12**-0.5, abs=0.01)
    assert len(np.unique(left.points, axis=0)) > 900


def test_a_thin_diagonal_band_is_followed_to_both_ends() -> None:
    left = spaces.narrowed(spaces.whole(20, 1024, 1), lambda unit, _: np.abs(unit[:, 0] - unit[:, 1]) / 0.01, 1.0, 2)
    assert 0.01 < left.share < 0.04  # 0.0199
    assert left.points[:, 0].min() < 0.05 and left.points[:, 0].max() > 0.95


def test_nothing_is_left_where_the_cut_off_cannot_be_reached() -> None:
    left = spaces.narrowed(spaces.whole(3, 256, 1), lambda unit, _: 2.0 + unit[:, 0], 1.0, 2)
    assert left.share == 0.0 and not len(left.points)


def test_inputs_that_do_nothing_are_not_active_among_many() -> None:
    unit = spaces.latin_hypercube(60, 200, 1)
    chance = np.random.Generator(np.random.PCG64(5)).normal(0.0, 0.1, 200)
    found = active_inputs(unit, 3.0 * unit[:, 7] + 4.0 * (unit[:, 31] - 0.5) ** 2 + chance)
    assert found[0] == 7 and 31 in found and len(found) < 15


def test_an_emulator_of_many_inputs_knows_how_far_it_may_be_off() -> None:
    unit, new = spaces.latin_hypercube(60, 200, 1), spaces.latin_hypercube(60, 300, 2)

    def truth(x: Array) -> Array:
        return np.asarray(2.0 * np.sin(3.0 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * x[:, 3:15].sum(axis=1))

    chance = np.random.Generator(np.random.PCG64(5)).normal(0.0, 0.1, 200)
    mean, variance = fit(unit, truth(unit) + chance, 0.01).predict(new)
    off = (mean - truth(new)) ** 2
    assert off.mean() < 0.1 * truth(new).var()
    assert (off <= 9.0 * variance).mean() > 0.9


def test_unit_points_and_values_are_two_names_of_the_same() -> None:
    unit = np.array([[0.0, 0.5, 1.0]])
    assert SPACE.values(unit).tolist() == [[0.0, 5.0, 1.0]]
    assert SPACE.unit(SPACE.values(unit)) == pytest.approx(unit)
    assert SPACE.named(unit[0]) == {"a": 0.0, "b": 5.0, "c": 1.0}
