"""What a run leaves to society: better standards and saved heat as long as they last, less all renovations to come.

At constant prices of the last quarter and at the social rate: market yields and reputation have no part in it. A
building without any renovation since the start is the measure for heat. Rates act continuously, years are years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


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
    rate = np.log1p(p.social_discount_rate)
    return np.asarray(-np.expm1(-rate * np.asarray(years)) / rate)


def until_due(condition: Floats | float, p: Parameters) -> Floats:
    """Years until wear makes the next basic renovation due, none where it is due; any shape."""
    return np.asarray(np.maximum(condition - p.due_condition, 0.0) / p.condition_decline)


def renovation_life(p: Parameters) -> float:
    """Years from one basic renovation until the next is due, as buildings wear in the model; a year at the least."""
    return max(float(until_due(1.0, p)), 1.0)


def standards_left(s: Stock, p: Parameters) -> float:
    """Worth of standards above basic to the end of their lives, SEK, net of the homes that their households left.

    Who lives where is the standards' doing, here and in buildings that stayed basic, and lasts as long as they do.
    """
    lasts = present(np.maximum(p.standard_life - s.age, 0.0), p)
    worth, whole = float((s.worth * lasts).sum()), float(s.worth.sum())
    return worth - (s.elsewhere * worth / whole if whole > 0.0 else 0.0)


def heat_left(s: Stock, price: Prices, p: Parameters) -> Floats:
    """Worth of heat saved, SEK (b,): what the measures save while they last, then what every basic renovation saves;
    buildings that still wait for one save that from then on."""
    rate = np.log1p(p.social_discount_rate)
    done = s.saving > 0.0
    before = s.energy / (1.0 - s.saving) * s.area  # kWh a year without any renovation
    lasts = np.where(done, np.maximum(p.energy_life - s.age, 0.0), 0.0)
    waits = np.where(done, lasts, until_due(s.condition, p))
    basic = p.saving_light * np.exp(-rate * waits) / rate
    return np.asarray(price.heat * before * (s.saving * present(lasts, p) + basic))


def renovations_due(s: Stock, price: Prices, p: Parameters) -> Floats:
    """Present cost of all basic renovations to come, SEK (b,): the next when it is due, and one each life after it."""
    rate = np.log1p(p.social_discount_rate)
    # Not the next one alone: that would leave out a quarter of what must be paid.
    for_ever = np.exp(-rate * until_due(s.condition, p)) / -np.expm1(-rate * renovation_life(p))
    return np.asarray(price.basic * s.flats * (for_ever - s.begun))


def left(s: Stock, price: Prices, p: Parameters) -> float:
    """What is left to society, SEK: standards and heat saved, less renovations to come."""
    return standards_left(s, p) + float((heat_left(s, price, p) - renovations_due(s, price, p)).sum())
