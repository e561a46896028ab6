"""Rents after a renovation: by use value whatever the works cost, large rises in steps; by cost as the rival rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Parameters, RenewalModel, load_parameters
from sim.aggregate import aggregate_curves
from sim.inputs.region import Region
from sim.rules.appraisal import LEVELS, STANDARDS, market_gain, offer, rent_rise
from sim.rules.finance import annuity
from sim.rules.phase_in import at_once, paid, steps, waiting
from sim.rules.rivals.rents import RENTS, Rents, use_values
from sim.vocabulary import Standard

Make = Callable[..., RenewalModel]
P = load_parameters()
NONE, BASIC, INTERMEDIATE, FULL = 0.0, *use_values(P)
MINI = {"standard_choice": "forced", "forced_standard": "mini"}


def rents(rule: str = "use-value", held: float = 0.0, level: float = 1.0, rent: float = 930.0) -> Rents:
    """One building's."""
    return Rents(np.array([rent]), np.array([72.0]), np.array([held]), level, RENTS[rule])


def rises(x: Rents, price: float = 1.0, p: Parameters = P) -> np.ndarray:  # type: ignore[type-arg]
    """By standard, without energy measures."""
    return np.asarray(rent_rise(x, price, p)[0][0, LEVELS == 0])


# --- the rules


def test_by_use_value_a_standard_is_worth_what_flats_of_that_standard_pay_more() -> None:
    assert rises(rents()).tolist() == [BASIC, INTERMEDIATE, FULL]
    assert rises(rents(held=BASIC)).tolist() == [0.0, INTERMEDIATE - BASIC, FULL - BASIC]


def test_the_same_standard_a_second_time_or_a_lower_one_gives_no_rise() -> None:
    assert rises(rents(held=INTERMEDIATE)).tolist() == [0.0, 0.0, FULL - INTERMEDIATE]
    assert rises(rents(held=FULL)).tolist() == [0.0, 0.0, 0.0]


def test_a_rise_drifts_with_the_general_level_and_with_nothing_else() -> None:
    assert rises(rents(level=1.3)) == pytest.approx(1.3 * rises(rents()))
    assert np.array_equal(rises(rents(rent=500.0)), rises(rents())), "no ceiling in per cent of the old rent"


COSTS = {"cost_mini": 5e5, "cost_midi": 7e5, "cost_maxi": 9e5, "rent_yield": 0.055, "rent_ceiling": 0.8}


def test_what_works_cost_moves_no_rise_by_use_value_and_every_rise_by_cost() -> None:
    dear = P.replace(COSTS)
    assert np.array_equal(rises(rents(), 1.5, dear), rises(rents()))
    assert (rises(rents("cost"), 1.5) > rises(rents("cost"))).all()
    assert (rises(rents("cost"), 1.0, dear) > rises(rents("cost"))).all()


@pytest.mark.parametrize("rule", RENTS)
def test_energy_measures_earn_no_rent(rule: str) -> None:
    rise, _ = rent_rise(rents(rule), 1.0, P)
    assert all(np.unique(rise[0, standard == STANDARDS]).size == 1 for standard in Standard if standard)


def test_by_cost_rents_take_the_yield_on_the_recognised_part_of_the_cost_up_to_the_ceiling_and_at_once() -> None:
    claim = P.rent_yield * P.recognised_mini * P.cost_mini * 1.1 / 72.0
    whole, first = rent_rise(rents("cost"), 1.1, P)
    assert whole[0, 0] == pytest.approx(claim) and np.array_equal(whole, first)
    assert rises(rents("cost"), 9.0) == pytest.approx(np.full(3, P.rent_ceiling * 930.0))
    assert not offer(rents("cost"), 1.0, P).later.any()


def test_wherever_in_their_ranges_use_values_lie_a_higher_standard_never_counts_for_less() -> None:
    rng = np.random.default_rng(1)
    names = ["use_value_mini", "use_value_midi", "use_value_maxi"]
    spans = np.array([P.records[name].plausible for name in names])
    for _ in range(200):
        drawn = spans[:, 0] + rng.random(3) * (spans[:, 1] - spans[:, 0])
        basic, intermediate, full = use_values(P.replace(dict(zip(names, map(float, drawn), strict=True))))
        assert drawn[0] == basic <= intermediate <= full == drawn.max()


