"""Phase 1. Prices, interest, the building cycle and national unemployment move; builders adjust their workforce."""

from __future__ import annotations

from sim.sums import total
from sim.world.books import Flow
from sim.world.world import World


def advance(world: World) -> None:
    """Scenario draws, then the labour stock with last quarter's demand from the estates' sites (persons).

    Recruits (persons, fractions at small scale) cost their firm a premium, SEK.
    """
    outside, p = world.surroundings, world.p
    outside.advance(world.quarter, world.draws, p)
    on_site = total(builder.busy for builder in world.builders)
    outside.settle_labour(on_site / world.region.county.construction_workers, p)
    for builder in world.builders:
        recruits = builder.adjust_workforce(outside.shortage, p)
        premium = recruits * p.recruit_cost * max(1.0 + outside.wage_premium(p), 0.0)
        world.books.pay(Flow.RECRUITMENT, premium, builder.municipality)
        builder.experience *= 1.0 - p.forgetting / 4.0
        builder.taught *= 1.0 - p.forgetting / 4.0
