"""Who gets what: rent, homes, moves and work by income third and household type.

Levels are counted in the last quarter of each year, since a pass over all households costs; moves are flows and are
counted in every quarter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, rows
from sim.recording.recorder import Recorder, rows_of
from sim.rules.homes import worn_in_wishes, worth_of_standards
from sim.world.cohort import Shorts
from sim.world.columns import Bools, Floats, Ints
from sim.world.homes import wish_level
from sim.world.kinds import GROUPS, KINDS, by_group, kind
from sim.world.state import Small
from sim.world.world import World

QUARTERS = 4.0  # a year
# Outcomes by third and type.
_MOVED, _DISPLACED, _BURDEN, _WORTH, _WORKED = (
    rows_of(*(f"{what}_{group}" for group in GROUPS))
    for what in ("moves", "displaced", "rent_burden", "home_worth", "work_years")
)


def record_whom(world: World, rec: Recorder) -> None:
    """What households of each kind moved, and in the last quarter of a year what they pay, have and have worked."""
    _moves(world, rec)
    if world.quarter % 4 == 3:
        _homes(world, rec)
        _work(world, rec)


def _moves(world: World, rec: Recorder) -> None:
    rec.counts(_MOVED, by_group(world.tallies.moves))
    rec.counts(_DISPLACED, by_group(world.tallies.caused))


def _homes(world: World, rec: Recorder) -> None:
    households, burden, gain = sums = np.zeros((3, _size(world)))
    r, b, p = world.residents, world.buildings, world.p
    usual = worth_of_standards(p)
    worth = usual[b.standard] - worn_in_wishes(b.condition, p)
    _count_homes(
        sums, r.occupied, kind(r.third, r.size), r.burden, r.wish, r.rent, world.plain_rent,
        r.upgraded, r.standard, b.flats, b.neighbourhood * KINDS, b.standard, b.mixed, usual, worth, wish_level(world),
        p.numbers,
    )  # fmt: skip
    many = by_group(households)
    rec.ratios(_BURDEN, by_group(burden), many)
    rec.ratios(_WORTH, by_group(gain), many)


@kernel
def _count_homes(
    sums: Floats,
    occupied: Bools,
    kinds: Small,
    burden: Floats,
    wish: Floats,
    rent: Floats,
    plain_rent: Floats,
    upgraded: Bools,
    standard: Small,
    flats: Ints,
    first_cell: Ints,
    standards: Small,
    mixed: Bools,
    worth_of: Floats,
    worth: Floats,
    level: float,
    numbers: NDArray[np.void],
) -> None:
    """By cell, a neighbourhood's kind of household: how many there are, the sum of their burdens, each at most 1, and
    of what their homes are worth to them beyond the rent, SEK/month; (3, cells).

    Against the same home in good repair without any renovation at its plain rent: a household's wish for the standard
    that it has, minus what a worn building costs it (both in ``worth`` of its building, in wishes), minus the rent that
    it pays above the plain one.
    """
    single = numbers[0].home_worth_single
    start = 0
    for building in range(len(flats)):
        usual = worth_of[standards[building]]
        for row in rows(start, start + flats[building]):
            cell = first_cell[building] + kinds[row]
            sums[0, cell] += occupied[row]
            sums[1, cell] += min(burden[row], 1.0) * occupied[row]
            its = worth[building]
            # Renewed singly, or of a building whose tenants chose.
            if upgraded[row] or mixed[building]:
                its += (single if upgraded[row] else worth_of[standard[row]]) - usual
            sums[2, cell] += (its * wish[row] * level - rent[row] + plain_rent[row]) * occupied[row]
        start += flats[building]


def _work(world: World, rec: Recorder) -> None:
    """Of those who were of working age at the start, by where they lived then; the others have not worked."""
    c = world.cohort
    worked = np.zeros(_size(world))
    _count_quarters(worked, c.cell, c.worked)
    rec.ratios(_WORKED, by_group(worked / QUARTERS), by_group(c.people.astype(np.float64)))


@kernel
def _count_quarters(found: Floats, cell: NDArray[np.int32], worked: Shorts) -> None:
    """The sum of quarters of work by cell, (cells,)."""
    for row in range(len(cell)):
        found[cell[row]] += worked[row]


def _size(world: World) -> int:
    return len(world.neighbourhoods) * KINDS
