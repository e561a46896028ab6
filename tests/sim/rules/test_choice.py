"""What owners know and the model does not: errors of a known shape, which options that are not on offer cannot move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import load_parameters
from sim.randomness import Decision, Draws
from sim.rules import choice
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.rivals.aims import AIMS, Prospect

P = load_parameters()
MANY = np.arange(40_000)
POSTPONING = choice.OPTIONS


def standard_errors(correlation: float, quarter: int = 0) -> np.ndarray:
    """Errors of many buildings."""
    return choice.nested_errors(Draws(1).at(Decision.APPRAISAL, quarter, MANY, choice.UNIFORMS), correlation)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.95, 1.0])
def test_every_error_is_a_standard_gumbel_and_options_of_one_standard_agree_as_far_as_is_said(
    correlation: float,
) -> None:
    e = standard_errors(correlation)
    assert np.isfinite(e).all()
    assert e.mean(axis=0) == pytest.approx(np.full(10, np.euler_gamma), abs=0.04)
    assert e.var(axis=0) == pytest.approx(np.full(10, np.pi**2 / 6.0), rel=0.04)
    found = np.corrcoef(e.T)
    alike = STANDARDS[:, None] == STANDARDS[None, :]
    expected = np.where(alike, correlation, 0.0)
    np.fill_diagonal(expected, 1.0)
    assert found[:POSTPONING, :POSTPONING] == pytest.approx(expected, abs=0.03)
    assert found[POSTPONING, :POSTPONING] == pytest.approx(np.zeros(9), abs=0.02)


def test_owners_choose_as_the_nested_logit_says() -> None:
    correlation, value = 0.6, np.linspace(-1.0, 1.0, 9) ** 3
    e = standard_errors(correlation)
    pick = choice.best(np.tile(value, (len(e), 1)), e, np.ones((len(e), 9), dtype=bool))
    t = np.sqrt(1.0 - correlation)
    inside = np.exp(value / t)
    nests = np.array([inside[s == STANDARDS].sum() for s in (1, 2, 3)])
    among = nests**t / (1.0 + (nests**t).sum())
    expected = among[STANDARDS - 1] * inside / nests[STANDARDS - 1]
    assert np.bincount(pick[pick >= 0], minlength=9) / len(e) == pytest.approx(expected, abs=0.01)


def test_more_energy_levels_of_a_standard_do_not_make_the_standard_commoner_where_errors_are_the_standards() -> None:
    def full_share(correlation: float, more: bool) -> float:
        e, value = standard_errors(correlation), np.zeros((len(MANY), 9))
        offered = np.tile((LEVELS == 0) | (more & (STANDARDS == 3)), (len(MANY), 1))
        return float((STANDARDS[choice.best_option(value, e, offered)[0]] == 3).mean())

    assert full_share(1.0, more=True) == pytest.approx(full_share(1.0, more=False))
    # The artefact: with an error for each option apart, a third of the choices becomes three fifths.
    assert full_share(0.0, more=False) == pytest.approx(1 / 3, abs=0.01)
    assert full_share(0.0, more=True) == pytest.approx(3 / 5, abs=0.01)


def test_waiting_brings_no_luck_where_errors_last() -> None:
    def built_at_last(yearly: float, years: int) -> float:
        p, value = P.replace({"appraisal_yearly": yearly}), np.full((len(MANY), 9), -3.0 * P.appraisal_error)
        lasting, open_ = standard_errors(0.5), np.ones(len(MANY), dtype=bool)
        for year in range(years):
            error = choice.errors(lasting, standard_errors(0.5, 1 + year), p)
            open_ &= choice.best(value, error, np.ones((len(MANY), 9), dtype=bool)) < 0
        return 1.0 - float(open_.mean())

    assert built_at_last(0.0, 20) == built_at_last(0.0, 1)
    assert built_at_last(1.0, 20) > 2.0 * built_at_last(1.0, 1)


@pytest.mark.parametrize("yearly", [0.0, 0.3, 1.0])
def test_errors_are_of_the_size_that_is_said_however_much_of_them_changes(yearly: float) -> None:
    p = P.replace({"appraisal_yearly": yearly})
    error = choice.errors(standard_errors(0.5, 0), standard_errors(0.5, 1), p)
    assert error.std(axis=0) == pytest.approx(np.full(10, p.appraisal_error * np.pi / np.sqrt(6.0)), rel=0.03)


@pytest.mark.parametrize("rule", AIMS)
def test_an_error_of_so_many_sek_is_of_one_size_whatever_landlords_maximise(rule: str) -> None:
    cost = np.array([[300e3, 520e3, 900e3, 480e3, 700e3, 1080e3, 800e3, 1020e3, 1400e3]])
    seen = Prospect(
        present_value=0.1 * cost,
        cost=cost,
        income=0.04 * cost,
        sold=1.1 * cost,
        required=np.array([0.06]),
        interest=0.0,
    )
    one, nothing = 1000.0, np.zeros_like(cost)
    # A krona more, for each rule where it looks: at once, as a return for ever at the required yield, or at the sale.
    more = replace(
        seen, present_value=seen.present_value + one, income=seen.income + one * seen.required[:, None],
        sold=seen.sold + one,
    )  # fmt: skip
    aim = AIMS[rule]
    gained = aim.worth(more, nothing, P) - aim.worth(seen, nothing, P)
    assert gained == pytest.approx(one * aim.per_sek(cost))


def test_of_equal_options_the_first_is_taken_and_none_where_none_is_allowed() -> None:
    value, error = np.zeros((3, 9)), np.zeros((3, 10))
    value[0, 4] = value[0, 7] = 1.0
    error[1, 9] = 1.0
    allowed = np.ones((3, 9), dtype=bool)
    allowed[2] = False
    assert choice.best(value, error, allowed).tolist() == [4, -1, -1]
    pick, seen = choice.best_option(value, error, allowed)
    assert pick.tolist() == [4, 0, 0] and seen.tolist() == [1.0, 0.0, -np.inf]
    nothing = value[:0], error[:0], allowed[:0]
    assert len(choice.best(*nothing)) == 0
