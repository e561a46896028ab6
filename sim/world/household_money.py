"""What households earn, owe and get: rents, pay, support, and the books of it; the start is made level with the same.

The phase of everyday life runs it every quarter, the start of a run once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.randomness import Decision
from sim.rules.homes import seen, wish
from sim.rules.income import CLASSES, Pay, assistance, housing_allowance, net_pay, pay_table, third
from sim.rules.phase_in import paid
from sim.rules.training import Programme
from sim.rules.wellbeing import burden_loss, home_satisfaction, ordinary_health, ties
from sim.vocabulary import Skill, Work
from sim.world.around import Around
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.homes import kinds_in_places
from sim.world.kinds import KINDS
from sim.world.state import Small
from sim.world.world import World


def settle_start(world: World) -> None:
    """First incomes and burdens, and each neighbourhood's own level of satisfaction, so that the start is level.

    The rule for satisfaction leaves a constant of each neighbourhood open (``base_satisfaction``, points): it is solved
    such that the mean at the start is the seed table's.
    """
    r, b, p = world.residents, world.buildings, world.p
    set_rents(world)
    set_incomes(world)
    set_wishes(world)
    world.books.clear()  # nothing has been paid before the first quarter
    incomes, flats = r.income[r.occupied], world.flats_by_neighbourhood
    world.income_terciles = (float(np.quantile(incomes, 1 / 3)), float(np.quantile(incomes, 2 / 3)))
    r.third[:] = third(r.income, world.income_terciles)
    world.cohort.settle(r, kinds_in_places(world), KINDS * len(world.neighbourhoods))
    plain = float(np.average(b.rent_plain * b.area, weights=b.flats)) / 12.0
    world.around = Around(world.region.neighbourhoods, incomes, plain, p)
    home = home_satisfaction(b.comfort - b.comfort_start, np.zeros(b.n), b.voice, b.condition, p)
    home += p.satisfaction_calm * world.neighbourhoods.calm[b.neighbourhood]
    level = world.in_building.spread(home) - burden_loss(r.burden, p) + ties(world.quarter - r.since, p)
    mean = flats.sum(level * r.occupied) / flats.sum(r.occupied)
    world.base_satisfaction = world.region.neighbourhoods.satisfaction - mean
    r.satisfaction[:] = np.clip(level + world.base_satisfaction[world.neighbourhood_of], 0.0, 1.0)
    r.health[:] = ordinary_health(r.work == Work.EMPLOYED, p)


def set_wishes(world: World) -> None:
    """What the start's households would pay for a better standard, and what that says of the county."""
    r, p = world.residents, world.p
    r.wish[:] = wish(r.income, world.draws.stream(Decision.RESIDENT_START, 9, r.n), p)
    world.wishes = seen(r.wish[r.occupied], _county_income(world), p)


def _county_income(world: World) -> float:
    """Mean income of main earners in the rest of the county over that in the estates, by schooling and work."""
    r, pool, gross = world.residents, world.pool, pay_table(world.p).gross
    wages, support = gross[: len(Skill)], gross[Pay.OTHER_SUPPORT]
    at_work = np.bincount(r.skill[r.work == Work.EMPLOYED], minlength=len(Skill))
    idle = float(((r.work == Work.OUT_OF_WORK) & r.occupied).sum())
    here = (float(at_work @ wages) + idle * support) / (float(at_work.sum()) + idle)
    people, out = pool.employed[0], float(pool.unemployed[0].sum())
    there = (float(people @ wages) + out * support) / (float(people.sum()) + out)
    return float(there / max(here, world.p.income_floor))


def set_rents(world: World) -> None:
    """Rent of each flat, SEK/month: the building's level, more in flats renewed singly, and where tenants chose, more
    or less by what their flat got."""
    r, b = world.residents, world.buildings
    world.plain_rent = world.in_building.spread(b.rent_plain * b.area / 12.0)
    r.rent[:] = world.in_building.spread(b.rent * b.area / 12.0) * (1.0 + world.p.turnover_rent * r.upgraded)
    mixed = np.flatnonzero(b.mixed)
    if len(mixed):
        where, rows = world.flats_in(mixed)
        # Differences are phased in as the building's rise is.
        now = paid(b.rise[mixed], b.rise_first[mixed], world.years_renovated()[mixed], world.p)
        share = np.divide(now, b.rise[mixed], out=np.ones_like(now), where=b.rise[mixed] > 0.0)
        r.rent[rows] += (share * b.area[mixed] / 12.0)[where] * r.rent_apart[rows]


