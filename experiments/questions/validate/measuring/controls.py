"""Negative controls: what must come out weak."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.questions.validate.measuring.purses import society_gain
from experiments.questions.validate.measuring.worlds import World, Worlds

SETTLED = 20  # quarters after which an effect on a level is looked at
FIVE_YEARS = 5
VIVALLA = 7500.0  # residents


def shared_calculation(worlds: Worlds) -> Mapping[str, float]:
    """C1. What a shared calculation alone brings society, MSEK."""
    return {"gain": society_gain(worlds, worlds.shared) / 1e6}


def clause_moves_little(worlds: Worlds) -> Mapping[str, float]:
    """C2. How far clauses move the estates' employment."""
    return {"employment": abs(_effect(worlds.clauses, worlds.siloed, "employment"))}


def perceptions_first(worlds: Worlds) -> Mapping[str, float]:
    """C3. How much more full collaboration moves perceptions (satisfaction, reputation) than what becomes of the people
    of 2011 (employment) and of residents' health."""
    together, alone = worlds.regional, worlds.siloed
    seen = [_effect(together, alone, name) for name in ("satisfaction", "reputation")]
    lived = [_effect(together, alone, name) for name in ("employment_started_here", "health")]
    return {"difference": float(np.mean(seen) - np.mean(lived))}


def _effect(one: World, other: World, name: str) -> float:
    """Mean difference of an outcome of the region once five years have passed."""
    return float((one.outcome(name) - other.outcome(name))[SETTLED:].mean()) if len(one.curves) > SETTLED else np.nan


def jobs_of_a_programme(worlds: Worlds) -> Mapping[str, float]:
    """C4. Jobs out of works in an estate in its busiest five years, scaled to the 7,500 residents of Vivalla; mean over
    estates."""
    places, years = worlds.clauses.events.places.frame(), worlds.years
    if years < FIVE_YEARS:
        return {"jobs": np.nan}
    start, estates = worlds.fresh(), len(worlds.region.neighbourhoods)
    led_on = places[places["outcome"] == "job"]
    by_year = np.zeros((years, estates))
    np.add.at(by_year, (led_on["start"].to_numpy(np.int64) // 4, led_on["estate"].to_numpy(np.int64)), 1.0)
    summed = np.vstack([np.zeros((1, estates)), np.cumsum(by_year, axis=0)])
    busiest = (summed[FIVE_YEARS:] - summed[:-FIVE_YEARS]).max(axis=0)
    residents = start.world.flats_by_neighbourhood.sum(start.residents.size * worlds.parameters.persons_per_size)
    return {"jobs": float((busiest / residents).mean() * VIVALLA)}
