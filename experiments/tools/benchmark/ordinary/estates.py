"""The state of the ordinary model: places, flats and households of a region, and the county around them."""

from __future__ import annotations

import mesa

from experiments.tools.benchmark.ordinary import start
from experiments.tools.benchmark.ordinary.cohort import Away
from experiments.tools.benchmark.ordinary.county import County
from experiments.tools.benchmark.ordinary.fixed import fixed_of
from experiments.tools.benchmark.ordinary.quarter import Quarter
from sim.world.world import World


class Estates(mesa.Model):
    """A region as the world has it from which it starts, before its first quarter; the households are its agents.

    empty : flats in which nobody lives, by row. away : households of the start that have left the region.
    place_incomes : mean incomes of those who live in each neighbourhood, then elsewhere, as counted when the year
    began, SEK/month.
    """

    now: Quarter  # the quarter under way, or closed last

    def __init__(self, world: World) -> None:
        start.check(world)
        super().__init__(rng=world.draws.seed)
        self.p, self.draws = world.p, world.draws
        self.fixed, self.places = fixed_of(world), start.places_of(world)
        self.buildings = start.buildings_of(world, self.places)
        self.flats = [flat for building in self.buildings for flat in building.rows]
        self.empty = start.settle_households(self, world, self.flats)
        self.county, self.away = County(world), list[Away]()
        self.place_incomes: list[float] = world.around.incomes.tolist()
