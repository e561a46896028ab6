"""How well runs foretell what was observed: their interval, where the observed number lies, and how "no change" does.

A measure's number is foretold by the runs' median and the interval of nine runs in ten. What was observed is a number,
a range, or both. Where it is a number it is *inside* if the interval holds it; where it is a range alone, if the median
lies in it. A range whose one end is no change itself (at most 0 of a difference) is a sign: a median at no change is
not inside. Outside, the gap is told in widths of the interval: *near* up to one width, *far* beyond. An interval not
clearly narrower than what was thought possible before (NARROWER of its width, or more) tells nothing: *uninformative*,
wherever the observed number lies. Over the set that is not ruled out runs count by the weight of their member, and what
was thought possible before is the interval of runs that draw what the set varies over its plausible ranges, run by run
on the same random numbers.

Beside "no change" runs are less wrong, as wrong or more wrong, by their errors. Of a sign no change says nothing that
is right: runs whose median has it are less wrong, those with the other one more wrong, those at no change as wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.errors import SAME, apart, error_of, gap, interval
from experiments.questions.hindcast.measuring.measured import measured
from experiments.questions.hindcast.measuring.runs import Array, StoredRuns
from experiments.questions.hindcast.no_change import Beside, no_change, sign_of

Verdict = Literal["inside", "near", "far", "uninformative", "not measured"]
VERDICTS: tuple[Verdict, ...] = ("inside", "near", "far", "uninformative", "not measured")
WIDTHS = 1.0  # of the interval, up to which what lies outside is near
NARROWER = 0.95  # of the width of what was thought possible before, from which on an interval tells nothing
RESAMPLES = 200

Prior = Mapping[str, tuple[float, float]]  # what was thought possible before, by the measure's name


@dataclass(frozen=True)
class Scored:
    """A measure with its runs. values: one a run or pair, NaN where it tells nothing. low, median, high: what nine runs
    in ten foretell. no_change: what it would be had nothing changed; None where nobody can say. prior: what was thought
    possible before, if anything. weights: by run, where they do not count alike. before: the runs that the prior is the
    interval of, where it is one, each on the random numbers of the run at its place."""

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
            return apart(self.low, self.high, m.observed, m.observed) == 0.0
        return gap(self.median, self.median, m) == 0.0 and not (self.sign and self.still)

    @property
    def sign(self) -> int:
        """+1 where all that was observed is more than no change, -1 where it is less, else 0."""
        return sign_of(self.measure)

    @property
    def still(self) -> bool:
        """Whether the median is no change itself, but for the last bits."""
        if self.no_change is None or not self.known:
            return False
        return abs(self.median - self.no_change) <= SAME * max(abs(self.low), abs(self.high), abs(self.no_change))

    @property
    def distance(self) -> float:
        """How far what was observed lies outside of the interval, in widths of it; 0 where they meet, infinite where
        the interval has no width, NaN where nothing is known."""
        far = gap(self.low, self.high, self.measure)
        width = self.high - self.low
        return far / width if width > 0 or math.isnan(far) else (math.inf if far else 0.0)

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
        """In which share of resamples of the runs (bootstrap, as many as there are) the interval would still be called
        narrower: how far the word can be trusted; None where nothing was run for what was possible before. A run and
        the one of before on the same random numbers are drawn together."""
        if self.before is None or self.width is None or self.weights is None:
            return None
        draws = np.random.Generator(np.random.PCG64(len(self.values)))
        alike, found = np.ones(len(self.before)), 0
        for _ in range(RESAMPLES):
            pairs = draws.integers(len(self.values), size=len(self.values))
            low, _, high = interval(self.values[pairs], self.weights[pairs])
            least, _, most = interval(self.before[pairs], alike)
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
        """The same of the statement that nothing changes; None where nobody can say, and of a sign, which it lacks by
        no distance."""
        return None if self.no_change is None or self.sign else error_of(np.array([self.no_change]), self.measure)

    @property
    def error_before(self) -> float | None:
        """The same of the runs over what was thought possible before."""
        return None if self.before is None else error_of(self.before, self.measure)

    @property
    def beside(self) -> Beside | None:
        """How wrong the runs are beside "no change"; None where one of them says nothing."""
        if self.no_change is None or not self.known:
            return None
        other = self.error_of_no_change
        if other is None:
            return "as wrong" if self.still else "less wrong" if self.inside else "more wrong"
        if math.isclose(self.error, other, rel_tol=SAME, abs_tol=SAME * max(abs(self.low), abs(self.high))):
            return "as wrong"
        return "less wrong" if self.error < other else "more wrong"


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
