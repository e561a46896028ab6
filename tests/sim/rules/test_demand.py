"""Demand for flats: the more wanted a place is, the more look and the fewer flats stand empty; what stands empty tells
how many look."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim import load_parameters
from sim.rules import demand
from sim.rules.rivals.demand import PLACES

P = load_parameters()
RNG = np.random.default_rng(1)
MANY = RNG.random(1000)


def test_empty_flats_tell_how_many_look_and_so_many_leave_as_many_empty() -> None:
    empty, leaving = 0.01 + 0.98 * MANY, 0.001 + 0.2 * RNG.random(1000)
    look = demand.demand_seen(empty, leaving, P)
    some = np.isfinite(look)
    assert some.sum() > 900
    assert demand.empty_in_the_end(look, leaving, P)[some] == pytest.approx(empty[some], abs=1e-9)


def test_as_many_are_let_as_have_left_where_nothing_changes() -> None:
    leaving = 0.001 + 0.2 * RNG.random(1000)
    look = 3.0 * leaving * MANY
    empty = demand.empty_in_the_end(look, leaving, P)
    before = empty + leaving * (1.0 - empty)
    assert before * demand.let_share(look / before, P) == pytest.approx(leaving * (1.0 - empty), abs=1e-12)


def test_where_more_look_fewer_stand_empty_and_where_nobody_looks_all_do() -> None:
    look = np.array([0.0, 0.01, 0.02, 0.03, 0.1, 1.0, 100.0, np.inf])
    empty = demand.empty_in_the_end(look, np.full(8, 0.03), P)
    assert empty[0] == 1.0 and all(more >= less for more, less in pairwise(empty)) and empty[-1] < 0.003
    assert (demand.empty_in_the_end(look, np.zeros(8), P) == 0.0).all(), "nobody leaves"


def test_whoever_stays_away_has_a_reason_and_a_more_attractive_place_never_draws_fewer() -> None:
    plain = np.full(50, 5000.0)
    ladder = {
        "standard": lambda x: demand.home_value(2.0 * x, plain / plain, 0.0 * x, plain, 600.0, P),
        "condition": lambda x: demand.home_value(0.0 * x, x, 0.0 * x, plain, 600.0, P),
        "rent": lambda x: demand.home_value(0.0 * x, plain / plain, 3000.0 * (1.0 - x), plain, 600.0, P),
        "reputation": lambda x: PLACES["place"](x, plain / plain, P),
        "calm": lambda x: PLACES["place"](plain / plain, x, P),
    }
    for reason, rule in ladder.items():
        term = rule(np.linspace(0.0, 1.0, 50))
        first = demand.appeal(term if reason in ("standard", "condition", "rent") else 0.0 * term,
                              term if reason in ("reputation", "calm") else 0.0 * term, P)  # fmt: skip
        look = demand.choosing(np.full(50, 0.1), first / first[0], P) + demand.not_choosing(np.full(50, 0.1), P)
        assert (np.diff(look) >= 0.0).all() and look[-1] > look[0], reason


def test_under_the_rival_rule_neither_name_nor_calm_keeps_anybody_away() -> None:
    assert not PLACES["home"](MANY, MANY, P).any()


def test_what_pays_for_pipes_and_bathroom_weighs_nothing_and_what_is_above_comparable_flats_does() -> None:
    rent = np.array([900.0, 1000.0, 1100.0, 1500.0, 950.0])
    basic = np.array([0.0, 0.0, 167.0, 167.0, 167.0])
    chosen = np.array([0.0, 0.0, 0.0, 200.0, 150.0])
    # The last one's rise is still phased in: 150 are agreed, 50 paid.
    assert demand.dear(rent, np.full(5, 900.0), chosen, basic).tolist() == [0.0, 100.0, 33.0, 233.0, -100.0]


def test_the_number_that_looks_has_its_mean_and_a_larger_mean_only_adds_households() -> None:
    u = RNG.random(200_000)
    less, more = (demand.looked_at(np.full(len(u), mean), u) for mean in (0.3, 0.6))
    assert less.mean() == pytest.approx(0.3, rel=0.02) and more.mean() == pytest.approx(0.6, rel=0.02)
    assert (more >= less).all() and (less > 0).mean() == pytest.approx(0.3 / 1.3, rel=0.02)
    with np.errstate(divide="ignore"):
        assert (demand.looked_at(np.zeros(3), np.array([1e-9, 0.5, 0.999])) == 0).all()
    assert (demand.looked_at(np.full(3, 1e15), np.array([1e-9, 0.5, 0.999])) > 100).all()
