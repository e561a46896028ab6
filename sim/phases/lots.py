"""How projects become lots: an owner's neighbourhood alone, or a framework's packages from all its members."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.rules import appraisal, bids, mixture
from sim.world.columns import Floats, Ints
from sim.world.hands import Hands
from sim.world.plans import Slip
from sim.world.projects import Project
from sim.world.world import World


class Part(NamedTuple):
    """One building of a project in a lot: its key, the row that it is or is like, its option, and the shares of its
    flats by what tenants chose."""

    project: Project
    key: int
    building: int
    option: int
    mix: Floats
    modelled: bool


Lot = list[Part]


class Work(NamedTuple):
    """What a lot asks of a firm.

    Its buildings (rows, options, shares of flats by what tenants chose); ``reference``, SEK that it would have cost in
    2011, drifted: prices are judged against that, not against other bids; person-years to scale; quarters on site; a
    crew of persons.
    """

    rows: Ints
    options: Ints
    mix: Floats
    reference: float
    labour: float
    quarters: int
    crew: float


def work_of(world: World, lot: Lot) -> Work:
    """The work of a lot."""
    p, flats = world.p, world.buildings.flats
    rows = np.array([part.building for part in lot])
    options = np.array([part.option for part in lot])
    standard, energy = appraisal.reference_costs(p)
    mix = np.array([part.mix for part in lot])
    reference = float((mixture.mean(standard + energy, options, mix) * flats[rows]).sum()) * world.cost_level
    labour = reference / world.cost_level * p.labour_intensity / 1e6 * world.region.scale
    quarters = max(round(float(bids.quarters(float(flats[rows].sum()), appraisal.LEVELS[options], p).mean())), 1)
    return Work(rows, options, mix, reference, labour, quarters, labour * 4.0 / quarters)


def lots_of(world: World, ready: list[Project]) -> list[Lot]:
    """One owner's neighbourhood alone, or pooled packages; cut to the largest lot of their kind.

    Like is built beside like, in an owner's own lots too. What nobody wanted is tendered again in half as large lots.
    """
    lots: list[Lot] = []
    for project in ready:
        if not project.pooled:
            lots += _alone(project, _parts([project]), world)
    hands = Hands(world)
    pooled = _parts([q for q in ready if q.pooled])
    for option, tenders in sorted({(part.option, part.project.tenders) for part in pooled}):
        parts = [part for part in pooled if part.option == option and part.project.tenders == tenders]
        lots += _joint(parts, hands, 2.0**-tenders, world)
    return lots


def own_lots(world: World, lot: Lot) -> list[Lot]:
    """The lots that a joint lot would have been, had each owner put its own neighbourhoods to tender alone."""
    lots: list[Lot] = []
    for project in {id(part.project): part.project for part in lot}.values():
        lots += _alone(project, [part for part in lot if part.project is project], world)
    return lots


def _alone(project: Project, parts: list[Part], world: World) -> list[Lot]:
    """An owner's own lots of these buildings of a project; half as large with every tender that nobody wanted."""
    by_option = sorted(parts, key=lambda part: part.option)
    return _cut(by_option, world.p.lot_flats / 2**project.tenders, world)


def _parts(projects: list[Project]) -> list[Part]:
    """Every building of the projects."""
    return [
        Part(q, int(key), int(row), int(option), mix, bool(modelled))
        for q in projects
        for key, row, option, mix, modelled in zip(q.keys, q.buildings, q.options, q.mix, q.modelled, strict=True)
    ]


def _joint(parts: list[Part], hands: Hands, share: float, world: World) -> list[Lot]:
    """Joint lots of one package that builders have hands for; the rest waits for a later quarter, as long as the
    framework lets it. share : of the largest lot that may be put to tender."""
    lots: list[Lot] = []
    while parts:
        room = share * hands.largest(parts[0].option)
        flats = np.cumsum([world.buildings.flats[part.building] for part in parts])
        fitting = int((flats <= room).sum())
        if not fitting and world.quarter < parts[0].project.decided + world.p.pool_patience:
            world.plans.hold(np.array([part.key for part in parts]), Slip.HANDS)
            break
        lot, parts = parts[: max(fitting, 1)], parts[max(fitting, 1) :]
        hands.take(lot[0].option, float(flats[len(lot) - 1]))
        lots.append(lot)
    return lots


def _cut(parts: list[Part], limit: float, world: World) -> list[Lot]:
    """Fill lots building by building up to a number of flats."""
    lots: list[Lot] = []
    room = 0.0
    for part in parts:
        flats = float(world.buildings.flats[part.building])
        if not lots or flats > room:
            lots.append([])
            room = limit
        lots[-1].append(part)
        room -= flats
    return lots
