"""Phase 8. Reputation, trust, and what civil society works on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import scope
from sim.compiling import kernel, own
from sim.phases.presence import pay_for_presence
from sim.randomness import Decision, Keys, uniform
from sim.rules.commitment import next_trust
from sim.rules.reputation import attention, believed_level, next_reputation, told_by_news
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


def advance(world: World) -> None:
    """Outsiders learn, slowly; hosts are on site; once a year partners judge each other."""
    _reputation(world)
    pay_for_presence(world)
    if world.quarter % 4 == 3 and not scope.convened(world):
        _trust(world)


def _reputation(world: World) -> None:
    """A quarter of hearsay, news and image work in every neighbourhood. Books the cost, SEK.

    Image work of 2011 goes on, and the practice adds to it, most where a place is known far below what its people live.
    """
    p, start, places = world.p, world.region.neighbourhoods, world.neighbourhoods
    k, practice, more = len(places), scope.image_work(world), np.zeros(len(places))
    if practice > 0.0:
        strength = np.array([society.strength for society in world.civil_societies])
        more = practice * attention(places.satisfaction - places.reputation, start.municipality_index, strength)
    cost, beyond = np.empty(k), np.empty(k)
    _learn(
        places.reputation, cost, beyond, more, places.satisfaction, start.satisfaction, places.renovated_share,
        places.employment, start.employment, start.reputation, places.calm, start.calm, start.image_work_2011,
        start.flats, scope.coordination_cost_factor(world), world.draws.keys(Decision.NEWS, world.quarter, 3),
        p.numbers,
    )  # fmt: skip
    world.books.pay_at(Flow.IMAGE_WORK, cost)
    world.image_practice[:] = np.bincount(start.municipality_index, beyond, minlength=len(world.municipalities))


@kernel
def _learn(
    reputation: Floats, cost: Floats, beyond: Floats, more: Floats, satisfaction: Floats, lived_then: Floats,
    renovated: Floats, employment: Floats, employed_then: Floats, known_then: Floats, calm: Floats, calm_then: Floats,
    told_then: Bools, flats: Ints, dearer: float, keys: Keys, numbers: Any,
) -> None:  # fmt: skip
    """Reputations a quarter later, what image work costs, and the part of it that goes beyond that of 2011, SEK (k,).

    more : image work beyond that of 2011, share of outsiders whom it would reach. dearer : what of it is coordination
    costs as many times as much. ..._then : at the start.
    """
    p = own(numbers)
    for k in range(len(reputation)):
        # More than everybody cannot be reached; what was under way in 2011 is not paid for twice.
        under_way = p.image_work_under_way if told_then[k] else 0.0
        told, sek = min(under_way + more[k], 1.0), p.image_cost / 4.0 * flats[k]
        beyond[k] = dearer * sek * (told - under_way)
        cost[k] = sek * told + (dearer - 1.0) * sek * (told - under_way)
        level = believed_level(
            satisfaction[k], lived_then[k], renovated[k], employment[k], employed_then[k], known_then[k], p
        )
        news = told_by_news(
            uniform(keys[0], k), uniform(keys[1], k), uniform(keys[2], k), calm_then[k] - calm[k], p
        )  # fmt: skip
        reputation[k] = next_reputation(reputation[k], level, told, satisfaction[k], news, p)


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
