"""An owner's programme: how much a year, where, with what organisation.

Flats are those at full size, except for the organisation's, which may be at any one scale. No function draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def volume_of(due: float, chance: float, p: Parameters) -> float:
    """Flats a year of a new plan for so many due flats.

    chance : uniform in 0-1: boards set themselves a shorter or a longer time. At most what the estates that an owner
    works in at once can take in series.
    """
    years = p.programme_years_short + chance * (p.programme_years_long - p.programme_years_short)
    return min(due / max(years, 1.0), p.estates_at_once * p.stage_flats)


def taken_up(volume: float, growth: float, years_left: float, p: Parameters) -> float:
    """The volume once so many more flats have fallen due: they join over the years that the plan still has."""
    more = max(growth, 0.0) / max(years_left, p.programme_years_short, 1.0)
    return min(volume + more, max(p.estates_at_once * p.stage_flats, volume))


def aim(volume: float, scheduled: float, begun: float, carried: float, p: Parameters) -> float:
    """Flats that should begin this year: up to what is ``scheduled`` by its end, late ones caught up by degrees."""
    most = volume * (1.0 + p.programme_catch_up) + carried
    return max(min(scheduled - begun, most), 0.0)


def taken_in_turn(first: Bools, open_ones: Bools, p: Parameters) -> Ints:
    """Estates (places in the plan's order) in which an owner works this year.

    first : where most of what is left is worth doing. open_ones : where something has begun. Begun ones go on before
    others open; those that are not worth it rest, and are taken up last.
    """
    order = np.lexsort((np.arange(len(first)), ~open_ones, ~first))
    return np.asarray(order[: max(round(p.estates_at_once), 1)])


def shared_out(amount: float, rooms: Floats) -> Floats:
    """An amount of flats over estates in their order, each up to its room."""
    before = np.cumsum(rooms) - rooms
    return np.asarray(np.clip(amount - before, 0.0, rooms))


def organisation(now: float, needed: float, stock: float, p: Parameters) -> float:
    """Flats a year that an owner's people can begin, next year: more where the plan needs more, fewer where less.

    It grows by a share of what it is, or of the ordinary one of such a stock where that is more.
    """
    if needed >= now:
        ordinary = max(now, p.organisation_start * stock)
        return min(now + p.organisation_growth * ordinary, needed)
    return max(now * (1.0 - p.organisation_shrinking), needed)


def fits(flats: Floats, room: float, p: Parameters) -> Bools:
    """Which buildings, in their order, go into a stage with room for so many flats; the one at the margin by most of
    it."""
    return np.asarray(np.cumsum(flats) - p.programme_overrun * flats <= room)
