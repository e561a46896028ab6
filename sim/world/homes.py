"""What homes are worth to those who live in them, net of the homes that they left.

Society's account counts all persons, wherever they live. The county is closed: newcomers to the estates come from the
rest of it and leavers go there, each with a wish that is kept for life. So nothing of the rest has to be followed. The
worth of homes elsewhere is what it would be if nobody lived in the estates, less what each of their households would
take up there, which depends on its wish alone (``left_by_all``): the first part is the same in all arms, the second is
known for whoever lives here. Empty flats have no line; their households are elsewhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules import homes as rules
from sim.rules.homes import left_by_all, pay_factor, worth_of_flats, worth_of_standards
from sim.rules.mixture import option_to_come
from sim.vocabulary import Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.home_counts import HomeCounts, count_homes
from sim.world.kinds import KINDS, kind
from sim.world.state import Small
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
    counted, year = count_homes(world), 12.0 * wish_level(world)
    return Homes(
        plain=12.0 * (float(world.plain_rent.sum()) - counted.plain_empty),
        better=year * counted.worth,
        worn=year * counted.worn,
        elsewhere=_full_homes(world) * _left_by_all(world, counted),
        flats_better=float(counted.better),
    )


def kinds_in_places(world: World) -> Ints:
    """Neighbourhood and kind of the household of each flat: KINDS a neighbourhood, one after the other (n,)."""
    r = world.residents
    return np.asarray(world.in_building.spread(world.buildings.neighbourhood * KINDS) + kind(r.third, r.size))


def _left_by_all(world: World, counted: HomeCounts) -> float:
    """What others lose by where all who live here would live otherwise, SEK/month at the pay of 2011; nothing where
    better flats count at the marginal household's wish."""
    if world.levers.home_worth_of == "marginal":
        return 0.0
    households, wished = world.residents.n - counted.empty, float(counted.wishes.sum())
    return left_by_all(households, wished, counted.above, world.wishes, world.p)


def worth_in_wishes(world: World, rows: Ints) -> Floats:
    """Worth of these flats' standard above basic, in wishes for intermediate (rows,)."""
    r = world.residents
    return worth_of_flats(r.standard[rows], r.upgraded[rows], world.p)


def extra_rent(world: World, rows: Ints) -> Floats:
    """Rent that these flats take for more than the basic standard, SEK/month (rows,)."""
    b, r, building = world.buildings, world.residents, world.residents.building[rows]
    own = r.rent_apart[rows], b.rent[building], r.upgraded[rows]
    return rules.extra_rent(b.rent_chosen[building], *own, b.area[building], world.p)


def worth_and_extra_rent(world: World) -> tuple[Floats, Floats]:
    """Sums over each building's flats: worth in wishes, and rent for more than the basic standard, SEK/month; (b,)."""
    b, r = world.buildings, world.residents
    worth, extra = np.empty(b.n), np.empty(b.n)
    _sums(
        worth, extra, r.standard, r.upgraded, world.in_building.starts, b.flats, b.standard, b.mixed, b.rent,
        b.rent_chosen, b.area, world.p.numbers,
    )  # fmt: skip
    return worth, extra


@kernel
def _sums(
    worth: Floats, extra: Floats, standard: Small, upgraded: Bools, starts: Ints, flats: Ints, of_building: Small,
    mixed: Bools, rent: Floats, chosen: Floats, area: Floats, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Those sums, by building (b,)."""
    p = own(numbers)
    more: Any  # of one building
    for b in range(len(flats)):
        n, first = flats[b], starts[b]
        renewed = upgraded[first : first + n]
        each, more, single = worth_of_flats(of_building[b], False, p), 0.0, 0
        for i in rows(0, n):
            single += renewed[i]
        # Few flats are not as their building is.
        if single:
            for i in rows(0, n):
                if renewed[i]:
                    more += worth_of_flats(standard[first + i], True, p) - each
        if mixed[b]:
            for i in rows(0, n):
                more += worth_of_flats(standard[first + i], renewed[i], p) - each
        worth[b] = each * n + more
        extra[b] = (chosen[b] * n + p.turnover_rent * rent[b] * single) * area[b] / 12.0


def options_to_come(world: World, rows: Ints) -> Ints:
    """What is built in each of these flats, of buildings with announced or ongoing works: an option, 0 to 8 (rows,)."""
    r = world.residents
    return option_to_come(r.chosen[rows], world.buildings.works[r.building[rows]].astype(np.int64))


def empty_flats(world: World) -> Ints:
    """Rows of flats in which nobody lives and that can be let: not those in buildings that works have emptied."""
    r = world.residents
    empty = np.flatnonzero(~r.occupied)
    return empty[~world.buildings.emptied[r.building[empty]]]


def _full_homes(world: World) -> float:
    """From a wish, SEK/month at the pay of 2011, to what a full home is worth, SEK/year now."""
    return float(12.0 * wish_level(world) * worth_of_standards(world.p)[Standard.MAXI])


def wish_level(world: World) -> float:
    """How far wishes have grown with pay."""
    return pay_factor(world.pay_level, world.p)
