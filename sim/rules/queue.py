"""Who looks at an empty flat: households of the queue, by their draws and the place where the flat is.

Uniforms ``u`` lie in (0, 1); arrays are (rows,), or all is of one household.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Skill

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_LOW, _MIDDLE, _HIGH = int(Skill.LOW), int(Skill.MIDDLE), int(Skill.HIGH)
_LEAST = 1e-9  # share of the queue below which there are none


@rule
def dearer(rent: Floats, plain_rent: Floats) -> Floats:
    """Rent above that without renovation, a share; both SEK/month."""
    return np.maximum(rent / plain_rent - 1.0, 0.0)


@rule
def age(u: Floats | float, p: Parameters) -> Floats:
    """Age of the main earner, whole quarters: most are young."""
    return np.floor(4.0 * (p.mover_age_from + p.mover_age_span * u**2))


@rule
def better(dear: Floats, reputation: Floats, before: Floats, p: Parameters) -> Floats:
    """How much better off than the queue of the start those are who look there, points of employment and schooling.

    dear : as ``dearer`` gives. reputation, before : of the neighbourhood now and at the start, 0-1.
    """
    # Where the queue chooses, dear flats find those who want them; only for the rest does the rent stand for that.
    by_rent = (1.0 - p.queue_sorting) * p.queue_rent * dear
    return by_rent + p.queue_reputation * (reputation - before)


@rule
def works(
    u: Floats | float, arrived: Bools, employment: Floats, background: Floats, more: Floats, p: Parameters
) -> Bools:
    """Whether the main earner is at work. arrived : newcomers to Sweden. employment, background : of the neighbourhood
    at the start, shares. more : as ``better`` gives."""
    chance = np.minimum(np.maximum(employment - p.queue_gap + more, p.queue_employment_least), p.queue_employment_most)
    # A newcomer's first years go without work; the others keep the queue's mean.
    new = p.queue_newcomers * background
    others = np.maximum(1.0 - new, _LEAST)  # there may be none
    settled = np.minimum((chance - p.newcomer_employed * new) / others, p.settled_employment_most)
    found: Bools = u < pick(arrived, p.newcomer_employed, settled)
    return found


@rule
def schooling(u: Floats | float, employed: Bools, low: Floats, high: Floats, more: Floats, p: Parameters) -> Ints:
    """Schooling of the main earner (Skill). low, high : shares of the neighbourhood at the start. more : as
    ``better`` gives."""
    lift = pick(employed, p.queue_schooling, -p.queue_schooling) + more
    skill: Ints = pick(u < low - lift, _LOW, pick(u > 1.0 - high - lift, _HIGH, _MIDDLE))
    return skill


@rule
def persons(u: Floats | float, one: Floats, two: Floats, three: Floats) -> Ints:
    """Persons of the household, 1 to 4 (4 = four or more), by shares of the neighbourhood at the start."""
    return 1 + (u > one) + (u > one + two) + (u > one + two + three)


@rule
def second_pay(u: Floats | float, size: Ints, p: Parameters) -> Floats:
    """What a second earner brings home when at work, SEK/month at the pay of 2011."""
    around = 1.0 - p.second_income_spread / 2.0 + p.second_income_spread * u
    pay: Floats = pick(size > 1, p.second_income * around, 0.0)
    return pay
