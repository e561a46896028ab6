"""Break-even additionality: the share of programme jobs that must be additional for a budget to gain.

The jobs in the accounts are rescaled, not the model rerun: a budget gains `other + a × clause`, where `other`
is its gain without residents' work, `clause` the gross value of the jobs held by people who came through the
programme, and `a` the share of them that would not exist without it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.intervals import LEVEL, interval, t_quantile

Array = NDArray[Any]


REASONS = {
    "always": "gains even with no additional job",
    "never": "loses even if every job is additional",
    "not defined": "the value of programme jobs is not statistically distinguishable from zero",
}


@dataclass(frozen=True)
class BreakEven:
    """share: the break-even additionality, with low and high where they can be told (else NaN);
    verdict: "share", "always", "never" or "not defined"; emergent: the additionality that the model shows."""

    share: float
    low: float
    high: float
    verdict: str
    emergent: float

    def words(self, short: bool = False) -> str:
        """For a person."""
        if self.verdict != "share":
            return self.verdict if short else f"{self.verdict}: {REASONS[self.verdict]}"
        bounds = "" if short or math.isnan(self.low) else f" ({self.low:.2f} to {self.high:.2f})"
        return f"{self.share:.2f}{bounds}".replace("-", "\N{MINUS SIGN}")


def break_even(net: Array, jobs: Array, clause: Array) -> BreakEven:
    """From present-value differences, one a replicate: of all flows, of the part from residents' work, and of
    the gross value of programme jobs."""
    net, jobs, clause = (np.asarray(part, np.float64) for part in (net, jobs, clause))
    other = net - jobs
    value = interval(clause)
    if not value.mean > 0 or (value.known and not value.low > 0):
        return BreakEven(math.nan, math.nan, math.nan, "not defined", math.nan)
    share = -float(other.mean()) / value.mean
    low, high = ratio_bounds(-other, clause)
    verdict = "always" if share <= 0 else "never" if share > 1 else "share"
    return BreakEven(share, low, high, verdict, float(jobs.mean()) / value.mean)


def ratio_bounds(top: Array, bottom: Array, level: float = LEVEL) -> tuple[float, float]:
    """Fieller's interval of mean(top) / mean(bottom) over pairs; NaN if unbounded or with too few pairs."""
    count = len(top)
    if count < 2:
        return math.nan, math.nan
    t2 = t_quantile(count, level) ** 2 / count
    covariance = np.cov(top, bottom, ddof=1)
    x, y = float(np.mean(top)), float(np.mean(bottom))
    a = y * y - t2 * float(covariance[1, 1])
    b = x * y - t2 * float(covariance[0, 1])
    c = x * x - t2 * float(covariance[0, 0])
    root = b * b - a * c
    if a <= 0 or root < 0:
        return math.nan, math.nan
    return (b - math.sqrt(root)) / a, (b + math.sqrt(root)) / a
