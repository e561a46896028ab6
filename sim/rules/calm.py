"""How safe places are, 0-1: slow, made by who lives there and how it looks, hit by waves, moved by local presence.

Arrays have one entry a neighbourhood (n,) unless a docstring says otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


class Conditions(NamedTuple):
    """What calm follows: shares 0-1.

    idle : of main earners of working age, out of work. turnover : of households, that move in a year. empty : of flats.
    worn : condition that is missing below the repair threshold, mean over flats.
    """

    idle: Floats
    turnover: Floats
    empty: Floats
    worn: Floats


@rule
def worn_part(condition: Floats, p: Parameters) -> Floats:
    """Condition (0-1) that is missing below the repair threshold, share of it; any shape."""
    missing: Floats = np.maximum(p.repair_threshold - condition, 0.0) / p.repair_threshold
    return missing


@rule
def calm_level(now: Conditions, usual: Conditions, start: Floats, p: Parameters) -> Floats:
    """The calm that a place would settle on without anybody's presence, points, not held within 0-1.

    usual : the conditions at the start, under which it stays at ``start``.
    """
    # Against its own start, as nothing tells why one place is less safe than another of the same people and looks.
    lost = (
        p.calm_idle * (now.idle - usual.idle)
        + p.calm_turnover * (now.turnover - usual.turnover)
        + p.calm_empty * (now.empty - usual.empty)
        + p.calm_worn * (now.worn - usual.worn)
    )
    return start - lost


@rule
def lift(level: Floats, presence: Floats, p: Parameters) -> Floats:
    """Points by which presence (0-1) raises the level: a share of what is missing, so nothing where all is calm."""
    return p.presence_calm * presence * np.minimum(np.maximum(1.0 - level, 0.0), 1.0)


def near(apart: Floats, municipality: NDArray[np.int64], flats: NDArray[np.int64], p: Parameters) -> Floats:
    """Of what moves out of a place (row), the share that each other one (column) feels, (n, n): 1 in all at most.

    apart : tiles between places (n, n), NaN without a map: then neighbours are those of the same municipality.
    """
    if np.isfinite(apart).all():
        weight = np.exp(-apart / p.neighbour_tiles)
    else:
        weight = (municipality[:, None] == municipality[None, :]) * (flats / flats.sum())
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=1, keepdims=True)
    # On a map, far places are no neighbours because there are no nearer ones: what nobody feels stays outside.
    most = np.maximum(total, 1.0) if np.isfinite(apart).all() else np.where(total > 0.0, total, 1.0)
    return np.asarray(weight / most)


@rule
def wave(now: Floats, start: Floats, u: Floats | float, v: Floats | float, p: Parameters) -> Floats:
    """The change of calm by waves of insecurity this quarter, points; ``u`` and ``v`` are uniforms.

    More often where less is calm. What they take on average from a place as it was at the start is in its start.
    """
    chance = p.incident_chance * (1.0 - now)
    # An exponential by its inverse: a larger incident_size only ever makes the same wave larger.
    fall: Floats = pick(u < chance, p.incident_size * -np.log(v), 0.0)
    return p.incident_chance * (1.0 - start) * p.incident_size - fall


@rule
def next_calm(now: Floats, level: Floats, presence: Floats, waves: Floats, p: Parameters) -> Floats:
    """Calm a quarter later, 0-1: slowly toward its level, up faster with presence."""
    faster = pick(level > now, 1.0 + p.presence_speed * presence, 1.0)
    return np.minimum(np.maximum(now + slow(p, faster) * (level - now) + waves, 0.0), 1.0)


@rule
def slow(p: Parameters, faster: Floats) -> Floats:
    """Share of the distance to its level that calm makes up in a quarter: half of it in ``calm_half_life`` years."""
    part: Floats = 1.0 - 0.5 ** (0.25 * faster / p.calm_half_life)
    return part


def damage(calm: Floats, p: Parameters) -> Floats:
    """Repairs of damage beyond ordinary ones, SEK/flat.year."""
    return np.asarray(p.damage_cost * (1.0 - calm))
