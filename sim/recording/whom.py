"""Who gets what: rent, homes, moves and work by income third and household type.

Levels are counted in the last quarter of each year, since a pass over all households costs; moves are flows and are
counted in every quarter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.recording.recorder import Recorder
from sim.world.columns import Floats, Ints
from sim.world.homes import gain_of_tenants, kinds_in_places
from sim.world.kinds import KINDS, THIRDS, TYPES, by_name
from sim.world.world import World

QUARTERS = 4.0  # a year


def record_whom(world: World, rec: Recorder) -> None:
    """What households of each kind moved, and in the last quarter of a year what they pay, have and have worked."""
    _moves(world, rec)
    if world.quarter % 4 == 3:
        _homes(world, rec)
        _work(world, rec)


def _moves(world: World, rec: Recorder) -> None:
    moves, caused = by_name(world.tallies.moves), by_name(world.tallies.caused)
    for name in (*THIRDS, *TYPES):
        rec.count(f"moves_{name}", moves[name])
        rec.count(f"displaced_{name}", caused[name])


def _homes(world: World, rec: Recorder) -> None:
    r, at = world.residents, kinds_in_places(world)
    burden, gain = np.minimum(r.burden, 1.0), gain_of_tenants(world)
    burden *= r.occupied
    gain *= r.occupied
    # Few flats are empty: theirs are taken off.
    households = np.bincount(at, minlength=_size(world)) - np.bincount(at[~r.occupied], minlength=_size(world))
    _means(world, rec, at, {"rent_burden": burden, "home_worth": gain}, np.asarray(households))


def _work(world: World, rec: Recorder) -> None:
    """Of those who were of working age at the start, by where they lived then; the others have not worked."""
    c = world.cohort
    _means(world, rec, c.cell, {"work_years": c.worked / QUARTERS}, c.people)


def _size(world: World) -> int:
    return len(world.neighbourhoods) * KINDS


def _means(world: World, rec: Recorder, at: NDArray[np.integer], values: dict[str, Floats], number: Ints) -> None:
    """Means by area of each third and type: sums of values over rows, by their cells ``at``, over a ``number``."""
    many = by_name(number.astype(np.float64))
    for what, value in values.items():
        sums = np.asarray(np.bincount(at, value, minlength=_size(world)), dtype=np.float64)
        for name, top in by_name(sums).items():
            rec.ratio(f"{what}_{name}", top, many[name])
