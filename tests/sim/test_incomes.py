"""Incomes: a passage over all flats does what the rules of pay and support say of a column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases import everyday
from sim.rules.income import (
    CLASSES,
    Pay,
    assistance,
    burden_of,
    housing_allowance,
    net_pay,
    pay_class,
    pay_table,
)
from sim.rules.phase_in import paid
from sim.rules.training import Programme
from sim.vocabulary import Skill, Work
from sim.world.books import Flow
from sim.world.incomes import set_incomes, set_rents
from sim.world.world import World

Make = Callable[..., RenewalModel]


def disorder(world: World, seed: int) -> None:
    """Flats, work and households of all kinds, such as no run would bring together."""
    r, b, rng = world.residents, world.buildings, np.random.default_rng(seed)
    r.work[:], r.skill[:], r.programme[:] = (rng.choice(list(kinds), r.n) for kinds in (Work, Skill, Programme))
    for column in (r.entitled, r.insured, r.occupied, r.upgraded):
        column[:] = rng.random(r.n) < 0.7
    r.spell[:], r.waiting[:], r.size[:] = rng.integers(0, 12, r.n), rng.integers(0, 2, r.n), rng.integers(1, 5, r.n)
    r.other_income[:], r.rent_apart[:] = rng.random((2, r.n)) * [[20_000.0], [100.0]]
    b.mixed[:], b.rise[:] = rng.random(b.n) < 0.5, rng.random(b.n) * 300.0
    b.rent[:], b.renovated[:] = b.rent + 2.0 * b.rise, rng.integers(-20, 1, b.n)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("level", [1.0, 1.37])
def test_incomes_are_what_the_rules_say_of_each_household(make: Make, seed: int, level: float) -> None:
    world = make().world
    disorder(world, seed)
    world.pay_level = level
    r, b, p, k = world.residents, world.buildings, world.p, len(world.neighbourhoods)
    set_rents(world)
    set_incomes(world)
    where, table = world.neighbourhood_of, pay_table(p, level)
    runs = r.insured & (r.spell < p.insurance_quarters)
    pay = pay_class(r.work, r.skill, r.entitled, runs, r.programme == Programme.APPRENTICE)
    net = net_pay(table, (world.municipal_tax + world.county_tax)[world.books.towns])
    other = r.other_income * level
    income = other + net[where, pay]
    allowance = housing_allowance(r.size, r.rent, income, p) * r.occupied
    poor = (pay == Pay.ASSISTANCE) & r.occupied
    now = assistance(r.size, r.rent, other, allowance, level, p)
    before = np.minimum(assistance(r.size, np.minimum(r.rent, world.plain_rent), other, allowance, level, p), now)
    income = income + allowance + np.where(poor, now, 0.0)
    assert r.income.tobytes() == income.tobytes()
    assert r.burden.tobytes() == burden_of(r.rent, income, level, p).tobytes()
    assert 0 < poor.sum() < r.n and 0 < np.count_nonzero(allowance) < r.n

    def booked(flow: Flow) -> list[float]:
        found: list[float] = world.books.at[0, flow.row].tolist()
        return found

    assert booked(Flow.HOUSING_ALLOWANCE) == (3.0 * world.flats_by_neighbourhood.sum(allowance)).tolist()
    helped = np.bincount(where[poor], before[poor], minlength=k)
    assert booked(Flow.SOCIAL_ASSISTANCE) == (3.0 * helped).tolist()
    for_rent = np.bincount(where[poor], (now - before)[poor], minlength=k)
    assert booked(Flow.ASSISTANCE_FOR_RENT) == (3.0 * for_rent).tolist()
    service = r.programme == Programme.SERVICE
    wages = np.bincount(where[service], 3.0 * table.gross[r.skill[service]], minlength=k)
    assert booked(Flow.SERVICE_WAGES) == wages.tolist()
    pensioners = np.bincount(where[r.occupied & (pay == Pay.PENSION)], minlength=k)
    assert booked(Flow.PENSIONS) == (pensioners * 3.0 * table.gross[Pay.PENSION]).tolist()
    flats = world.in_building
    assert world.tenants_on_assistance.tolist() == (flats.sum(poor) / b.flats).tolist()
    assert world.tenants_on_allowance.tolist() == (flats.sum(allowance > 0.0) / b.flats).tolist()


def test_rents_follow_the_building_the_flat_and_what_was_chosen(make: Make) -> None:
    world = make().world
    disorder(world, 7)
    comes_in = set_rents(world)
    r, b, dearer = world.residents, world.buildings, 1.0 + world.p.turnover_rent * world.residents.upgraded
    plain = (b.rent * b.area / 12.0)[r.building] * dearer
    alike = ~b.mixed[r.building]
    assert r.rent[alike].tolist() == plain[alike].tolist() and (r.rent >= plain).all()
    chosen = ~alike & (r.rent_apart > 0.0) & (b.rise[r.building] > 0.0)
    assert chosen.any() and (r.rent[chosen] > plain[chosen]).any()
    assert world.plain_rent.tolist() == (b.rent_plain * b.area / 12.0)[r.building].tolist()
    assert comes_in.tobytes() == world.in_building.sum(r.rent * r.occupied).tobytes()


def test_a_rent_chosen_apart_is_phased_in_as_the_rise_of_its_building(make: Make) -> None:
    world = make(parameters={"phase_in_years": 4.0}).world
    disorder(world, 8)
    b = world.buildings
    b.rise_first[:], b.mixed[:] = 0.5 * b.rise, True
    b.rise[:2] = 0.0
    set_rents(world)
    now = paid(b.rise, b.rise_first, world.years_renovated(), world.p)
    share = np.divide(now, b.rise, out=np.ones_like(now), where=b.rise > 0.0)
    assert (share[2:] < 1.0).any() and (share[:2] == 1.0).all()
    r, where = world.residents, world.residents.building
    level = (b.rent * b.area / 12.0)[where] * (1.0 + world.p.turnover_rent * r.upgraded)
    assert r.rent.tobytes() == (level + (share * b.area / 12.0)[where] * r.rent_apart).tobytes()


def test_tenants_on_support_are_looked_at_once_a_year(make: Make) -> None:
    world = make().world
    disorder(world, 9)
    world.quarter = 1
    before = world.tenants_on_assistance.tolist(), world.tenants_on_allowance.tolist()
    set_incomes(world)
    assert (world.tenants_on_assistance.tolist(), world.tenants_on_allowance.tolist()) == before
    world.quarter = 3
    set_incomes(world)
    assert world.tenants_on_assistance.tolist() != before[0] and world.tenants_on_allowance.tolist() != before[1]


def test_owners_get_the_rents_and_pay_heat_upkeep_fee_and_taxes_of_each_building(make: Make) -> None:
    world = make(parameters={"property_fee": 9_000.0}).world
    b, p = world.buildings, world.p
    b.energy[:], b.area[0] = np.random.default_rng(3).uniform(50.0, 250.0, b.n), 1.0
    rents = set_rents(world)
    area = b.area * b.flats / 4.0
    heat, upkeep = b.energy * world.surroundings.heat_price * area, p.upkeep * area
    fee = np.minimum(p.property_fee * b.flats / 4.0, upkeep)
    assert (fee == upkeep).any() and (fee < upkeep).any()
    tax = (upkeep - fee) * p.upkeep_taxed_share * p.vat / (1.0 + p.vat)
    everyday.advance(world)
    k, cell = len(world.neighbourhoods), b.neighbourhood
    private = b.owner >= len(world.municipalities)
    for name, sek in {
        "RENT": rents * 3.0, "HEAT": heat / (1.0 + p.vat), "HEAT_TAX": heat * p.vat / (1.0 + p.vat),
        "PROPERTY_FEE": fee, "UPKEEP_TAX": tax, "UPKEEP": upkeep - fee - tax,
    }.items():  # fmt: skip
        for owners, theirs in (("COMPANIES", ~private), ("LANDLORDS", private)):
            booked = world.books.at[0, Flow[f"{name}_{owners}"].row]
            assert booked.tolist() == np.bincount(cell[theirs], sek[theirs], minlength=k).tolist()


def test_a_place_is_as_well_off_as_those_who_live_there_and_an_empty_one_as_who_did(make: Make) -> None:
    world = make().world
    disorder(world, 11)
    r, flats, around, k = world.residents, world.flats_by_neighbourhood, world.around, len(world.neighbourhoods)
    r.occupied[world.neighbourhood_of == 0] = False
    before = around.incomes[0]
    around.count(r.income, r.occupied, flats, world.pay_level)
    people = flats.sum(r.occupied)
    assert around.incomes[0] == before and people[0] == 0.0 < people[1]
    mean = flats.sum(r.income * r.occupied)[1:] / people[1:]
    assert around.incomes[1:k].tobytes() == mean.tobytes()


def test_every_pay_class_is_somebodys() -> None:
    kinds = np.array(
        [
            (work, skill, entitled, insured, apprentice)
            for work in Work
            for skill in Skill
            for entitled in (0, 1)
            for insured in (0, 1)
            for apprentice in (0, 1)
        ]
    )
    work, skill, entitled, insured, apprentice = kinds.T
    pay = pay_class(work, skill, entitled == 1, insured == 1, apprentice == 1)
    assert set(pay.tolist()) == set(range(CLASSES))
    assert (pay[work == Work.EMPLOYED] == skill[work == Work.EMPLOYED]).all()
    assert ((pay == Pay.APPRENTICE) == ((work == Work.TRAINEE) & (apprentice == 1))).all()
    assert ((pay == Pay.INSURED) == ((work == Work.OUT_OF_WORK) & (insured == 1))).all()
