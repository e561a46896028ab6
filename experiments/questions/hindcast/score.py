"""How well runs foretell what was observed: their interval, where the observed number lies, and how "no change" does.

A measure's number is foretold by the runs' median and the interval of nine runs in ten. What was observed is a number,
a range, or both. Where it is a number it is *inside* if the interval holds it; where it is a range alone, if the median
lies in it. Outside, the gap is told in widths of the interval: *near* up to one width, *far* beyond. An interval not
clearly narrower than what was thought possible before (NARROWER of its width, or more) tells nothing: *uninformative*,
wherever the observed number lies. Over the set that is not ruled out runs count by the weight of their member, and what
was thought possible before is the interval of runs drawn over all plausible ranges.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.episode.whats import CURVES, PATTERN, PEOPLE
from experiments.questions.hindcast.measuring.measured import level, measured, span_of
from experiments.questions.hindcast.measuring.runs import Array, StoredRuns

Verdict = Literal["inside", "near", "far", "uninformative", "not measured"]
VERDICTS: tuple[Verdict, ...] = ("inside", "near", "far", "uninformative", "not measured")
SAME = 1e-9  # of a number, which two that only rounding tells apart may differ by
WIDTHS = 1.0  # of the interval, up to which what lies outside is near
NARROWER = 0.95  # of the width of what was thought possible before, from which on an interval tells nothing
RESAMPLES = 200
ENDS = (0.05, 0.5, 0.95)
LEVELS = ("others_first_year", "others_years_five_six")  # of pattern P17: no differences

Prior = Mapping[str, tuple[float, float]]  # what was thought possible before, by the measure's name


@dataclass(frozen=True)
class Scored:
    """A measure with its runs. values: one a run or pair, NaN where it tells nothing. low, median, high: what nine runs
    in ten foretell. no_change: what it would be had nothing changed; None where nobody can say. prior: what was thought
    possible before, if anything. weights: by run, where they do not count alike. before: the runs that the prior is the
    interval of, where it is one."""

    measure: Measure
    values: Array
    low: float
    median: float
    high: float
    no_change: float | None
    prior: tuple[float, float] | None
    weights: Array | None = None
    before: Array | None = None

    @property
    def known(self) -> bool:
        """Whether at least half of the runs tell it."""
        return not math.isnan(self.median)

    @property
    def inside(self) -> bool:
        """Whether what was observed lies where runs foretell it."""
        m = self.measure
        if not self.known:
            return False
        if m.observed is not None:
            return self.low <= m.observed <= self.high or math.isclose(self.low, m.observed, rel_tol=SAME)
        return _gap(self.median, self.median, m) == 0.0

    @property
    def distance(self) -> float:
        """How far what was observed lies outside of the interval, in widths of it; 0 where they meet, infinite where
        the interval has no width, NaN where nothing is known."""
        gap = _gap(self.low, self.high, self.measure)
        width = self.high - self.low
        return gap / width if width > 0 or math.isnan(gap) else (math.inf if gap else 0.0)

    @property
    def width(self) -> float | None:
        """The interval's width in widths of what was thought possible before; None where one of them is not known."""
        if self.prior is None or not self.known:
            return None
        width, before = self.high - self.low, self.prior[1] - self.prior[0]
        # Where both have none the rules alone decide, whatever the parameters: nothing has been learnt.
        return width / before if before > 0.0 else 1.0 if width == 0.0 else math.inf

    @property
    def narrower_in(self) -> float | None:
        """In which share of resamples of the runs of both (bootstrap, as many as there are) the interval would still be
        called narrower: how far the word can be trusted; None where nothing was run for what was possible before."""
        if self.before is None or self.width is None or self.weights is None:
            return None
        draws = np.random.Generator(np.random.PCG64(len(self.values)))
        alike, found = np.ones(len(self.before)), 0
        for _ in range(RESAMPLES):
            runs = draws.integers(len(self.values), size=len(self.values))
            others = draws.integers(len(self.before), size=len(self.before))
            low, _, high = interval(self.values[runs], self.weights[runs])
            least, _, most = interval(self.before[others], alike)
            found += high - low < NARROWER * (most - least)
        return found / RESAMPLES

    @property
    def informative(self) -> bool:
        """Whether the interval is narrower than what was thought possible before."""
        return self.width is None or self.width < NARROWER

    @property
    def verdict(self) -> Verdict:
        """In a word."""
        if not self.known:
            return "not measured"
        if not self.informative:
            return "uninformative"
        if self.inside:
            return "inside"
        return "near" if self.distance <= WIDTHS else "far"

    @property
    def error(self) -> float:
        """How wrong the runs are, in the measure's unit: the continuous ranked probability score."""
        return error_of(self.values, self.measure, self.weights)

    @property
    def error_of_no_change(self) -> float | None:
        """The same of the statement that nothing changes."""
        return None if self.no_change is None else error_of(np.array([self.no_change]), self.measure)

    @property
    def error_before(self) -> float | None:
        """The same of the runs over what was thought possible before."""
        return None if self.before is None else error_of(self.before, self.measure)

    @property
    def better(self) -> bool | None:
        """Whether the runs are less wrong than "no change"; None where one of them says nothing."""
        other = self.error_of_no_change
        return None if other is None or not self.known else self.error < other


