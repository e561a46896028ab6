"""Training places: what becomes of those who take them. Chances are per quarter unless a name says otherwise."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.rules.employment import newcomer_factor
from sim.rules.history import find_by_history

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


@rule
def may_take(u: Floats | float, since: Floats, p: Parameters) -> Bools:
    """Whether somebody who looks for work may take a place (rows,): suited to a site, and without one for some years.

    u : a draw that stays with the household. since : quarters since the latest place.
    """
    return (u < p.suitable_share) & (since >= 4.0 * p.place_again)


@rule
def preference(
    history: NDArray[np.int8], schooled: Bools, health: Floats, new: Bools, spell: NDArray[np.int8], weights: Floats,
    p: Parameters,
) -> Floats:  # fmt: skip
    """How far those who place prefer each resident who may take a place (rows,), logits.

    history, spell : quarters. schooled : beyond compulsory school. health : 0-1. new : came as an adult and has never
    worked here; all (rows,). weights : of nearness to work, of being new and of a spell of ``long_spell`` (3,), logits.
    """
    near = history / p.nearness_history + schooled + health
    by_rule: Floats = weights[0] * near + weights[1] * new + weights[2] * spell / p.long_spell
    return by_rule


@rule
def exposed(programme: NDArray[np.int8]) -> Bools:
    """Whether a job can be lost in the ordinary way (rows,): not while it is subsidised (``Programme``)."""
    lost: Bools = (programme != Programme.HIRE) & (programme != Programme.SERVICE)
    return lost


@rule
def coached(number: Floats, u: Floats | float, capacity: Floats, p: Parameters) -> Bools:
    """Whether a coach follows a person (rows,): the first places of a municipality's year, and a share of those beyond.

    number : places filled before this one in the year, at the region's full size. u : uniform draws. capacity : places
    a year that the municipality's coaches can follow closely.
    """
    followed: Bools = (number < capacity) | (u < p.coached_beyond)
    return followed


def next_coaches(capacity: Floats, intake: Floats, p: Parameters) -> Floats:
    """Places a year that coaches can follow closely after a year with so many (both by municipality, at full size).

    They grow where there were more, at most by ``coach_growth``: coaches are found and taught one at a time.
    """
    return np.asarray(np.where(intake > capacity, np.minimum(intake, capacity * (1.0 + p.coach_growth)), capacity))


@rule
def by_quality(quality: Floats, p: Parameters) -> Floats:
    """Factor on the chance that a place leads to work, one on average. quality : 0-1, how good a place is among all."""
    return 1.0 + p.place_spread * (quality - (1.0 - quality))


@rule
def placement_success(followed: Floats | Bools, coached_rate: float, p: Parameters) -> Floats:
    """Chance that a placement ends in a job, by whether a coach follows it (or by the share of which that is true),
    times how ready somebody is.

    67-73 % in small coached programmes (Skanska, Ung i Botkyrka), 3 % of mere placements (Scotland); between them the
    29-45 % of large programmes, of which coaches reach a part (Vivalla, Hovsjö, Sverige Bygger Nytt).
    """
    more = coached_rate - p.placement_to_job_uncoached
    chance: Floats = p.placement_to_job_uncoached + np.multiply(more, followed)
    return chance


def ready_by_history(p: Parameters) -> Floats:
    """How much more or less easily than those of the programmes that have told their figures people find a job after a
    placement, by quarters of work history (h,)."""
    found = find_by_history(p)
    usual = float(np.interp(p.placement_history, np.arange(len(found)), found))
    return np.asarray(found / usual)


@rule
def readiness(ready: Floats, years: Floats, p: Parameters) -> Floats:
    """The same of people with such a history (``ready``, as ``ready_by_history`` says) and so many years in Sweden
    (rows,), which count as they do for everybody who looks for work."""
    return ready * newcomer_factor(years, p)


@rule
def loses_place(programme: NDArray[np.int8], u: Floats | float, elsewhere: float) -> Bools:
    """Whether a trainee whose firm has no site loses a placement or a hire (rows,): the firm has no other work either.

    u : a draw that stays with the household. elsewhere : chance that a firm has other work.
    """
    lost: Bools = ((programme == Programme.PLACEMENT) | (programme == Programme.HIRE)) & (u >= elsewhere)
    return lost


@rule
def drop_out(waiting: Floats | float, quality: Floats, p: Parameters) -> Floats:
    """Chance that an apprentice gives up (rows,): small on a site, smaller on a good one, more with each quarter of
    waiting for the next."""
    on_site = p.dropout_on_site * by_quality(1.0 - quality, p)
    chance: Floats = np.minimum(on_site + p.dropout_waiting * waiting, p.dropout_most)
    return chance


@rule
def supervision(trainees: float, crew: float, p: Parameters) -> float:
    """Share of a crew's hours that goes to showing trainees the work; what they produce is booked by itself.

    trainees, crew : persons, at full size.
    """
    # A crew of less than one person occurs in tiny lots alone, and must not be lost in showing.
    return min(p.supervision * trainees / max(crew, 1.0), p.supervision_most)
