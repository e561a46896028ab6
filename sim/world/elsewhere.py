"""Everybody who lives elsewhere in the county, by age: so that no move makes or loses a person.

The county is closed but for those who grow up in it and those who arrive from abroad, and both come whatever the
estates do. So the number of persons (main earners) by age, here and elsewhere together, is the same in all arms.
"""

from __future__ import annotations

import math

import numpy as np

from sim.inputs.parameters import Parameters
from sim.world.columns import Floats, Ints

_EARLIEST = 4 * 200  # quarters before the start at which the count of births begins: before anybody's


class PeopleElsewhere:
    """Persons elsewhere by quarter of birth; the retired stay counted.

    ``born`` has one entry a quarter of birth, ``_EARLIEST`` quarters before the start first. ``reference`` is the same
    in a county without estates: what is booked for the rest of the county counts against it. ``newcomers`` have
    arrived from abroad and may move into the estates as such.
    """

    def __init__(self, force: float, estates: float, quarters: int, p: Parameters) -> None:
        """force, estates : persons of working age elsewhere, as many of each age, and in the estates, at the start."""
        self.born: Floats = np.zeros(_EARLIEST + quarters + 1)
        self.working = math.ceil(4 * p.retirement_age)  # quarters of age from which people are retired
        self.youngest = min(round(4 * p.mover_age_from), self.working - 1)
        of_each = force / (self.working - self.youngest)
        self.born[_EARLIEST - self.working + 1 : _EARLIEST - self.youngest + 1] = of_each
        # As many come of age as grow old, here and in the estates, whose newcomers are young.
        self.grown_up = (force + estates) / (self.working - self.youngest)
        self.arrivals = self.newcomers = 0.0
        self.reference = self.born.copy()
        self.ages = _ages_of_movers(p, self.working)

    def expect(self, arrivals: float) -> None:
        """So many persons a quarter arrive from abroad, and fewer grow up here; set once, at the start."""
        self.arrivals = self.newcomers = min(arrivals, self.grown_up)
        self.grown_up -= self.arrivals

    def grow(self, quarter: int) -> float:
        """A quarter passes: the young come of age, newcomers arrive, and the oldest retire; how many retire, persons.

        Whoever has reached ``working`` quarters of age by now is retired, as in the estates.
        """
        now = _EARLIEST + quarter
        for people in (self.born, self.reference):
            people[now - self.youngest] += self.grown_up
            people[now - len(self.ages) + 1 : now + 1] += self.arrivals * self.ages[::-1]
        self.newcomers += self.arrivals
        return float(self.born[now - self.working])

    def receive(self, born: Ints) -> None:
        """Main earners born in these quarters (rows,) leave the estates."""
        np.add.at(self.born, _EARLIEST + born, 1.0)

    def send(self, born: Ints, quarter: int) -> Ints:
        """Main earners move into the estates, born in these quarters (rows,) as far as there are such people.

        Returns their quarters of birth: where nobody of an age is left, one of working age of which there are most.
        """
        first = _EARLIEST + quarter - self.working + 1
        places = _EARLIEST + born
        np.subtract.at(self.born, places, 1.0)
        for place in np.unique(places[self.born[places] < 0.0]):
            for row in np.flatnonzero(places == place)[int(np.floor(self.born[place])) :]:
                self.born[place] += 1.0
                places[row] = first + int(self.born[first:].argmax())
                self.born[places[row]] -= 1.0
        return np.asarray(places - _EARLIEST)

    def retired(self, quarter: int) -> float:
        """Retired persons elsewhere beyond those of a county without estates."""
        old = slice(0, _EARLIEST + quarter - self.working + 1)
        return float(self.born[old].sum() - self.reference[old].sum())

    def people(self, quarter: int) -> float:
        """Persons of working age elsewhere."""
        return float(self.born[_EARLIEST + quarter - self.working + 1 :].sum())

    def more(self) -> float:
        """Persons elsewhere beyond those of a county without estates."""
        return float(self.born.sum() - self.reference.sum())


def _ages_of_movers(p: Parameters, working: int) -> Floats:
    """Shares of movers by age in quarters (ages,): most are young (a squared uniform), and all of working age."""
    ends = np.arange(working + 1) / 4.0
    below = np.sqrt(np.clip((ends - p.mover_age_from) / p.mover_age_span, 0.0, 1.0))
    below[-1] = 1.0
    return np.diff(below)
