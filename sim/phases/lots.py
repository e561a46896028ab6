"""How projects become lots: an owner's neighbourhood alone, or a framework's packages from all its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.compiling import kernel
from sim.rules import appraisal, bids, choice, mixture
from sim.sums import pairwise
from sim.world.columns import Bools, Floats, Ints
from sim.world.hands import Hands
from sim.world.plans import Slip
from sim.world.projects import Project
from sim.world.world import World


@dataclass(frozen=True, eq=False)
class Lots:
    """Lots in columns of their buildings (n,), one lot after another: those of lot i are ``starts[i]`` to
    ``starts[i + 1]``.

    ``project`` is each building's place among ``projects``, ``place`` that among all their buildings, one project after
    another; the others are as a project has them. ``pooled`` : whether a lot is a framework's (lots,).
    """

    projects: list[Project]
    starts: Ints
    pooled: Bools
    project: Ints
    place: Ints
    keys: Ints
    buildings: Ints
    options: Ints
    mix: Floats
    modelled: Bools

    def __len__(self) -> int:
        return len(self.pooled)

    def part(self, i: int) -> slice:
        """Where the buildings of a lot stand in the columns."""
        return slice(int(self.starts[i]), int(self.starts[i + 1]))

    def projects_of(self, i: int) -> list[Project]:
        """The projects of a lot, each once, in order."""
        return [self.projects[q] for q in dict.fromkeys(self.project[self.part(i)].tolist())]


class Work(NamedTuple):
    """What lots ask of a firm, one entry a lot but for ``shares``.

    ``reference``, SEK that it would have cost in 2011, drifted: prices are judged against that, not against other bids;
    person-years to scale; quarters on site; a crew of persons; its flats, and the shares of them by package (lots, 9).
    ``shares`` is each building's part of what its lot costs; of works that cost nothing, of its flats (n,).
    """

    reference: Floats
    labour: Floats
    quarters: Floats
    crew: Floats
    flats: Floats
    packages: Floats
    shares: Floats


def work_of(world: World, lots: Lots) -> Work:
    """The work of lots."""
    p, n = world.p, len(lots)
    standard, energy = appraisal.reference_costs(p)
    flats = world.buildings.flats[lots.buildings]
    cost = mixture.mean(standard + energy, lots.options, lots.mix) * flats
    reference, labour, quarters, crew, size = np.zeros((5, n))
    packages, shares = np.zeros((n, choice.OPTIONS)), np.zeros(len(cost))
    levels = appraisal.LEVELS[lots.options]
    scales = np.array([world.cost_level, world.region.scale])
    _measure(lots.starts, cost, flats, lots.options, levels, scales, p.numbers,
             reference, labour, quarters, crew, size, packages, shares)  # fmt: skip
    return Work(reference, labour, quarters, crew, size, packages, shares)


@kernel
def _measure(starts: Ints, cost: Floats, flats: Ints, options: Ints, levels: Ints, scales: Floats, numbers: Any,
             reference: Floats, labour: Floats, quarters: Floats, crew: Floats, size: Floats, packages: Floats,
             shares: Floats) -> None:  # fmt: skip
    """Sums over each lot's buildings; ``scales`` are the price level of works and the scale of the region."""
    p = numbers[0]
    for i in range(len(starts) - 1):
        first, last = starts[i], starts[i + 1]
        in_all = flats[first:last].sum()
        for k in range(first, last):
            packages[i, options[k]] += flats[k]
        packages[i] /= in_all
        size[i] = in_all
        costs = pairwise(cost[first:last])
        reference[i] = costs * scales[0]
        labour[i] = reference[i] / scales[0] * p.labour_intensity / 1e6 * scales[1]
        planned = np.zeros(last - first)
        for k in range(first, last):
            planned[k - first] = bids.quarters(in_all, levels[k], p)
        quarters[i] = max(np.rint(pairwise(planned) / (last - first)), 1.0)
        crew[i] = labour[i] * 4.0 / quarters[i]
        free = not cost[first:last].any()
        for k in range(first, last):
            shares[k] = flats[k] / max(in_all, 1e-9) if free else cost[k] / max(costs, 1e-9)


