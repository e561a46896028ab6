"""Side payments of the year: what was promised for finished works falls due, as far as budgets bear it."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.log import log_broken
from sim.rules.instruments import BY_RESULTS
from sim.rules.social import LEARNED, PAYER_NAMES, PAYERS, Gain
from sim.world.books import SIDE_PAYMENTS
from sim.world.columns import Floats
from sim.world.notes import Payment
from sim.world.world import World

HANDED_OVER = "handed over"  # to silos, with no condition: the basis of a payment for nothing


def pay_pledges(world: World) -> None:
    """One year of every pledge, SEK. What is paid by results is paid as far as the latest year showed them. Where a
    budget is short all its pledges get the same part, and the rest is a broken word: nobody makes up for it later."""
    if not world.pledges:
        return
    asked = np.stack([pledge.yearly for pledge in world.pledges])
    where = np.array([pledge.municipality for pledge in world.pledges])
    still = np.stack([pledge.made < pledge.years for pledge in world.pledges])
    due = asked * still[:, :, None] * _results(world)[where]
    wanted = np.zeros((len(world.municipalities), PAYERS))
    np.add.at(wanted, where, due.sum(axis=-1) * world.region.scale)
    part = _part(world, wanted)
    paid = due * part[where][:, :, None]
    _book(world, paid)
    for m, short in zip(world.municipalities, wanted * (1.0 - part), strict=True):
        m.broken += float((short > world.p.payment_tolerance * wanted[m.index]).sum())
    world.compact.owed |= wanted.sum(axis=1) > 0.0
    log_broken(world, wanted, part)
    for pledge in world.pledges:
        pledge.made += 1
    world.pledges = [pledge for pledge in world.pledges if not pledge.over]


def _results(world: World) -> Floats:
    """Part of each promise that its results earn, 0-1 by municipality, payer and kind (m, 3, 5)."""
    shown = np.ones((len(world.municipalities), PAYERS, len(Gain)))
    for m in world.municipalities:
        shown[m.index, :, :LEARNED] = np.where(BY_RESULTS[:, :LEARNED], m.shown.T, 1.0)
    return shown


def _part(world: World, wanted: Floats) -> Floats:
    """Part of what falls due that each budget bears, 0-1 (m, 3); takes it out of the budgets."""
    left = np.column_stack([[m.budget for m in world.municipalities], world.county_council.budget, world.state.budget])
    part = np.minimum(np.maximum(left, 0.0) / np.maximum(wanted, 1e-9), 1.0)
    spent = wanted * part
    for m in world.municipalities:
        m.budget -= float(spent[m.index, 0])
    world.county_council.budget = world.county_council.budget - spent[:, 1]
    world.state.budget = world.state.budget - spent[:, 2]
    return np.asarray(part)


def _book(world: World, paid: Floats) -> None:
    """The modelled part of each payment, into the books and the table of payments (3 payers, 5 kinds a pledge)."""
    where = np.array([pledge.place for pledge in world.pledges])
    booked = paid * np.array([pledge.share for pledge in world.pledges])[:, None, None]
    for i, flow in enumerate(SIDE_PAYMENTS):
        by_place = np.bincount(where, booked[:, i].sum(axis=1), minlength=len(world.neighbourhoods))
        world.books.pay_at(flow, by_place)
    rows: dict[tuple[int, int, str, int], float] = {}
    for k, i, kind in np.argwhere(booked > 0.0):
        pledge = world.pledges[int(k)]
        key = (int(i), pledge.owner, pledge.programme, int(kind))
        rows[key] = rows.get(key, 0.0) + float(booked[k, i, kind])
    for (i, owner, programme, kind), sek in rows.items():
        basis = Gain(kind).name.lower()
        name = world.owners[owner].name
        world.payments_made.append(Payment(world.quarter, PAYER_NAMES[i], name, programme, basis, sek))


def hand_over(world: World) -> None:
    """The reviewer's arm: another run's co-funding of this year, handed over without conditions."""
    if world.same_money is None:
        return
    for i, (flow, sek) in enumerate(zip(SIDE_PAYMENTS, world.same_money[world.quarter // 4], strict=True)):
        world.books.pay(flow, sek)
        for m in np.flatnonzero(sek):
            name = world.municipalities[m].name
            row = Payment(world.quarter, PAYER_NAMES[i], name, "", HANDED_OVER, float(sek[m]))
            world.payments_made.append(row)
