"""Where a household that leaves goes: a choice among neighbourhoods of the region and kinds of places beyond them.

Arrays have one entry per neighbourhood of the region (k), per kind of place elsewhere (e), or the one after the other
(k + e); c is a class of incomes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Kinds of places beyond the region's neighbourhoods, in the order of all arrays (e,).
ELSEWHERE = (
    "other rental estates",
    "older rental homes",
    "newly built rental homes",
    "owned homes",
    "outside the county",
)


@dataclass(frozen=True)
class Places:
    """What a household that looks for a home sees of each place (k + e,).

    open : homes that come free this quarter and that it may get. rent : of such a home, SEK/month. appeal : what
    reputation and calm add to the logarithm of its draw, 0 in an ordinary place.
    """

    open: Floats
    rent: Floats
    appeal: Floats


def open_elsewhere(county_population: float, p: Parameters) -> Floats:
    """Homes elsewhere that come free in a quarter and are open to a household from the estates (e,), by persons in the
    county."""
    per_thousand = np.array([
        p.elsewhere_open_estates, p.elsewhere_open_older, p.elsewhere_open_new, p.elsewhere_open_owned,
        p.elsewhere_open_away,
    ])  # fmt: skip
    return np.asarray(county_population * per_thousand / 1000.0)


def income_elsewhere(p: Parameters) -> Floats:
    """Mean income of households there over that in the region's estates at the start, a ratio (e,)."""
    return np.array([
        p.elsewhere_income_estates, p.elsewhere_income_older, p.elsewhere_income_new, p.elsewhere_income_owned,
        p.elsewhere_income_away,
    ])  # fmt: skip


def rent_elsewhere(p: Parameters) -> Floats:
    """What a home there costs a month over the estates' rent without renovation, a ratio (e,)."""
    return np.array([
        p.elsewhere_rent_estates, p.elsewhere_rent_older, p.elsewhere_rent_new, p.elsewhere_rent_owned,
        p.elsewhere_rent_away,
    ])  # fmt: skip


def km_apart(tiles: Floats, municipality: Ints, p: Parameters) -> Floats:
    """Kilometres from each neighbourhood to each, and to the kinds of places elsewhere (k, k + e).

    tiles : as the crow flies on the region's map (k, k), NaN where it has none. municipality : of each (k,).
    """
    same = municipality[:, None] == municipality[None, :]
    near = np.where(np.isnan(tiles), np.where(same, p.km_municipality, p.km_county), tiles * p.km_per_tile)
    np.fill_diagonal(near, p.km_own)
    far = np.array([
        p.elsewhere_km_estates, p.elsewhere_km_older, p.elsewhere_km_new, p.elsewhere_km_owned, p.elsewhere_km_away,
    ])  # fmt: skip
    return np.hstack([near, np.tile(far, (len(near), 1))])


def nearness(km: Floats, p: Parameters) -> Floats:
    """How much less a place draws for being far, 1 at no distance: the law of gravity between places."""
    return np.asarray((1.0 + km) ** -p.destination_distance)


def draw_of(utility: Floats, open_homes: Floats) -> Floats:
    """What each place weighs for each class of incomes (c, k + e), 1 for the best: homes open there, times what
    speaks for each of them. utility : of a home (c, k + e).

    An aggregate draws by its size: the logit of McFadden (1978) among homes that are alike but for chance.
    """
    with np.errstate(divide="ignore"):  # nothing is open: nobody goes there
        weight = utility + np.log(open_homes)
    return np.asarray(np.exp(weight - weight.max(axis=1, keepdims=True)))


@rule
def clock(weight: Floats, u: Floats | float) -> Floats:
    """When an alternative's clock rings for a household, by its weight and a uniform in (0, 1); one shape.

    Exponential clocks at the rates of the weights: the first to ring is the logit's choice, and a weight that grows
    only ever draws choosers to itself. Next to nothing draws as little as nothing: its clock never rings.
    """
    rings: Floats = np.divide(-np.log(u), weight)
    return rings


@rule
def place_within(weights: Floats, near: Floats, first: float, u: float) -> int:
    """Which neighbourhood of the region a household chooses that stays in it, by one uniform in (0, 1).

    weights : of each neighbourhood for its class of incomes. near : what is left of them from where it lives; both
    (k,). first : a whole number of its class and neighbourhood, to which shares are added.

    One draw, not one a neighbourhood: what is open changes every quarter, so that nobody's choice is compared with an
    earlier one.
    """
    whole = 0.0
    for place in range(len(near)):
        whole += weights[place] * near[place]
    reached = 0.0
    for place in range(len(near) - 1):
        reached += weights[place] * near[place]
        if (reached / whole if whole > 0.0 else 1.0) + first > first + u:
            return place
    return len(near) - 1
