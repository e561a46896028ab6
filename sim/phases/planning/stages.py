"""The stages of a year: in which estates each programme works now, and which buildings begin there."""

from __future__ import annotations

import numpy as np

from sim.inputs.parameters import Parameters
from sim.phases.planning.case import Case
from sim.phases.planning.told import Told
from sim.rules import programmes as rules
from sim.world.columns import Bools, Floats, Ints
from sim.world.plans import Plan
from sim.world.turns import Turns
from sim.world.world import World


def in_stages(world: World, case: Case, plans: list[Plan], waiting: Told, first: Floats) -> Bools:
    """Which due buildings may begin (n,): those in this year's stages of ``plans``, worn-out ones, and all of owners
    without a plan. Moves the schedules on; buildings whose tenants have been told are planned as well.

    first : places in the order of doing (n,), below none what its owner would rather postpone.
    """
    p, estates = world.p, _Estates(world, case, plans, waiting)
    inside = _inside(case, estates, _given(case, estates, plans, first, p), first, p)
    worn = world.at_full_size.condition[case.keys] <= p.forced_condition
    free = estates.plan_due < 0
    take = inside | worn | free
    planned = np.flatnonzero(take & ~free)
    world.plans.planned[case.keys[planned]] = True
    world.plans.planned[waiting.keys[estates.plan_told >= 0]] = True
    _carry(estates, plans, case, planned)
    return take


class _Estates:
    """The estates of all plans in their order, one row each (e,), and where due and announced buildings belong.

    ``plan`` : the plan of each. ``waiting`` : its flats whose tenants have been told, ``left`` : these and all that are
    due. ``begun`` : whether its pilot has begun, ``serial`` : whether stages in series follow. ``due``, ``told`` : the
    estate of each building, ``plan_due``, ``plan_told`` : the plan of its owner; -1 for none. ``given`` : flats that
    each plan could give to its estates of this year (plans,).
    """

    def __init__(self, world: World, case: Case, plans: list[Plan], waiting: Told) -> None:
        year, k, place = world.quarter // 4, len(world.neighbourhoods), world.buildings.neighbourhood
        estates = [(i, plan.owner * k + one.place, one) for i, plan in enumerate(plans) for one in plan.estates]
        self.plan = np.array([i for i, _, _ in estates], dtype=np.int64)
        self.begun = np.array([one.piloted >= 0 for _, _, one in estates], dtype=bool)
        self.serial = np.array([one.serial(year, world.p.pilot_years) for _, _, one in estates], dtype=bool)
        estate_at, plan_of = np.full(len(world.owners) * k, -1), np.full(len(world.owners), -1)
        estate_at[[where for _, where, _ in estates]] = np.arange(len(estates))
        plan_of[[plan.owner for plan in plans]] = np.arange(len(plans))
        self.plan_due, self.plan_told = plan_of[case.owner], plan_of[waiting.owner]
        self.due = estate_at[case.owner * k + place[case.rows]]
        self.told = estate_at[waiting.owner * k + place[world.rows_like(waiting.keys)]]
        self.waiting = self.count(self.told, waiting.flats)
        self.left = self.count(self.due, case.flats) + self.waiting
        self.given = np.zeros(len(plans))

    def count(self, which: Ints, flats: Ints) -> Floats:
        """Flats of some buildings by their estate (e,)."""
        return np.bincount(which + 1, flats, minlength=len(self.plan) + 1)[1:].astype(np.float64)

    def largest(self, flats: Ints) -> Floats:
        """Flats of the largest due building of each estate (e,)."""
        found, its = np.zeros(len(self.plan)), self.due >= 0
        np.maximum.at(found, self.due[its], flats[its].astype(np.float64))
        return found


def _given(case: Case, estates: _Estates, plans: list[Plan], first: Floats, p: Parameters) -> Floats:
    """Flats that each estate may begin this year (e,), -inf where its owner does not work now. Moves schedules on."""
    worth = estates.count(estates.due, case.flats * (first > 0.0)) + estates.waiting
    some = np.flatnonzero(estates.left > 0.0)
    most = worth[some] >= p.estate_worth * estates.left[some]
    turn = some[rules.taken_in_turn(estates.plan[some], most, estates.begun[some], estates.serial[some], p)]
    rooms = rules.room(
        estates.largest(case.flats), estates.waiting, estates.left, estates.begun, estates.serial, p
    )[turn]  # fmt: skip
    before = [plan.scheduled for plan in plans]
    for plan in plans:
        plan.scheduled = min(plan.scheduled + plan.volume, plan.size)
    wanted = np.array([rules.aim(plan.volume, plan.scheduled, plan.begun, plan.carried, p) for plan in plans])
    which = estates.plan[turn]
    in_turn = Turns.of(which, len(plans))
    flats = rules.shared_out(wanted[which], in_turn.so_far(rooms), rooms)
    estates.given = in_turn.sum(flats)
    for plan, was, aim, given in zip(plans, before, wanted.tolist(), estates.given.tolist(), strict=True):
        # What pilots and stages have no room for was never meant for this year.
        plan.scheduled -= min(max(aim - given, 0.0), plan.scheduled - was)
    found = np.full(len(estates.plan), -np.inf)
    found[turn] = flats
    return found


def _inside(case: Case, estates: _Estates, given: Floats, first: Floats, p: Parameters) -> Bools:
    """Which due buildings fit this year's stages of their estates, the most urgent first (n,)."""
    inside, its = np.zeros(len(case.rows), dtype=bool), np.flatnonzero(estates.due >= 0)
    where, flats = estates.due[its], case.flats[its].astype(np.float64)
    so_far = Turns.of(where, len(estates.plan), -first[its]).so_far(flats)
    inside[its] = rules.fits(so_far, flats, (given - estates.waiting)[where], p)
    return inside


def _carry(estates: _Estates, plans: list[Plan], case: Case, planned: Ints) -> None:
    """What was too little for a building is there next year. planned : places in the case."""
    flats = np.bincount(estates.plan_due[planned], case.flats[planned], minlength=len(plans))
    flats = flats + np.bincount(estates.plan, estates.waiting, minlength=len(plans))
    for plan, given, begins in zip(plans, estates.given.tolist(), flats.tolist(), strict=True):
        plan.carried = max(given - begins, 0.0)
