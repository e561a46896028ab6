"""Training places: what becomes of those who take them. Chances are per quarter unless a name says otherwise."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Programme(IntEnum):
    """The way into work through a place, kept by the household while it lasts."""

    NONE = 0
    PLACEMENT = 1
    HIRE = 2
    APPRENTICE = 3
    SERVICE = 4
    THROUGH = 5
    GRADUATE = 6


def coached(number: Floats, u: Floats, p: Parameters) -> Bools:
    """Whether a coach follows a person (rows,): the first places of a municipality's year, and a share of those beyond.

    number: places filled before this one in the year, at the region's full size; u: uniform draws.
    """
    return np.asarray((number < p.coach_capacity) | (u < p.coached_beyond))


def placement_success(followed: Floats | Bools, p: Parameters) -> Floats:
    """Chance that a placement ends in a job, by whether a coach follows it (or by the share of which that is true).

    67-73 % in small coached programmes (Skanska, Ung i Botkyrka), 3 % of mere placements (Scotland); between them the
    29-45 % of large programmes, of which coaches reach a part (Vivalla, Hovsjö, Sverige Bygger Nytt).
    """
    more = p.placement_to_job_coached - p.placement_to_job_uncoached
    return np.asarray(p.placement_to_job_uncoached + np.multiply(more, followed))


def drop_out(waiting: Floats, p: Parameters) -> Floats:
    """Chance that an apprentice gives up (rows,): small on a site, more with each quarter of waiting for the next."""
    return np.asarray(np.minimum(p.dropout_on_site + p.dropout_waiting * waiting, p.dropout_most))


def supervision(trainees: float, crew: float, p: Parameters) -> float:
    """Share of a crew's hours that goes to showing trainees the work; what they produce is booked by itself.

    trainees, crew : persons, at full size.
    """
    # A crew of less than one person occurs in tiny lots alone, and must not be lost in showing.
    return min(p.supervision * trainees / max(crew, 1.0), p.supervision_most)
