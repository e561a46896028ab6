"""Sums of numbers that decide or are recorded, to the same bytes on every Python."""

from __future__ import annotations

from collections.abc import Iterable


def total(values: Iterable[float]) -> float:
    """The sum, added up one by one in the order given, in the unit of the values; 0 of none.

    From Python 3.12 on the builtin `sum` makes up for what rounding loses, so that its last bits are other ones there.
    """
    added = 0.0
    for value in values:
        added += value
    return added
