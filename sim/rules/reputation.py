"""What outsiders believe about a neighbourhood, 0-1: slow, hit by news, far below what residents live."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


@rule
def believed_level(satisfaction: Floats, satisfaction_start: Floats, renewed: Floats, employment: Floats,
                   employment_start: Floats, start: Floats, p: Parameters) -> Floats:  # fmt: skip
    """The reputation that outsiders would settle on from what they see, 0-1: facades, work, hearsay about contentment.

    All arrays have one entry a neighbourhood and are shares or 0-1; ``renewed`` is the share of flats renovated.
    """
    # Against its own start, as nothing tells why one place's name is worse than another's of the same looks in 2011.
    seen = p.reputation_renewal * renewed + p.reputation_employment * (employment - employment_start)
    heard = p.reputation_hearsay * (satisfaction - satisfaction_start)
    return np.minimum(np.maximum(start + seen + heard, 0.0), 1.0)


@rule
def next_reputation(
    now: Floats, level: Floats, told: Floats, satisfaction: Floats, news: Floats, p: Parameters
) -> Floats:
    """Reputation a quarter later, 0-1 (n,): half the gap to the level in ``reputation_half_life`` years, plus news.

    All arrays (n,), in points of reputation. ``told`` (0-1) is the share of outsiders whom image work reaches this
    quarter: they hear what residents live and so believe something nearer to it. If residents are discontent, telling
    it does harm.
    """
    speed = 1.0 - 0.5 ** (0.25 / p.reputation_half_life)
    learned = p.image_reach * told * p.image_credence * (satisfaction - p.image_expectation - now)
    later: Floats = np.minimum(np.maximum(now + speed * (level - now) + learned + news, p.reputation_least), 1.0)
    return later


@rule
def told_by_news(
    some: Floats | float, size: Floats | float, kind: Floats | float, calm_lost: Floats, p: Parameters
) -> Floats:
    """What news of this quarter do to reputations, points (n,), by uniforms: whether there are ``some``, of what
    ``size`` and which ``kind``.

    calm_lost : points of calm that the place has less than at the start; more of it makes more bad news.
    """
    # An exponential by its inverse: a larger news_size only ever makes the same news larger.
    moved = p.news_size * -np.log(size) * p.news_effect
    bad = kind < p.news_bad
    chance = p.news_chance * pick(bad, np.maximum(1.0 + p.news_incidents * calm_lost, 0.0), 1.0)
    told: Floats = pick(some < chance, pick(bad, -moved, moved), 0.0)
    return told


def attention(gap: Floats, municipality: NDArray[np.int64], strength: Floats) -> Floats:
    """How associations share a municipality's effort among neighbourhoods (n,): most where image lies furthest below
    life.

    gap : satisfaction minus reputation (n,). municipality : of each neighbourhood. strength : of its associations, 0-1.
    """
    pull, furthest = np.maximum(gap, 0.0), np.zeros(len(strength))
    np.maximum.at(furthest, municipality, pull)
    most = furthest[municipality]
    shared = strength[municipality] * pull
    return np.divide(shared, most, out=np.zeros(len(pull)), where=most > 0.0)
