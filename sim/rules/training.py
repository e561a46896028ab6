"""Training places: what becomes of those who take them. Chances are per quarter unless a name says otherwise."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.parameters import Parameters

Floats = NDArray[np.float64]


class Programme(IntEnum):
    """The way into work through a place, kept by the household while it lasts."""

    NONE = 0
    PLACEMENT = 1
    HIRE = 2
    APPRENTICE = 3
    SERVICE = 4
    THROUGH = 5
    GRADUATE = 6


def placement_success(intake: Floats, p: Parameters) -> Floats:
    """Chance that a placement ends in a job, falling with the year's intake per coach team.

    67-73 % in small coached programmes (6-11 places), 29-45 % in large ones (Skanska, Ung i Botkyrka, Vivalla, Hovsjö).
    """
    coached = np.minimum(1.0, p.coach_capacity / np.maximum(intake, 1e-9))
    return np.asarray(p.placement_to_job_large + (p.placement_to_job_small - p.placement_to_job_large) * coached)


def drop_out(waiting: Floats, p: Parameters) -> Floats:
    """Chance that an apprentice gives up: small on a site, growing with each quarter of waiting for the next."""
    return np.asarray(np.minimum(p.dropout_on_site + p.dropout_waiting * waiting, 0.9))


def supervision(trainees: float, crew: float, p: Parameters) -> float:
    """Share of a crew's hours that goes to showing trainees the work, less what they produce themselves."""
    return min(p.supervision * trainees / max(crew, 1.0), 0.5)
