"""Rivals: what the rent follows after a renovation. The lever ``rents_follow`` picks one.

Swedish law compares: a flat may cost what flats of like use value cost (bruksvärde, 12 kap. 55 § jordabalken), whatever
was paid for it. That rents follow what the works cost is how owners calculate, and what critics say happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rents:
    """How rents stand in given buildings; arrays (buildings,).

    rent : SEK/m2.year, now. area : m2 of a flat. use_value : of the standard that is there, SEK/m2.year above an
    unrenovated building's at the rents of 2011. level : general rents over those of 2011. rule : what they follow.
    cap : largest rise at renovation, share of the rent; infinite where there is none.
    """

    rent: Floats
    area: Floats
    use_value: Floats
    level: float
    rule: RentRule
    cap: float = float("inf")


class RentRule(NamedTuple):
    """A rule: the rise for each standard, SEK/m2.year (buildings, 3), from what the standards cost, SEK per flat
    (buildings, 3); what buildings renovated before the start pay above the others, SEK/m2.year (buildings,), from the
    others' rents; and whether large rises are phased in."""

    rise: Callable[[Rents, Floats, Parameters], Floats]
    earlier: Callable[[Floats, Parameters], Floats]
    phased: bool


def use_values(p: Parameters) -> Floats:
    """Use value of basic, intermediate and full standard above an unrenovated flat's, SEK/m2.year of 2011, (3,)."""
    # A flat that has all that a lower standard has is worth no less: so it is wherever in their ranges the three lie.
    return np.maximum.accumulate(np.array([p.use_value_mini, p.use_value_midi, p.use_value_maxi]))


def _by_use_value(x: Rents, cost: Floats, p: Parameters) -> Floats:
    """What flats of the new standard pay more than those of the old one, whatever the works cost; nothing for the same
    standard again, as that is maintenance."""
    # No ceiling in per cent of the old rent: comparison with like flats is the limit that tribunals set.
    return np.asarray(np.maximum(use_values(p)[None, :] - x.use_value[:, None], 0.0) * x.level)


def _by_cost(x: Rents, cost: Floats, p: Parameters) -> Floats:
    """The yield on the recognised part of what the standard has cost, up to what comparison with new flats allows."""
    recognised = np.array([p.recognised_mini, p.recognised_midi, p.recognised_maxi])
    claim = p.rent_yield * recognised * cost / x.area[:, None]
    return np.asarray(np.minimum(claim, p.rent_ceiling * x.rent[:, None]))


def _basic(rent: Floats, p: Parameters) -> Floats:
    return np.full(len(rent), use_values(p)[0])


def _share_of_basic(rent: Floats, p: Parameters) -> Floats:
    return np.asarray(p.rent_renovated * p.recognised_mini * rent)


RENTS: Mapping[str, RentRule] = {
    "use-value": RentRule(_by_use_value, _basic, True),
    "cost": RentRule(_by_cost, _share_of_basic, False),
}