def score(
    stored: StoredRuns,
    measures: Iterable[Measure],
    prior: Prior | None = None,
    weights: Array | None = None,
    before: StoredRuns | None = None,
) -> list[Scored]:
    """Every measure on stored runs. weights: of an arm's runs, which else count alike. What was thought possible before
    is the interval of the runs `before`, or `prior`, or else what the file says."""
    return [_scored(stored, one, (prior or {}).get(one.name), weights, before) for one in measures]


def _scored(
    stored: StoredRuns,
    measure: Measure,
    prior: tuple[float, float] | None,
    weights: Array | None,
    before: StoredRuns | None,
) -> Scored:
    values = measured(stored, measure)
    thought = None if before is None else measured(before, measure)
    if thought is not None:
        # By the same method as the interval that it is compared with.
        least, middle, most = interval(thought, None if weights is None else np.ones(len(thought)))
        prior = prior if math.isnan(middle) else (least, most)
    if prior is None and measure.prior_low is not None and measure.prior_high is not None:
        prior = measure.prior_low, measure.prior_high
    low, median, high = interval(values, weights)
    return Scored(measure, values, low, median, high, no_change(stored, measure, weights), prior, weights, thought)


def interval(values: Array, weights: Array | None = None) -> tuple[float, float, float]:
    """The ends of the interval of nine in ten, and the median between them; NaN where fewer than half are known."""
    known = ~np.isnan(values)
    share = np.ones(len(values)) if weights is None else weights
    if 2 * share[known].sum() < share.sum() or not share[known].sum() > 0:
        return math.nan, math.nan, math.nan
    if weights is None:
        found = np.quantile(values[known], ENDS)
    else:
        found = np.quantile(values[known], ENDS, weights=weights[known], method="inverted_cdf")
    low, median, high = (float(x) for x in found)
    return low, median, high


def no_change(stored: StoredRuns, measure: Measure, weights: Array | None = None) -> float | None:
    """What a measure would be had nothing changed: no difference, no change over years, the level of the first year."""
    if measure.no_change is not None:
        return measure.no_change
    if measure.kind.source == PATTERN:
        return None if measure.what.endswith(LEVELS) else 0.0
    if measure.compared:
        return 1.0 if measure.by == "ratio" else 0.0
    if measure.put_together in ("change", "percent_change"):
        return 0.0
    if measure.kind.source not in (CURVES, PEOPLE) or measure.years_after_place is not None:
        return None
    first, last = span_of(stored, measure)
    start = interval(level(stored, measure, (stored.first_year, stored.first_year)), weights)[1]
    found = start * (last - first + 1) if measure.put_together == "sum" else start
    return None if math.isnan(found) else found


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
        return float(np.average([_gap(x, x, measure) for x in values.tolist()], weights=share))
    apart = np.average(np.abs(values[:, None] - values[None, :]), axis=1, weights=share)
    far = np.average(np.abs(values - measure.observed), weights=share)
    return float(far) - float(np.average(apart, weights=share)) / 2.0


def _gap(low: float, high: float, measure: Measure) -> float:
    """How far the observed number or range lies from these ends; 0 where they meet."""
    if math.isnan(low):
        return math.nan
    least = measure.low if measure.low is not None else -math.inf if measure.observed is None else measure.observed
    most = measure.high if measure.high is not None else math.inf if measure.observed is None else measure.observed
    gap = max(0.0, least - high, low - most)
    # A rule that caps something caps it but for the last bits.
    return gap if gap > SAME * max(abs(low), abs(high)) else 0.0
