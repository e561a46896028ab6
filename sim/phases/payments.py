"""What works set in motion: wages, materials and taxes as they go on, then side payments and grants that fall due."""

from __future__ import annotations

import numpy as np

from sim.rules.social import crowding_out
from sim.rules.works_cost import Split
from sim.world.books import Flow
from sim.world.columns import Floats
from sim.world.projects import Contract
from sim.world.world import World


def pay_builders(world: World, paid: Split[Floats]) -> None:
    """Out of what owners have paid builders: crews, materials and taxes. Part of the works only crowds out others.

    paid : parts of the price by municipality of the site, SEK (m,).
    """
    books, crowded = world.books, crowding_out(world.surroundings.shortage, world.p)
    taxed = paid.pay * world.p.taxable_share
    for flow, amount, shadow in (
        (Flow.WORKS_VAT, paid.vat, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_PAYROLL_TAX, paid.payroll_tax, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_INCOME_TAX_MUNICIPAL, taxed * world.municipal_tax, Flow.CROWDED_OUT_MUNICIPAL),
        (Flow.WORKS_INCOME_TAX_COUNTY, taxed * world.county_tax, Flow.CROWDED_OUT_COUNTY),
    ):
        books.pay(flow, amount)
        books.pay(shadow, crowded * amount)
    # What is left of the price is the builder's, to keep or to lose.
    books.pay(Flow.CROWDED_OUT_BUILDERS, crowded * paid.margin)
    books.pay(Flow.WORKS_CREWS, paid.pay)
    books.pay(Flow.WORKS_MATERIALS, paid.materials)


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
