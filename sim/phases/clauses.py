"""Training clauses within phase 4: the places that lots ask for, and the people whom bidders reckon with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import scope
from sim.rules.clauses import crew_year, place_cost, place_quarters
from sim.sums import total
from sim.world.candidates import by_municipality
from sim.world.columns import Floats, Ints
from sim.world.world import World


class Clauses(NamedTuple):
    """Clauses of one quarter's tenders: bidders know what a place costs, how many people there are, and their room.

    ``asked`` : places per SEK of works, and ``people`` : who may take one, by municipality (m,), counted where the
    lots' buildings stand. ``net`` : what a place has to bring its builder, SEK without tax; it lasts so many
    ``quarters``. Contracts under way have places ``due``, persons to scale (c,), and stand in these ``rows`` among all
    that were signed.
    """

    asked: Floats
    people: Floats
    net: float
    quarters: float
    due: Floats
    rows: Ints


def none_asked(world: World) -> Clauses:
    """No clauses."""
    nothing, nowhere = np.zeros(len(world.municipalities)), np.zeros(0, dtype=np.int64)
    return Clauses(nothing, nothing, 0.0, 1.0, np.zeros(0), nowhere)


def clauses(world: World, buildings: Ints) -> Clauses:
    """What this quarter's lots of these buildings (rows) ask for."""
    asked = scope.training_places(world)
    if not asked.any():
        return none_asked(world)
    p, contracts = world.p, world.contracts
    crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
    into_wages = p.transfers_into_wages * scope.state_money_free(world)
    net = place_cost(into_wages, world.pay_level, crew, p).net
    quarters = total(place_quarters(into_wages, p))
    due = np.array([c.places * (1.0 - c.progress) for c in contracts], dtype=np.float64)
    rows = np.array([c.row for c in contracts], dtype=np.int64)
    towns = np.zeros(len(world.municipalities), dtype=bool)
    towns[world.buildings.municipality[buildings]] = True
    return Clauses(asked, by_municipality(world, towns), net, quarters, due, rows)
