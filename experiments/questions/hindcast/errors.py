"""Intervals of runs, how far what was observed lies from them, and how wrong they are."""

from __future__ import annotations

import math

import numpy as np

from experiments.analysis.weighted import weighted_quantiles
from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.measuring.runs import Array

SAME = 1e-9  # of a number, which two that only rounding tells apart may differ by
ENDS = (0.05, 0.5, 0.95)


def interval(values: Array, weights: Array | None = None) -> tuple[float, float, float]:
    """The ends of the interval of nine in ten, and the median between them; NaN where fewer than half are known."""
    known = ~np.isnan(values)
    share = np.ones(len(values)) if weights is None else weights
    if 2 * share[known].sum() < share.sum() or not share[known].sum() > 0:
        return math.nan, math.nan, math.nan
    if weights is None:
        found = np.quantile(values[known], ENDS)
    else:
        found = weighted_quantiles(values[known], weights[known], ENDS)
    low, median, high = (float(x) for x in found)
    return low, median, high


def error_of(values: Array, measure: Measure, weights: Array | None = None) -> float:
    """The continuous ranked probability score of these values: their mean distance from what was observed, less half of
    that between two of them. Of a single value, its distance. Where a range alone was observed, the mean distance from
    it. In the measure's unit; 0 is perfect. weights: of the values, which else count alike."""
    known = ~np.isnan(values)
    share = (np.ones(len(values)) if weights is None else weights)[known]
    values = values[known]
    if not share.sum() > 0:
        return math.nan
    if measure.observed is None:
        return float(np.average([gap(x, x, measure) for x in values.tolist()], weights=share))
    apart = np.average(np.abs(values[:, None] - values[None, :]), axis=1, weights=share)
    far = np.average(np.abs(values - measure.observed), weights=share)
    return float(far) - float(np.average(apart, weights=share)) / 2.0


def gap(low: float, high: float, measure: Measure) -> float:
    """How far the observed number or range lies from these ends; 0 where they meet."""
    least = measure.low if measure.low is not None else -math.inf if measure.observed is None else measure.observed
    most = measure.high if measure.high is not None else math.inf if measure.observed is None else measure.observed
    return apart(low, high, least, most)


def apart(low: float, high: float, least: float, most: float) -> float:
    """How far two ranges lie from each other; 0 where they meet, but for the last bits, NaN where one is not known."""
    if math.isnan(low):
        return math.nan
    found = max(0.0, least - high, low - most)
    # A rule that caps something caps it but for the last bits.
    return found if found > SAME * max(abs(low), abs(high)) else 0.0
