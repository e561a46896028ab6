"""Everybody who lives elsewhere in the county, by age and schooling: so that no move makes, loses or schools a person.

The county is closed but for those who grow up in it and those who arrive from abroad, and both come whatever the
estates do. So the number of persons (main earners) by age, here and elsewhere together, is the same in all arms, and
so is that by schooling, but for those whom training has made tradespeople.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiling import kernel
from sim.inputs.parameters import Parameters
from sim.world.columns import Floats, Ints
from sim.world.state import Small

_EARLIEST = 4 * 200  # quarters before the start at which the count of births begins: before anybody's


class PeopleElsewhere:
    """Persons elsewhere by schooling (Skill) and quarter of birth; the retired stay counted.

    ``born`` has one row a schooling and one column a quarter of birth, ``_EARLIEST`` quarters before the start first
    (4, births). ``reference`` is the same in a county without estates: what is booked for the rest of the county counts
    against it. ``newcomers`` have arrived from abroad and may move into the estates as such.
    """

    def __init__(self, force: Floats, estates: Floats, quarters: int, p: Parameters) -> None:
        """force, estates : persons of working age at the start by schooling (4,), elsewhere, as many of each age, and
        in the estates."""
        self.born: Floats = np.zeros((len(force), _EARLIEST + quarters + 1))
        self.working = math.ceil(4 * p.retirement_age)  # quarters of age from which people are retired
        self.youngest = min(round(4 * p.mover_age_from), self.working - 1)
        ages = self.working - self.youngest
        self.born[:, _EARLIEST - self.working + 1 : _EARLIEST - self.youngest + 1] = force[:, None] / ages
        # As many come of age as grow old, here and in the estates, whose newcomers are young; schooled as all are.
        self.grown_up: Floats = (force + estates) / ages
        self.arrivals: Floats = np.zeros(len(force))
        self.newcomers = 0.0
        self.reference = self.born.copy()
        self.ages = _ages_of_movers(p, self.working)

    def expect(self, arrivals: float, schooling: Floats) -> None:
        """So many persons a quarter arrive from abroad, schooled like this (shares, 4), and fewer grow up here; set
        once, at the start."""
        self.newcomers = min(arrivals, float(self.grown_up.sum()))
        self.arrivals = self.newcomers * schooling
        self.grown_up = self.grown_up * (1.0 - self.newcomers / float(self.grown_up.sum()))

    def grow(self, quarter: int) -> Floats:
        """A quarter passes: the young come of age, newcomers arrive, and the oldest retire; how many retire by
        schooling, persons (4,).

        Whoever has reached ``working`` quarters of age by now is retired, as in the estates.
        """
        now = _EARLIEST + quarter
        for people in (self.born, self.reference):
            people[:, now - self.youngest] += self.grown_up
            people[:, now - len(self.ages) + 1 : now + 1] += self.arrivals[:, None] * self.ages[::-1]
        self.newcomers += float(self.arrivals.sum())
        return self.born[:, now - self.working].copy()

    def receive(self, born: Ints, skill: Small) -> None:
        """Main earners of this schooling, born in these quarters (rows,), leave the estates."""
        _add(self.born, skill, _EARLIEST + born.astype(np.int64), 1.0)

    def send(self, born: Ints, skill: Small, quarter: int) -> Ints:
        """Main earners move into the estates, of this schooling and born in these quarters (rows,) as far as there are
        such people.

        Returns their quarters of birth: where nobody of an age is left, one of working age of which there are most, of
        the same schooling if there is anybody.
        """
        first = _EARLIEST + quarter - self.working + 1
        places = _EARLIEST + born
        _add(self.born, skill, places, -1.0)
        for row in np.flatnonzero(self.born[skill, places] < 0.0):
            if self.born[skill[row], places[row]] >= 0.0:
                continue  # somebody else has been found in the meantime
            self.born[skill[row], places[row]] += 1.0
            own = self.born[skill[row], first:]
            places[row] = first + int(own.argmax())
            if own.max() >= 1.0:
                self.born[skill[row], places[row]] -= 1.0
            else:  # nobody of that schooling either: another person, counted by what that person is
                other = int(self.born[:, places[row]].argmax())
                self.born[other, places[row]] -= 1.0
        return np.asarray(places - _EARLIEST)

    def retired(self, quarter: int) -> float:
        """Retired persons elsewhere beyond those of a county without estates."""
        old = slice(0, _EARLIEST + quarter - self.working + 1)
        return float(self.born[:, old].sum() - self.reference[:, old].sum())

    def people(self, quarter: int) -> float:
        """Persons of working age elsewhere."""
        return float(self.born[:, _EARLIEST + quarter - self.working + 1 :].sum())

    def more(self) -> float:
        """Persons elsewhere beyond those of a county without estates."""
        return float(self.born.sum() - self.reference.sum())


@kernel
def _add(people: Floats, skill: Small, places: Ints, each: float) -> None:
    """Persons by schooling and quarter of birth (4, births), more or less for each of these (rows,)."""
    for i in range(len(skill)):
        people[skill[i], places[i]] += each


def _ages_of_movers(p: Parameters, working: int) -> Floats:
    """Shares of movers by age in quarters (ages,): most are young (a squared uniform), and all of working age."""
    ends = np.arange(working + 1) / 4.0
    below = np.sqrt(np.clip((ends - p.mover_age_from) / p.mover_age_span, 0.0, 1.0))
    below[-1] = 1.0
    return np.diff(below)