def _pay_lookup() -> Ints:
    """Pay class by work (2 bits), schooling (2 bits), right to assistance and running insurance (1 bit each)."""
    table = np.empty(64, dtype=np.int64)
    for key in range(64):
        work, skill, entitled, insured = key >> 4, key >> 2 & 3, key >> 1 & 1, key & 1
        idle = Pay.INSURED if insured else Pay.ASSISTANCE if entitled else Pay.OTHER_SUPPORT
        table[key] = {Work.EMPLOYED: skill, Work.TRAINEE: Pay.PLACEMENT, Work.RETIRED: Pay.PENSION}.get(
            Work(work), idle
        )
    return table


_PAY = _pay_lookup()


def pay_class(work: Small, skill: Small, entitled: Bools, insured: Bools) -> Ints:
    """Pay class of main earners (rows,); insured: with insurance that still runs. One look-up, as a choice by mask
    costs ten times more."""
    # Products and not shifts, and an index of the machine's own width: each several times as fast.
    key = work * np.int8(16) | skill * np.int8(4) | entitled.view(np.int8) * np.int8(2) | insured.view(np.int8)
    return _PAY.take(key.astype(np.intp))


def _pay_classes(world: World) -> Ints:
    """Pay class of every household's main earner."""
    r = world.residents
    pay = pay_class(r.work, r.skill, r.entitled, r.insured & (r.spell < math.ceil(world.p.insurance_quarters)))
    apprentices = np.flatnonzero(r.programme == Programme.APPRENTICE)
    pay[apprentices[r.work[apprentices] == Work.TRAINEE]] = Pay.APPRENTICE
    return pay


def set_incomes(world: World) -> None:
    """Disposable income (SEK/month) and rent burden (share) of each household; wages, taxes, support into the books."""
    r, p = world.residents, world.p
    table, pay = pay_table(p, world.pay_level), _pay_classes(world)
    net = net_pay(table, (world.municipal_tax + world.county_tax)[world.books.towns])
    cell = world.neighbourhood_of * CLASSES + pay
    income = np.multiply(r.other_income, world.pay_level, out=r.income)
    income += net.ravel().take(cell)
    _support(world, pay, income)
    np.divide(r.rent, np.maximum(income, p.income_floor * world.pay_level), out=r.burden)
    size = len(world.neighbourhoods) * CLASSES
    empty = np.bincount(cell[np.flatnonzero(~r.occupied)], minlength=size)
    people = np.bincount(cell, minlength=size) - empty
    _book_pay(world, people.reshape(-1, CLASSES) * 3.0)


def income_at_plain_rent(world: World, rows: Ints, pay: Ints, size: Small, other_income: Floats) -> Floats:
    """Disposable income that households would have in these flats without renovation, SEK/month at the pay of 2011.

    pay : pay class of the main earner. size : persons. other_income : SEK/month; all (rows,).
    """
    p, level, m, rent = world.p, world.pay_level, world.municipality_of[rows], world.plain_rent[rows]
    net = net_pay(pay_table(p, level), world.municipal_tax + world.county_tax)
    other = other_income * level
    income = other + net[m, pay]
    allowance = housing_allowance(size, rent, income, p)
    allowance *= income < p.allowance_income * p.allowance_income_reach
    income += allowance + (pay == Pay.ASSISTANCE) * assistance(size, rent, other, allowance, level, p)
    return income / level


