"""A programme's year is over: what was planned, begun and finished in each estate, and what held the rest back."""

from __future__ import annotations

import numpy as np

from sim.world.notes import ProgrammeYear
from sim.world.plans import Plan, Slip
from sim.world.world import World


def close(world: World) -> None:
    """In the last quarter of a year, write down every plan's year, and let plans remember what went on site."""
    if (world.quarter + 1) % 4 or not world.plans.of:
        return
    _still_waiting(world)
    done = _Done(world)
    for plan in world.plans.of.values():
        plan.begun += float(done.begun[plan.owner].sum())
        for estate in plan.estates:
            if estate.piloted < 0 and done.begun[plan.owner, estate.place] > 0.0:
                estate.piloted = world.quarter // 4
            _write(world, plan, estate.place, done)


class _Done:
    """The year's flats at full size by owner and neighbourhood (owners, k): ``begun``, and in ``rows`` planned, begun
    and finished ones; ``cause`` is what held back most of those planned and not begun, a Slip."""

    def __init__(self, world: World) -> None:
        b, plans, slips = world.buildings, world.plans, len(Slip)
        like = world.rows_like(np.arange(plans.buildings))
        shape = len(world.owners), len(world.neighbourhoods)
        cell, flats = b.owner[like] * shape[1] + b.neighbourhood[like], b.flats[like]
        finished = world.at_full_size.renovated // 4 == world.quarter // 4
        counted = [
            np.bincount(cell, flats * what, minlength=shape[0] * shape[1]).reshape(shape)
            for what in (plans.planned, plans.begun, finished)
        ]
        self.begun = counted[1]
        # One row after the other is written: numbers of Python's own are read faster than an array's.
        self.rows = [what.tolist() for what in counted]
        late = np.flatnonzero(plans.planned & ~plans.begun)
        cell = cell[late] * slips + plans.slip[late]
        held = np.bincount(cell, flats[late], minlength=shape[0] * shape[1] * slips)
        by_slip = held.reshape(*shape, slips)
        self.cause: list[list[int]] = np.where(by_slip.any(axis=-1), by_slip.argmax(axis=-1), int(Slip.NONE)).tolist()


def _write(world: World, plan: Plan, place: int, year: _Done) -> None:
    """One row, unless nothing was planned or done."""
    scale = world.region.scale
    planned, begun, done = (scale * what[plan.owner][place] for what in year.rows)
    if planned + begun + done == 0.0:
        return
    cause = Slip(year.cause[plan.owner][place])
    row = ProgrammeYear(
        world.owners[plan.owner].name, str(world.region.neighbourhoods.name[place]), world.year, planned, begun, done,
        cause.name.lower(), world.year + int(np.ceil(plan.years_left)), plan.slipped,
    )  # fmt: skip
    world.programme_years.append(row)


def _still_waiting(world: World) -> None:
    """What is on its way and not on site: tenants have not answered yet, or else it waits for bids to be settled."""
    plans, none = world.plans, np.zeros(0, dtype=np.int64)
    not_yet = [project.keys for project in world.projects if project.ready > world.quarter]
    bids = [project.keys for project in world.projects if project.ready <= world.quarter]
    bids += [contract.keys for contract in world.contracts]
    for waiting, slip in ((not_yet, Slip.CONSENT), (bids, Slip.BIDS)):
        keys = np.concatenate([none, *waiting])
        plans.hold(keys[plans.slip[keys] == Slip.NONE], slip)
