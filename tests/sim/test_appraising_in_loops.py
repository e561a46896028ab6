"""Owners appraise in loops over buildings: they see of each what the same rules say of columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim import RenewalModel
from sim.phases.planning.appraising import appraise
from sim.randomness import Decision
from sim.rules import appraisal, choice, demand
from sim.rules.appraisal import STANDARDS
from sim.rules.homes import worth_of_standards
from sim.rules.rehousing import expected_cost
from sim.vocabulary import Standard
from sim.world.demand import basic_worth, place_terms, typical_wish
from sim.world.homes import worth_and_extra_rent
from sim.world.world import World

Make = Callable[..., RenewalModel]


def mixed_up(make: Make) -> World:
    """A world whose buildings differ in all that an appraisal looks at."""
    w = make("regional").world
    b, chance = w.buildings, np.random.default_rng(1)
    now = w.at_full_size.condition
    now[:] = np.where(chance.random(len(now)) < 0.2, 0.0, chance.random(len(now)))
    b.standard[:], b.empty[:] = chance.integers(0, 4, b.n), chance.random(b.n) ** 4
    b.rent_chosen[:] = chance.random(b.n) * 50.0
    b.rent[:] = b.rent_plain + b.rent_chosen + chance.random(b.n) * 300.0 - 50.0
    return w


def test_values_are_those_of_columns(make: Make) -> None:
    w = mixed_up(make)
    every, b, now, p = np.arange(w.plans.buildings), w.buildings, w.at_full_size, w.p
    case = appraise(w, every)
    assert (case.rows == w.rows_like(every)).all()
    facts = now.energy, b.area[case.rows], now.condition, w.heat_cost, case.required
    assert (case.bare == appraisal.own_value(case.o, *facts, p) - expected_cost(p)).all()
    assert (case.bare > 0.0).any() and (case.bare < 0.0).any()


def test_errors_are_those_of_columns(make: Make) -> None:
    w = mixed_up(make)
    some = np.arange(w.plans.buildings)[::-2].copy()
    u = w.draws.at(Decision.APPRAISAL_YEAR, w.quarter, some, choice.UNIFORMS)
    yearly = choice.nested_errors(u, w.p.appraisal_correlation)
    assert (appraise(w, some).error == choice.errors(w.known_to_owners[some], yearly, w.p)).all()


def test_what_is_expected_to_stand_empty_is_that_of_columns(make: Make) -> None:
    w = mixed_up(make)
    every, b, p = np.arange(w.plans.buildings), w.buildings, w.p
    o, rows, condition = appraise(w, every).o, w.rows_like(every), w.at_full_size.condition
    rent, base, chosen, area, standard, empty, n = (
        x[rows] for x in (b.rent, b.rent_plain, b.rent_chosen, b.area, b.standard, b.empty, b.neighbourhood)
    )
    worth, extra = (x[rows] / b.flats[rows] for x in worth_and_extra_rent(w))
    basic, plain, wish = basic_worth(w), base * area / 12.0, typical_wish(w)

    def in_the_end(value: np.ndarray) -> np.ndarray:
        seen = w.appeal_start[n], w.lookers_start[n], w.leaving_start[n]
        return demand.empty_at_appeal(demand.appeal(value, place_terms(w)[n], p), *seen, p)

    over = demand.dear(rent, base, chosen, np.where(standard >= Standard.MINI, basic, 0.0))
    before = in_the_end(demand.home_value(worth, condition, extra + over * area / 12.0, plain, wish, p))
    worths, mini = worth_of_standards(p), o.rent_rise[:, 0]
    none = np.zeros(len(rows))
    over = demand.dear(rent - base - chosen + mini, none, none, basic)
    for option, new in enumerate(STANDARDS):
        above = (chosen + np.maximum(o.rent_rise[:, option] - mini, 0.0) + over) * (area / 12.0)
        better = np.maximum(worths[standard], worths[new])
        then = in_the_end(demand.home_value(better, none + 1.0, above, plain, wish, p))
        expected = np.maximum(np.clip(empty + then - before, 0.0, 1.0), p.void_base)
        assert (o.void[:, option] == expected).all()
    assert (o.void_now == np.maximum(empty, p.void_base)).all()
    assert len(np.unique(o.void)) > 3


def test_with_nothing_due_there_is_nothing_to_see(make: Make) -> None:
    w = make("regional").world
    case = appraise(w, np.zeros(0, dtype=np.int64))
    assert case.own.shape == case.o.void.shape == (0, 9) and case.error.shape == (0, 10)
