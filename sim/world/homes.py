"""What homes are worth to those who live in them, net of the homes that they left.

Society's account counts all persons, wherever they live. The county is closed: newcomers to the estates come from the
rest of it and leavers go there, each with a wish that is kept for life. So nothing of the rest has to be followed. The
worth of homes elsewhere is what it would be if nobody lived in the estates, less what each of their households would
take up there, which depends on its wish alone (``left_by_all``): the first part is the same in all arms, the second is
known for whoever lives here. Empty flats have no line; their households are elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.rules.homes import left_by_all, pay_factor, worn_in_wishes, worth_of_flats, worth_of_standards
from sim.rules.mixture import options_of
from sim.vocabulary import Standard
from sim.world.columns import Floats, Ints
from sim.world.kinds import KINDS, kind
from sim.world.world import World


class Homes(NamedTuple):
    """What homes are worth now, SEK/year: plain rent of flats that are lived in, and better standards by building (b,);
    less what worn buildings cost those who live there, and what others lose by where they would live otherwise.
    flats_better : flats of a better standard that are lived in, a number."""

    plain: float
    better: Floats
    worn: float
    elsewhere: float
    flats_better: float

    @property
    def each(self) -> float:
        """What a better standard is worth on average where there is one, which there must be, SEK a month."""
        return float(self.better.sum()) / self.flats_better / 12.0

    @property
    def quarter(self) -> float:
        """All of it, SEK a quarter. A flat that is lived in is worth at least its rent without any renovation."""
        return (self.plain + float(self.better.sum()) - self.worn - self.elsewhere) / 4.0


def homes_now(world: World) -> Homes:
    """What the homes of all persons are worth at this quarter's wishes, by the lever `home_worth_of`."""
    r, b, p = world.residents, world.buildings, world.p
    here = _whose_wish(world)
    by_building = world.in_building.sum(here)
    worn = float((worn_in_wishes(b.condition, p) * by_building).sum())
    return Homes(
        plain=12.0 * (float(world.plain_rent.sum()) - float(world.plain_rent[np.flatnonzero(~r.occupied)].sum())),
        better=12.0 * _level(world) * _weighted(world, here, by_building),
        worn=12.0 * _level(world) * worn,
        elsewhere=_full_homes(world) * _left_by_all(world, float(by_building.sum())),
        flats_better=_better_flats(world),
    )


def gain_of_tenants(world: World) -> Floats:
    """What its home is worth to each household beyond the rent for it, SEK/month, against the same home in good repair
    without any renovation at its plain rent (n,): its wish for the standard that it has, minus what a worn building
    costs it, minus the rent that it pays above the plain one. Of empty flats it means nothing.
    """
    r, b, p = world.residents, world.buildings, world.p
    by_building = worth_of_standards(p)[b.standard] - worn_in_wishes(b.condition, p)
    wishes = world.in_building.spread(by_building)
    own = _of_their_own(world)
    wishes[own] += worth_in_wishes(world, own) - worth_of_standards(p)[b.standard[r.building[own]]]
    gain = wishes * r.wish
    gain *= _level(world)
    gain -= r.rent
    gain += world.plain_rent
    return gain


def kinds_in_places(world: World) -> Ints:
    """Neighbourhood and kind of the household of each flat: KINDS a neighbourhood, one after the other (n,)."""
    r = world.residents
    return np.asarray(world.in_building.spread(world.buildings.neighbourhood * KINDS) + kind(r.third, r.size))


def _better_flats(world: World) -> float:
    """Flats of a better standard than basic, renewed singly or with their building, that are lived in."""
    r = world.residents
    return float(np.count_nonzero((r.upgraded | (r.standard > Standard.MINI)) & r.occupied))


def _of_their_own(world: World) -> Ints:
    """Rows of flats that are not as their building is: renewed singly, or of a building whose tenants chose."""
    single = np.flatnonzero(world.residents.upgraded)
    if not world.buildings.mixed.any():
        return single
    return np.concatenate([single, world.flats_in(np.flatnonzero(world.buildings.mixed))[1]])


def flats_of(world: World, standard: Standard) -> Floats:
    """How many flats of each building have a standard by its latest renovation since the start (b,)."""
    r, b = world.residents, world.buildings
    found = np.asarray(b.flats * (b.standard == standard), dtype=np.float64)
    mixed = np.flatnonzero(b.mixed)
    where, rows = world.flats_in(mixed)
    found[mixed] = np.bincount(where, r.standard[rows] == standard, minlength=len(mixed))
    return found