def test_the_ranges_of_use_values_hold_the_cases_and_the_step_of_one_landlord() -> None:
    (low, _), _, (lowest, highest) = (P.records[f"use_value_{name}"].plausible for name in ("mini", "midi", "maxi"))
    assert low <= 0.10 * 930.0 and lowest < BASIC + 171.0 < INTERMEDIATE + 171.0 < highest
    assert highest >= 0.65 * 930.0


# --- phasing in

RISES = np.array([0.0, 40.0, 93.0, 150.0, 300.0, 600.0])


def test_a_small_rise_is_paid_at_once_and_of_a_large_one_its_first_part_and_never_less_than_a_small_one() -> None:
    first = at_once(RISES, np.full(6, 930.0), P)
    assert first == pytest.approx([0.0, 40.0, 93.0, 93.0, 150.0, 300.0])
    assert np.array_equal(at_once(RISES, np.full(6, 930.0), P.replace({"phase_in_years": 0.0})), RISES)


@pytest.mark.parametrize("years", [1.0, 2.5, 3.0, 7.0])
def test_steps_add_up_to_the_whole_rise_and_none_is_below_nothing(years: float) -> None:
    p = P.replace({"phase_in_years": years})
    first = at_once(RISES, np.full(6, 930.0), p)
    by_year = np.array([paid(RISES, first, np.array(year), p) for year in range(-2, 12)])
    assert not by_year[:2].any() and np.array_equal(by_year[2], first)
    assert (np.diff(by_year, axis=0) >= 0.0).all() and by_year[-1] == pytest.approx(RISES)
    assert by_year[2 + int(np.ceil(years))] == pytest.approx(RISES)
    assert sum(steps(100.0, p)) == pytest.approx(100.0)
    assert steps(300.0, p) == pytest.approx((np.diff(by_year[2:], axis=0)[:, 5])[: int(np.ceil(years))])


@pytest.mark.parametrize("years", [0.0, 1.0, 2.5, 3.0, 7.0])
@pytest.mark.parametrize("passed", [0, 1, 2])
def test_what_an_owner_goes_without_is_the_sum_over_years_of_what_is_not_paid(years: float, passed: int) -> None:
    p = P.replace({"phase_in_years": years})
    first = float(at_once(np.array(400.0), np.array(930.0), p))
    missing = sum(
        (400.0 - float(paid(np.array(400.0), np.array(first), np.array(passed + year), p))) / 1.05 ** (year + 1)
        for year in range(30)
    )
    assert (400.0 - first) * float(waiting(np.array([0.05]), passed, p)[0]) == pytest.approx(missing)


def test_no_rise_is_worth_less_than_nothing_however_long_it_is_phased_in() -> None:
    p = P.replace({"phase_in_years": 20.0, "phase_in_first": 0.0, "phase_in_from": 0.0})
    for horizon in (1.0, 2.7, 40.0):
        assert waiting(np.array([0.02]), 0, p, horizon)[0] <= annuity(0.02, horizon) + 1e-9


