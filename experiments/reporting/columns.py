"""One precision for numbers that stand together: a table's column, a panel's labels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median

from experiments.analysis.intervals import Interval
from experiments.reporting.numbers import decimals_for, number


def places_of(values: Iterable[Interval]) -> int:
    """Decimals that show the half width of a typical interval among these with two digits; of means, where there are
    no intervals.

    >>> places_of([Interval(5.0, 3.0, 7.0, 4), Interval(0.1, -0.9, 1.1, 4)])
    1
    """
    shown = list(values)
    sizes = [(one.high - one.low) / 2 for one in shown if one.known and one.high > one.low]
    sizes = sizes or [abs(one.mean) for one in shown if math.isfinite(one.mean) and one.mean]
    return decimals_for(median(sizes)) if sizes else 0


def mean_cell(value: Interval, places: int) -> str:
    """A mean with its sign, bold (Markdown) where its interval excludes zero."""
    text = number(value.mean, places, signed=True)
    return f"**{text}**" if value.distinguishable else text


def bounds_cell(value: Interval, places: int) -> str:
    """A mean with its sign and, where there is one, its interval.

    >>> bounds_cell(Interval(-2.0, -3.0, -1.0, 4), 1)
    '−2.0 (−3.0 to −1.0)'
    """
    text = number(value.mean, places, signed=True)
    return f"{text} ({number(value.low, places)} to {number(value.high, places)})" if value.known else text
