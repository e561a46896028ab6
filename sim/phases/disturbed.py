"""What announced and ongoing works bring to households, within phase 7: for those who may leave, flat by flat."""

from __future__ import annotations

import math

import numpy as np

from sim.rules.appraisal import STANDARDS, rent_rise
from sim.rules.homes import pay_factor
from sim.rules.inside import done_inside
from sim.rules.mixture import Part, by_part
from sim.rules.moving import disturbance_rate
from sim.rules.phase_in import paid
from sim.rules.rivals.leaving import Works, highest
from sim.rules.unwanted import leaving_factor, missed
from sim.vocabulary import Away, Site
from sim.world.columns import Floats, Ints
from sim.world.homes import options_to_come
from sim.world.world import World


def works_now(world: World) -> Works:
    """What tenants feel of works, building by building: disturbance, and a rent that has just risen."""
    b, p = world.buildings, world.p
    municipal = b.owner < len(world.municipalities)
    rate = disturbance_rate(b.site == Site.ANNOUNCED, b.site == Site.ON_SITE, municipal, p)
    # A step of a rise that is phased in is as new as a rise that is not.
    now, then = (world.years_renovated(ago) for ago in (0, math.ceil(p.new_rent_quarters)))
    new = paid(b.rise, b.rise_first, now, p) - paid(b.rise, b.rise_first, then, p)
    return Works(rate, new / b.rent_plain, b.renovated)


def in_touched(world: World, works: Works) -> tuple[Ints, float]:
    """Rows of flats in buildings with works, or with a new rent; and a rate that no extra rate there exceeds."""
    p = world.p
    rows = world.flats_in(np.flatnonzero((works.disturbance > 0.0) | (works.rise > 0.0)))[1]
    most = float(done_inside(p).max()) * max(float(leaving_factor(np.array([np.inf]), p)[0]), 1.0)
    return rows, highest(works, float(works.disturbance.max()) * most, p)


def felt(world: World, works: Works, rows: Ints) -> tuple[Floats, Floats]:
    """For these flats: the extra rate of leaving by what is done inside, per quarter, and how much more or less it is
    for each household by the standard that it gets against the one it wants, a factor; two (rows,)."""
    r, p = world.residents, world.p
    rate = works.disturbance[r.building[rows]]
    factor = np.ones(len(rows))
    there = np.flatnonzero(rate)
    mine = rows[there]
    options = options_to_come(world, mine)
    # Who lives elsewhere meanwhile is not disturbed, and has decided whether to come back.
    rate[there] *= done_inside(p)[options] * (r.away[mine] == Away.HOME)
    _, lost = by_standard(world, mine, options)
    factor[there] = leaving_factor(lost / r.rent[mine], p)
    return rate, factor


def by_standard(world: World, rows: Ints, options: Ints) -> tuple[Floats, Floats]:
    """What works will add to the rents of these flats, and what their households go without by the standard that they
    get; SEK/month, two (rows,). options : those that are built (rows,)."""
    r, b = world.residents, world.buildings
    # Rows of a building are together: no sorting is needed to find the buildings.
    building = r.building[rows]
    new = np.diff(building, prepend=-1) != 0
    which, where = building[new], np.cumsum(new) - 1
    rises, _ = rent_rise(world.rents_of(which), world.believed_price, world.p)
    parts = by_part(rises, b.rent[which], world.levers.basic_right_cap) * b.area[which][:, None] / 12.0
    wishes, got = r.wish[rows] * pay_factor(world.pay_level, world.p), STANDARDS[options]
    monthly = parts[where, : Part.RIGHT]
    # Who keeps the basic standard by right pays less for it.
    by_right = r.chosen[rows] == Part.RIGHT + 1
    monthly[:, Part.BASIC] = np.where(by_right, parts[where, Part.RIGHT], monthly[:, Part.BASIC])
    return monthly[np.arange(len(rows)), got - 1], missed(wishes, monthly, got, world.p)
