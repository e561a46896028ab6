"""The ordinary Mesa model: a quarter of all households, agent by agent."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.tools.benchmark.ordinary.cohort import work_elsewhere
from experiments.tools.benchmark.ordinary.counts import book_pay, book_rents
from experiments.tools.benchmark.ordinary.estates import Estates
from experiments.tools.benchmark.ordinary.household import Household
from experiments.tools.benchmark.ordinary.market import move
from experiments.tools.benchmark.ordinary.outside import Outside
from experiments.tools.benchmark.ordinary.quarter import Quarter
from sim.world.world import World


class OrdinaryModel(Estates):
    """Households of a region in a world where nobody renovates, with the draws of the world that it starts from.

    outside : what is not residents', quarter by quarter, as somebody asks for the next.
    """

    def __init__(self, world: World, outside: Iterator[Outside]) -> None:
        super().__init__(world)
        self.outside = outside

    def step(self) -> None:
        """One quarter: work, then everyday life, then the market of flats."""
        self.now = Quarter(next(self.outside), self.fixed, self.county.people.working, self.draws, self.p)
        self.now.set_places(self.places)
        self.now.set_buildings(self.buildings)
        self._work()
        self._live()
        move(self)

    def _work(self) -> None:
        """All look for work before anybody finds it, since they compete for it with each other and the county."""
        now, households = self.now, self.agents_by_type[Household]
        households.do("look_for_work", now)
        self.county.open_quarter(now)
        households.do("change_work", now)
        self.county.close_quarter(now)
        work_elsewhere(self.away, now)

    def _live(self) -> None:
        """Everyday life of all, and the books of it."""
        now = self.now
        self.agents_by_type[Household].do("live", now)
        book_pay(now.books, self.places, now.wages, self.p)
        book_rents(now.books, self.buildings, now.outside, self.p)
        if now.q % 4 == 0:
            self._see_incomes()

    def _see_incomes(self) -> None:
        """A year begins: statistics tell how well off each neighbourhood's households are."""
        here = [x.incomes / x.households if x.households else self.place_incomes[x.index] for x in self.places]
        self.place_incomes = here + [income * self.now.level for income in self.fixed.incomes_elsewhere]
