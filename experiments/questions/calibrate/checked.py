"""Patterns that were not fitted, over the set that is left: in which share of it each of their tests is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.intervals import Interval
from experiments.analysis.weighted import weighted_interval
from experiments.questions.validate.groups import TITLES, UNFITTED
from experiments.questions.validate.measuring.patterns import NOTHING, Pattern, Test
from experiments.questions.validate.measuring.score import verdict
from experiments.questions.validate.words import INPUT_WORDS, range_words, value_words
from experiments.reporting.numbers import short
from experiments.reporting.tables import markdown_table

# The screening measures every pattern, and the plan takes from it what is varied.
CHOSE_NO_VALUE = (
    "chose no value; the screening looked at which parameters they answer to, so that these are among those varied"
)


@dataclass(frozen=True)
class OverSet:
    """A test of a pattern that was not fitted, over the members, each weighted by its fit.

    over: weighted median of the members' means over seeds, and the ends between which nine in ten lie; None where less
    than half of the set tells anything. share: of the set inside the range; of a test over the share of runs, that
    share itself, over all of the set's runs, which the range then judges.
    """

    pattern: Pattern
    test: Test
    over: Interval | None
    share: float

    @property
    def name(self) -> str:
        """The measure's name, such as P9.additionality."""
        return self.pattern.measure_of(self.test)

    @property
    def inside(self) -> bool | None:
        """Whether most of the set lies inside, or the share of its runs does; None where nothing is known."""
        if self.over is None:
            return None
        return verdict(self.test, self.share) == "pass" if self.test.over == "share" else self.share >= 0.5


def unfitted_patterns(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Those that were predicted, then those only checked."""
    return [pattern for use in UNFITTED for pattern in patterns if pattern.use == use]


def over_set(patterns: Sequence[Pattern], runs: pd.DataFrame, members: pd.DataFrame) -> list[OverSet]:
    """Every scored test of these patterns. runs: every measure, a row a member and seed; members: with their weight."""
    weight = members.set_index("member")["weight"]
    return [
        _over(pattern, test, runs, weight)
        for pattern in patterns
        for test in pattern.tests
        if test.scored and test.measure != NOTHING and pattern.measure_of(test) in runs
    ]


def _over(pattern: Pattern, test: Test, runs: pd.DataFrame, weight: pd.Series[Any]) -> OverSet:
    values = runs[pattern.measure_of(test)]
    if test.over == "share":
        values = (values > test.above).astype(float).where(values.notna())
    known = values.groupby(runs["member"]).mean().dropna()  # a pay-back that never comes stays infinite
    share = weight.loc[known.index].to_numpy(np.float64)
    if 2.0 * share.sum() < float(weight.sum()) or not share.sum() > 0.0:
        return OverSet(pattern, test, None, float("nan"))
    inside = known.to_numpy(np.float64)
    over = weighted_interval(inside, share)
    if test.over != "share":
        inside = np.array([verdict(test, float(value)) == "pass" for value in inside], np.float64)
    return OverSet(pattern, test, over, float(np.average(inside, weights=share)))


def in_data(found: Sequence[OverSet]) -> Mapping[str, Any]:
    """For summary.json, by measure."""
    return {
        one.name: {
            "use": one.pattern.use, "input": one.pattern.input_of(one.test), "low": one.test.low,
            "high": one.test.high, "over": one.test.over, "share": one.share, "inside": one.inside,
            "median": one.over.mean if one.over else None, "low_90": one.over.low if one.over else None,
            "high_90": one.over.high if one.over else None,
        }
        for one in found
    }  # fmt: skip


def told(found: Sequence[OverSet]) -> str:
    """A sentence and a table for the summary."""
    known = [one for one in found if one.inside is not None]
    met = [one for one in known if one.inside]
    head = ("measure", "kept as", "range", "nine tenths of the set", "share of the set inside", "note")
    return (
        f"These {CHOSE_NO_VALUE}. Most of the set meets {len(met)} of {len(known)} tests that it tells. Members count "
        "by their fit, each with its mean over seeds; where a test asks in which share of runs something holds, that "
        "share over all of the set is told, and whether it is in the range.\n\n"
        + markdown_table(head, [_row(one) for one in found])
    )


def _row(one: OverSet) -> tuple[str, ...]:
    kept = TITLES[one.pattern.use].split(",")[0].split(" before")[0].lower()
    words = INPUT_WORDS[one.pattern.input_of(one.test)]
    if one.over is None:
        return f"{one.pattern.key} {one.test.title}", kept, range_words(one.test), "–", "–", words
    spread = f"{value_words(one.over.mean)} ({value_words(one.over.low)} to {value_words(one.over.high)})"
    share = f"{short(100.0 * one.share)} %"
    if one.test.over == "share":
        spread, share = f"{share} of its runs", "in the range" if one.inside else "outside"
    return f"{one.pattern.key} {one.test.title}", kept, range_words(one.test), spread, share, words