def lots_of(world: World, ready: list[Project]) -> Lots:
    """One owner's neighbourhood alone, or pooled packages; cut to the largest lot of their kind.

    Like is built beside like, in an owner's own lots too. What nobody wanted is tendered again in half as large lots.
    """
    parts = _parts(ready)
    pooled = np.array([q.pooled for q in ready], dtype=bool)
    if not pooled.any():
        return _alone(world, parts, np.arange(len(parts.keys)))
    joint = pooled[parts.project]
    own = _alone(world, parts, np.flatnonzero(~joint))
    groups: list[Ints] = []
    hands, rows = Hands(world), np.flatnonzero(joint)
    tenders = np.array([q.tenders for q in ready])[parts.project]
    for option, times in sorted(set(zip(parts.options[rows].tolist(), tenders[rows].tolist(), strict=True))):
        same = rows[(parts.options[rows] == option) & (tenders[rows] == times)]
        groups += _joint(world, parts, same, hands, 2.0**-times)
    starts = np.array([*own.starts.tolist(), *(len(own.keys) + np.cumsum([len(group) for group in groups])).tolist()])
    return _lots(parts, np.concatenate([own.place, *groups]), starts.astype(np.int64), len(groups))


def own_lots(world: World, lots: Lots, i: int) -> Lots:
    """The lots that a joint lot would have been, had each owner put its own neighbourhoods to tender alone."""
    rows = np.arange(lots.starts[i], lots.starts[i + 1])
    return _alone(world, lots, rows)


def _parts(projects: list[Project]) -> Lots:
    """Every building of the projects, in no lot yet."""
    counts = np.array([len(q.keys) for q in projects], dtype=np.int64)
    if not projects:
        none = np.zeros(0, dtype=np.int64)
        return Lots([], none, none > 0, none, none, none, none, none, mixture.nothing_chosen(0), none > 0)
    keys, buildings = np.concatenate([q.keys for q in projects]), np.concatenate([q.buildings for q in projects])
    options, mix = np.concatenate([q.options for q in projects]), np.concatenate([q.mix for q in projects])
    modelled = np.concatenate([q.modelled for q in projects])
    which = np.repeat(np.arange(len(projects)), counts)
    place = np.arange(len(which))
    return Lots(projects, counts[:0], counts[:0] > 0, which, place, keys, buildings, options, mix, modelled)


def _lots(parts: Lots, rows: Ints, starts: Ints, joint: int) -> Lots:
    """Lots of these buildings (places in the columns), of which the last so many are joint."""
    pooled = np.arange(len(starts) - 1) >= len(starts) - 1 - joint
    return Lots(
        parts.projects, starts, pooled, parts.project[rows], parts.place[rows], parts.keys[rows], parts.buildings[rows],
        parts.options[rows], parts.mix[rows], parts.modelled[rows],
    )  # fmt: skip


def _alone(world: World, parts: Lots, rows: Ints) -> Lots:
    """Owners' own lots of these buildings, project by project; half as large with every tender that nobody wanted."""
    rows = rows[np.lexsort((parts.options[rows], parts.project[rows]))]
    limit = np.array([world.p.lot_flats / 2**q.tenders for q in parts.projects])
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    count = _cut(parts.project[rows], world.buildings.flats[parts.buildings[rows]], limit, starts)
    return _lots(parts, rows, starts[: count + 1].copy(), 0)


@kernel
def _cut(project: Ints, flats: Ints, limit: Floats, starts: Ints) -> int:
    """Writes down where lots of buildings in order start, and where the last one ends; how many there are. Lots are
    filled building by building up to a number of flats."""
    count, room = 0, 0.0
    for k in range(len(flats)):
        if k == 0 or project[k] != project[k - 1] or flats[k] > room:
            starts[count] = k
            count += 1
            room = limit[project[k]]
        room -= flats[k]
    starts[count] = len(flats)
    return count


def _joint(world: World, parts: Lots, rows: Ints, hands: Hands, share: float) -> list[Ints]:
    """Joint lots of one package that builders have hands for; the rest waits for a later quarter, as long as the
    framework lets it. share : of the largest lot that may be put to tender."""
    found: list[Ints] = []
    option = int(parts.options[rows[0]])
    while len(rows):
        room = share * hands.largest(option)
        flats = np.cumsum(world.buildings.flats[parts.buildings[rows]])
        fitting = int((flats <= room).sum())
        first = parts.projects[int(parts.project[rows[0]])]
        if not fitting and world.quarter < first.decided + world.p.pool_patience:
            world.plans.hold(parts.keys[rows], Slip.HANDS)
            break
        taken = max(fitting, 1)
        hands.take(option, float(flats[taken - 1]))
        found.append(rows[:taken])
        rows = rows[taken:]
    return found
