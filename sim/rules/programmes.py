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


def taken_in_turn(plan: Ints, first: Bools, begun: Bools, serial: Bools, p: Parameters) -> Ints:
    """Estates (rows) in which owners work this year, plan by plan and in turn: so many of a plan at once, and a pilot
    in the next while there is a series in one of them.

    plan : of each estate, in its order (e,). first : where most of what is left is worth doing. begun : where a pilot
    has gone on site. serial : where series follow. Begun ones go on before others open; those that are not worth it
    rest, and are taken up last.
    """
    order = np.lexsort((~begun, ~first, plan))
    its, follow = plan[order], serial[order]
    # How many of its plan are before each.
    rank = np.arange(len(its)) - np.searchsorted(its, its)
    taken = rank < max(round(p.estates_at_once), 1)
    # Plans with a series open the first of the rest where none follows yet.
    series = np.bincount(its[taken & follow], minlength=int(its.max(initial=0)) + 1) > 0
    ahead = np.flatnonzero(~taken & ~follow & series[its])
    taken[ahead[np.unique(its[ahead], return_index=True)[1]]] = True
    return order[taken]


def room(largest: Floats, waiting: Floats, left: Floats, begun: Bools, serial: Bools, p: Parameters) -> Floats:
    """Flats that may begin in each estate this year (e,): a pilot, then for some years nothing more, then stages in
    series.

    largest : flats of its largest due building. waiting : flats whose tenants have been told. left : these and all that
    are due. begun, serial : as above.
    """
    # A building larger than a stage is a stage.
    least = (1.0 - p.programme_overrun) * largest
    pilot = np.maximum(np.maximum(p.pilot_flats, least), waiting)
    series = np.maximum(p.stage_flats, least)
    return np.where(begun & ~serial, waiting, np.minimum(np.where(begun, series, pilot), left))


def shared_out(amount: Floats | float, so_far: Floats, rooms: Floats) -> Floats:
    """An amount of flats over estates in their order, each up to its room (e,). so_far : room of each estate and of
    those of its plan before it."""
    return np.asarray(np.clip(amount - (so_far - rooms), 0.0, rooms))


def organisation(now: float, needed: float, stock: float, p: Parameters) -> float:
    """Flats a year that an owner's people can begin, next year: more where the plan needs more, fewer where less.

    It grows by a share of what it is, or of the ordinary one of such a stock where that is more.
    """
    if needed >= now:
        ordinary = max(now, p.organisation_start * stock)
        return min(now + p.organisation_growth * ordinary, needed)
    return max(now * (1.0 - p.organisation_shrinking), needed)


def fits(so_far: Floats, flats: Floats, room: Floats | float, p: Parameters) -> Bools:
    """Which buildings go into a stage, or a year's work of an organisation, with room for so many flats; the one at the
    margin if most of it fits.

    so_far : flats of the building and of those before it in their order; arrays of one shape.
    """
    # Over the years this adds up to the room, however large the buildings.
    return np.asarray(so_far - p.programme_overrun * flats <= room)
