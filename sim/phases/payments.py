"""What works set in motion: wages, materials and taxes as they go on, then side payments and grants that fall due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.social import crowding_out

if TYPE_CHECKING:
    from sim.model import RenewalModel
    from sim.world.projects import Contract


def pay_builders(model: RenewalModel, sek: float, m: int) -> None:
    """Out of what an owner has paid a builder: crews, materials and taxes, part of which is only crowded out."""
    p, books = model.p, model.books
    net = sek / (1.0 + p.vat)
    wages = net * p.labour_share / (1.0 + p.payroll_tax)
    crowded = crowding_out(model.surroundings.shortage, p)
    for name, amount, shadow in (
        ("works_vat", sek - net, "state"),
        ("works_payroll_tax", wages * p.payroll_tax, "state"),
        ("works_income_tax_municipal", wages * p.taxable_share * model.municipal_tax[m], "municipal"),
        ("works_income_tax_county", wages * p.taxable_share * model.county_tax[m], "county"),
    ):
        books.pay(name, amount, m)
        books.pay(f"crowded_out_{shadow}", crowded * amount, m)
    books.pay("works_crews", wages, m)
    # What is left of the price above labour and materials at the normal margin is the builder's profit or loss.
    books.pay("works_materials", max(net / (1.0 + p.margin_base) - wages * (1.0 + p.payroll_tax), 0.0), m)


def pay_due(model: RenewalModel, contract: Contract, share: float) -> None:
    """Pay a share of what partners still owe for a contract; what a budget cannot bear is lost and remembered."""
    if not contract.due.any():
        return
    promised = contract.due * share
    contract.due -= promised
    for m in np.flatnonzero(promised.sum(axis=1)):
        municipality = model.municipalities[m]
        left = np.array([municipality.budget, model.county_council.budget[m], model.state.budget[m]])
        paid = np.minimum(promised[m], left)
        municipality.budget -= float(paid[0])
        model.county_council.budget[m] -= paid[1]
        model.state.budget[m] -= paid[2]
        for name, sek in zip(("municipalities", "county", "state"), paid, strict=True):
            model.books.pay(f"side_payment_{name}", float(sek), int(m))
        municipality.broken += float((promised[m] - paid).sum() > 0.01 * promised[m].sum())


def pay_grants(model: RenewalModel, contract: Contract) -> None:
    """The state's grants fall due when the works are finished."""
    for owner, sek in contract.grants.items():
        if sek <= 0.0:
            continue
        private = owner >= len(model.municipalities)
        model.books.pay(f"grants_{'landlords' if private else 'companies'}", sek, model.owners[owner].municipality)
        if private:
            model.borrow(model.owners[owner], -sek)
    contract.grants = {}