def _whose_wish(world: World) -> Floats:
    """The wish by which each flat counts, SEK/month at the pay of 2011, 0 where nobody lives (n,)."""
    r = world.residents
    return np.asarray((world.wishes.marginal if world.levers.home_worth_of == "marginal" else r.wish) * r.occupied)


def _left_by_all(world: World, wished: float) -> float:
    """What others lose by where all who live here would live otherwise, SEK/month at the pay of 2011; nothing where
    better flats count at the marginal household's wish. wished : sum of wishes here."""
    if world.levers.home_worth_of == "marginal":
        return 0.0
    r, by = world.residents, world.wishes
    empty = np.flatnonzero(~r.occupied)
    # Few flats are empty: what they would add is taken off.
    above = r.wish - by.marginal
    np.maximum(above, 0.0, out=above)
    above_here = float(above.sum()) - float(above[empty].sum())
    return left_by_all(r.n - len(empty), wished, above_here, by, world.p)


def worth_in_wishes(world: World, rows: Ints) -> Floats:
    """Worth of these flats' standard above basic, in wishes for intermediate (rows,)."""
    r = world.residents
    return worth_of_flats(r.standard[rows], r.upgraded[rows], world.p)


def extra_rent(world: World, rows: Ints) -> Floats:
    """Rent that these flats take for more than the basic standard, SEK/month (rows,).

    The part that pays for pipes and bathroom buys what a wish does not count, and is left out on both sides.
    """
    b, r, building = world.buildings, world.residents, world.residents.building[rows]
    # What is renewed singly is inside the flat, and its whole rise pays for that.
    single = world.p.turnover_rent * b.rent[building] * r.upgraded[rows]
    return np.asarray((b.rent_chosen[building] + r.rent_apart[rows] + single) * b.area[building] / 12.0)


def worth_and_extra_rent(world: World) -> tuple[Floats, Floats]:
    """Sums over each building's flats: worth in wishes, and rent for more than the basic standard, SEK/month; (b,)."""
    b, r = world.buildings, world.residents
    single = world.in_building.sum(r.upgraded)
    rent = (b.rent_chosen * b.flats + world.p.turnover_rent * b.rent * single) * b.area / 12.0
    worth, own = worth_of_standards(world.p)[b.standard], _of_their_own(world)
    where = r.building[own]
    more = np.bincount(where, worth_in_wishes(world, own) - worth[where], minlength=b.n)
    return worth * b.flats + more, rent


def options_to_come(world: World, rows: Ints) -> Ints:
    """What is built in each of these flats, of buildings with announced or ongoing works: an option, 0 to 8 (rows,)."""
    r = world.residents
    options, chosen = world.buildings.works[r.building[rows]].astype(np.int64), r.chosen[rows].astype(np.int64)
    return np.where(chosen > 0, options_of(chosen - 1, options), options)


def empty_flats(world: World) -> Ints:
    """Rows of flats in which nobody lives and that can be let: not those in buildings that works have emptied."""
    r = world.residents
    empty = np.flatnonzero(~r.occupied)
    return empty[~world.buildings.emptied[r.building[empty]]]


def _weighted(world: World, by_flat: Floats, by_building: Floats) -> Floats:
    """The sum over each building's flats of their worth in wishes, times something by flat (n,), (b,).

    by_building : the sum of that something (b,).
    """
    r, b, p = world.residents, world.buildings, world.p
    worth = worth_of_standards(p)[b.standard]
    # Few flats are not as their building is: what they are worth more is added.
    own = _of_their_own(world)
    where = r.building[own]
    more = np.bincount(where, (worth_in_wishes(world, own) - worth[where]) * by_flat[own], minlength=b.n)
    return np.asarray(worth * by_building + more)


def _full_homes(world: World) -> float:
    """From a wish, SEK/month at the pay of 2011, to what a full home is worth, SEK/year now."""
    return float(12.0 * _level(world) * worth_of_standards(world.p)[Standard.MAXI])


def _level(world: World) -> float:
    """How far wishes have grown with pay."""
    return pay_factor(world.pay_level, world.p)
