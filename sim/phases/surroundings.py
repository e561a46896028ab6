"""Phase 1. Prices, interest, the building cycle and national unemployment move; builders adjust their workforce."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.inputs.shocks import Series
from sim.rules.workforce import recruits, staying
from sim.sums import total
from sim.world.books import Flow
from sim.world.world import World


def advance(world: World) -> None:
    """Scenario draws, then the labour stock with last quarter's demand from the estates' sites (persons).

    Recruits (persons, fractions at small scale) cost their firm a premium, SEK.
    """
    outside, p = world.surroundings, world.p
    outside.advance(world.quarter, world.draws, p)
    _shocks(world)
    firms = world.firms
    outside.settle_labour(total(firms.busy.tolist()) / world.region.county.construction_workers, p)
    stay = staying(firms.workers, outside.shortage, p)
    new = recruits(firms.workers, stay, firms.start_workers, firms.visible, outside.shortage, p)
    firms.workers[:] = stay + new
    premium = new * p.recruit_cost * max(1.0 + outside.wage_premium(p), 0.0)
    world.books.pay(Flow.RECRUITMENT, np.bincount(firms.municipality, premium, minlength=len(world.municipalities)))
    firms.experience *= 1.0 - p.forgetting / 4.0
    firms.taught *= 1.0 - p.forgetting / 4.0


def _shocks(world: World) -> None:
    """Series that are set in this calendar year, in its first quarter."""
    for series, values in world.shocks.items() if world.quarter % 4 == 0 else ():
        if world.year in values:
            _SET[series](world, values[world.year])


def _set_heat_price(world: World, value: float) -> None:
    world.surroundings.heat_price = value


def _set_interest(world: World, value: float) -> None:
    world.surroundings.set_interest(value, world.p)


def _set_wages(world: World, value: float) -> None:
    world.pay_level = value


def _set_construction(world: World, value: float) -> None:
    """Owners read of a general change of prices: what they reckon with changes as much."""
    world.believed_price *= value / world.cost_level
    world.cost_level = value


def _set_cycle(world: World, value: float) -> None:
    world.surroundings.other_demand = value


_SET: dict[str, Callable[[World, float], None]] = {
    Series.HEAT_PRICE: _set_heat_price,
    Series.INTEREST: _set_interest,
    Series.WAGES: _set_wages,
    Series.CONSTRUCTION: _set_construction,
    Series.CONSTRUCTION_CYCLE: _set_cycle,
}
