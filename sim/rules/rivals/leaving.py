"""Rivals: who leaves when a building is renovated, and why. The lever ``leaving`` picks one.

Boverket (2014:34) finds that low incomes leave, Borg that they do not leave more than others, Uppsala's registers that
they mainly stay (IJURR 2025), and Chalmers that disturbance moves people and not the rent. Rules differ in who leaves,
and not in how many on average. Rates are per quarter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Amount = TypeVar("Amount", float, NDArray[np.float64])


class Works(NamedTuple):
    """What works bring to each building: extra moves by typical works, and the rise of a new rent (a share, or 0).

    Arrays (buildings,); disturbance is a rate per quarter. ``since`` is the quarter in which the building was finished:
    who moved in later chose the rent.
    """

    disturbance: Floats
    rise: Floats
    since: Ints


class Felt(NamedTuple):
    """What renovation is to a household that may leave, (rows,) or of one.

    disturbance : extra rate by what is done inside its home, per quarter. unwanted : how much more or less that is by
    the standard that it gets against the one it wants, a factor around 1. rise : of a new rent, share, as
    ``new_to_them`` gives. low : whether its income is in the lowest third. burden, plain : rent over income, share, as
    it is and as ``plain_burden`` gives.
    """

    disturbance: Floats
    unwanted: Floats
    rise: Floats
    low: Bools
    burden: Floats
    plain: Floats


Rates = tuple[Floats, Floats]  # extra rate per quarter, and the rent burden that counts in the ordinary rate
Leaving = Callable[[Felt, Parameters], Rates]


@rule
def new_to_them(rise: Floats, since: Ints, finished: Ints) -> Floats:
    """Rise of the rent for those who lived there before it, share; since, finished : quarters in which they came, and
    in which the building was finished."""
    return rise * (since < finished)


@rule
def plain_burden(burden: Floats, rent: Floats, plain_rent: Floats) -> Floats:
    """Rent burden (rent over income) as it would be at the plain rent (SEK/month), (rows,)."""
    # Never above what it is: who pays less than the plain rent is not burdened by renovation.
    return burden * np.minimum(plain_rent / rent, 1.0)


@rule
def _mixed(x: Felt, p: Parameters) -> Rates:
    """Disturbance moves, most those who do not get the standard that they want; a rent grown heavy moves too."""
    return x.disturbance * x.unwanted, x.burden


@rule
def _disturbance(x: Felt, p: Parameters) -> Rates:
    """Disturbance alone: neither the standard nor its rent makes anybody leave."""
    return x.disturbance, x.plain


@rule
def _low_incomes(x: Felt, p: Parameters) -> Rates:
    """Part of the excess comes with the new rent, and all of that part from the lowest third of incomes."""
    # Three times the mean rate for a third of them: as many leave as under no-gradient, so that rivals differ in who.
    by_rent = 3.0 * by_new_rent(x.rise, p) * x.low
    return (1.0 - p.rent_driven) * (x.disturbance * x.unwanted) + by_rent, x.burden


@rule
def _no_gradient(x: Felt, p: Parameters) -> Rates:
    """The same part comes with the new rent, from all incomes alike."""
    by_rent = by_new_rent(x.rise, p)
    return (1.0 - p.rent_driven) * x.disturbance + by_rent, x.plain


@rule
def _low_incomes_stay(x: Felt, p: Parameters) -> Rates:
    """The same part comes with the new rent, and all of it from the upper two thirds, who have somewhere to go."""
    # Half as much again as the mean rate for two thirds of them.
    by_rent = 1.5 * by_new_rent(x.rise, p) * (1.0 - x.low)
    return (1.0 - p.rent_driven) * x.disturbance + by_rent, x.plain


@rule
def by_new_rent(rise: Amount, p: Parameters) -> Amount:
    """Extra rate per quarter that a new rent brings, mean over incomes: a typical rise brings its part of the year's
    excess. rise : share of the rent, (rows,) or one."""
    # In proportion to the rise, though Boverket gives one figure for all: no rise, no leaving because of it.
    year = p.rent_driven * p.excess_move * p.disturbance_share / p.new_rent_quarters
    extra: Amount = year * rise / p.rent_rise_typical
    return extra


@rule
def highest(disturbed: float, rise: float, p: Parameters) -> float:
    """A rate that no rule exceeds with its extra rate: whoever draws more need not be looked at. disturbed : the
    highest rate by what is done inside, per quarter. rise : the highest of a new rent, share."""
    return disturbed + 3.0 * by_new_rent(rise, p)


class Rival(IntEnum):
    """The rules' places in ``LEAVING``, by which kernels know them."""

    MIXED = 0
    DISTURBANCE = 1
    LOW_INCOMES = 2
    NO_GRADIENT = 3
    LOW_INCOMES_STAY = 4


LEAVING: Mapping[str, Leaving] = {
    "mixed": _mixed,
    "disturbance": _disturbance,
    "low-incomes": _low_incomes,
    "no-gradient": _no_gradient,
    "low-incomes-stay": _low_incomes_stay,
}
RIVALS = {name: int(place) for name, place in zip(LEAVING, Rival, strict=True)}


@rule
def rates_by(rival: int, x: Felt, p: Parameters) -> Rates:
    """What the rule of this place says."""
    if rival == Rival.DISTURBANCE:
        return _disturbance(x, p)
    if rival == Rival.LOW_INCOMES:
        return _low_incomes(x, p)
    if rival == Rival.NO_GRADIENT:
        return _no_gradient(x, p)
    if rival == Rival.LOW_INCOMES_STAY:
        return _low_incomes_stay(x, p)
    return _mixed(x, p)
