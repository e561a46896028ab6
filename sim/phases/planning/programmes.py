"""Owners' programmes: a larger owner renews estate by estate by its plan, and decides about its stage of the year."""

from __future__ import annotations

import numpy as np

from sim.agents.owner import Owner
from sim.phases.planning.case import Case
from sim.phases.planning.stages import in_stages
from sim.phases.planning.told import told
from sim.randomness import Decision
from sim.rules import programmes as rules
from sim.rules.choice import best_option
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Floats, Ints
from sim.world.plans import Estate, Plan
from sim.world.turns import Turns
from sim.world.world import World


def this_years_stages(world: World, case: Case) -> Case:
    """Adopt, follow and end plans; the case of those buildings that may begin this year: all of small owners', and the
    stages of the others. Leaves ``world.plans`` and every owner's organisation (flats a year, to scale)."""
    waiting, late, first = told(world), _late_flats(world), _urgency(world, case)
    due, ahead = _by_owner(world, case.owner, case.flats), _by_owner(world, waiting.owner, waiting.flats)
    # Nobody hires for works that are not worth it.
    worth = _by_owner(world, case.owner, case.flats * (first > 0.0)) + ahead
    take = in_stages(world, case, _plans(world, case, due + ahead), waiting, first)
    for x in world.owners:
        plan = world.plans.of.get(x.index)
        x.late = float(late[x.index])
        x.follows_plan = plan is not None
        if plan is None:
            x.organisation *= 1.0 - world.p.organisation_shrinking
            continue
        most = plan.volume * (1.0 + world.p.programme_catch_up * (plan.slipped > 0.0))
        needed = min(most, float(worth[x.index])) * world.region.scale
        x.organisation = rules.organisation(x.organisation, needed, x.flats, world.p)
    return case.part(take)


def _by_owner(world: World, owner: Ints, flats: Ints) -> Floats:
    """Flats of some buildings (rows,) by their owner (owners,)."""
    return np.bincount(owner, flats, minlength=len(world.owners)).astype(np.float64)


def _plans(world: World, case: Case, left: Floats) -> list[Plan]:
    """This year's plans in the order of owners, as they stand, or new where an owner has none and much is due.

    left : flats of each owner that are due or announced (owners,).
    """
    plans = [plan for x in world.owners if (plan := _plan(world, x, float(left[x.index]))) is not None]
    k = len(world.neighbourhoods)
    due = set(np.unique(case.owner * k + world.buildings.neighbourhood[case.rows]).tolist())
    known = {plan.owner * k + one.place for plan in plans for one in plan.estates}
    if new := sorted(due - known):
        worn = _condition(world)
        for estate in sorted(new, key=lambda each: (each // k, worn[each])):
            plan_of = world.plans.of.get(estate // k)
            if plan_of is not None:
                plan_of.estates.append(Estate(estate % k))
    return plans


def _condition(world: World) -> Floats:
    """Mean condition of the flats of every owner in every neighbourhood, 0-1 (owners x k,); NaN where it has none."""
    b, rows, k = world.buildings, world.rows_like(np.arange(world.plans.buildings)), len(world.neighbourhoods)
    estates = Turns.of(b.owner[rows] * k + b.neighbourhood[rows], len(world.owners) * k)
    flats = b.flats[rows].astype(np.float64)
    with np.errstate(invalid="ignore"):
        return estates.sum(world.at_full_size.condition * flats) / estates.sum(flats)


def _plan(world: World, x: Owner, left: float) -> Plan | None:
    """The owner's plan as it stands this year, a new one where it has none and much is due, or none."""
    p, plans = world.p, world.plans
    plan = plans.of.get(x.index)
    if plan is not None and (left > 0.0 or any((c.owners == x.index).any() for c in world.contracts)):
        # What has fallen due since joins; what was sold has left.
        plan.volume = rules.taken_up(plan.volume, plan.begun + left - plan.size, _promised(plan), p)
        plan.size = plan.begun + left
        plan.scheduled = min(plan.scheduled, plan.size)
        return plan
    plans.of.pop(x.index, None)
    if left < p.programme_least or left == 0.0:
        return None
    chance = float(world.draws.at(Decision.PROGRAMME, world.quarter, x.index)[0, 0])
    x.organisation = max(x.organisation, p.organisation_start * x.flats)
    plans.of[x.index] = Plan(x.index, rules.volume_of(left, chance, p), left, [])
    return plans.of[x.index]


def _promised(plan: Plan) -> float:
    """Years that the plan still had, as it was scheduled."""
    return (plan.size - plan.scheduled) / plan.volume if plan.volume > 0.0 else 0.0


def _urgency(world: World, case: Case) -> Floats:
    """Places in the order in which owners would do their due buildings by their own calculation, the largest first;
    below none those that they would rather postpone."""
    best, seen = best_option(case.own, case.error, case.allowed)
    at, gain = (np.arange(len(best)), best), seen - case.error[:, -1]
    worn = world.at_full_size.condition[case.keys] <= world.p.forced_condition
    place = urgency(per_krona(gain, case.o.cost[at] - case.grant[at]), worn, case.has_grant)
    return np.where((gain >= 0.0) | worn, place, place - len(place))


def _late_flats(world: World) -> Floats:
    """Flats on sites that should be done by now, by owner, to scale."""
    late = np.zeros(len(world.owners))
    for c in world.contracts:
        if world.quarter > c.start + c.quarters - 1:
            rest = np.arange(len(c.keys)) >= c.finished
            late += np.bincount(c.owners[rest], c.flats[rest], minlength=len(late)) * world.region.scale
    return late
