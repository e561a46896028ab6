"""A framework's members buy together what gives them most, against the repetition that each further package costs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sim import load_parameters
from sim.rules import menu
from sim.rules.choice import OPTIONS

P = load_parameters()
COST = np.array([288e3, 445e3, 747e3, 528e3, 685e3, 987e3, 640e3, 797e3, 1099e3])
FREE = np.zeros(OPTIONS)
LARGE = np.full(OPTIONS, P.lot_flats_pooled)


def wishes(seed: int, buildings: int = 25, spread: float = 30e3, own_lot: float = 60.0) -> menu.Wishes:
    """Buildings of some fifty flats with tastes that differ by ``spread`` SEK a flat."""
    rng = np.random.default_rng(seed)
    value = 20e3 + rng.normal(0.0, spread, OPTIONS) + rng.gumbel(0.0, spread, (buildings, OPTIONS))
    otherwise = np.maximum(value.max(axis=1), rng.gumbel(0.0, spread, buildings))
    flats = rng.integers(20, 90, buildings).astype(float)
    cost = np.tile(COST, (buildings, 1))
    return menu.Wishes(value, otherwise, cost, flats, np.full(buildings, own_lot), np.zeros(OPTIONS), LARGE)


def worth(w: menu.Wishes, packages: tuple[int, ...], design: np.ndarray) -> float:
    """What a menu gives, written out building by building."""
    full = menu.joint(w, np.full(OPTIONS, w.flats.sum()), P)
    alone, bought = menu.alone(w, P), dict[int, list[int]]()
    for i in range(len(w.flats)):
        best = max(packages, key=lambda k: w.value[i, k] + alone[i, k] - full[i, k])
        if w.value[i, best] + alone[i, best] - full[i, best] >= w.otherwise[i]:
            bought.setdefault(best, []).append(i)
    flats = np.zeros(OPTIONS)
    for k, buyers in bought.items():
        flats[k] = w.flats[buyers].sum()
    real = menu.joint(w, flats, P)
    gains = [
        w.flats[i] * (w.value[i, k] + alone[i, k] - real[i, k] - w.otherwise[i])
        for k, buyers in bought.items()
        for i in buyers
    ]
    return float(np.sum(gains)) - float(design[list(packages)].sum())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [1, 2, 9])
def test_no_other_menu_gives_members_more(seed: int, most: int) -> None:
    w, design = wishes(seed), np.full(OPTIONS, P.package_design / P.design_years)
    chosen = menu.chosen_menu(w, design, most, P)
    assert chosen.sum() <= most
    menus = [m for size in range(1, min(most, 4) + 1) for m in combinations(range(OPTIONS), size)]
    best = max(worth(w, m, design) for m in menus)
    found = worth(w, tuple(np.flatnonzero(chosen).tolist()), design) if chosen.any() else 0.0
    assert found >= max(best, 0.0) - 1e-3


@pytest.mark.parametrize("buildings", [0, 1, 12])
def test_all_menus_at_once_give_what_each_gives_building_by_building(buildings: int) -> None:
    w, design = wishes(3, buildings), np.full(OPTIONS, P.package_design / P.design_years)
    w.value[np.random.default_rng(5).random(w.value.shape) < 0.2] = -np.inf
    found = menu.gains(w, design, P)
    assert found[0] == 0.0
    for number in range(1, 1 << OPTIONS, 7):
        packages = tuple(k for k in range(OPTIONS) if number >> k & 1)
        assert found[number] == pytest.approx(worth(w, packages, design), abs=1e-3)


def test_the_more_tastes_differ_the_more_packages_and_the_more_series_save_the_fewer() -> None:
    def number(spread: float, **changes: float) -> float:
        p = P.replace(changes)
        return float(np.mean([menu.chosen_menu(wishes(s, 60, spread), FREE, 9, p).sum() for s in range(20)]))

    assert number(5e3) < number(40e3) < number(100e3)
    assert number(40e3, learning_cost=0.12) < number(40e3, learning_cost=0.02)


def test_a_dearer_design_means_fewer_packages() -> None:
    def number(design: float) -> float:
        return float(np.mean([menu.chosen_menu(wishes(s, 60), FREE + design, 9, P).sum() for s in range(20)]))

    assert number(0.0) > number(3e6) > number(30e6)


def test_nobody_buys_together_where_it_saves_nothing() -> None:
    same = P.replace({"learning_cost": 0.0, "lot_setup": 0.0})
    assert not menu.chosen_menu(wishes(1), FREE + 1.0, 9, same).any()


def test_a_member_whose_wish_is_its_own_goes_without_and_does_better_alone_if_the_wish_is_strong() -> None:
    # Ten buildings want the first option; one wants the last, mildly or much.
    def last_buys(strength: float) -> int:
        value = np.full((11, OPTIONS), -200e3)
        value[:10, 0], value[10, 8], value[10, 0] = 100e3, 100e3 + strength, 100e3
        w = menu.Wishes(
            value, value.max(axis=1), np.tile(COST, (11, 1)), np.full(11, 50.0), np.full(11, 50.0), FREE, LARGE
        )
        chosen = menu.chosen_menu(w, FREE + 1e6, 9, P)
        assert chosen[0] and not chosen[8]  # too few want it: that is what pooling costs this member
        return int(menu.expected_round(w, chosen, P)[0][10])

    assert last_buys(5e3) == 0  # takes what the others take: it is so much cheaper
    assert last_buys(150e3) == -1  # tenders alone


def test_believed_prices_hold_on_the_average_of_a_round() -> None:
    w = wishes(3)
    best = np.where(w.value.max(axis=1) >= w.otherwise, w.value.argmax(axis=1), -1)
    buys, flats = menu.expected_round(w, menu.chosen_menu(w, FREE, 9, P), P)
    extra = menu.dearer_than_usual(w, buys, flats, best, P)
    begun = (buys >= 0) | (best >= 0)
    option = np.where(buys >= 0, buys, np.maximum(best, 0))
    mean = np.average(extra[np.arange(len(buys)), option][begun], weights=w.flats[begun])
    assert abs(mean) < 0.01 * COST[0]
    # Alone everything is dearer than that, and dearer than together.
    assert (extra[:, flats == 0.0] > 0.0).all() and extra[:, flats > 0.0].min() < 0.0
    assert (menu.joint(w, flats, P) < menu.alone(w, P))[:, flats > 0.0].all()
