"""Sites for trainees within phase 6: how many crews have time for, and what becomes of those whose firm has no site."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.compiling import kernel
from sim.randomness import Decision
from sim.rules.training import Programme
from sim.sums import total
from sim.world.columns import Bools, Ints, among
from sim.world.programme import in_programme
from sim.world.projects import Contract
from sim.world.state import Small
from sim.world.world import World


def trainees(world: World) -> Ints:
    """Rows of residents in a firm's places."""
    rows = in_programme(world)
    return np.asarray(rows[world.residents.builder[rows] >= 0])


def room(world: World, people: Ints | None = None) -> float:
    """Places for which crews on all open sites still have room, in persons to scale.

    Counted over all of them, as firms arrange it among each other: at a small scale a single site has whole trainees
    and a part of a crew. people : rows of residents, all trainees among them, where somebody has them already.
    """
    r, sites = world.residents, open_sites(world)
    firms = np.zeros(len(world.builders), dtype=bool)
    firms[np.array([c.builder for c in sites], dtype=np.int64)] = True
    rows = trainees(world) if people is None else people
    there = _there(rows, r.programme, r.builder, r.waiting, firms)
    return max(world.p.trainees_most * total([c.crew for c in sites]) - float(there), 0.0)


@kernel
def _there(people: Ints, programme: Small, builder: Ints, waiting: Small, firms: Bools) -> int:
    """How many of these are trainees of firms that have a site (f,), and do not wait for one."""
    count = 0
    for row in people:
        if (programme[row] != Programme.NONE) & (builder[row] >= 0):
            count += firms[builder[row]] & (waiting[row] == 0)
    return count


def on_site(world: World, rows: Ints) -> Bools:
    """Whether each trainee (rows of residents) has a site: one of the own firm, or a near one that takes over.

    Near means a site with a clause in the own municipality, or in the region where builders and municipalities arrange
    it. Who is taken over belongs to that site's firm from now on.
    """
    r = world.residents
    sites = open_sites(world)
    firms = np.bincount(np.array([c.builder for c in sites], dtype=np.int64), minlength=len(world.builders))
    there = np.asarray(firms[r.builder[rows]] > 0)
    if there.all():
        return there
    left, anywhere, town = room(world, rows), scope.training_across_region(world), world.municipality_of[rows]
    # Whoever is first in line is drawn, so that the order of rows does not matter.
    turn = np.argsort(world.draws.at(Decision.STRANDING, world.quarter, r.household[rows])[:, 0], kind="stable")
    for c in (c for c in sites if c.places > 0.0):
        near = ~there
        if left < 1.0 or not near.any():
            break
        if not anywhere:
            near &= among(town, world.buildings.municipality[c.buildings], len(world.municipalities))
        taken = turn[near[turn]]
        taken = taken[: int(min(left, len(taken)))]
        there[taken], r.builder[rows[taken]] = True, c.builder
        left -= len(taken)
    return there


def firm_elsewhere(world: World) -> float:
    """Chance that a firm can take its trainee to other sites or ordinary building: a slump closes that way."""
    p = world.p
    return float(np.clip(p.follow_firm * (1.0 + p.follow_cycle * (world.surroundings.other_demand - 1.0)), 0.0, 1.0))


def open_sites(world: World) -> list[Contract]:
    """Sites where renovation goes on."""
    return [c for c in world.contracts if c.start <= world.quarter]
