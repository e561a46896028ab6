"""What finished works do to rents, and to the standard of each flat; part of phase 5."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.rules import appraisal, mixture
from sim.rules.phase_in import paid
from sim.rules.rivals.rents import Rents, use_values
from sim.world.columns import Floats, Ints
from sim.world.likes import Likes
from sim.world.state import Buildings
from sim.world.world import World


class Risen(NamedTuple):
    """Rent rises of finished buildings, SEK/m2.year: their mean over flats in the end and at once, that for the basic
    standard, and the mean of use values (buildings,); by part, where tenants chose (buildings, 4); and by option in the
    end and at once, two (buildings, 9)."""

    rise: Floats
    first: Floats
    basic: Floats
    held: Floats
    parts: Floats
    by_option: tuple[Floats, Floats]


def risen_rents(world: World, rents: Rents, level: Floats, options: Ints, mix: Floats | None) -> Risen:
    """How far rents rise in finished buildings. level : of prices spent (buildings,). mix : shares of flats, where
    tenants chose."""
    p = world.p
    # Under the rival rule tenants pay for what was really spent, change orders and dear bids included.
    rises, first = appraisal.rent_rise(rents, level, p)
    held = use_values(p)[appraisal.STANDARDS - 1]
    if mix is None:
        chosen = np.arange(len(options)), options
        return Risen(rises[chosen], first[chosen], rises[:, 0], held[options], rises, (rises, first))
    cap = world.levers.basic_right_cap
    parts, at_once = mixture.by_part(rises, rents.rent, cap), mixture.by_part(first, rents.rent, cap)
    in_the_end, now = (mixture.mean_rise(x, options, mix) for x in (parts, at_once))
    return Risen(in_the_end, now, rises[:, 0], mixture.mean(held, options, mix), parts, (rises, first))


def raise_rents(world: World, b: Buildings | Likes, rows: Ints, risen: Risen) -> None:
    """Rents rise by what is paid at once; what an earlier rise still has to come, comes with the rest of this one."""
    b.rent[rows] += risen.first
    earlier = b.rise[rows], b.rise_first[rows]
    to_come = earlier[0] - paid(*earlier, (world.quarter - b.renovated[rows]) // 4, world.p)
    b.rise[rows], b.rise_first[rows] = risen.rise + np.maximum(to_come, 0.0), risen.first
    b.use_value[rows] = np.maximum(b.use_value[rows], risen.held)
