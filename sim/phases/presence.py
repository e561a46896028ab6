"""Local presence: hosts and caretakers on site, quick repairs, safety work, residents' meeting places."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.world.books import Flow
from sim.world.columns import Floats
from sim.world.world import World


def presence(world: World) -> Floats:
    """How much of it there is at each building, 0-1 (b,): all of a housing company's, and landlords' who take part."""
    b, strength = world.buildings, scope.local_presence(world)
    if not strength.any():
        return np.zeros(b.n)
    part = np.where(b.owner < len(world.municipalities), 1.0, world.p.presence_landlord_share)
    return np.asarray(strength[b.municipality] * part)


def pay_for_presence(world: World) -> None:
    """Book a quarter of it, SEK: the municipality's part, and each owner's for its own flats, empty ones too."""
    b, p = world.buildings, world.p
    there = presence(world)
    if not there.any():
        return
    cost = p.presence_cost / 4.0 * b.flats * there
    world.books.pay_at(Flow.PRESENCE_MUNICIPALITIES, p.presence_municipal_share * world.in_neighbourhood.sum(cost))
    world.pay_by_owner(Flow.PRESENCE_COMPANIES, Flow.PRESENCE_LANDLORDS, (1.0 - p.presence_municipal_share) * cost)
