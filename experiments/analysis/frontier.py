"""Where a difference changes its sign: crossings along one setting, and the zero contour over two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
MANY = 10_000  # from here on a number needs no decimals


@dataclass(frozen=True)
class Crossing:
    """A zero along one setting; rising: the difference is positive above it."""

    at: float
    rising: bool


def crossings(x: Sequence[float], difference: Sequence[float]) -> list[Crossing]:
    """Zeros of a difference known at rising `x`, with straight lines between.

    >>> crossings([0.0, 1.0, 2.0], [-1.0, 1.0, 3.0])
    [Crossing(at=0.5, rising=True)]
    >>> crossings([0.0, 1.0, 3.0], [2.0, 0.0, -1.0])
    [Crossing(at=1.0, rising=False)]
    """
    found = []
    known = [(a, d) for a, d in zip(x, difference, strict=True) if not np.isnan(d)]
    signed = [place for place, (_, d) in enumerate(known) if d != 0]
    for first, last in pairwise(signed):
        (a, below), (b, above) = known[first], known[last]
        if below * above < 0:
            # Exactly zero where it was tried: there it crosses, in the middle if at several values.
            zero = (known[first + 1][0] + known[last - 1][0]) / 2
            at = zero if last - first > 1 else a + (b - a) * below / (below - above)
            found.append(Crossing(float(at), bool(above > 0)))
    return found


def zero_contour(x: Sequence[float], y: Sequence[float], difference: Array) -> list[Array]:
    """The lines on which a difference is zero: each an array of (x, y). difference: len(y) × len(x)."""
    grid = np.ma.masked_invalid(np.asarray(difference, np.float64))
    lines = contourpy.contour_generator(list(x), list(y), grid, name="serial").lines(0.0)
    return [np.asarray(line, np.float64) for line in lines]


def crossing(at: float, digits: int = 3) -> str:
    """Where something crosses zero, never as a power of ten: years and money have more than three digits.

    >>> crossing(0.12345), crossing(2012.8), crossing(150321.0)
    ('0.123', '2012.8', '150,321')
    """
    if abs(at) < 10**digits:
        return f"{at:.{digits}g}"
    return f"{at:.1f}" if abs(at) < MANY else f"{at:,.0f}"


def pays_words(x: Sequence[float], difference: Sequence[float], unit: str = "", digits: int = 3) -> str:
    """Where along a setting a difference is positive, in words.

    >>> pays_words([0.0, 1.0, 2.0], [-1.0, 1.0, 3.0])
    'from 0.5 up'
    """
    found = crossings(x, difference)
    known = [value for value in difference if not np.isnan(value) and value != 0]
    if not known:
        return "nowhere distinguishable from nothing"
    if not found:
        return "over the whole range" if known[0] > 0 else "nowhere in the range"
    unit = f" {unit}" if unit else ""
    if len(found) == 1:
        return (
            f"from {crossing(found[0].at, digits)}{unit} up"
            if found[0].rising
            else f"up to {crossing(found[0].at)}{unit}"
        )
    parts = [f"{'from' if zero.rising else 'to'} {crossing(zero.at)}{unit}" for zero in found]
    return ("up " if not found[0].rising else "") + ", ".join(parts) + (" and up" if found[-1].rising else "")


def share_positive(difference: Array) -> float:
    """The share of the grid on which the difference is positive."""
    known = difference[~np.isnan(difference)]
    return float((known > 0).mean()) if known.size else float("nan")
