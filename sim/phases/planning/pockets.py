"""Which agreements fit what payers may spend this year: budgets, and the limit on aid to a housing company."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.proposals import Proposals
from sim.rules.instruments import AID
from sim.rules.social import PAYERS
from sim.world.columns import Bools, Floats
from sim.world.world import World


class Payable(NamedTuple):
    """``agreed`` (n,) : deals that stand. ``no_money`` (n, 3) : payers whose budget a deal failed on. ``no_aid`` (n,) :
    deals that failed because the company may not be given more."""

    agreed: Bools
    no_money: Bools
    no_aid: Bools


def within_means(world: World, case: Case, found: Proposals, talked: Bools) -> Payable:
    """Deals (of those ``talked`` about) that fit budgets and aid limits of the year, those that gain most first.

    A year's budget bears a year's payments, and what has been promised before comes first, also where the works are not
    done yet.
    """
    agreed, no_aid = talked.copy(), np.zeros(len(talked), dtype=bool)
    no_money = np.zeros((len(talked), PAYERS), dtype=bool)
    if not talked.any():
        return Payable(agreed, no_money, no_aid)
    flats = case.flats[found.places] * world.region.scale
    asked = found.yearly.sum(axis=-1) * flats[:, None]
    aid = (found.yearly * AID).reshape(len(flats), -1).sum(axis=1) * flats
    budgets, aided = _left(world)
    most = world.p.state_aid_limit * world.region.scale
    for m in world.municipalities:
        mine = np.flatnonzero(talked & (case.municipality[found.places] == m.index))
        order = mine[np.argsort(-found.joint[mine], kind="stable")]
        lawful = np.cumsum(aid[order]) <= max(most - aided[m.index], 0.0)
        no_aid[order] = ~lawful & (aid[order] > 0.0)
        order = order[~no_aid[order]]
        fits = (np.cumsum(asked[order], axis=0) <= np.maximum(budgets[m.index], 0.0)) | (asked[order] == 0.0)
        no_money[order] = ~fits
    agreed &= ~no_aid & ~no_money.any(axis=1)
    return Payable(agreed, no_money, no_aid)


def _left(world: World) -> tuple[Floats, Floats]:
    """What each payer can still promise a year, SEK by municipality (m, 3), and aid already promised to its company
    (m,)."""
    k = len(world.municipalities)
    pending, aid = np.zeros((k, PAYERS)), np.zeros(k)
    for project in world.projects:
        pending[project.municipality] += project.payments.sum(axis=1)
        aid[project.municipality] += float((project.payments * AID).sum())
    for pledge in (pledge for contract in world.contracts for pledge in contract.pledges):
        pending[pledge.municipality] += pledge.yearly.sum(axis=1)
        aid[pledge.municipality] += float((pledge.yearly * AID).sum())
    for pledge in world.pledges:
        aid[pledge.municipality] += float((pledge.yearly * AID).sum())
    now = [m.budget for m in world.municipalities], world.county_council.budget, world.state.budget
    return np.column_stack(now) - pending * world.region.scale, aid * world.region.scale
