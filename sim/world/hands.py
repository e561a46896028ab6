"""What hands the building firms have for the estates, as they tell the buyers at their table."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel
from sim.rules import appraisal, bids, repetition
from sim.world.columns import Floats
from sim.world.world import World


class Hands:
    """What firms could put on joint lots now: crews of persons at full size, one a firm, less what lots have taken.

    Lots are sized so that ``joint_bidders`` firms could man them.
    """

    def __init__(self, world: World) -> None:
        p = self.p = world.p
        held = bids.elsewhere(world.surroundings.other_demand, p)
        free = bids.free(world.firms.workers, world.firms.busy, held)
        standard, energy = appraisal.reference_costs(p)
        self.crews: Floats = free / world.region.scale / p.crew_slack
        self.place = min(round(p.joint_bidders), len(free)) - 1
        self.work = (standard + energy) / 1e6 * p.labour_intensity * 4.0  # person-quarters a flat, by package
        self.base = bids.quarters(0.0, appraisal.LEVELS, p)  # of a lot, by package
        self.slower = p.site_quarters_series / p.lot_flats_pooled  # quarters more for each flat

    def largest(self, option: int) -> float:
        """Flats of the largest joint lot of a package."""
        crew = np.sort(self.crews)[::-1][self.place]
        most = self.p.lot_flats_pooled
        return float(bids.flats_of_crew(crew, self.work[option], self.base[option], self.slower, most))

    def take(self, option: int, flats: float) -> None:
        """A lot of so many flats of a package will keep the firm busy that has most hands."""
        first = int(self.crews.argmax())
        crew = bids.crew_of_flats(flats, float(self.work[option]), float(self.base[option]), self.slower)
        self.crews[first] = max(self.crews[first] - crew, 0.0)

    def lots_of(self, flats: float, least: float) -> Floats:
        """Flats of the lots into which a round of so many flats of one package would be cut, mean over flats, for each
        package (9,). What there are no hands for waits, and is taken to fare alike.

        least : flats of an ordinary building, below which nothing is put to tender.
        """
        found = np.full(len(self.work), least)
        _lots(found, self.crews, self.work, self.base, self.slower, self.place, flats, least, self.p.lot_flats_pooled)
        return found


def usual_practice(world: World) -> Floats:
    """Practice that a lot of each package is likely to meet, series (9,): firms by their references, those with more of
    them counting for more, as they win more."""
    experience = world.firms.experience
    built = experience.sum(axis=1)
    share = built / max(float(built.sum()), 1e-9)
    return np.asarray(repetition.kinship(world.p) @ (share @ experience))


@kernel
def _lots(found: Floats, crews: Floats, work: Floats, base: Floats, slower: float, place: int, flats: float,
          least: float, most: float) -> None:  # fmt: skip
    """Cuts a round of so many flats into lots, package by package, as long as there are hands for one: mean size over
    flats, where there are any (9,). The other arguments are as `Hands` has them."""
    for package in range(len(found)):
        free, left, flats_in_lots, squares = crews.copy(), flats, 0.0, 0.0
        while True:
            crew = np.sort(free)[len(free) - 1 - place]
            lot = min(bids.flats_of_crew(crew, work[package], base[package], slower, most), left)
            if lot < least or lot == 0.0:
                break
            first = free.argmax()
            free[first] -= min(bids.crew_of_flats(lot, work[package], base[package], slower), free[first])
            left -= lot
            flats_in_lots += lot
            squares += lot**2
        if flats_in_lots > 0.0:
            found[package] = squares / flats_in_lots
