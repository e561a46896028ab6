"""The parameters that are varied, as a box: designs that fill it, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from scipy.stats import qmc

from experiments.engine.memory import check_points

Array = NDArray[Any]
Bools = NDArray[np.bool_]

EDGE = 0.1  # by how much a box around survivors is widened, as a share of its sides


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
class Region:
    """A box within the unit cube that holds all that is left, and points drawn evenly in it."""

    low: Array
    high: Array
    points: Array

    @property
    def volume(self) -> float:
        """Share of the unit cube."""
        return float(np.prod(self.high - self.low))


def whole(dimensions: int, count: int, seed: int) -> Region:
    """The whole cube, filled with a Sobol' sequence; ``count`` is rounded up to a power of two."""
    return _filled(np.zeros(dimensions), np.ones(dimensions), count, seed)


def around(survivors: Array, count: int, seed: int) -> Region:
    """A box a little wider than the survivors, filled anew."""
    low, high = survivors.min(axis=0), survivors.max(axis=0)
    edge = EDGE * np.maximum(high - low, 1e-3)
    return _filled(np.maximum(low - edge, 0.0), np.minimum(high + edge, 1.0), count, seed)


def _filled(low: Array, high: Array, count: int, seed: int) -> Region:
    drawn = qmc.Sobol(len(low), rng=seed).random_base2(max(1, (count - 1).bit_length()))
    return Region(low, high, low + drawn * (high - low))


def latin_hypercube(dimensions: int, count: int, seed: int) -> Array:
    """The first wave's points: one in each part of every range."""
    check_points(count, dimensions)
    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(count))


def spread_out(points: Array, count: int, known: Array) -> Array:
    """``count`` of these points, each in turn the one furthest from those taken and from those ``known``."""
    if len(points) <= count:
        return points
    nearest = cdist(points, known).min(axis=1) if len(known) else np.full(len(points), np.inf)
    taken: list[int] = []
    for _ in range(count):
        taken.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, cdist(points, points[taken[-1:]])[:, 0])
    return np.asarray(points[taken])
