"""Loans at the closing of a quarter: interest, what is paid off and borrowed, and the surplus that leaves a company."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.agents.owner import Owner
from sim.rules.loans import dividend, leaving, loan_rate, repayment
from sim.vocabulary import Purse
from sim.world.books import FINANCING, INCIDENCE, Flow
from sim.world.columns import Bools, Floats
from sim.world.world import World

# A company's result: what it earns and spends in running its buildings, and interest. Works are investment.
_NO_RESULT = (
    Flow.WORKS_COMPANIES, Flow.SALES, Flow.SIDE_PAYMENT_MUNICIPALITIES, Flow.SIDE_PAYMENT_COUNTY,
    Flow.SIDE_PAYMENT_STATE, Flow.GRANTS_COMPANIES, Flow.DIVIDENDS, Flow.OWNER_INJECTIONS,
)  # fmt: skip
RESULT: Bools = (~FINANCING) & (INCIDENCE[:, Purse.HOUSING_COMPANIES] != 0.0)
RESULT[[flow.row for flow in _NO_RESULT]] = False
RESULT[Flow.INTEREST_COMPANIES.row] = True


def charge(world: World) -> None:
    """On what was owed when the quarter opened; who owes much pays more."""
    m, debt, value = len(world.municipalities), *owed(world.owners)
    interest = loan_rate(world.surroundings.interest, loan_to_values(debt, value), world.p) / 4.0 * debt
    towns = [x.municipality for x in world.landlords]
    world.books.pay(Flow.INTEREST_COMPANIES, interest[:m])
    world.books.pay(Flow.INTEREST_LANDLORDS, np.bincount(towns, interest[m:], minlength=m))


def owed(owners: Sequence[Owner]) -> tuple[Floats, Floats]:
    """What each of these owes, and what its buildings are worth, SEK (owners,)."""
    return np.array([x.debt for x in owners]), np.array([x.value for x in owners])


def loan_to_values(debt: Floats, value: Floats) -> Floats:
    """Debt over market value, nothing where there is none, share (owners,)."""
    return np.divide(debt, value, out=np.zeros_like(debt), where=value > 0.0)


def settle(world: World) -> None:
    """Surplus pays off loans or leaves, a deficit is borrowed."""
    landlords = np.arange(len(world.municipalities), len(world.owners))
    world.borrow_each(landlords, -repayment(*owed(world.landlords), world.p))
    _surplus(world)
    net = world.books.net()[Purse.HOUSING_COMPANIES]
    world.books.pay(Flow.LOANS_COMPANIES, -net)
    for m, sek in zip(world.municipalities, net[:-1].tolist(), strict=True):
        m.debt = max(m.debt - sek, 0.0)


def _surplus(world: World) -> None:
    """Once a year, what leaves the companies: dividends to municipalities, and new building elsewhere. Else, what is
    left when no loan is left to pay off. A deficit is made up for by later surplus before any of it leaves."""
    books, p, companies = world.books, world.p, world.municipalities
    net = books.net()[Purse.HOUSING_COMPANIES][: len(companies)]
    debt = np.array([x.debt for x in companies])
    for x, sek in zip(companies, net.tolist(), strict=True):
        x.surplus += sek
    out = np.maximum(net - debt, 0.0)  # nobody owes companies anything
    if (world.quarter + 1) % 4 == 0:
        so_far, committed, missing, value, flats = (
            np.array([getattr(x, name) for x in companies], dtype=np.float64)
            for name in ("surplus", "committed", "missing", "value", "flats")
        )
        out = np.maximum(out, leaving(so_far, debt - net, committed + missing, value, p))
        paid = dividend(out, flats, result(world)[: len(companies)], p)
        books.pay(Flow.DIVIDENDS, paid)
        out -= paid
        for x in companies:
            x.surplus = min(x.surplus, 0.0)
    books.pay(Flow.OTHER_INVESTMENT, out)


def result(world: World) -> Floats:
    """Each company's profit of the year that ends now, before write-downs, SEK by place (municipalities + 1,)."""
    books = world.books
    year = books.history[books.quarter // 4 * 4 : books.quarter + 1].sum(axis=0)
    return np.asarray((INCIDENCE[:, Purse.HOUSING_COMPANIES] * RESULT) @ year)


def count_commitments(world: World) -> None:
    """What owners have decided but not yet drawn in loans: asked when a year ends, and when the next one opens."""
    committed, scale = [0.0] * len(world.owners), world.region.scale
    due = world.grants.due if world.grants.due.any() else None  # mostly the state promises nothing
    for project in world.projects:
        cost = project.cost - (0.0 if due is None else float(due[project.keys].sum()))
        committed[project.owner] += cost * scale
    for contract in world.contracts:
        left = (1.0 - contract.progress) * contract.total
        for index, share in contract.cost_by_owner:
            committed[index] += left * share
    for owner, sek in zip(world.owners, committed, strict=True):
        owner.committed = sek
