"""How many households look at the empty flats of a neighbourhood, how many of these are let, and how many stand empty.

Two kinds of households look: those with few alternatives, who take anything anywhere, and those who choose, who come in
proportion to the appeal of a place: exp of what home, rent, reputation and calm add up to (a logit over many places).
Demand is counted in households a quarter for each flat of the neighbourhood, let or empty.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.rules.homes import worn_in_wishes

Floats = NDArray[np.float64]

_MOST = float(np.iinfo(np.int16).max)
_NONE = float(np.finfo(np.float64).eps)  # an empty share or a number of households below which there are none


@rule
def dear(rent: Floats, plain: Floats | float, chosen: Floats | float, basic: Floats | float) -> Floats:
    """What buildings' rent is above that of comparable flats, SEK/m2.year (buildings,); below nothing while a rise is
    phased in.

    rent : as it is paid. plain : without renovation. chosen : the part for more than the basic standard. basic : what a
    basic renovation is worth, 0 where there was none; all SEK/m2.year (buildings,).
    """
    # Pipes and bathroom are worth what they add by use value: that part of a rise weighs nothing on either side.
    over = rent - plain - chosen
    return over - np.minimum(np.maximum(over, 0.0), basic)


@rule
def home_value(
    worth: Floats, condition: Floats | float, above: Floats, plain: Floats, wish: float, p: Parameters
) -> Floats:
    """What homes are worth more than an unrenovated one in order, minus what they cost more, over its rent.

    worth : of the standard, in wishes for intermediate. condition : of the building, 0-1. above : rent for more than
    basic, and above comparable flats', SEK/month. plain : rent without renovation, SEK/month; arrays of one shape. wish
    : of the typical household, SEK/month now.
    """
    return (wish * (worth - worn_in_wishes(condition, p)) - above) / np.maximum(plain, _NONE)


@rule
def appeal(value: Floats, place: Floats | float, p: Parameters) -> Floats:
    """How many choosing households come, against an ordinary place with unrenovated homes in order: 1 there.

    value : of homes, over rent. place : what reputation and calm add to the logarithm; arrays of one shape.
    """
    logarithm = np.minimum(np.maximum(p.demand_home * value + place, -p.demand_widest), p.demand_widest)
    found: Floats = np.exp(logarithm)
    return found


@rule
def choosing(at_start: Floats, change: Floats, p: Parameters) -> Floats:
    """Households that choose and look, a quarter and flat. at_start : all who looked then. change : of the appeal since
    the start, a ratio; arrays of one shape."""
    households: Floats = p.queue_sorting * at_start * change
    return households


@rule
def not_choosing(at_start: Floats, p: Parameters) -> Floats:
    """Households with few alternatives that look, a quarter and flat: as many whatever becomes of the place."""
    households: Floats = (1.0 - p.queue_sorting) * at_start
    return households


@rule
def looked_at(mean: Floats, u: Floats | float) -> Floats:
    """How many households look at each empty flat this quarter (rows,), of that mean; u : uniforms in (0, 1).

    Geometric: some flats have what many look for, which nobody here sees (a Poisson number with an exponential mean).
    One draw each, so that a larger mean only ever adds households.
    """
    number = np.divide(np.log(u), np.log(mean / (1.0 + mean)))
    # As many as anybody could ask for; who looks at the hundredth flat offer matters to nobody.
    households: Floats = np.floor(np.minimum(number, _MOST))
    return households


def let_share(per_empty: Floats, p: Parameters) -> Floats:
    """The chance that an empty flat is let in a quarter. per_empty : households that look for each empty flat."""
    return np.asarray(p.letting * per_empty / (1.0 + per_empty))


def demand_seen(empty: Floats, leaving: Floats, p: Parameters) -> Floats:
    """Households that look, a quarter and flat (n,), where so many flats stand empty that nothing changes by itself.

    empty : share of flats at the end of a quarter. leaving : share of households that leave in one; (n,). Where it is
    less than letting alone takes, there is no end of demand: inf.
    """
    # What is empty before letting, and what share of it is let: as many as have left.
    before = empty + leaving * (1.0 - empty)
    let = leaving * (1.0 - empty) / np.maximum(before, _NONE) / p.letting
    return np.where(let < 1.0, before * let / np.maximum(1.0 - let, _NONE), np.inf)


@rule
def empty_in_the_end(demand: Floats, leaving: Floats, p: Parameters) -> Floats:
    """The share of flats that stand empty once as many are let as left, as many looking in each quarter; the inverse
    of ``demand_seen``.

    demand : households a quarter and flat. leaving : share of households that leave in a quarter; arrays of one shape.
    """
    # Of x empty flats, letting x demand / (demand + x) are let, as many as have left: a quadratic equation.
    stays = np.maximum(1.0 - leaving, _NONE)
    left, some = leaving / stays, np.minimum(demand, 1.0 / _NONE)
    b, c = p.letting * some - left * (1.0 - some), left * some
    root = np.sqrt(b * b + 4.0 * left * c)
    # Of the two ways to write the root, the one in which nothing cancels.
    before = pick(b > 0.0, 2.0 * c / np.maximum(b + root, _NONE), (root - b) / np.maximum(2.0 * left, _NONE))
    empty: Floats = np.minimum(np.maximum((before - leaving) / stays, 0.0), 1.0)
    return empty


@rule
def empty_at_appeal(appeal: Floats, at_start: Floats, lookers: Floats, leaving: Floats, p: Parameters) -> Floats:
    """The share of flats that would stand empty in the end in homes of such an appeal.

    at_start : mean appeal of the place then; lookers : all who looked. leaving : as above; of shapes that go together.
    """
    look = choosing(lookers, appeal / at_start, p) + not_choosing(lookers, p)
    return empty_in_the_end(look, leaving, p)
