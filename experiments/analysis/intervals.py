"""Paired differences between arms on the same random numbers, with t intervals over replicates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

LEVEL = 0.95

Array = NDArray[Any]


@dataclass(frozen=True)
class Interval:
    """A mean with its interval over `count` replicates; bounds are NaN where fewer than two have a value."""

    mean: float
    low: float
    high: float
    count: int

    @property
    def known(self) -> bool:
        """Whether there is an interval at all."""
        return not math.isnan(self.low)

    @property
    def distinguishable(self) -> bool:
        """Whether the interval excludes zero."""
        return self.known and (self.low > 0 or self.high < 0)

    @property
    def half(self) -> float:
        """How far the interval reaches to each side; 0 where there is none, or where replicates agree but for the last
        bits, which say nothing about how many digits matter."""
        reach = (self.high - self.low) / 2 if self.known else 0.0
        return 0.0 if reach < 1e-6 * abs(self.mean) else reach

    def scaled(self, factor: float) -> Interval:
        """The same in another unit; `factor` is positive."""
        return Interval(self.mean * factor, self.low * factor, self.high * factor, self.count)


def t_quantile(count: int, level: float = LEVEL) -> float:
    """How many standard errors the interval of `count` values reaches to each side; NaN below two."""
    return float(stdtrit(count - 1, 0.5 + level / 2)) if count > 1 else math.nan


def interval(values: Array, level: float = LEVEL) -> Interval:
    """Mean and t interval of values, one a replicate; values that are NaN are left out."""
    kept = np.asarray(values, np.float64)
    kept = kept[~np.isnan(kept)]
    if kept.size == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(kept.mean())
    if kept.size == 1:
        return Interval(mean, math.nan, math.nan, 1)
    half = t_quantile(kept.size, level) * float(kept.std(ddof=1)) / math.sqrt(kept.size)
    return Interval(mean, mean - half, mean + half, int(kept.size))


def paired(treated: Array, control: Array, level: float = LEVEL) -> Interval:
    """The interval of treated − control, replicate k of one against replicate k of the other."""
    return interval(np.asarray(treated, np.float64) - np.asarray(control, np.float64), level)


def band(values: Array, level: float = LEVEL) -> tuple[Array, Array, Array]:
    """Mean, low and high along axis 0 (replicates), for every column; columns of NaN stay NaN."""
    values = np.asarray(values, np.float64)
    count = np.sum(~np.isnan(values), axis=0)
    filled = np.where(np.isnan(values), 0.0, values)
    mean = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), np.nan)
    spread = np.where(np.isnan(values), 0.0, values - mean)
    error = np.sqrt((spread**2).sum(axis=0) / np.maximum(count - 1, 1) / np.maximum(count, 1))
    half = np.where(count > 1, stdtrit(np.maximum(count - 1, 1), 0.5 + level / 2), np.nan) * error
    return mean, mean - half, mean + half
