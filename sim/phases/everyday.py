"""Phase 7. Income, rent, assistance, health and satisfaction of every household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.phases.moving import move
from sim.rules.income import CLASSES, Pay, assistance, housing_allowance, net_pay, pay_table
from sim.rules.training import Programme
from sim.rules.wellbeing import burden_loss, health_care_cost, health_level, home_satisfaction
from sim.vocabulary import Site, Work
from sim.world.columns import Floats, Ints

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Money first, then how life feels, then who moves."""
    _rents(model)
    _incomes(model)
    _wellbeing(model)
    _rent_books(model)
    move(model)


def settle_start(model: RenewalModel) -> None:
    """First incomes and burdens, and each neighbourhood's own level of satisfaction, so that the start is level."""
    r, b, p = model.residents, model.buildings, model.p
    _rents(model)
    _incomes(model)
    model.books.history[:] = 0.0  # nothing has been paid before the first quarter
    model.income_terciles = (float(np.quantile(r.income, 1 / 3)), float(np.quantile(r.income, 2 / 3)))
    model.base_satisfaction = np.zeros(len(model.neighbourhoods))
    level = _satisfaction_level(model, np.zeros(b.n))
    model.base_satisfaction = model.region.neighbourhoods.satisfaction - model.flats_by_neighbourhood.mean(level)
    r.satisfaction[:] = np.clip(level + model.base_satisfaction[model.neighbourhood_of], 0.0, 1.0)
    r.health[:] = p.health_start + p.health_work * (r.work == Work.EMPLOYED)


def _rents(model: RenewalModel) -> None:
    """Monthly rent: the building's level, more in flats renewed singly."""
    r, b = model.residents, model.buildings
    model.plain_rent = model.in_building.spread(b.rent_plain * b.area / 12.0)
    r.rent[:] = model.in_building.spread(b.rent * b.area / 12.0) * (1.0 + model.p.turnover_rent * r.upgraded)


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


def _pay_classes(model: RenewalModel) -> Ints:
    """Pay class of every household's main earner: one look-up, as a choice by mask costs ten times more."""
    r = model.residents
    insured = r.insured & (r.spell < model.p.insurance_quarters)
    key = (r.work << 4) | (r.skill << 2) | (r.entitled.view(np.int8) << 1) | insured.view(np.int8)
    pay = _PAY.take(key)
    apprentices = np.flatnonzero(r.programme == Programme.APPRENTICE)
    pay[apprentices[r.work[apprentices] == Work.TRAINEE]] = Pay.APPRENTICE
    return pay


def _incomes(model: RenewalModel) -> None:
    """Disposable income and rent burden; wages, taxes and support into the books."""
    r, p = model.residents, model.p
    table, pay, m = pay_table(p, model.pay_level), _pay_classes(model), model.municipality_of
    net = net_pay(table, model.municipal_tax + model.county_tax)
    cell = m * CLASSES + pay
    income = np.multiply(r.other_income, model.pay_level, out=r.income)
    income += net.ravel().take(cell)
    _support(model, pay, income)
    np.divide(r.rent, np.maximum(income, p.income_floor * model.pay_level), out=r.burden)
    size = len(model.municipalities) * CLASSES
    empty = np.bincount(cell[np.flatnonzero(~r.occupied)], minlength=size)
    people = np.bincount(cell, minlength=size) - empty
    _book_pay(model, people.reshape(-1, CLASSES) * 3.0)


def _support(model: RenewalModel, pay: Ints, income: Floats) -> None:
    """Housing allowance, then assistance: added to ``income`` and booked, what follows from dearer rent apart."""
    r, p, m = model.residents, model.p, model.municipality_of
    who = np.flatnonzero((r.size >= 3) & (income < p.allowance_income * 3.0) & r.occupied)
    allowance = np.zeros(r.n)
    allowance[who] = housing_allowance(r.size[who], r.rent[who], income[who], p)
    poor = np.flatnonzero((pay == Pay.ASSISTANCE) & r.occupied)
    other = r.other_income[poor] * model.pay_level
    help_now = assistance(r.size[poor], r.rent[poor], other, allowance[poor], model.pay_level, p)
    before = np.minimum(r.rent[poor], model.plain_rent[poor])
    help_before = np.minimum(assistance(r.size[poor], before, other, allowance[poor], model.pay_level, p), help_now)
    income[who] += allowance[who]
    income[poor] += help_now
    k = len(model.municipalities)
    books = model.books
    books.pay("housing_allowance", 3.0 * np.bincount(m[who], allowance[who], minlength=k))
    books.pay("social_assistance", 3.0 * np.bincount(m[poor], help_before, minlength=k))
    books.pay("assistance_for_rent", 3.0 * np.bincount(m[poor], help_now - help_before, minlength=k))
    model.know_tenants(poor, who[allowance[who] > 0.0])


