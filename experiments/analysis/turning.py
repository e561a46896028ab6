"""Where a paired difference changes its sign along one setting, with an interval, from two experiments at once.

A large one says how large the difference is where the settings stand; smaller runs say how it responds when one of them
is another. The difference along the setting is the first plus the second, with straight lines between the values tried,
so that where the setting stands it is exactly what the large experiment says: the two cannot contradict one another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from experiments.analysis.frontier import crossings
from experiments.analysis.intervals import LEVEL, Interval

Array = NDArray[Any]

STEPS = 400  # between the ends of what was tried, to find where an interval begins to cover zero


@dataclass(frozen=True)
class Turn:
    """A zero along a setting; rising: the difference is positive above it. low, high: between them the difference is
    not distinguishable from zero; infinite where that holds to the end of what was tried, NaN without intervals."""

    at: float
    low: float
    high: float
    rising: bool


@dataclass(frozen=True)
class Along:
    """A difference along one setting. values: what was tried, rising, shape (n,). large: the large experiment's
    difference as it counts at each value, (n, replicates); small: what smaller runs add to it, (n, their replicates).
    Replicates with a failed run are NaN somewhere, and left out."""

    values: Array
    large: Array
    small: Array

    def at(self, value: float) -> Interval:
        """The difference at any value within those tried, with its interval over both experiments' replicates."""
        parts = [self._between(one, value) for one in (self.large, self.small)]
        mean = sum(float(part.mean()) if part.size else math.nan for part in parts)
        count = min(part.size for part in parts)
        errors = [_squared_error(part) for part in parts]
        half = _half(errors, [part.size for part in parts])
        return Interval(mean, mean - half, mean + half, count)

    def tried(self) -> list[Interval]:
        """The difference at every value tried."""
        return [self.at(value) for value in self.values]

    def turns(self) -> list[Turn]:
        """Every zero of the mean, with the values around it at which the difference is not distinguishable from
        zero."""
        if len(self.values) < 2:
            return []
        found = crossings(list(self.values), [one.mean for one in self.tried()])
        return [Turn(one.at, *self._open_around(one.at), one.rising) for one in found]

    def _between(self, part: Array, value: float) -> Array:
        """One experiment's replicates at a value: on straight lines between the values tried."""
        kept = part[:, ~np.isnan(part).any(axis=0)]
        place = int(np.clip(np.searchsorted(self.values, value) - 1, 0, max(len(self.values) - 2, 0)))
        if len(self.values) == 1:
            return np.asarray(kept[0])
        low, high = self.values[place : place + 2]
        weight = (value - low) / (high - low)
        return np.asarray((1.0 - weight) * kept[place] + weight * kept[place + 1])

    def _open_around(self, at: float) -> tuple[float, float]:
        if not self.at(at).known:
            return math.nan, math.nan
        grid = np.unique(np.concatenate([np.linspace(self.values[0], self.values[-1], STEPS + 1), self.values]))
        below = self._edge(at, grid[grid < at][::-1])
        above = self._edge(at, grid[grid > at])
        return (-math.inf if below is None else below), (math.inf if above is None else above)

    def _edge(self, start: float, path: Array) -> float | None:
        """The first value on the way at which the interval excludes zero, or None where it never does."""
        last = start
        for value in path:
            found = self.at(float(value))
            if found.distinguishable:
                before = self.at(last)
                inner, outer = (before.low, found.low) if found.mean > 0 else (before.high, found.high)
                return float(last + (value - last) * inner / (inner - outer)) if inner != outer else float(value)
            last = float(value)
        return None


def _squared_error(part: Array) -> float:
    """The squared standard error of a mean; none where all replicates are exactly zero, NaN for a single one."""
    if part.size and not part.any():
        return 0.0
    return float(part.var(ddof=1) / part.size) if part.size > 1 else math.nan


def _half(errors: list[float], counts: list[int]) -> float:
    """How far the interval reaches to each side (Welch 1947)."""
    whole = sum(errors)
    if math.isnan(whole):
        return math.nan
    if whole == 0.0:
        return 0.0
    freedom = whole**2 / sum(error**2 / (count - 1) for error, count in zip(errors, counts, strict=True) if error)
    return float(stdtrit(freedom, 0.5 + LEVEL / 2)) * math.sqrt(whole)
