"""Sales of rental buildings: what a bidder offers, what the owner holds them worth, what goes at which price.

All money is SEK (real, 2011). Arrays have one entry a building, (buildings,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def held_worth(value: Floats, market_yield: Floats, required: float, p: Parameters) -> float:
    """What an owner holds buildings worth, SEK: their net income over the return that it asks, instead of the market's.

    value : market value. market_yield : at which such buildings are sold, per year. required : return asked, per year.
    An owner that is content with less than the market holds on; one that asks for more is glad to sell.
    """
    return float((value * market_yield).sum() / max(required, p.required_least))


def bid(value: float, u: float, p: Parameters) -> float:
    """What somebody offers for buildings of a market value, SEK; ``u`` is a uniform draw, 0-1.

    Bidders' views differ evenly around the market value, by ``offer_spread`` of it at most.
    """
    return value * (1.0 + p.offer_spread * (2.0 * u - 1.0))


def yearly_chance(p: Parameters) -> float:
    """Chance a year that a majority that wants to sell does so: over all terms ``sale_politics`` of the flats go."""
    share = p.sale_share * p.sale_majority
    return min(p.sale_politics / share, 1.0) if share > 0.0 else 0.0


def block(flats: Ints | Floats, start: float, limit: float, part: float) -> Ints:
    """Neighbouring buildings (places in ``flats``) from a random place in a stock, with so many flats, or SEK, at most.

    start : where, 0-1 of the stock; after its end comes its beginning. part : of the building at the margin that may
    lie beyond the limit, 0-1. As sales were of whole estates and not of scattered houses.
    """
    places, first = np.arange(len(flats)), int(start * len(flats))
    order = np.concatenate((places[first:], places[:first]))
    there = flats[order]
    return np.asarray(order[np.cumsum(there) - part * there <= limit])
