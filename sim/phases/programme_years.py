"""A programme's year is over: what was planned, begun and finished in each estate, and what held the rest back."""

from __future__ import annotations

import math

import numpy as np

from sim.world.columns import Floats, Ints
from sim.world.notes import ProgrammeYear
from sim.world.plans import Slip
from sim.world.world import World

_CAUSES = tuple(slip.name.lower() for slip in Slip)
_NOTHING = [0.0, 0.0, 0.0]  # planned, begun, finished


def close(world: World) -> None:
    """In the last quarter of a year, write down every plan's year, and let plans remember what went on site."""
    if (world.quarter + 1) % 4 or not world.plans.of:
        return
    _still_waiting(world)
    counted, cause = _count(world)
    estates = [(plan, one) for plan in world.plans.of.values() for one in plan.estates]
    owners, places = [plan.owner for plan, _ in estates], [one.place for _, one in estates]
    flats, held = counted[:, owners, places], [_CAUSES[slip] for slip in cause[owners, places].tolist()]
    of_plan, year, names = _plans(world, counted[1]), world.year, world.region.neighbourhoods.name
    rows = (world.region.scale * flats).T.tolist()
    for (plan, one), begun, row, why in zip(estates, flats[1].tolist(), rows, held, strict=True):
        if one.piloted < 0 and begun > 0.0:
            one.piloted = world.quarter // 4
        if row != _NOTHING:
            name, target, slipped = of_plan[plan.owner]
            planned, started, done = row
            world.programme_years.append(
                ProgrammeYear(name, names[one.place], year, planned, started, done, why, target, slipped)
            )


def _plans(world: World, begun: Floats) -> dict[int, tuple[str, int, float]]:
    """Plans remember what was begun, flats (owners, k). Of each: its owner's name, the year in which it would be done,
    and how far it lags behind."""
    for owner, plan in world.plans.of.items():
        plan.begun += float(begun[owner].sum())
    return {
        owner: (world.owners[owner].name, world.year + math.ceil(plan.years_left), plan.slipped)
        for owner, plan in world.plans.of.items()
    }


def _count(world: World) -> tuple[Floats, Ints]:
    """The year's flats at full size by owner and neighbourhood: planned, begun and finished (3, owners, k), and what
    held back most of those planned and not begun, a Slip (owners, k)."""
    b, plans, slips = world.buildings, world.plans, len(Slip)
    like = world.rows_like(np.arange(plans.buildings))
    shape = len(world.owners), len(world.neighbourhoods)
    cell, flats = b.owner[like] * shape[1] + b.neighbourhood[like], b.flats[like]
    finished = world.at_full_size.renovated // 4 == world.quarter // 4
    counted = np.array([
        np.bincount(cell, flats * what, minlength=shape[0] * shape[1]).reshape(shape)
        for what in (plans.planned, plans.begun, finished)
    ])  # fmt: skip
    late = np.flatnonzero(plans.planned & ~plans.begun)
    cell = cell[late] * slips + plans.slip[late]
    held = np.bincount(cell, flats[late], minlength=shape[0] * shape[1] * slips)
    by_slip = held.reshape(*shape, slips)
    return counted, np.where(by_slip.any(axis=-1), by_slip.argmax(axis=-1), int(Slip.NONE))


def _still_waiting(world: World) -> None:
    """What is on its way and not on site: tenants have not answered yet, or else it waits for bids to be settled."""
    plans, none = world.plans, np.zeros(0, dtype=np.int64)
    not_yet = [project.keys for project in world.projects if project.ready > world.quarter]
    bids = [project.keys for project in world.projects if project.ready <= world.quarter]
    bids += [contract.keys for contract in world.contracts]
    for waiting, slip in ((not_yet, Slip.CONSENT), (bids, Slip.BIDS)):
        keys = np.concatenate([none, *waiting])
        plans.hold(keys[plans.slip[keys] == Slip.NONE], slip)
