"""P16: satisfied inside, a bad image outside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.questions.validate.measuring.renovating import MEDIUM, package
from experiments.questions.validate.measuring.worlds import Worlds
from sim.rules.employment import cell_weights

LATER = 10  # quarters after completion: the middle of 2 to 3 years


def inside_and_outside(worlds: Worlds) -> Mapping[str, float]:
    """P16. Changes of satisfaction and reputation from before the announcement to 2-3 years after a medium package,
    less those of houses and neighbourhoods at large; and whom the address keeps from work at the start."""
    return {**_after_medium(worlds), **_address(worlds)}


def _after_medium(worlds: Worlds) -> Mapping[str, float]:
    world, nothing = worlds.siloed, {"satisfaction": np.nan, "reputation_moved": np.nan}
    works = world.events.works()
    if works.empty:
        return nothing
    works = works[(package(works) == MEDIUM) & (works["announced"] >= 1)]
    works = works[works["finished"] + LATER < len(world.satisfaction)]
    if works.empty:
        return nothing
    before, after = works["announced"].to_numpy() - 1, works["finished"].to_numpy() + LATER
    building, flats = works["building"].to_numpy(), works["flats"].to_numpy()
    b = world.model.buildings
    everywhere = world.satisfaction @ b.flats / b.flats.sum()
    change = world.satisfaction[after, building] - world.satisfaction[before, building]
    place = b.neighbourhood[building]
    gap = np.maximum(worlds.parameters.reputation_ordinary - world.reputation[before, place], 0.0)
    moved = world.reputation[after, place] - world.reputation[before, place]
    return {
        "satisfaction": float(np.average(change - (everywhere[after] - everywhere[before]), weights=flats)),
        "reputation_moved": float((moved * flats).sum() / max((gap * flats).sum(), 1e-9)),
    }


def _address(worlds: Worlds) -> Mapping[str, float]:
    """How much less often people find work because of their address at the start, by origin, mean over residents."""
    start = worlds.fresh()
    reputation = start.world.neighbourhoods.reputation
    ordinary = np.full_like(reputation, worlds.parameters.reputation_ordinary)
    loss = 1.0 - cell_weights(reputation, worlds.parameters) / cell_weights(ordinary, worlds.parameters)
    r = start.residents
    each = loss[start.world.neighbourhood_of, r.skill * 2 + r.foreign]
    return {"address_foreign": float(each[r.foreign].mean()), "address_others": float(each[~r.foreign].mean())}
