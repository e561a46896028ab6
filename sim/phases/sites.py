"""Sites for trainees within phase 6: how many crews have time for, and what becomes of those whose firm has no site."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.sums import total
from sim.world.columns import Bools, Ints, among
from sim.world.programme import in_programme
from sim.world.projects import Contract
from sim.world.world import World


def trainees(world: World) -> Ints:
    """Rows of residents in a firm's places."""
    rows = in_programme(world)
    return np.asarray(rows[world.residents.builder[rows] >= 0])


def room(world: World) -> float:
    """Places for which crews on all open sites still have room, in persons to scale.

    Counted over all of them, as firms arrange it among each other: at a small scale a single site has whole trainees
    and a part of a crew.
    """
    r, sites = world.residents, _open(world)
    firms = np.array(sorted({c.builder for c in sites}), dtype=np.int64)
    rows = trainees(world)
    there = among(r.builder[rows], firms, len(world.builders)) & (r.waiting[rows] == 0)
    return max(world.p.trainees_most * total(c.crew for c in sites) - float(there.sum()), 0.0)


def on_site(world: World, rows: Ints) -> Bools:
    """Whether each trainee (rows of residents) has a site: one of the own firm, or a near one that takes over.

    Near means a site with a clause in the own municipality, or in the region where builders and municipalities arrange
    it. Who is taken over belongs to that site's firm from now on.
    """
    r = world.residents
    sites = _open(world)
    firms = np.bincount(np.array([c.builder for c in sites], dtype=np.int64), minlength=len(world.builders))
    there = np.asarray(firms[r.builder[rows]] > 0)
    if there.all():
        return there
    left, anywhere, town = room(world), scope.training_across_region(world), world.municipality_of[rows]
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


def _open(world: World) -> list[Contract]:
    """Sites where renovation goes on."""
    return [c for c in world.contracts if c.start <= world.quarter]