def test_a_rise_is_new_for_as_long_in_steps_as_at_once() -> None:
    rise, first, q = np.array(300.0), np.array(150.0), np.arange(40)
    new = paid(rise, first, q // 4, P) - paid(rise, first, (q - 4) // 4, P)
    assert new.sum() == pytest.approx(4 * 300.0) and new.max() == 150.0


def test_owners_value_a_rise_in_steps_below_one_at_once_and_above_its_first_part() -> None:
    def worth(**changes: float) -> float:
        p = P.replace(changes)
        o, one = offer(rents(), 1.0, p), np.ones(1)
        return float(market_gain(o, 150 * one, 72 * one, one, 0.8, 0.06 * one, p)[0, 6])

    phased, whole = worth(), worth(phase_in_years=0.0)
    assert whole > phased > whole - 0.5 * FULL * 72 / 0.06


# --- in runs


def agreed(model: RenewalModel) -> np.ndarray:  # type: ignore[type-arg]
    """Rents with what is still to come after the latest quarter, SEK/m2.year."""
    b = model.buildings
    return np.asarray(b.rent + b.rise - paid(b.rise, b.rise_first, model.world.years_renovated(1), model.p))


def level(model: RenewalModel) -> float:
    """General rents of the latest quarter over those of 2011."""
    return float((1.0 + model.p.rent_growth) ** ((model.quarter - 1) // 4))


DEAR = {"change_orders": 0.5, "cost_mini": 390_000.0, "cost_maxi": 800_000.0, "margin_base": 0.15}


@pytest.mark.parametrize("parameters", [{}, DEAR, {"rent_growth": -0.02}, {"phase_in_years": 8.5}])
def test_every_rent_is_the_plain_one_and_the_use_value_added_whatever_the_contract_cost(
    make: Make, parameters: dict[str, Any]
) -> None:
    model = make("regional", years=12, parameters=parameters)
    start = model.buildings.use_value.copy()
    model.run()
    b = model.buildings
    added = (b.use_value - start) * level(model)
    assert (added > 0.0).mean() > 0.1
    assert agreed(model) == pytest.approx(b.rent_plain + added)
    assert ((b.standard == Standard.NONE) <= (added == 0.0)).all()


def test_two_buildings_of_the_same_standard_in_the_same_place_pay_the_same(make: Make) -> None:
    b = (model := make("siloed", years=12, parameters=DEAR)).run().buildings
    alike: dict[tuple[int, float], set[float]] = {}
    for place, held, rent in zip(b.neighbourhood, b.use_value, agreed(model), strict=True):
        alike.setdefault((int(place), float(held)), set()).add(round(float(rent), 6))
    assert all(len(found) == 1 for found in alike.values()) and len({held for _, held in alike}) >= 3


def rises_of_basic(make: Make, rule: str, change_orders: float) -> np.ndarray:  # type: ignore[type-arg]
    """Rises at the rents of 2011 of buildings that were not renovated before, where all get the basic standard."""
    model = make("siloed", years=10, levers=MINI | {"rents_follow": rule}, parameters={"change_orders": change_orders})
    new = model.buildings.use_value == 0.0
    model.run()
    rise = model.buildings.rise[new] / level(model)
    assert (rise > 0.0).mean() > 0.2
    return np.asarray(rise[rise > 0.0])


def test_change_orders_raise_rents_by_cost_and_none_by_use_value(make: Make) -> None:
    """The finding that made use value the rule: the same buildings, half as much again spent, and rents rose by it."""
    few, many = (rises_of_basic(make, "cost", share) for share in (0.0, 0.5))
    assert np.median(many) > 1.2 * np.median(few)
    for share in (0.0, 0.5):
        assert rises_of_basic(make, "use-value", share) == pytest.approx(BASIC)


def test_large_rises_reach_the_books_in_steps(make: Make) -> None:
    levers = {"standard_choice": "forced", "forced_standard": "maxi"}
    found: list[tuple[float, float]] = []
    model = make("siloed", years=8, levers=levers)
    while model.quarter < 32:
        model.step()
        b = model.buildings
        if (done := b.renovated == model.quarter - 1).any():
            found.append((float((b.rise - b.rise_first)[done].min()), float(agreed(model)[done].min())))
            assert b.rent[done] == pytest.approx((b.rent_plain + b.rise_first)[done])
    assert found and max(later for later, _ in found) > 0.0
    b = model.buildings
    old = (b.renovated >= 0) & (model.world.years_renovated(1) >= P.phase_in_years)
    assert old.any() and b.rent[old] == pytest.approx((b.rent_plain + b.rise)[old])


def test_by_cost_nothing_is_phased_in_and_start_rents_are_those_of_the_rule(make: Make) -> None:
    by_cost, by_use = (make("siloed", years=6, levers={"rents_follow": rule}) for rule in ("cost", "use-value"))
    done = by_cost.buildings.renovated > -400
    plain = by_cost.buildings.rent / np.where(done, 1.0 + P.rent_renovated * P.recognised_mini, 1.0)
    assert by_use.buildings.rent == pytest.approx(plain + done * BASIC)
    b = by_cost.run().buildings
    assert np.array_equal(b.rise, b.rise_first) and b.rise.any()


def test_the_aggregate_follows_the_same_rule(small_region: Region) -> None:
    def rise(rule: str, orders: float) -> float:
        p = P.replace({"change_orders": orders})
        curves = aggregate_curves(p, Collaboration.preset("siloed"), 12, small_region, Levers(rents_follow=rule))
        last = curves.iloc[-1]
        built = sum(last[f"renovated_{s}"] * v for s, v in zip(("mini", "midi", "maxi"), use_values(P), strict=True))
        return float((last["rent"] - curves["rent"].iloc[0]) / built)

    assert rise("cost", 0.5) > rise("cost", 0.0) * 1.05
    assert rise("use-value", 0.5) == pytest.approx(rise("use-value", 0.0), rel=0.25)