def _book_pay(model: RenewalModel, months: NDArray[Any]) -> None:
    """Wages, taxes and support of the quarter from person-months by municipality and pay class."""
    t, books, p = pay_table(model.p, model.pay_level), model.books, model.p
    gross = months @ (t.gross * t.wage)
    books.pay("wages", gross)
    books.pay("payroll_tax", p.payroll_tax * gross)
    base = months @ (t.gross * t.taxable)
    books.pay("municipal_tax", base * model.municipal_tax)
    books.pay("county_tax", base * model.county_tax)
    books.pay("unemployment_benefit", months @ (t.gross * t.support))
    books.pay("pensions", months[:, Pay.PENSION] * t.gross[Pay.PENSION])
    trainees = months[:, Pay.APPRENTICE] * t.gross[Pay.APPRENTICE]
    books.pay("site_wages", trainees)
    books.pay("site_payroll_tax", p.payroll_tax * trainees)
    r = model.residents
    subsidised = np.bincount(model.municipality_of[r.programme == Programme.HIRE], minlength=len(model.municipalities))
    books.pay(
        "wage_subsidy", 3.0 * p.wage_subsidy * t.gross[Pay.WAGE_LOW] * subsidised + p.apprentice_subsidy * trainees
    )
    service = np.bincount(model.municipality_of[r.programme == Programme.SERVICE], minlength=len(model.municipalities))
    # Their wages come from the state instead of an employer: the employer's wage above is paid back by the state.
    books.pay("service_wages", 3.0 * t.gross[Pay.WAGE_LOW] * service)
    books.pay("wages", -3.0 * t.gross[Pay.WAGE_LOW] * service)


def _wellbeing(model: RenewalModel) -> None:
    """Satisfaction and health move toward what home, work and burden set."""
    r, b, p = model.residents, model.buildings, model.p
    disturbed = p.disturbance_announced * (b.site == Site.ANNOUNCED) + 1.0 * (b.site == Site.ON_SITE)
    r.satisfaction += p.satisfaction_speed * (_satisfaction_level(model, disturbed) - r.satisfaction)
    np.clip(r.satisfaction, 0.0, 1.0, out=r.satisfaction)
    dwelling = p.health_dwelling * (b.comfort - b.comfort_start) - p.health_disturbance * disturbed
    strain = p.health_burden * np.clip(r.burden - p.burden_ordinary, 0.0, 0.5)
    employed = (r.work == Work.EMPLOYED) | (r.work == Work.TRAINEE)
    target = health_level(employed, model.in_building.spread(dwelling), strain, p)
    r.health += p.health_speed * (target - r.health)
    b.voice *= 1.0 - p.voice_fades / 4.0
    cost = health_care_cost(r.health, r.size * p.persons_per_size, p) * r.occupied
    model.books.pay("health_care", np.bincount(model.municipality_of, cost, minlength=len(model.municipalities)) / 4.0)


def _satisfaction_level(model: RenewalModel, disturbed: Floats) -> Floats:
    """What satisfaction relaxes toward: home and neighbourhood, rent burden, ties that grow over ten years."""
    r, b, p = model.residents, model.buildings, model.p
    worn = np.maximum(p.repair_threshold - b.condition, 0.0) / p.repair_threshold
    home = home_satisfaction(b.comfort - b.comfort_start, disturbed, b.voice, worn, p)
    level = model.in_building.spread(home + model.base_satisfaction[b.neighbourhood]) - burden_loss(r.burden, p)
    ties = np.minimum((model.quarter - r.since) * (p.satisfaction_ties / 40.0), p.satisfaction_ties)
    return np.asarray(level + ties)


def _rent_books(model: RenewalModel) -> None:
    """Rent in, heat and upkeep out, building by building."""
    r, b, p = model.residents, model.buildings, model.p
    paid = model.in_building.sum(r.rent * r.occupied) * 3.0
    area = b.area * b.flats / 4.0
    model.pay_by_owner("rent", paid)
    model.pay_by_owner("heat", b.energy * model.surroundings.heat_price * area)
    model.pay_by_owner("upkeep", p.upkeep * area)
