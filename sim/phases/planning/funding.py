"""Money and staff decide: what fits loans and the organisation is kept, and grants are handed out among it."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.negotiation import choose
from sim.phases.planning.slips import note_postponed, note_unaffordable
from sim.randomness import Decision
from sim.rules.urgency import per_krona, urgency
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.world import World


def fund(world: World, case: Case) -> None:
    """Keep what fits loans and staff, most urgent first; then grants are handed out among what is kept."""
    expected = np.where(case.pick >= 0, case.chosen(case.grant) * case.flats, 0.0)
    flats = case.flats * world.region.scale
    for owner in world.owners:
        owner.open_staff(float(flats[case.owner == owner.index].max(initial=0.0)), world.p)
    _keep_affordable(world, case, np.flatnonzero(case.pick >= 0), expected)
    # Who comes too late for a grant decides again without it, after those who got theirs: money is not counted twice.
    late = _ration_grants(world, case, np.where(case.pick >= 0, expected, 0.0))
    in_time = np.flatnonzero(case.pick >= 0)
    _commit(world, case, in_time[~np.isin(in_time, late)])
    for owner in world.owners:
        owner.staff += float(flats[late[case.owner[late] == owner.index]].sum())
    # Without the grant they may want something else, and have to borrow what it would have paid.
    before = case.pick[late]
    case.pick[late] = choose(world, case, late, case.bare, np.zeros_like(case.grant))
    case.lapse(late[case.pick[late] != before])  # partners had agreed to something else
    note_postponed(world, case, late[case.pick[late] < 0])
    late = late[case.pick[late] >= 0]
    _keep_affordable(world, case, late, case.granted)
    _commit(world, case, late[case.pick[late] >= 0])


def _to_pay(case: Case, grant: Floats) -> Floats:
    """What the owner has to find for its choice, SEK per building."""
    return np.asarray(case.chosen(case.o.cost) * case.flats - grant)


def _keep_affordable(world: World, case: Case, rows: Ints, grant: Floats) -> None:
    """Postpone what fits neither loans nor staff; worn-out buildings go before profitable ones."""
    p = world.p
    worn = world.at_full_size.condition[case.keys] <= p.forced_condition
    scale = world.region.scale
    own_money = _to_pay(case, grant)
    # The value that decided also ranks: else what partners had paid for would be dropped first.
    value = case.chosen(case.deciding + case.error[:, :-1])
    first = urgency(np.maximum(per_krona(value, own_money / case.flats), case.turn), worn)
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
    to_pay = _to_pay(case, case.granted)[rows] * world.region.scale
    sums = np.bincount(case.owner[rows], to_pay, minlength=len(world.owners))
    for owner in world.owners:
        owner.committed += float(sums[owner.index])


def _ration_grants(world: World, case: Case, granted: Floats) -> Ints:
    """First come, first served within the year's grant budget; the rows of those who come too late.

    Everybody who applies has the work of it.
    """
    rows = np.flatnonzero(granted > 0.0)
    # The order of arrival is as good as chance, and each year another.
    arrival = world.draws.at(Decision.GRANT_QUEUE, world.quarter, case.keys[rows])[:, 0]
    order = rows[np.argsort(arrival, kind="stable")]
    inside = np.cumsum(granted[order]) * world.region.scale <= world.state.grants_left
    case.granted[order[inside]] = granted[order[inside]]
    world.state.grants_left -= float(case.granted.sum()) * world.region.scale
    work = (case.chosen(case.grant_work) * case.flats)[rows] * world.region.scale
    work = np.bincount(case.rows[rows], work, minlength=world.buildings.n).astype(np.float64)
    world.pay_by_owner(Flow.GRANT_APPLICATIONS_COMPANIES, Flow.GRANT_APPLICATIONS_LANDLORDS, work)
    return order[~inside]
