"""What a run leaves to society: better standards and saved heat as long as they last, less all renovations to come.

At constant prices of the last quarter and at the social rate: market yields and reputation have no part in it. A
building without any renovation since the start is the measure for heat. Rates act continuously, years are years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, pick, rows, rule
from sim.inputs.parameters import Parameters
from sim.sums import pairwise

Floats = NDArray[np.float64]
Amount = TypeVar("Amount", float, NDArray[np.float64])  # one, or a column of them


@dataclass(frozen=True)
class Stock:
    """The buildings at some moment, arrays (b,).

    flats : number. area : m2 of all flats. condition : 0-1. age : years since the latest renovation (any number where
    there has been none since the start). energy : kWh/m2.year. saving : share of heat that the renovation saves, 0
    without one. worth : what those who live there would pay for the standard above basic, SEK/year, 0 without one.
    begun : share of a renovation under way that has been done, 0-1. elsewhere : what others lose by where all who live
    here would live otherwise, SEK/year, one number.
    """

    flats: Floats
    area: Floats
    condition: Floats
    age: Floats
    energy: Floats
    saving: Floats
    worth: Floats
    begun: Floats
    elsewhere: float = 0.0


@dataclass(frozen=True)
class Prices:
    """What things are worth to society at that moment. heat : SEK/kWh saved. basic : SEK a flat, of the basic
    renovation."""

    heat: float
    basic: float


def present(years: Floats | float, p: Parameters) -> Floats:
    """Present value of 1 SEK a year for so many years at the social rate, SEK; any shape."""
    return np.asarray(_present(np.asarray(years), float(np.log1p(p.social_discount_rate))))


@rule
def _present(years: Amount, rate: float) -> Amount:
    """The same at a rate that acts continuously."""
    found: Amount = -np.expm1(-rate * years) / rate
    return found


@rule
def until_due(condition: Amount, p: Parameters) -> Amount:
    """Years until wear makes the next basic renovation due, none where it is due; any shape."""
    found: Amount = np.maximum(condition - p.due_condition, 0.0) / p.condition_decline
    return found


@rule
def renovation_life(p: Parameters) -> float:
    """Years from one basic renovation until the next is due, as buildings wear in the model; a year at the least."""
    return max(until_due(1.0, p), 1.0)


@rule
def standard_left(worth: Amount, age: Amount, rate: float, p: Parameters) -> Amount:
    """Worth of a standard above basic to the end of its life, SEK. worth, age : as in ``Stock``. rate : social."""
    found: Amount = worth * _present(np.maximum(p.standard_life - age, 0.0), rate)
    return found


@rule
def heat_left(
    saving: Amount, age: Amount, waits: Amount, before: Amount, heat: float, rate: float, p: Parameters
) -> Amount:
    """Worth of heat saved, SEK: what the measures save while they last, then what every basic renovation saves;
    buildings that still wait for one save that from then on.

    saving, age : as in ``Stock``. waits : years until a basic renovation is due. before : kWh a year without any
    renovation. heat : SEK/kWh. rate : social.
    """
    done = saving > 0.0
    lasts = pick(done, np.maximum(p.energy_life - age, 0.0), 0.0)
    basic = p.saving_light * np.exp(-rate * pick(done, lasts, waits)) / rate
    found: Amount = heat * before * (saving * _present(lasts, rate) + basic)
    return found


@rule
def renovations_due(flats: Amount, waits: Amount, begun: Amount, basic: float, rate: float, passes: float) -> Amount:
    """Present cost of all basic renovations to come, SEK: the next when it is due, and one each life after it.

    flats, begun : as in ``Stock``. waits : years until the next. basic : SEK a flat. rate : social.
    passes : share of its weight that what is paid loses in a renovation's life, 0-1.
    """
    # Not the next one alone: that would leave out a quarter of what must be paid.
    found: Amount = basic * flats * (np.exp(-rate * waits) / passes - begun)
    return found


def left(s: Stock, price: Prices, p: Parameters) -> float:
    """What is left to society, SEK: standards and heat saved, less renovations to come.

    Who lives where is the standards' doing, here and in buildings that stayed basic, and lasts as long as they do: so
    long others are without the homes that those households left.
    """
    found = _left(
        s.flats, s.area, s.condition, s.age, s.energy, s.saving, s.worth, s.begun, s.elsewhere, price.heat, price.basic,
        p.numbers,
    )  # fmt: skip
    return float(found)


@kernel
def _left(
    flats: Floats, area: Floats, condition: Floats, age: Floats, energy: Floats, saving: Floats, worth: Floats,
    begun: Floats, elsewhere: float, heat: float, basic: float, numbers: Any,
) -> float:  # fmt: skip
    p = own(numbers)
    rate = np.log1p(p.social_discount_rate)
    passes = -np.expm1(-rate * renovation_life(p))
    standards, rest = np.zeros(len(flats)), np.empty(len(flats))
    for b in rows(0, len(flats)):
        if worth[b] != 0.0:  # most buildings are basic
            standards[b] = standard_left(worth[b], age[b], rate, p)
        waits = until_due(condition[b], p)
        before = energy[b] / (1.0 - saving[b]) * area[b]
        saved = heat_left(saving[b], age[b], waits, before, heat, rate, p)
        rest[b] = saved - renovations_due(flats[b], waits, begun[b], basic, rate, passes)
    whole, lasting = pairwise(worth), pairwise(standards)
    return lasting - (elsewhere * lasting / whole if whole > 0.0 else 0.0) + pairwise(rest)
