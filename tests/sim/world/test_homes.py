"""What the homes of a run are worth, household by household."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.vocabulary import Standard
from sim.world.homes import homes_now

Make = Callable[..., RenewalModel]
LIVELY = {"turnover_chance": 0.8, "upgrade_eagerness": 0.05}


@pytest.fixture(scope="module")
def late(make: Make) -> RenewalModel:
    """A county with all standards, flats renewed singly, and wages that have grown."""
    return make("siloed", years=8, parameters={"wage_growth": 0.03, **LIVELY}).run()


def worth(model: RenewalModel, row: int) -> float:
    """Wishes for intermediate that a flat's standard is worth."""
    r, b, p = model.residents, model.buildings, model.p
    if r.upgraded[row]:
        return p.home_worth_single
    by = {Standard.NONE: 0.0, Standard.MINI: 0.0, Standard.MIDI: 1.0, Standard.MAXI: p.home_worth_maxi}
    return by[Standard(b.standard[r.building[row]])]


def test_homes_are_worth_their_plain_rent_and_what_households_would_pay_less_what_they_leave(
    late: RenewalModel,
) -> None:
    world, p = late.world, late.p
    r, by = world.residents, world.wishes
    assert r.upgraded.any() and (~r.occupied).any() and (world.buildings.standard == Standard.MAXI).any()
    said = left = rent = worn = 0.0
    for row in np.flatnonzero(r.occupied):
        said += worth(late, row) * r.wish[row]
        lot = p.home_worth_elsewhere * (r.wish[row] - by.typical)
        market = max(r.wish[row] - by.marginal, 0.0) - by.above
        sorted_ = p.home_worth_elsewhere_sorted
        left += p.home_worth_maxi * ((1.0 - sorted_) * lot + sorted_ * market)
        rent += world.plain_rent[row]
        missing = max(p.due_condition - world.buildings.condition[r.building[row]], 0.0) / p.due_condition
        worn += p.home_worth_worn * missing * r.wish[row]
    grown = world.pay_level**p.home_worth_income
    assert grown > 1.05
    found = homes_now(world)
    assert found.better.sum() / 4.0 == pytest.approx(3.0 * grown * said)
    assert found.elsewhere / 4.0 == pytest.approx(3.0 * grown * left)
    assert found.worn / 4.0 == pytest.approx(3.0 * grown * worn) and worn > 0.0
    assert found.quarter == pytest.approx(3.0 * (rent + grown * (said - left - worn)))


def test_at_the_marginal_households_wish_it_does_not_matter_who_lives_where(make: Make) -> None:
    model = make("siloed", years=8, levers={"home_worth_of": "marginal"}).run()
    world, r = model.world, model.residents
    before = homes_now(world)
    better = sum(worth(model, row) for row in np.flatnonzero(r.occupied))
    grown = world.pay_level**model.p.home_worth_income
    assert before.better.sum() == pytest.approx(12.0 * grown * world.wishes.marginal * better)
    r.wish[:] = r.wish[::-1].copy()
    after = homes_now(world)
    assert np.array_equal(after.better, before.better) and after.elsewhere == 0.0 == before.elsewhere


def test_the_lever_moves_the_account_and_nothing_that_happens(make: Make) -> None:
    curves = [make("siloed", years=4, levers={"home_worth_of": of}).run().curves() for of in ("occupants", "marginal")]
    moved = {name for name in curves[0] if not curves[0][name].equals(curves[1][name])}
    assert moved == {"home_worth_better", "society", "society_people", "society_people_homes", "value_society_left"}


def test_basic_homes_of_the_start_add_nothing_on_average(make: Make) -> None:
    model = make("siloed", years=1)
    found = homes_now(model.world)
    assert found.elsewhere == pytest.approx(0.0, abs=1.0) and not found.better.any()


def test_a_wish_is_kept_for_life_and_changes_with_the_household_alone(make: Make) -> None:
    model = make("siloed", years=5)
    r = model.residents
    for _ in range(20):
        household, wishes, work = r.household.copy(), r.wish.copy(), r.work.copy()
        model.step()
        same = r.household == household
        assert np.array_equal(r.wish[same], wishes[same]) and (r.work[same] != work[same]).any()
        assert (r.wish[~same] != wishes[~same]).all()


def test_the_better_off_wish_for_more_unless_income_has_no_part_in_it(make: Make) -> None:
    ratios = []
    for elasticity in (0.0, 1.0):
        r = make("siloed", years=1, parameters={"home_worth_income": elasticity, "income_floor": 500.0}).residents
        poor, rich = np.quantile(r.income, [1 / 3, 2 / 3])
        ratios.append(r.wish[r.income > rich].mean() / r.wish[r.income < poor].mean())
    assert ratios[0] == pytest.approx(1.0, abs=0.15) and ratios[1] > 2.0


def test_worn_buildings_cost_those_who_live_there_and_renovated_ones_nothing(make: Make) -> None:
    nobody_minds = {"demand_home": 0.0}  # by where they look for a flat
    free, dear = (
        make("siloed", years=6, parameters=nobody_minds | {"home_worth_worn": worth}).run() for worth in (0.0, 1.0)
    )
    assert np.array_equal(free.residents.household, dear.residents.household), "nothing else that happens hangs on it"
    lost = free.curves()["society_people_homes"] - dear.curves()["society_people_homes"]
    assert (lost > 0.0).all()
    dear.buildings.condition[:] = 1.0
    assert homes_now(dear.world).worn == 0.0
