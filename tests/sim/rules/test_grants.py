"""What applying for a grant is worth, how a panel ranks, and what is learned of answers: the rules by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_parameters
from sim.rules import grants as rules


def test_what_applying_is_worth_follows_from_chance_delay_and_what_is_lost() -> None:
    def gain(without: float, granted: float, begins: bool, chance: float, later: float) -> float:
        one = rules.Hopes(np.array([without]), np.array([granted]), np.array([begins]), np.array([chance]),
                          np.array([later]))  # fmt: skip
        return float(rules.gain(one)[0])

    assert gain(0.0, 100.0, False, 0.5, 1.0) == 50.0
    assert gain(40.0, 100.0, False, 0.5, 1.0) == 30.0, "it is built anyway, later"
    assert gain(40.0, 100.0, True, 0.5, 0.9) == pytest.approx(0.9 * 70.0 - 40.0), "instead of now"
    assert gain(40.0, 40.0, True, 1.0, 0.9) < 0.0, "waiting for nothing costs"


def test_owners_learn_from_their_own_answers_and_from_others() -> None:
    p = load_parameters().replace({"grant_learning": 0.5, "grant_own_weight": 0.75})
    before = np.array([0.5, 0.5, 0.5])
    after = rules.learnt(before, np.array([2.0, 2.0, 0.0]), np.array([2.0, 0.0, 0.0]), p)
    assert after.tolist() == pytest.approx([0.5 + 0.5 * (0.875 - 0.5), 0.5 + 0.5 * (0.125 - 0.5), 0.5])
    assert rules.learnt(before, np.zeros(3), np.zeros(3), p) is before


def test_applications_of_owners_without_staff_come_later() -> None:
    p = load_parameters().replace({"grant_unstaffed_late": 0.5, "grant_staffed_flats": 100.0})
    u = np.linspace(0.0, 1.0, 11)
    late, early = (rules.arrival(u, np.full(11, flats), p) for flats in (50.0, 500.0))
    assert (late == early + 0.5).all()


def test_a_panel_weighs_energy_per_krona_against_tenants_with_low_incomes() -> None:
    p = load_parameters().replace({"panel_social": 0.5})
    saved, asked, none = np.array([100.0, 120.0]), np.array([10.0, 10.0]), np.zeros(2)
    assert rules.ranked(saved, asked, np.array([0.6, 0.1]), none, p)[0] == 0
    assert rules.ranked(saved, asked, np.array([0.6, 0.1]), none, p.replace({"panel_social": 0.0}))[0] == 1
    assert (
        rules.ranked(saved, np.array([10.0, 20.0]), np.array([0.1, 0.6]), none, p.replace({"panel_social": 0.0}))[0]
        == 0
    )
    assert rules.ranked(saved, asked, none, np.array([2.0, 0.0]), p)[0] == 0, "what it gets wrong"


def test_what_is_too_large_for_the_rest_of_the_money_is_passed_over() -> None:
    found = rules.within(np.array([2, 0, 1, 3]), np.array([50.0, 20.0, 40.0, 30.0]), 70.0)
    assert found.tolist() == [2, 1], "40, then not 50, then 20, and not 30 any more"
    assert rules.within(np.array([0]), np.array([1.0]), 0.0).tolist() == []
