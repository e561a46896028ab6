"""Who carries a gain: Shapley values and interactions on games small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.shapley import best_order, bootstrap, first, interactions, last, shapley

RANDOM = np.random.default_rng(1)

# A glove game: players 0 and 1 have a left glove each, player 2 the right one; a pair is worth 1.
GLOVES = np.array([float(mask & 4 > 0 and mask & 3 > 0) for mask in range(8)])


def test_the_hand_case_of_three_players_has_its_known_values() -> None:
    assert shapley(GLOVES) == pytest.approx([1 / 6, 1 / 6, 4 / 6])


def test_values_sum_to_the_total_in_every_replicate() -> None:
    values = RANDOM.random((64, 5))
    assert shapley(values).sum(axis=0) == pytest.approx(values[-1] - values[0])


def test_symmetric_players_are_treated_alike_and_one_who_adds_nothing_gets_nothing() -> None:
    shares = shapley(GLOVES)
    assert shares[0] == pytest.approx(shares[1])
    with_idle = np.concatenate([GLOVES, GLOVES])
    assert shapley(with_idle)[3] == 0
    assert np.all(interactions(with_idle)[3] == 0)


def test_in_an_additive_game_each_gets_its_own_and_no_pair_interacts() -> None:
    own = np.array([3.0, -1.0, 0.5, 2.0])
    values = np.array([sum(own[bit] for bit in range(4) if mask >> bit & 1) for mask in range(16)])
    assert shapley(values) == pytest.approx(own)
    assert first(values) == pytest.approx(own) and last(values) == pytest.approx(own)
    assert interactions(values) == pytest.approx(np.zeros((4, 4)))


def test_two_who_only_gain_together_interact_and_two_who_stand_in_for_each_other_interact_negatively() -> None:
    both, either = np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    assert interactions(both)[0, 1] == 1 and interactions(either)[0, 1] == -1
    assert first(both).tolist() == [0, 0] and last(both).tolist() == [1, 1]


def test_the_interaction_index_of_three_players_is_the_mean_over_the_third_in_and_out() -> None:
    values = RANDOM.random(8)
    out = values[0b011] - values[0b001] - values[0b010] + values[0]
    within = values[0b111] - values[0b101] - values[0b110] + values[0b100]
    assert interactions(values)[0, 1] == pytest.approx((out + within) / 2)


def test_the_best_order_starts_with_what_gains_and_leaves_what_harms_to_the_end() -> None:
    own = np.array([1.0, -2.0, 5.0])
    order = best_order(np.array([sum(own[bit] for bit in range(3) if mask >> bit & 1) for mask in range(8)]))
    assert order.players == (2, 0, 1) and order.path == (0, 5, 6, 4)


def test_the_bootstrap_interval_holds_the_mean_and_is_wide_enough_for_few_replicates() -> None:
    held = 0
    for seed in range(60):
        sample = np.random.default_rng(seed).normal(size=6)
        found = bootstrap(sample)
        assert found.low < found.mean < found.high
        held += found.low < 0 < found.high
    assert held >= 51
    assert np.isnan(bootstrap(np.array([1.0])).low)


def test_a_table_that_is_no_set_of_coalitions_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a power of two"):
        shapley(np.zeros(6))
