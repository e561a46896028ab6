"""Phase 1. Prices, interest, the building cycle and national unemployment move; builders adjust their workforce."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Scenario draws, then the labour stock with last quarter's demand from the estates' sites."""
    world, p = model.surroundings, model.p
    world.advance(model.quarter, model.draws, p)
    on_site = sum(builder.busy for builder in model.builders)
    world.settle_labour(on_site / model.region.county.construction_workers, p)
    for builder in model.builders:
        recruits = builder.adjust_workforce(world.shortage, p)
        premium = recruits * p.recruit_cost * max(1.0 + world.wage_premium(p), 0.0)
        model.books.pay("recruitment", premium, builder.municipality)
        builder.experience *= 1.0 - p.forgetting / 4.0
