"""Rivals: who leaves when a building is renovated, and why. The lever ``leaving`` picks one.

Boverket (2014:34) finds that low incomes leave, Borg that they do not leave more than others, Uppsala's registers that
they mainly stay (IJURR 2025), and Chalmers that disturbance moves people and not the rent. Rules differ in who leaves,
and not in how many on average. Rates are per quarter.
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
    """What works bring to each building: extra moves by typical works, and the rise of a new rent (a share, or 0).

    Arrays (buildings,); disturbance is a rate per quarter. ``since`` is the quarter in which the building was finished:
    who moved in later chose the rent.
    """

    disturbance: Floats
    rise: Floats
    since: Ints


class Felt(NamedTuple):
    """What works are to each household that may leave (rows,): extra rate by what is done inside its home, per quarter;
    and how much more or less that is by the standard that it gets against the one it wants, a factor around 1."""

    disturbance: Floats
    unwanted: Floats

    def with_choice(self) -> Floats:
        """The extra rate, more for those who do not get what they want, less for those who do (rows,)."""
        return np.asarray(self.disturbance * self.unwanted)


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


Leaving = Callable[[Works, Felt, Tenants, Parameters], Rates]


def _mixed(works: Works, felt: Felt, t: Tenants, p: Parameters) -> Rates:
    """Disturbance moves, most those who do not get the standard that they want; a rent grown heavy moves too."""
    return felt.with_choice(), t.burden[t.rows]


def _disturbance(works: Works, felt: Felt, t: Tenants, p: Parameters) -> Rates:
    """Disturbance alone: neither the standard nor its rent makes anybody leave."""
    return felt.disturbance, t.plain_burden()


def _low_incomes(works: Works, felt: Felt, t: Tenants, p: Parameters) -> Rates:
    """Part of the excess comes with the new rent, and all of that part from the lowest third of incomes."""
    # Three times the mean rate for a third of them: as many leave as under no-gradient, so that rivals differ in who.
    low = t.income[t.rows] < t.low_below
    by_rent = 3.0 * by_new_rent(t.new_rise(works), p) * low
    return (1.0 - p.rent_driven) * felt.with_choice() + by_rent, t.burden[t.rows]


def _no_gradient(works: Works, felt: Felt, t: Tenants, p: Parameters) -> Rates:
    """The same part comes with the new rent, from all incomes alike."""
    by_rent = by_new_rent(t.new_rise(works), p)
    return (1.0 - p.rent_driven) * felt.disturbance + by_rent, t.plain_burden()


def _low_incomes_stay(works: Works, felt: Felt, t: Tenants, p: Parameters) -> Rates:
    """The same part comes with the new rent, and all of it from the upper two thirds, who have somewhere to go."""
    # Half as much again as the mean rate for two thirds of them.
    others = t.income[t.rows] >= t.low_below
    by_rent = 1.5 * by_new_rent(t.new_rise(works), p) * others
    return (1.0 - p.rent_driven) * felt.disturbance + by_rent, t.plain_burden()


def by_new_rent(rise: Floats | float, p: Parameters) -> Floats:
    """Extra rate per quarter that a new rent brings, mean over incomes: a typical rise brings its part of the year's
    excess. rise : share of the rent, (rows,) or one."""
    # In proportion to the rise, though Boverket gives one figure for all: no rise, no leaving because of it.
    year = p.rent_driven * p.excess_move * p.disturbance_share / p.new_rent_quarters
    return np.asarray(year * rise / p.rent_rise_typical)


def highest(works: Works, disturbed: float, p: Parameters) -> float:
    """A rate that no rule exceeds with its extra rate: whoever draws more need not be looked at. disturbed : the
    highest rate by what is done inside, per quarter."""
    return disturbed + 3.0 * float(by_new_rent(float(works.rise.max()), p))


LEAVING: Mapping[str, Leaving] = {
    "mixed": _mixed,
    "disturbance": _disturbance,
    "low-incomes": _low_incomes,
    "no-gradient": _no_gradient,
    "low-incomes-stay": _low_incomes_stay,
}
