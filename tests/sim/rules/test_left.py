"""What a run leaves: the years after it, one by one, give the same as the rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import load_parameters
from sim.inputs.parameters import Parameters
from sim.rules.left import (
    Prices,
    Stock,
    heat_left,
    left,
    present,
    renovation_life,
    renovations_due,
    standard_left,
    until_due,
)  # fmt: skip

STEPS = 40  # a year, in the slow sum
PRICES = Prices(heat=0.8, basic=250_000.0)


def stock(p: Parameters, n: int = 200, seed: int = 1) -> Stock:
    """Buildings of every kind: never renovated, renovated lately or long ago, worn or as new."""
    rng = np.random.default_rng(seed)
    done = rng.random(n) < 0.7
    age = rng.uniform(0.0, 35.0, n) * done
    condition = np.where(done, np.maximum(1.0 - p.condition_decline * age, 0.1), rng.uniform(0.1, 0.9, n))
    better = done & (rng.random(n) < 0.5)
    return Stock(
        flats=rng.integers(20, 100, n).astype(float), area=rng.uniform(2000.0, 8000.0, n), condition=condition, age=age,
        energy=rng.uniform(60.0, 200.0, n), saving=done * rng.choice([p.saving_light, 0.38, 0.6], n),
        worth=better * rng.uniform(0.0, 1e6, n), begun=np.zeros(n),
    )  # fmt: skip


def years_on(s: Stock, price: Prices, years: int, p: Parameters) -> tuple[float, Stock]:
    """The next years at constant prices, step by step: what they give in all, discounted, and the buildings then.

    A standard lasts its life and then is basic; measures last theirs and then a basic renovation's saving stays; what
    is due is renovated to basic, and again every life, as buildings wear in the model.
    """
    rate = np.log1p(p.social_discount_rate)
    age, due = s.age.copy(), until_due(s.condition, p)
    before = s.energy / (1.0 - s.saving) * s.area
    saving, worth, done = s.saving.copy(), s.worth.copy(), s.saving > 0.0
    total = 0.0
    for step in range(years * STEPS):
        now = (step + 0.5) / STEPS
        factor = np.exp(-rate * now) / STEPS
        renew = due <= step / STEPS + 1e-9
        total -= float((price.basic * s.flats * renew).sum()) * np.exp(-rate * step / STEPS)
        due = np.where(renew, due + renovation_life(p), due)
        saving = np.where(renew & ~done, p.saving_light, saving)
        done |= renew
        worth = np.where(age + now > p.standard_life, 0.0, worth)
        saving = np.where(done & (age + now > p.energy_life), p.saving_light, saving)
        total += float((worth + price.heat * before * saving).sum()) * factor
    condition = p.due_condition + p.condition_decline * (due - years)
    # What was renovated since has its saving for good; its measures' own life is counted from then.
    after = replace(s, condition=condition, age=age + years, saving=saving, worth=worth,
                    energy=before / s.area * (1.0 - saving))  # fmt: skip
    return total, after


def test_thirty_years_more_and_what_they_leave_are_what_was_left() -> None:
    p = load_parameters()
    s = stock(p)
    flows, then = years_on(s, PRICES, 30, p)
    together = flows + left(then, PRICES, p) * (1.0 + p.social_discount_rate) ** -30
    assert together == pytest.approx(left(s, PRICES, p), rel=0.01)
    assert flows != pytest.approx(left(s, PRICES, p), rel=0.05), "the years alone are not the truth"


def test_the_loop_over_buildings_is_the_rules_over_columns() -> None:
    p = load_parameters()
    for n in (0, 1, 7, 129, 1000):
        s = replace(stock(p, n, seed=n), begun=np.random.default_rng(n).random(n), elsewhere=1e5)
        rate, waits = float(np.log1p(p.social_discount_rate)), until_due(s.condition, p)
        passes = -float(np.expm1(-rate * renovation_life(p)))
        saved = heat_left(s.saving, s.age, waits, s.energy / (1.0 - s.saving) * s.area, PRICES.heat, rate, p)
        rest = saved - renovations_due(s.flats, waits, s.begun, PRICES.basic, rate, passes)
        whole, lasting = s.worth.sum(), standard_left(s.worth, s.age, rate, p).sum()
        net = lasting - (s.elsewhere * lasting / whole if whole > 0.0 else 0.0)
        assert left(s, PRICES, p) == net + rest.sum()


def test_all_renovations_to_come_count_and_not_the_next_alone() -> None:
    p = load_parameters()
    new = Stock(*(np.array([x]) for x in (10.0, 700.0, 1.0, 0.0, 100.0, 0.0, 0.0, 0.0)))
    cost = -left(new, Prices(0.0, 1000.0), p)
    next_one = 10.0 * 1000.0 * (1.0 + p.social_discount_rate) ** -renovation_life(p)
    assert cost == pytest.approx(next_one / (1.0 - (1.0 + p.social_discount_rate) ** -renovation_life(p)))
    assert 1.2 < cost / next_one < 1.8


def test_a_worn_building_carries_the_renovation_that_is_due_and_one_begun_what_is_still_to_do() -> None:
    p, price = load_parameters(), Prices(0.0, 1000.0)
    one = Stock(*(np.array([x]) for x in (10.0, 700.0, 1.0, 0.0, 100.0, 0.0, 0.0, 0.0)))
    worn = replace(one, condition=np.array([p.due_condition - 0.1]))
    assert left(worn, price, p) - left(one, price, p) == pytest.approx(-10_000.0)
    half = replace(worn, begun=np.array([0.5]))
    assert left(half, price, p) - left(worn, price, p) == pytest.approx(5_000.0)


def test_a_better_standard_and_deeper_measures_are_worth_what_they_give_until_they_are_worn_out() -> None:
    p = load_parameters()
    plain = Stock(*(np.array([x]) for x in (1.0, 70.0, 1.0, 10.0, 135.0, p.saving_light, 0.0, 0.0)))
    better = replace(plain, worth=np.array([6000.0]))
    assert left(better, PRICES, p) - left(plain, PRICES, p) == pytest.approx(
        6000.0 * float(present(p.standard_life - 10.0, p))
    )
    deep = replace(plain, saving=np.array([0.6]), energy=135.0 / (1.0 - p.saving_light) * np.array([0.4]))
    before = 135.0 / (1.0 - p.saving_light) * 70.0
    gain = PRICES.heat * before * (0.6 - p.saving_light) * float(present(p.energy_life - 10.0, p))
    assert left(deep, PRICES, p) - left(plain, PRICES, p) == pytest.approx(gain)
    assert left(replace(better, age=np.array([99.0])), PRICES, p) == pytest.approx(
        left(replace(plain, age=np.array([99.0])), PRICES, p)
    )
