"""What homes are worth to those who live in them, net of the homes that they left.

Society's account counts all persons, wherever they live. The county is closed: newcomers to the estates come from the
rest of it and leavers go there, each with a wish that is kept for life. So nothing of the rest has to be followed. The
worth of homes elsewhere is what it would be if nobody lived in the estates, less what each of their households would
take up there, which depends on its wish alone (``left_behind``): the first part is the same in all arms, the second is
known for whoever lives here. Empty flats have no line; their households are elsewhere.
"""

from __future__ import annotations

import numpy as np

from sim.rules.homes import left_behind, pay_factor, worth_of_flats, worth_of_standards
from sim.vocabulary import Standard
from sim.world.columns import Floats, Ints, Numbers
from sim.world.world import World


def homes_worth(world: World) -> float:
    """Worth of homes this quarter, SEK: the plain rent of occupied flats, and standards above basic by the lever.

    An occupied flat is worth at least what it would cost without any renovation since the start.
    """
    r = world.residents
    return 3.0 * float((world.plain_rent * r.occupied).sum()) + float(standard_worth_by_building(world).sum()) / 4.0


def standard_worth_by_building(world: World) -> Floats:
    """What the standards above basic are worth to society, SEK/year of this quarter (b,), by the lever `home_worth_of`.

    Occupants: what those who live here would pay, less what others lose by where they would live otherwise; in a
    building of basic standard that is nothing on average at the start. Marginal: every better flat that is occupied
    counts at the wish of the county's marginal household, whoever lives there.
    """
    return better_by_building(world) - left_by_building(world)


def better_by_building(world: World) -> Floats:
    """The same before what others lose by where the households that live here would live otherwise, SEK/year (b,)."""
    if world.levers.home_worth_of == "marginal":
        return 12.0 * _level(world) * world.wishes.marginal * _of_occupied(world, np.ones(world.residents.n))
    return said_by_building(world)


def said_by_building(world: World) -> Floats:
    """What the households that live here would pay for their standard above basic, SEK/year of this quarter (b,)."""
    r = world.residents
    return 12.0 * _level(world) * _of_occupied(world, r.wish)


def worth_of_standard(world: World) -> float:
    """The same for all of them together, SEK this quarter: what occupants say, without what they left."""
    return float(said_by_building(world).sum()) / 4.0


def worth_in_wishes(world: World, rows: Ints) -> Floats:
    """Worth of these flats' standard above basic, in wishes for intermediate (rows,)."""
    r = world.residents
    return worth_of_flats(world.buildings.standard[r.building[rows]], r.upgraded[rows], world.p)


def extra_rent(world: World, rows: Ints) -> Floats:
    """Rent that these flats take for more than the basic standard, SEK/month (rows,).

    The part that pays for pipes and bathroom buys what a wish does not count, and is left out on both sides.
    """
    b, r, building = world.buildings, world.residents, world.residents.building[rows]
    # What is renewed singly is inside the flat, and its whole rise pays for that.
    single = world.p.turnover_rent * b.rent[building] * r.upgraded[rows]
    return np.asarray((b.rent_chosen[building] + single) * b.area[building] / 12.0)


def worth_and_extra_rent(world: World) -> tuple[Floats, Floats]:
    """Sums over each building's flats: worth in wishes, and rent for more than the basic standard, SEK/month; (b,)."""
    b, r = world.buildings, world.residents
    single = np.flatnonzero(r.upgraded)
    several = np.bincount(r.building[single], minlength=b.n)
    rent = (b.rent_chosen * b.flats + world.p.turnover_rent * b.rent * several) * b.area / 12.0
    return _weighted(world, b.flats, single, np.ones(len(single))), rent


def _of_occupied(world: World, by_flat: Floats) -> Floats:
    """The sum over each building's occupied flats of their worth in wishes, times something by flat (n,), (b,)."""
    r = world.residents
    single = np.flatnonzero(r.upgraded)
    single = single[r.occupied[single]]
    return _weighted(world, _sum_over_occupied(world, by_flat, _empty(world)), single, by_flat[single])


def _weighted(world: World, sums: Numbers, single: Ints, by_single: Floats) -> Floats:
    """Sums over each building's flats (b,), times the worth of its standard in wishes; what flats renewed singly (their
    rows) are worth more is added, times something by flat (rows,). Few are."""
    worth, where = worth_of_standards(world.p)[world.buildings.standard], world.residents.building[single]
    more = np.bincount(where, (world.p.home_worth_single - worth[where]) * by_single, minlength=world.buildings.n)
    return np.asarray(worth * sums + more)


def _sum_over_occupied(world: World, by_flat: Floats, empty: Ints) -> Floats:
    """The sum over each building's occupied flats, from (n,) to (b,). Few are empty (rows): theirs is taken off."""
    where = world.residents.building[empty]
    return world.in_building.sum(by_flat) - np.bincount(where, by_flat[empty], minlength=world.buildings.n)


def _empty(world: World) -> Ints:
    """Rows of empty flats."""
    return np.flatnonzero(~world.residents.occupied)


def left_by_building(world: World) -> Floats:
    """What others lose by where the households of each building would live otherwise, SEK/year of this quarter (b,);
    nothing where better flats count at the marginal household's wish."""
    r, p = world.residents, world.p
    if world.levers.home_worth_of == "marginal":
        return np.zeros(world.buildings.n)
    empty = _empty(world)
    wishes, raised = (_sum_over_occupied(world, x, empty) for x in (r.wish, np.maximum(r.wish, world.wishes.marginal)))
    households = world.buildings.flats - np.bincount(r.building[empty], minlength=world.buildings.n)
    lost = left_behind(wishes, raised, households, world.wishes, p)
    return np.asarray(12.0 * _level(world) * worth_of_standards(p)[Standard.MAXI] * lost)


def _level(world: World) -> float:
    """How far wishes have grown with pay."""
    return pay_factor(world.pay_level, world.p)
