"""Side payments and grants: dated, from budgets as they are on the day. A payer short of money breaks its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.model import RenewalModel
    from sim.projects import Contract


def pay_due(model: RenewalModel, contract: Contract, share: float) -> None:
    """Pay a share of what is still due for a contract; what a budget cannot bear is lost and remembered."""
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
