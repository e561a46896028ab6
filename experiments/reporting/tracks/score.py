"""How well runs hold what was observed: the share of numbers within nine runs in ten, and how far others lie outside.

A number is inside where the band of nine runs in ten of its year holds it; how far outside is told in widths of that
band, from the nearer end of what the number may be, as in a hindcast. "No change" is the band of the first year, and is
told in the same widths. Of a series against its first observed year every run is 1 in that year, a point that could
hold nothing: there no change is 1 with as much around it, relative to the median, as the band that it stands beside.
(What is not known of the first number is in the range of the ratio already.) Numbers that chose something in the model
are scored apart: meeting them is no evidence. Where runs count by weights (members of a set, by their fit), the band is
that of nine tenths of the weight.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from experiments.analysis.weighted import weighted_interval
from experiments.reporting.tracks.bands import Dot, Track
from experiments.reporting.tracks.series import Array

ENDS = (0.05, 0.5, 0.95)  # of the runs: nine in ten, and their median


@dataclass(frozen=True)
class Held:
    """One observed number beside the band of its year. low, median, high: of nine runs in ten. inside, outside: whether
    the band holds it, and how many widths of it away it may be at least; the same of no change."""

    dot: Dot
    low: float
    median: float
    high: float
    inside: bool
    outside: float
    inside_unchanged: bool
    outside_unchanged: float


@dataclass(frozen=True)
class Coverage:
    """Numbers of one series and area, or of several: how many, the share inside and the mean distance outside, of runs
    and of no change. Distances are infinite where a band has no width."""

    numbers: int
    inside: float
    outside: float
    inside_unchanged: float
    outside_unchanged: float


@dataclass(frozen=True)
class Scored:
    """A track's numbers that chose nothing, or those that did."""

    track: Track
    fitted: bool
    held: tuple[Held, ...]

    @property
    def coverage(self) -> Coverage:
        """Of these numbers alone."""
        return coverage(self.held)


def score(tracks: Iterable[Track]) -> list[Scored]:
    """All tracks, numbers that chose something in the model apart from the others."""
    return [
        Scored(track, fitted, held)
        for fitted in (False, True)
        for track in tracks
        if (held := tuple(_held(track, dot) for dot in track.dots if dot.fitted is fitted))
    ]


def coverage(held: Sequence[Held]) -> Coverage:
    """Of several numbers, each counting the same."""
    return Coverage(
        len(held),
        fmean(one.inside for one in held),
        fmean(one.outside for one in held),
        fmean(one.inside_unchanged for one in held),
        fmean(one.outside_unchanged for one in held),
    )


def band(values: Array, weights: Array | None = None) -> tuple[float, float, float]:
    """The ends of nine runs in ten and the median between them, or of nine tenths of the weight; NaN where less than
    half of the runs, or of the weight, is known."""
    counts = np.ones(len(values)) if weights is None else weights
    known = np.isfinite(values) & (counts > 0)
    if not known.any() or 2 * counts[known].sum() < counts.sum():
        return math.nan, math.nan, math.nan
    if weights is not None:
        found = weighted_interval(values[known], weights[known])
        return found.low, found.mean, found.high
    low, median, high = (float(x) for x in np.quantile(values[known], ENDS))
    return low, median, high


def _held(track: Track, dot: Dot) -> Held:
    low, median, high = band(track.at(dot.year), track.weights)
    least, most = _unchanged(track, low, median, high)
    width = high - low
    return Held(
        dot, low, median, high,
        low <= dot.value <= high, _outside(dot, low, high, width),
        least <= dot.value <= most, _outside(dot, least, most, width),
    )  # fmt: skip


def _unchanged(track: Track, low: float, median: float, high: float) -> tuple[float, float]:
    """The ends of "no change", beside the band of a year."""
    least, middle, most = band(track.start, track.weights)
    if track.base is None or not median > 0:
        return least, most
    return middle * low / median, middle * high / median


def _outside(dot: Dot, low: float, high: float, width: float) -> float:
    """How far what was observed may lie outside at least, in widths."""
    gap = max(dot.low - high, low - dot.high, 0.0)
    if width > 0:
        return gap / width
    return math.inf if gap else 0.0
