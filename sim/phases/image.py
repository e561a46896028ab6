"""Phase 8. Reputation, trust, and what civil society works on."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.presence import pay_for_presence
from sim.randomness import Decision
from sim.rules.commitment import next_trust
from sim.rules.reputation import attention, believed_level, next_reputation, told_by_news
from sim.world.books import Flow
from sim.world.columns import Floats
from sim.world.world import World


def advance(world: World) -> None:
    """Outsiders learn, slowly; hosts are on site; once a year partners judge each other."""
    _reputation(world)
    pay_for_presence(world)
    if world.quarter % 4 == 3 and not scope.convened(world):
        _trust(world)


def _reputation(world: World) -> None:
    """A quarter of hearsay, news and image work in every neighbourhood."""
    p, start, places = world.p, world.region.neighbourhoods, world.neighbourhoods
    now, satisfaction = places.reputation, places.satisfaction
    level = believed_level(
        satisfaction,
        start.satisfaction,
        places.renovated_share,
        places.employment,
        start.employment,
        start.reputation,
        p,
    )
    told = _told(world, satisfaction - now)
    u = world.draws.at(Decision.NEWS, world.quarter, np.arange(len(now)), 3)
    news = told_by_news(u, start.calm - places.calm, p)
    places.reputation[:] = next_reputation(now, level, told, satisfaction, news, p)


def _told(world: World, gap: Floats) -> Floats:
    """Share of outsiders whom image work reaches, 0-1 (k,): that of 2011 goes on, and the practice adds to it.

    ``gap`` is satisfaction minus reputation by neighbourhood (k,). Books the cost, SEK.
    """
    p, places = world.p, world.region.neighbourhoods
    under_way = np.where(places.image_work_2011, p.image_work_under_way, 0.0)
    effort = under_way.copy()
    practice = scope.image_work(world)
    if practice > 0.0:
        strength = np.array([society.strength for society in world.civil_societies])
        effort += practice * attention(gap, places.municipality_index, strength)
    # More than everybody cannot be reached; what was under way in 2011 is not paid for twice.
    effort = np.minimum(effort, 1.0)
    cost = p.image_cost / 4.0 * places.flats
    k = len(world.municipalities)
    world.books.pay_at(Flow.IMAGE_WORK, cost * effort)
    world.image_practice[:] = np.bincount(places.municipality_index, cost * (effort - under_way), minlength=k)
    return effort


def _trust(world: World) -> None:
    """Trust of every municipality from its own joint rounds of the year, where nobody can stay away; the council's is
    their mean. Where they decide about a compact, its promises count (sim/phases/compact_year.py)."""
    ms = world.municipalities
    kept, late = np.array([m.kept for m in ms]), np.array([m.delayed for m in ms])
    broken = np.array([m.broken for m in ms])
    rounds = np.maximum(kept + late, 1.0)
    after = next_trust(np.array([m.trust for m in ms]), kept / rounds, late / rounds, np.minimum(broken, 1.0), world.p)
    for m, trust in zip(ms, after, strict=True):
        m.trust = float(trust)
        m.kept = m.delayed = m.broken = 0.0
    world.county_council.trust = float(after.mean())
