"""A programme's year is over: what was planned, begun and finished in each estate, and what held the rest back."""

from __future__ import annotations

import numpy as np

from sim.world.columns import Bools, Ints
from sim.world.notes import ProgrammeYear
from sim.world.plans import Plan, Slip
from sim.world.world import World


def close(world: World) -> None:
    """In the last quarter of a year, write down every plan's year, and let plans remember what went on site."""
    if (world.quarter + 1) % 4 or not world.plans.of:
        return
    _still_waiting(world)
    b, rows = world.buildings, world.rows_like(np.arange(world.plans.buildings))
    owner, place, flats = b.owner[rows], b.neighbourhood[rows], b.flats[rows]
    finished = world.at_full_size.renovated // 4 == world.quarter // 4
    for plan in world.plans.of.values():
        mine = owner == plan.owner
        plan.begun += float(flats[mine & world.plans.begun].sum())
        for estate in plan.estates:
            here = mine & (place == estate.place)
            if estate.piloted < 0 and (here & world.plans.begun).any():
                estate.piloted = world.quarter // 4
            _write(world, plan, estate.place, here, flats, finished)


def _write(world: World, plan: Plan, place: int, here: Bools, flats: Ints, finished: Bools) -> None:
    """One row, unless nothing was planned or done."""
    plans, scale = world.plans, world.region.scale
    planned, begun, done = (scale * float(flats[here & what].sum()) for what in (plans.planned, plans.begun, finished))
    if planned + begun + done == 0.0:
        return
    late = here & plans.planned & ~plans.begun
    held = np.bincount(plans.slip[late], flats[late], minlength=len(Slip))
    cause = Slip(int(held.argmax())) if held.any() else Slip.NONE
    row = ProgrammeYear(
        world.owners[plan.owner].name, str(world.region.neighbourhoods.name[place]), world.year, planned, begun, done,
        cause.name.lower(), world.year + int(np.ceil(plan.years_left)), plan.slipped,
    )  # fmt: skip
    world.programme_years.append(row)


def _still_waiting(world: World) -> None:
    """What is on its way and not on site: tenants have not answered yet, or else it waits for bids to be settled."""
    plans = world.plans
    for project in world.projects:
        keys = project.keys[plans.slip[project.keys] == Slip.NONE]
        plans.hold(keys, Slip.CONSENT if project.ready > world.quarter else Slip.BIDS)
    for contract in world.contracts:
        plans.hold(contract.keys[plans.slip[contract.keys] == Slip.NONE], Slip.BIDS)
