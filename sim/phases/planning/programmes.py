"""Owners' programmes: a larger owner renews estate by estate by its plan, and decides about its stage of the year."""

from __future__ import annotations

import numpy as np

from sim.agents.owner import Owner
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import programmes as rules
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Bools, Floats, Ints, among
from sim.world.plans import Estate, Plan
from sim.world.world import World


def this_years_stages(world: World, case: Case) -> Case:
    """Adopt, follow and end plans; the case of those buildings that may begin this year: all of small owners', and the
    stages of the others. Leaves ``world.plans`` and every owner's organisation (flats a year, to scale)."""
    waiting, late = told_by_owner(world), _late_flats(world)
    first = _urgency(world, case)
    take = np.ones(len(case.rows), dtype=bool)
    for x in world.owners:
        mine = np.flatnonzero(case.owner == x.index)
        due, told = float(case.flats[mine].sum()), waiting.get(x.index, np.zeros(0, dtype=np.int64))
        plan = _plan(world, case, x, mine, due, told)
        x.late = float(late[x.index])
        x.follows_plan = plan is not None
        if plan is None:
            x.organisation *= 1.0 - world.p.organisation_shrinking
            continue
        take[mine] = _stage(world, case, plan, mine, told, first)
        # Nobody hires for works that are not worth it.
        worth = float(case.flats[mine[first[mine] > 0.0]].sum()) + _flats(world, told)
        needed = (
            min(plan.volume * (1.0 + world.p.programme_catch_up * (plan.slipped > 0.0)), worth) * world.region.scale
        )
        x.organisation = rules.organisation(x.organisation, needed, x.flats, world.p)
    return case.part(take)


def _plan(world: World, case: Case, x: Owner, mine: Ints, due: float, told: Ints) -> Plan | None:
    """The owner's plan as it stands this year, a new one where it has none and much is due, or none."""
    p, plans = world.p, world.plans
    left = due + _flats(world, told)
    plan = plans.of.get(x.index)
    if plan is not None and (left > 0.0 or any((c.owners == x.index).any() for c in world.contracts)):
        # What has fallen due since joins; what was sold has left.
        plan.volume = rules.taken_up(plan.volume, plan.begun + left - plan.size, _promised(plan), p)
        plan.size = plan.begun + left
        plan.scheduled = min(plan.scheduled, plan.size)
        _order(world, case, plan.estates, mine)
        return plan
    plans.of.pop(x.index, None)
    if left < p.programme_least or left == 0.0:
        return None
    chance = float(world.draws.at(Decision.PROGRAMME, world.quarter, x.index)[0, 0])
    x.organisation = max(x.organisation, p.organisation_start * x.flats)
    plan = Plan(x.index, rules.volume_of(left, chance, p), left, [])
    _order(world, case, plan.estates, mine)
    plans.of[x.index] = plan
    return plan


def _promised(plan: Plan) -> float:
    """Years that the plan still had, as it was scheduled."""
    return (plan.size - plan.scheduled) / plan.volume if plan.volume > 0.0 else 0.0


def _order(world: World, case: Case, estates: list[Estate], mine: Ints) -> None:
    """Estates that are new to the plan go last, the most worn first: by all that the owner has there."""
    known = {one.place for one in estates}
    places = np.unique(world.buildings.neighbourhood[case.rows[mine]])
    new = [int(place) for place in places if int(place) not in known]
    if not new:
        return
    b, rows = world.buildings, world.rows_like(np.arange(world.plans.buildings))
    its = b.owner[rows] == b.owner[case.rows[mine[0]]]
    worn = []
    for place in new:
        here = its & (b.neighbourhood[rows] == place)
        worn.append(float(np.average(world.at_full_size.condition[here], weights=b.flats[rows][here])))
    estates += [Estate(new[i]) for i in np.argsort(worn, kind="stable")]


