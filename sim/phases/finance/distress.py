"""Distress and its end: owners who owe more than their buildings bear, and after some years of it a rescue or a fall.

A municipality puts money into its company, a landlord's owners into theirs; buildings are sold; lenders write off.
"""

from __future__ import annotations

import numpy as np

from sim.agents.owner import Owner
from sim.phases.finance.loans import loan_to_values, owed
from sim.phases.finance.sales import DISTRESS, find_buyer, transfer
from sim.randomness import Decision
from sim.rules.appraisal import operating_income
from sim.rules.distress import Shares, bearable, forced_price, shares, strained
from sim.rules.loans import loan_rate
from sim.rules.sales import block
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.notes import Rescue
from sim.world.world import World

INJECTION, SALE, RECEIVERSHIP = "injection", "sale", "receivership"


def advance(world: World) -> None:
    """An end to the distress that has lasted ``distress_years``."""
    for owner in world.owners:
        if owner.strained >= world.p.distress_years:
            u = world.draws.at(Decision.RESCUE, world.quarter, owner.index, 3)[0]
            _end(world, owner, float(net_incomes(world)[owner.index]), u)
            owner.strained = 0


def count(world: World) -> None:
    """Whose debts at the end of a year are more than their buildings bear, by the values of now."""
    p, debt, value = world.p, *owed(world.owners)
    rates = loan_rate(world.surroundings.interest, loan_to_values(debt, value), p)
    now = strained(debt, value, net_incomes(world), rates, p)
    for owner, is_strained in zip(world.owners, now.tolist(), strict=True):
        owner.strained = owner.strained + 1 if is_strained and owner.flats > 0 else 0


def net_incomes(world: World) -> Floats:
    """What each owner's buildings earn before interest and works at the rents of now, SEK a year (owners,)."""
    b = world.buildings
    each = operating_income(b.rent, b.energy, b.condition, world.heat_cost, world.p, b.empty) * b.area * b.flats
    return np.bincount(b.owner, each, minlength=len(world.owners)).astype(np.float64)


def _end(world: World, owner: Owner, income: float, u: Floats) -> None:
    """Who bears what is too much: the owner's owner, a buyer, lenders."""
    p, private = world.p, owner.index >= len(world.municipalities)
    rate = loan_rate(world.surroundings.interest, p.distress_loan_to_value, p)
    buyer, before = find_buyer(world, owner, float(u[2])), owner.loan_to_value
    bears, tolerates = (
        float(bearable(owner.value, income, rate, share, p)) for share in (p.ltv_cap, p.distress_loan_to_value)
    )
    part = shares(owner.debt, owner.value, bears, tolerates, _means(world, owner, float(u[0])), buyer is not None, p)
    if part.injected > 0.0:
        _inject(world, owner, part.injected, private)
        _tell(world, owner, INJECTION, part.injected, before)
    rows, lost = _to_sell(world, owner, part, private, float(u[1])), part.lost
    if buyer is not None and len(rows):
        price = float(forced_price(world.building_values[rows].sum(), p))
        transfer(world, rows, owner, buyer, price, DISTRESS, price)
        if lost == 0.0:
            _tell(world, owner, SALE, price, before)
        else:  # what is being renovated stays, with a debt that it would be sold for
            lost = max(owner.debt - float(forced_price(owner.value, p)), 0.0)
    if lost > 0.0:
        _write_off(world, owner, lost, private)
        _tell(world, owner, RECEIVERSHIP, lost, before)


def _means(world: World, owner: Owner, u: float) -> float:
    """What its owner would put in, SEK. A municipality stands by its company, to some years' investment slack; a
    landlord's owners do where something of theirs is left, or walk away."""
    p = world.p
    if u >= p.injection_chance:
        return 0.0
    if owner.index < len(world.municipalities):
        slack = float(world.region.municipalities.investment_slack_sek[owner.index])
        return p.injection_years * slack
    return np.inf if owner.debt < owner.value else 0.0


def _inject(world: World, owner: Owner, sek: float, private: bool) -> None:
    """Loans are paid off with it. In the books a landlord's owners are the landlord; a municipality is apart."""
    if private:
        world.borrow(owner, -sek)
    else:
        world.books.pay(Flow.OWNER_INJECTIONS, sek, owner.municipality)
    _keep(world, owner, sek)


def _to_sell(world: World, owner: Owner, part: Shares, private: bool, start: float) -> Ints:
    """Idle buildings (rows) that go: of a landlord in receivership all, else neighbouring ones of the value asked."""
    b = world.buildings
    mine = np.flatnonzero((b.owner == owner.index) & (b.site == Site.IDLE))
    if part.lost > 0.0:
        return mine if private else mine[:0]
    if part.sold == 0.0:
        return mine[:0]
    # The building at the margin goes as well: else something of what is too much would stay.
    return mine[block(world.building_values[mine], start, part.sold, 1.0)]


def _write_off(world: World, owner: Owner, sek: float, private: bool) -> None:
    """Lenders lose what they will not get: the owner's loans are paid off by it."""
    world.books.pay(Flow.LENDERS_LOSS_LANDLORDS if private else Flow.LENDERS_LOSS_COMPANIES, sek, owner.municipality)
    if private:
        world.borrow(owner, -sek)
    _keep(world, owner, sek)


def _keep(world: World, owner: Owner, sek: float) -> None:
    """What ends a company's distress pays off its loans, and is no surplus."""
    if owner.index < len(world.municipalities):
        world.municipalities[owner.index].stays(sek)


def _tell(world: World, owner: Owner, way: str, sek: float, before: float) -> None:
    world.rescues.append(Rescue(world.year, owner.name, way, sek, before))
