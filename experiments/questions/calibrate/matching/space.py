"""The parameters that are varied, as a box: designs that fill it, and points drawn evenly in what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from experiments.engine.memory import check_points

Array = NDArray[Any]
Bools = NDArray[np.bool_]

FIFTH = 0.2  # of the points that pass an intermediate cut-off
LEVELS = 40  # intermediate cut-offs at most: each keeps a fifth
STALLED = 0.999  # of the cut-off before: a level that is no lower leads nowhere
STEPS = 32  # of a walk after a cut-off
AT_ONCE = 2.0  # inputs that a step draws anew, on average
REACH = 1.0  # of the difference between two other points, at most


@dataclass(frozen=True)
class Space:
    """Parameter names and their ranges; points are rows, in the unit cube unless called values."""

    names: tuple[str, ...]
    low: Array
    high: Array

    @classmethod
    def of(cls, ranges: Mapping[str, tuple[float, float]]) -> Space:
        """From ranges by name."""
        low, high = np.array(list(ranges.values()), np.float64).T
        return cls(tuple(ranges), low, high)

    @property
    def size(self) -> int:
        """Number of parameters."""
        return len(self.names)

    def values(self, unit: Array) -> Array:
        """Points of the unit cube as parameter values."""
        return np.asarray(self.low + unit * (self.high - self.low))

    def unit(self, values: Array) -> Array:
        """Parameter values as points of the unit cube."""
        return np.asarray((values - self.low) / (self.high - self.low))

    def named(self, unit: Array) -> dict[str, float]:
        """One point as values by name."""
        return dict(zip(self.names, self.values(unit).tolist(), strict=True))


@dataclass(frozen=True)
class Rest:
    """What is left of the unit cube: points drawn evenly in it, and the share of the cube that it takes. lowest: where
    nothing is left, the lowest implausibility that points reached."""

    points: Array
    share: float
    lowest: float = -np.inf


def whole(dimensions: int, count: int, seed: int) -> Rest:
    """The whole cube, filled with a Sobol' sequence; ``count`` is rounded up to a power of two."""
    return Rest(qmc.Sobol(dimensions, rng=seed).random_base2(max(1, (count - 1).bit_length())), 1.0)


# Points of the unit cube and a level -> how implausible each is; beyond the level any number above it will do.
Implausible = Callable[[Array, float], Array]


def narrowed(rest: Rest, implausible: Implausible, cut_off: float, seed: int) -> Rest:
    """What of a rest is implausible to at most ``cut_off``, filled again with as many points.

    By subset simulation (Au and Beck 2001): where few points lie below the cut-off, a higher one is taken first that a
    fifth passes; points walk within what passes, and the next cut-off is taken. In many dimensions nearly all of a cube
    is ruled out, and drawing from it anew would hardly ever hit the rest.
    """
    draws = np.random.Generator(np.random.PCG64(seed))
    points, share, count = rest.points, rest.share, len(rest.points)
    found, before = implausible(points, np.inf), np.inf
    for _ in range(LEVELS):
        # One of the values, not between two: what no emulator knows is infinitely deep inside.
        level = max(cut_off, float(np.sort(found)[int(FIFTH * len(found))]) if len(found) else cut_off)
        if level > max(cut_off, STALLED * before):
            break
        before = level
        passing = found <= level
        share *= float(passing.mean())
        if not passing.any():
            return Rest(points[:0], 0.0, level)
        points, found = points[passing], found[passing]
        if level > cut_off or len(points) < count:
            again = draws.integers(len(points), size=count - len(points))
            points, found = np.concatenate([points, points[again]]), np.concatenate([found, found[again]])
            points, found = _walked(points, found, implausible, level, draws)
        if level <= cut_off:
            return Rest(points, share)
    # The least implausible points can hardly be made any less so.
    return Rest(points[:0], 0.0, float(found.min()) if len(found) else np.inf)


def _walked(
    points: Array, found: Array, implausible: Implausible, level: float, draws: np.random.Generator
) -> tuple[Array, Array]:
    """Each point moved at random within what passes ``level``. Every move is as likely as the way back, so that points
    spread evenly: some inputs are drawn anew, or the difference between two other points is added."""
    points, found = points.copy(), found.copy()
    count, size = points.shape
    for step in range(STEPS):
        if step % 2:
            anew = draws.random((count, size)) < min(1.0, AT_ONCE / size)
            tried = np.where(anew, draws.random((count, size)), points)
        else:
            one, other = draws.integers(count, size=(2, count))
            far = REACH * draws.random((count, 1)) * (points[one] - points[other])
            tried = points + np.where(draws.random((count, size)) < 0.5, far, 0.0)
        inside = ((tried >= 0.0) & (tried <= 1.0)).all(axis=1) & (tried != points).any(axis=1)
        rows = np.flatnonzero(inside)
        if len(rows):
            there = implausible(tried[rows], level)
            taken = rows[there <= level]
            points[taken], found[taken] = tried[taken], there[there <= level]
    return points, found


def latin_hypercube(dimensions: int, count: int, seed: int) -> Array:
    """The first wave's points: one in each part of every range."""
    check_points(count, dimensions)
    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(count))
