"""Money and staff decide: what fits loans and the organisation is kept."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.slips import note_unaffordable
from sim.rules.loans import reached
from sim.rules.programmes import fits
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Floats, Ints
from sim.world.turns import Turns
from sim.world.world import World


def fund(world: World, case: Case) -> None:
    """Keep what fits loans and staff, most urgent first."""
    largest = np.zeros(len(world.owners))
    np.maximum.at(largest, case.owner, case.flats * world.region.scale)
    for owner in world.owners:
        owner.open_staff(float(largest[owner.index]), world.p)
    to_pay = _to_pay(case)
    _keep_affordable(world, case, np.flatnonzero(case.pick >= 0), to_pay)
    _commit(world, case, np.flatnonzero(case.pick >= 0), to_pay)


def _to_pay(case: Case) -> Floats:
    """What the owner has to find for its choice beside a grant, SEK per building."""
    return np.asarray(case.chosen(case.o.cost) * case.flats - case.chosen(case.grant) * case.flats)


def _keep_affordable(world: World, case: Case, rows: Ints, own_money: Floats) -> None:
    """Postpone what fits neither loans nor staff; worn-out buildings go before profitable ones. own_money : SEK per
    building of the case (n,)."""
    p, scale, owners = world.p, world.region.scale, world.owners
    worn = world.at_full_size.condition[case.keys] <= p.forced_condition
    # The value that decided also ranks: else what partners had paid for would be dropped first.
    value = case.chosen(case.deciding + case.error[:, :-1])
    first = urgency(np.maximum(per_krona(value, own_money / case.flats), case.turn), worn, case.has_grant)
    owner, needed = case.owner[rows], np.maximum(own_money[rows] * scale, 0.0)
    flats: Floats = np.asarray(case.flats[rows] * scale, dtype=np.float64)
    turns = Turns.of(owner, len(owners), -first[rows])
    money, staff = (np.array(x) for x in ([x.headroom(p) for x in owners], [x.staff for x in owners]))
    within = reached(turns.so_far(needed), needed, money[owner])
    keep = within & fits(turns.so_far(flats), flats, staff[owner], p)
    note_unaffordable(world, case, rows[~keep], within[~keep])
    case.pick[rows[~keep]] = -1
    begun = np.bincount(owner, case.flats[rows] * keep, minlength=len(owners)) * scale
    for x in owners:
        x.staff -= float(begun[x.index])


def _commit(world: World, case: Case, rows: Ints, own_money: Floats) -> None:
    """Set the owners' share of the works aside; own_money : SEK per building of the case (n,)."""
    to_pay = own_money[rows] * world.region.scale
    sums = np.bincount(case.owner[rows], to_pay, minlength=len(world.owners))
    for owner in world.owners:
        owner.committed += float(sums[owner.index])
