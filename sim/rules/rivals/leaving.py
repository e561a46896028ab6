"""Rivals: who leaves when a building is renovated, and why. The lever ``leaving`` picks one.

Boverket (2014:34) finds that low incomes leave, Borg that they do not leave more than others, and Chalmers that
disturbance moves people and not the rent. Rates are per quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Works:
    """What works bring to each building: extra moves by disturbance, and the rise of a new rent (share, or 0).

    Arrays (buildings,); disturbance is a rate per quarter. ``since`` is the quarter in which the building was finished:
    who moved in later chose the rent.
    """

    disturbance: Floats
    rise: Floats
    since: Ints


@dataclass(frozen=True)
class Tenants:
    """Columns of all households, and the rows of those who may leave; looked up only as far as a rule asks.

    burden : rent over income. rent, plain_rent, income : SEK/month. since : quarter of moving in. low_below : income
    below which a household is in the lowest third, SEK/month.
    """

    rows: Ints
    building: Ints
    burden: Floats
    rent: Floats
    plain_rent: Floats
    income: Floats
    since: Ints
    low_below: float

    def plain_burden(self) -> Floats:
        """Burden of these rows, share of income (rows,), at the rent that they would pay without renovation."""
        return plain_burden(self.burden[self.rows], self.rent[self.rows], self.plain_rent[self.rows])

    def new_rise(self, works: Works) -> Floats:
        """Rise of the rent for those who lived there before it, share."""
        where = self.building[self.rows]
        return np.asarray(works.rise[where] * (self.since[self.rows] < works.since[where]))


def plain_burden(burden: Floats, rent: Floats, plain_rent: Floats) -> Floats:
    """Rent burden (rent over income) as it would be at the plain rent (SEK/month), (rows,)."""
    # Never above what it is: who pays less than the plain rent is not burdened by renovation.
    return np.asarray(burden * np.minimum(plain_rent / rent, 1.0))


Rates = tuple[Floats, Floats]  # extra rate of each row, and the rent burden that counts in its ordinary rate


class Leaving(NamedTuple):
    """A rule: extra rate and burden that counts, by row; and the highest extra rate that it can give."""

    rates: Callable[[Works, Tenants, Parameters], Rates]
    most: Callable[[Works, Parameters], float]


def _mixed(works: Works, t: Tenants, p: Parameters) -> Rates:
    """Disturbance moves everybody alike, and a rent grown heavy for its household moves too."""
    return works.disturbance[t.building[t.rows]], t.burden[t.rows]


def _disturbance(works: Works, t: Tenants, p: Parameters) -> Rates:
    """Disturbance alone: the rise of the rent makes nobody leave."""
    return works.disturbance[t.building[t.rows]], t.plain_burden()


def _low_incomes(works: Works, t: Tenants, p: Parameters) -> Rates:
    """Part of the excess comes with the new rent, and all of that part from the lowest third of incomes."""
    # Three times the mean rate for a third of them: as many leave as under no-gradient, so that rivals differ in who.
    low = t.income[t.rows] < t.low_below
    by_rent = 3.0 * by_new_rent(t.new_rise(works), p) * low
    return (1.0 - p.rent_driven) * works.disturbance[t.building[t.rows]] + by_rent, t.burden[t.rows]


def _no_gradient(works: Works, t: Tenants, p: Parameters) -> Rates:
    """The same part comes with the new rent, from all incomes alike."""
    by_rent = by_new_rent(t.new_rise(works), p)
    return (1.0 - p.rent_driven) * works.disturbance[t.building[t.rows]] + by_rent, t.plain_burden()


def by_new_rent(rise: Floats | float, p: Parameters) -> Floats:
    """Extra rate per quarter that a new rent brings, mean over incomes: a typical rise brings its part of the year's
    excess. rise : share of the rent, (rows,) or one."""
    # In proportion to the rise, though Boverket gives one figure for all: no rise, no leaving because of it.
    year = p.rent_driven * p.excess_move * p.disturbance_share / p.new_rent_quarters
    return np.asarray(year * rise / p.rent_rise_typical)


def _most_disturbed(works: Works, p: Parameters) -> float:
    return float(works.disturbance.max())


def _most_with_rent(works: Works, p: Parameters) -> float:
    return float(works.disturbance.max() + 3.0 * by_new_rent(float(works.rise.max()), p))


LEAVING: Mapping[str, Leaving] = {
    "mixed": Leaving(_mixed, _most_disturbed),
    "disturbance": Leaving(_disturbance, _most_disturbed),
    "low-incomes": Leaving(_low_incomes, _most_with_rent),
    "no-gradient": Leaving(_no_gradient, _most_with_rent),
}