def _stage(world: World, case: Case, plan: Plan, mine: Ints, told: Ints, first: Floats) -> Bools:
    """Which of the owner's due buildings (``mine``, places in the case) are in this year's stages; those whose tenants
    have been told are planned as well. Moves the schedule on."""
    p, plans, year = world.p, world.plans, world.quarter // 4
    places = np.array([one.place for one in plan.estates], dtype=np.int64)
    where, like = world.buildings.neighbourhood[case.rows[mine]], world.rows_like(told)
    waiting = _by_place(world, world.buildings.neighbourhood[like], world.buildings.flats[like])[places]
    left = _by_place(world, where, case.flats[mine])[places] + waiting
    worth = _by_place(world, where, case.flats[mine] * (first[mine] > 0.0))[places] + waiting
    most = (left > 0.0) & (worth >= p.estate_worth * left)
    begun = np.array([one.piloted >= 0 for one in plan.estates], dtype=bool)
    serial = np.array([one.serial(year, p.pilot_years) for one in plan.estates], dtype=bool)
    some = np.flatnonzero(left > 0.0)
    turn = some[rules.taken_in_turn(most[some], begun[some], serial[some], p)]
    due = {i: mine[where == places[i]] for i in turn}
    rooms = np.array([_room(world, case, plan.estates[i], due[i], left[i], waiting[i], year) for i in turn])
    before = plan.scheduled
    plan.scheduled = min(plan.scheduled + plan.volume, plan.size)
    wanted = rules.aim(plan.volume, plan.scheduled, plan.begun, plan.carried, p)
    given = rules.shared_out(wanted, rooms)
    # What pilots and stages have no room for was never meant for this year.
    plan.scheduled -= min(max(wanted - float(given.sum()), 0.0), plan.scheduled - before)
    worn = world.at_full_size.condition[case.keys] <= p.forced_condition
    take = worn[mine]
    for i, flats in zip(turn, given, strict=True):
        order = due[i][np.argsort(-first[due[i]], kind="stable")]
        inside = order[rules.fits(case.flats[order].astype(np.float64), flats - waiting[i], p)]
        take |= among(mine, inside, len(worn))
    plans.planned[case.keys[mine[take]]] = True
    plans.planned[told] = True
    planned = float(case.flats[mine[take]].sum() + waiting.sum())
    plan.carried = max(float(given.sum()) - planned, 0.0)
    return np.asarray(take)


def _by_place(world: World, places: Ints, flats: Ints) -> Floats:
    """Flats of some buildings (rows,) by their neighbourhood (k,)."""
    return np.bincount(places, flats, minlength=len(world.neighbourhoods)).astype(np.float64)


def _room(world: World, case: Case, estate: Estate, due: Ints, left: float, waiting: float, year: int) -> float:
    """Flats that may begin in an estate this year: a pilot, then for some years nothing more, then stages in series."""
    p = world.p
    # A building larger than a stage is a stage.
    least = (1.0 - p.programme_overrun) * float(case.flats[due].max(initial=0))
    if estate.piloted < 0:
        return min(max(p.pilot_flats, least, waiting), left)
    return min(max(p.stage_flats, least), left) if estate.serial(year, p.pilot_years) else waiting


def _urgency(world: World, case: Case) -> Floats:
    """Places in the order in which owners would do their due buildings by their own calculation, the largest first;
    below none those that they would rather postpone."""
    tried = np.where(case.allowed, case.own + case.error[:, :-1], -np.inf)
    best = tried.argmax(axis=1)
    n = np.arange(len(best))
    gain = tried[n, best] - case.error[:, -1]
    worn = world.at_full_size.condition[case.keys] <= world.p.forced_condition
    place = urgency(per_krona(gain, (case.o.cost - case.grant)[n, best]), worn, case.has_grant)
    return np.where((gain >= 0.0) | worn, place, place - len(place))


def told_by_owner(world: World) -> dict[int, Ints]:
    """Buildings (rows at full size) whose tenants have been told and that are not on site yet, by owner."""
    found: dict[int, list[Ints]] = {}
    for project in world.projects:
        found.setdefault(project.owner, []).append(project.keys)
    for contract in world.contracts:
        if contract.start >= world.quarter and contract.progress == 0.0:
            for owner in np.unique(contract.owners):
                found.setdefault(int(owner), []).append(contract.keys[contract.owners == owner])
    return {owner: np.concatenate(keys) for owner, keys in found.items()}


def _late_flats(world: World) -> Floats:
    """Flats on sites that should be done by now, by owner, to scale."""
    late = np.zeros(len(world.owners))
    for c in world.contracts:
        if world.quarter > c.start + c.quarters - 1:
            rest = np.arange(len(c.keys)) >= c.finished
            late += np.bincount(c.owners[rest], c.flats[rest], minlength=len(late)) * world.region.scale
    return late


def _flats(world: World, keys: Ints) -> float:
    """Flats in these buildings at full size."""
    return float(world.buildings.flats[world.rows_like(keys)].sum())
