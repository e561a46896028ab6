"""What works set in motion: wages, materials and taxes as they go on, then side payments and grants that fall due."""

from __future__ import annotations

import numpy as np

from sim.rules.social import crowding_out
from sim.world.books import Flow
from sim.world.projects import Contract
from sim.world.world import World


def pay_builders(world: World, sek: float, m: int) -> None:
    """Out of what an owner has paid a builder: crews, materials and taxes, part of which is only crowded out.

    ``sek`` is what the owner paid with value-added tax, ``m`` the municipality (row) where the site is.
    """
    p, books = world.p, world.books
    net = sek / (1.0 + p.vat)
    wages = net * p.labour_share / (1.0 + p.payroll_tax)
    crowded = crowding_out(world.surroundings.shortage, p)
    for flow, amount, shadow in (
        (Flow.WORKS_VAT, sek - net, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_PAYROLL_TAX, wages * p.payroll_tax, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_INCOME_TAX_MUNICIPAL, wages * p.taxable_share * world.municipal_tax[m], Flow.CROWDED_OUT_MUNICIPAL),
        (Flow.WORKS_INCOME_TAX_COUNTY, wages * p.taxable_share * world.county_tax[m], Flow.CROWDED_OUT_COUNTY),
    ):
        books.pay(flow, amount, m)
        books.pay(shadow, crowded * amount, m)
    books.pay(Flow.WORKS_CREWS, wages, m)
    # What is left of the price above labour and materials at the normal margin is the builder's profit or loss.
    books.pay(Flow.WORKS_MATERIALS, max(net / (1.0 + p.margin_base) - wages * (1.0 + p.payroll_tax), 0.0), m)


def pay_due(world: World, contract: Contract, share: float) -> None:
    """Pay a share (0-1) of what partners still owe for a contract; what a budget cannot bear is lost and remembered.

    Budgets are looked at now, not when partners agreed: nothing is set aside for a promise.
    """
    if not contract.due.any():
        return
    promised = contract.due * share
    contract.due -= promised
    scale, modelled = world.region.scale, contract.share
    for m in np.flatnonzero(promised.sum(axis=1)):
        municipality = world.municipalities[m]
        left = np.array([municipality.budget, world.county_council.budget[m], world.state.budget[m]])
        # Budgets are to scale, and bear the whole contract's part; what the modelled buildings get is in the books.
        paid = np.minimum(promised[m] * scale, left) / scale
        municipality.budget -= float(paid[0]) * scale
        world.county_council.budget[m] -= paid[1] * scale
        world.state.budget[m] -= paid[2] * scale
        flows = (Flow.SIDE_PAYMENT_MUNICIPALITIES, Flow.SIDE_PAYMENT_COUNTY, Flow.SIDE_PAYMENT_STATE)
        for flow, sek in zip(flows, paid, strict=True):
            world.books.pay(flow, float(sek) * modelled, int(m))
        # A rounding error is no broken word.
        municipality.broken += float((promised[m] - paid).sum() > world.p.payment_tolerance * promised[m].sum())


def pay_grants(world: World, contract: Contract) -> None:
    """The state's grants (SEK) fall due when the works are finished; a private owner pays off a loan with its own."""
    for owner, granted in contract.grants.items():
        sek = granted * contract.share
        if sek <= 0.0:
            continue
        private = owner >= len(world.municipalities)
        flow = Flow.GRANTS_LANDLORDS if private else Flow.GRANTS_COMPANIES
        world.books.pay(flow, sek, world.owners[owner].municipality)
        if private:
            world.borrow(world.owners[owner], -sek)
    contract.grants = {}
