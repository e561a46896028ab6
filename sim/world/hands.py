"""What hands the building firms have for the estates, as they tell the buyers at their table."""

from __future__ import annotations

import numpy as np

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
        return float(self._flats(crew, self.work[option], self.base[option]))

    def take(self, option: int, flats: float) -> None:
        """A lot of so many flats of a package will keep the firm busy that has most hands."""
        first = int(self.crews.argmax())
        crew = flats * self.work[option] / (self.base[option] + self.slower * flats)
        self.crews[first] = max(self.crews[first] - crew, 0.0)

    def lots_of(self, flats: float, least: float) -> Floats:
        """Flats of the lots into which a round of so many flats of one package would be cut, mean over flats, for each
        package (9,). What there are no hands for waits, and is taken to fare alike.

        least : flats of an ordinary building, below which nothing is put to tender.
        """
        rows, crews = np.arange(len(self.work)), np.tile(self.crews, (len(self.work), 1))
        left, sums, squares = np.full(len(rows), flats), np.zeros(len(rows)), np.zeros(len(rows))
        while True:
            free = -np.sort(-crews, axis=1)[:, self.place]
            lot = np.minimum(self._flats(free, self.work, self.base), left)
            lot[lot < least] = 0.0
            if not lot.any():
                return np.asarray(np.divide(squares, sums, out=np.full(len(rows), least), where=sums > 0.0))
            first = crews.argmax(axis=1)
            crews[rows, first] -= np.minimum(lot * self.work / (self.base + self.slower * lot), crews[rows, first])
            left, sums, squares = left - lot, sums + lot, squares + lot**2

    def _flats(self, crew: Floats, work: Floats, base: Floats) -> Floats:
        """The flats that a crew builds in the time that a lot of so many takes, at most the largest of a framework."""
        # A crew of L/T for L person-quarters, where T grows with the lot: solved for its flats.
        gained = np.asarray(work - crew * self.slower)
        flats = np.divide(crew * base, gained, out=np.full(gained.shape, np.inf), where=gained > 0.0)
        return np.asarray(np.minimum(flats, self.p.lot_flats_pooled))


def usual_practice(world: World) -> Floats:
    """Practice that a lot of each package is likely to meet, series (9,): firms by their references, those with more of
    them counting for more, as they win more."""
    experience = world.firms.experience
    built = experience.sum(axis=1)
    share = built / max(float(built.sum()), 1e-9)
    return np.asarray(repetition.kinship(world.p) @ (share @ experience))
