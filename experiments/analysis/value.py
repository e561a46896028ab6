"""Present values, the year of payback, and discounting: a purse's flows over time made comparable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FALLBACK_RATE = 0.035
QUARTERS_A_YEAR = 4


def discount_rate(values: Mapping[str, float]) -> float:
    """The social discount rate (real, per year) among parameter values; 3.5 % where they name none."""
    return float(values.get("social_discount_rate", FALLBACK_RATE))


def discount_factors(quarters: int, rate: float) -> Array:
    """What a krona in the middle of each quarter is worth at the start of the first."""
    years = (np.arange(quarters) + 0.5) / QUARTERS_A_YEAR
    factors: Array = (1.0 + rate) ** -years
    return factors


def cumulative(flows: Array, rate: float) -> Array:
    """Discounted sum of quarterly flows (last axis: quarters) at the end of each year (last axis: years)."""
    flows = np.asarray(flows, np.float64)
    summed = np.cumsum(flows * discount_factors(flows.shape[-1], rate), axis=-1)
    years: Array = summed[..., QUARTERS_A_YEAR - 1 :: QUARTERS_A_YEAR]
    return years


@dataclass(frozen=True)
class Payback:
    """The first year in which a cumulative difference reaches zero and stays there to the end.

    year: index from 0, or None for never. kind: "year", "never", "from the start" or "no difference".
    """

    kind: str
    year: int | None

    def words(self, first_year: int) -> str:
        """For a person: a calendar year, or why there is none."""
        if self.kind == "never":
            return "not within the horizon"
        return self.kind if self.year is None or self.kind != "year" else str(first_year + self.year)


def payback(path: NDArray[Any]) -> Payback:
    """The payback of one cumulative difference, one value a year.

    >>> payback(np.array([-2.0, -1.0, 1.0])).year
    2
    """
    if not np.any(path):
        return Payback("no difference", None)
    below = np.flatnonzero(np.asarray(path) < 0)
    if below.size == 0:
        return Payback("from the start", 0)
    last = int(below[-1])
    return Payback("never", None) if last == len(path) - 1 else Payback("year", last + 1)
