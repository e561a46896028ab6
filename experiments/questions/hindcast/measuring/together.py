"""Years put together: means, sums, and changes from a first to a last year."""

from __future__ import annotations

import numpy as np

from experiments.analysis.pairs import mean_of_known
from experiments.questions.hindcast.episode.whats import How, What
from experiments.questions.hindcast.measuring.runs import Array, Span


def of_quarters(values: Array, how: How, span: Span, first_year: int, what: What) -> Array:
    """Of an outcome by quarter (runs × quarters), one number a run, in the unit of the measure."""
    first, last = (year - first_year for year in span)

    def part(begin: int, end: int) -> Array:
        return values[:, 4 * begin : 4 * (end + 1)]

    if how == "sum":
        chosen = part(first, last)
        return np.where(np.isnan(chosen).all(axis=1), np.nan, np.nansum(chosen, axis=1)) * what.total_factor
    if how == "mean":
        return np.asarray(mean_of_known(part(first, last), axis=1)) * what.factor
    before, after = (np.asarray(mean_of_known(part(year, year), axis=1)) for year in (first, last))
    return changed(before * what.factor, after * what.factor, how)


def of_rows(number: Array, weight: Array | None, years: Array, how: How, span: Span) -> float:
    """Of rows, each with a number and a calendar year: added up where they have no weight, else their mean."""

    def part(begin: int, end: int) -> float:
        chosen = (years >= begin) & (years <= end)
        if weight is None:
            return float(number[chosen].sum())
        known = chosen & ~np.isnan(number)
        total = float(weight[known].sum())
        return float((number[known] * weight[known]).sum() / total) if total > 0 else float("nan")

    first, last = span
    if how in ("change", "percent_change"):
        return float(changed(np.array(part(first, first)), np.array(part(last, last)), how))
    whole = part(first, last)
    return whole / (last - first + 1) if how == "mean" and weight is None else whole


def changed(before: Array, after: Array, how: str) -> Array:
    """From the first to the last year: a difference, or per cent."""
    return after - before if how == "change" else percent(after, before)


def percent(one: Array, other: Array) -> Array:
    """How much more one is than the other, per cent; NaN where that means nothing."""
    return 100.0 * (ratio(one, other) - 1.0)


def ratio(one: Array, other: Array) -> Array:
    """One over the other; NaN where that means nothing."""
    found: Array = np.divide(one, other, out=np.full(np.shape(one), np.nan), where=np.asarray(other) != 0)
    return found
