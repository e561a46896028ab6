"""How the gain of every member of a set goes along one setting, and at which value the odds are even."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.frontier import Crossing, crossings
from experiments.analysis.intervals import Interval
from experiments.analysis.weighted import share_of, weighted_interval

Array = NDArray[Any]

STEPS = 400  # between the ends of what was tried, to find where the odds are even


@dataclass(frozen=True)
class Profile:
    """The gain along one setting. values: what was tried, rising, (n,); gains: n × members; weights: of members."""

    values: Array
    gains: Array
    weights: Array

    @property
    def grid(self) -> Array:
        """Values on the way, those tried among them."""
        return np.unique(np.concatenate([np.linspace(self.values[0], self.values[-1], STEPS + 1), self.values]))

    def at(self, value: float) -> Array:
        """The gain of each member, on straight lines between the values tried."""
        place = int(np.clip(np.searchsorted(self.values, value) - 1, 0, max(len(self.values) - 2, 0)))
        if len(self.values) == 1:
            return np.asarray(self.gains[0])
        low, high = self.values[place : place + 2]
        part = (value - low) / (high - low)
        return np.asarray((1.0 - part) * self.gains[place] + part * self.gains[place + 1])

    def band(self, value: float) -> Interval:
        """The weighted median of the members' gains, with the ends between which nine in ten lie."""
        return weighted_interval(self.at(value), self.weights)

    def share(self, value: float) -> float:
        """The weighted share of the members that gain."""
        return share_of(self.at(value) > 0.0, self.weights)

    def even(self) -> list[Crossing]:
        """Where the weighted median changes its sign: to either side of it gain is more, and less, likely than not."""
        return crossings(list(self.grid), [self.band(float(value)).mean for value in self.grid])


def profile(values: Array, gains: Array, weights: Array) -> Profile | None:
    """From values in any order and gains with failed runs (NaN), whose members are left out; None where nobody is
    left."""
    known = np.isfinite(gains).all(axis=0) & (weights > 0)
    order = np.argsort(values)
    return Profile(np.asarray(values)[order], gains[order][:, known], weights[known]) if known.any() else None