def _support(world: World, pay: Ints, income: Floats) -> None:
    """Housing allowance, then assistance: added to ``income`` and booked, what follows from dearer rent apart."""
    r, p, where = world.residents, world.p, world.neighbourhood_of
    # Whole persons against a whole number: ten times as fast as against a fraction.
    family = r.size >= math.ceil(p.allowance_family_size)
    who = np.flatnonzero(family & (income < p.allowance_income * p.allowance_income_reach) & r.occupied)
    allowance = np.zeros(r.n)
    allowance[who] = housing_allowance(r.size[who], r.rent[who], income[who], p)
    poor = np.flatnonzero((pay == Pay.ASSISTANCE) & r.occupied)
    other = r.other_income[poor] * world.pay_level
    help_now = assistance(r.size[poor], r.rent[poor], other, allowance[poor], world.pay_level, p)
    before = np.minimum(r.rent[poor], world.plain_rent[poor])
    help_before = np.minimum(assistance(r.size[poor], before, other, allowance[poor], world.pay_level, p), help_now)
    income += allowance
    income[poor] += help_now
    books, k = world.books, len(world.neighbourhoods)
    books.pay_at(Flow.HOUSING_ALLOWANCE, 3.0 * world.flats_by_neighbourhood.sum(allowance))
    books.pay_at(Flow.SOCIAL_ASSISTANCE, 3.0 * np.bincount(where[poor], help_before, minlength=k))
    books.pay_at(Flow.ASSISTANCE_FOR_RENT, 3.0 * np.bincount(where[poor], help_now - help_before, minlength=k))
    if world.quarter == 0 or (world.quarter + 1) % 4 == 0:  # who plans looks once a year
        world.know_tenants(poor, who[allowance[who] > 0.0])


def _book_pay(world: World, months: NDArray[np.floating]) -> None:
    """Wages, taxes and support of the quarter from person-months by neighbourhood and pay class."""
    t, books, p = pay_table(world.p, world.pay_level), world.books, world.p
    idle = months[:, [Pay.INSURED, Pay.ASSISTANCE, Pay.OTHER_SUPPORT]].sum(axis=0) / 3.0
    world.out_of_work, world.insured = float(idle.sum()), float(idle[0])
    service, hired = _paid(world, Programme.SERVICE, Programme.HIRE)
    # Employers pay for work that they can sell; the state pays service jobs, firms their apprentices and new hires.
    ordinary = months @ (t.gross * t.wage) - service - hired
    books.pay_at(Flow.WAGES, ordinary)
    books.pay_at(Flow.PAYROLL_TAX, p.payroll_tax * ordinary)
    books.pay_at(Flow.SERVICE_WAGES, service)
    base = months @ (t.gross * t.taxable)
    books.pay_at(Flow.MUNICIPAL_TAX, base * world.municipal_tax[books.towns])
    books.pay_at(Flow.COUNTY_TAX, base * world.county_tax[books.towns])
    books.pay_at(Flow.UNEMPLOYMENT_BENEFIT, months @ (t.gross * t.support))
    books.pay_at(Flow.PENSIONS, months[:, Pay.PENSION] * t.gross[Pay.PENSION])
    apprentices = months[:, Pay.APPRENTICE] * t.gross[Pay.APPRENTICE]
    site = apprentices + hired
    # Who waits for a site is paid and does nothing.
    idle = np.flatnonzero((world.residents.programme == Programme.APPRENTICE) & (world.residents.waiting > 0))
    waiting = 3.0 * t.gross[Pay.APPRENTICE] * np.bincount(world.neighbourhood_of[idle], minlength=len(site))
    books.pay_at(Flow.SITE_WAGES, site)
    books.pay_at(Flow.SITE_PAYROLL_TAX, p.payroll_tax * site)
    books.pay_at(Flow.TRAINEE_WORK, p.trainee_product_share * (1.0 + p.payroll_tax) * np.maximum(site - waiting, 0.0))
    books.pay_at(Flow.WAGE_SUBSIDY, p.wage_subsidy * hired + p.apprentice_subsidy * apprentices)


def _paid(world: World, *programmes: Programme) -> list[Floats]:
    """Wages of those in each kind of programme by neighbourhood (k,), SEK this quarter: by schooling, as all wages."""
    r, k = world.residents, len(world.neighbourhoods)
    rows = np.flatnonzero(r.programme != Programme.NONE)
    kind, where = r.programme[rows], world.neighbourhood_of[rows]
    wage = 3.0 * pay_table(world.p, world.pay_level).gross[r.skill[rows]]
    return [np.bincount(where[kind == one], wage[kind == one], minlength=k).astype(float) for one in programmes]
