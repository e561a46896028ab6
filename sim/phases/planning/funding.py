"""Money and staff decide: what fits loans and the organisation is kept."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.slips import note_unaffordable
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Floats, Ints
from sim.world.world import World


def fund(world: World, case: Case) -> None:
    """Keep what fits loans and staff, most urgent first."""
    flats = case.flats * world.region.scale
    for owner in world.owners:
        owner.open_staff(float(flats[case.owner == owner.index].max(initial=0.0)), world.p)
    _keep_affordable(world, case, np.flatnonzero(case.pick >= 0))
    _commit(world, case, np.flatnonzero(case.pick >= 0))


def _to_pay(case: Case) -> Floats:
    """What the owner has to find for its choice beside a grant, SEK per building."""
    return np.asarray(case.chosen(case.o.cost) * case.flats - case.chosen(case.grant) * case.flats)


def _keep_affordable(world: World, case: Case, rows: Ints) -> None:
    """Postpone what fits neither loans nor staff; worn-out buildings go before profitable ones."""
    p = world.p
    worn = world.at_full_size.condition[case.keys] <= p.forced_condition
    scale = world.region.scale
    own_money = _to_pay(case)
    # The value that decided also ranks: else what partners had paid for would be dropped first.
    value = case.chosen(case.deciding + case.error[:, :-1])
    first = urgency(np.maximum(per_krona(value, own_money / case.flats), case.turn), worn, case.has_grant)
    to_pay = own_money * scale
    for owner in world.owners:
        mine = rows[case.owner[rows] == owner.index]
        if len(mine):
            reached = owner.within_loans(to_pay[mine], first[mine], p)
            keep = reached & owner.within_staff(first[mine], case.flats[mine] * scale, p)
            note_unaffordable(world, case, mine[~keep], reached[~keep])
            case.pick[mine[~keep]] = -1
            owner.staff -= float(case.flats[mine[keep]].sum() * scale)


def _commit(world: World, case: Case, rows: Ints) -> None:
    """Set the owners' share of the works aside."""
    to_pay = _to_pay(case)[rows] * world.region.scale
    sums = np.bincount(case.owner[rows], to_pay, minlength=len(world.owners))
    for owner in world.owners:
        owner.committed += float(sums[owner.index])
