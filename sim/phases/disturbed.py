"""What announced and ongoing works bring to households, within phase 7."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.rules.appraisal import STANDARDS, rent_rise
from sim.rules.homes import pay_factor
from sim.rules.mixture import Part, basic_for, by_part
from sim.rules.moving import disturbance_rate
from sim.rules.phase_in import paid
from sim.rules.rivals.leaving import Works
from sim.rules.unwanted import missed
from sim.vocabulary import Site
from sim.world.columns import Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def works_now(world: World) -> Works:
    """What tenants feel of works, building by building: disturbance, and a rent that has just risen."""
    b = world.buildings
    quarters = math.ceil(world.p.new_rent_quarters)
    rate, new = _works(
        world.quarter, quarters, len(world.municipalities), b.site, b.owner, b.renovated, b.rise, b.rise_first,
        b.rent_plain, world.p.numbers,
    )  # fmt: skip
    return Works(rate, new, b.renovated)


@kernel
def _works(
    quarter: int, quarters: int, companies: int, site: Small, owner: Ints, renovated: Ints, rise: Floats,
    rise_first: Floats, rent_plain: Floats, numbers: NDArray[np.void],
) -> tuple[Floats, Floats]:  # fmt: skip
    """Disturbance, a rate per quarter, and the rise of a rent as far as it is not older than so many quarters, a share
    (b,). companies : owners before the private ones."""
    p, rate, new = numbers[0], np.empty(len(site)), np.empty(len(site))
    for b in range(len(site)):
        rate[b] = disturbance_rate(site[b] == Site.ANNOUNCED, site[b] == Site.ON_SITE, owner[b] < companies, p)
        # A step of a rise that is phased in is as new as a rise that is not.
        now, then = (quarter - renovated[b]) // 4, (quarter - quarters - renovated[b]) // 4
        step = paid(rise[b], rise_first[b], now, p) - paid(rise[b], rise_first[b], then, p)
        new[b] = step / rent_plain[b]
    return rate, new


def rent_parts(world: World, buildings: Ints) -> Floats:
    """What works will add to the rent of these buildings' flats, SEK/month by part (buildings, parts)."""
    b = world.buildings
    rises, _ = rent_rise(world.rents_of(buildings), world.believed_price, world.p)
    return by_part(rises, b.rent[buildings], world.levers.basic_right_cap) * b.area[buildings][:, None] / 12.0


def by_standard(world: World, rows: Ints, options: Ints) -> tuple[Floats, Floats]:
    """What works will add to the rents of these flats, and what their households go without by the standard that they
    get; SEK/month, two (rows,). options : those that are built (rows,)."""
    r = world.residents
    # Rows of a building are together: no sorting is needed to find the buildings.
    building = r.building[rows]
    new = np.diff(building, prepend=-1) != 0
    parts = rent_parts(world, building[new])[np.cumsum(new) - 1]
    basic = basic_for(r.chosen[rows], parts[:, Part.BASIC], parts[:, Part.RIGHT])
    monthly = basic, parts[:, Part.INTERMEDIATE], parts[:, Part.FULL]
    wishes, got = r.wish[rows] * pay_factor(world.pay_level, world.p), STANDARDS[options]
    return np.stack(monthly)[got - 1, np.arange(len(rows))], missed(wishes, *monthly, got, world.p)
