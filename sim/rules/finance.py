"""Present values, in real terms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule

Floats = NDArray[np.float64]


def annuity(rate: Floats | float, years: Floats | float) -> Floats:
    """Present value, SEK, of 1 SEK a year for some years, paid in arrears. ``rate`` above 0, per year; any shape."""
    return np.asarray(level_annuity(np.asarray(rate, dtype=np.float64), np.asarray(years, dtype=np.float64)))


@rule
def level_annuity(rate: Floats, years: Floats) -> Floats:
    """The same, for kernels."""
    value: Floats = (1.0 - (1.0 + rate) ** -years) / rate
    return value


def growing_annuity(rate: Floats | float, growth: float, years: float) -> Floats:
    """Present value, SEK, of a yearly payment that starts at 1 SEK and grows: sum of (1+g)^(k-1)/(1+r)^k.

    rate, growth : per year; the result has the shape of ``rate``.
    """
    rate = np.asarray(rate, dtype=np.float64)
    gap = rate - growth
    # Where growth meets the rate the formula divides nothing by nothing; its limit is years/(1+r).
    flat = np.abs(gap) < 1e-6
    safe = np.where(flat, 1.0, gap)
    grown = (1.0 - ((1.0 + growth) / (1.0 + rate)) ** years) / safe
    return np.asarray(np.where(flat, years / (1.0 + rate), grown))
