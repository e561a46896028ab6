"""Scores: what a set of runs says about each test of each pattern."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.questions.validate.measuring.patterns import NOTHING, Pattern, Test
from sim.errors import unknown

Verdict = Literal["pass", "near", "miss", "not measured", "shown"]
VERDICTS: tuple[Verdict, ...] = ("pass", "near", "miss", "not measured")  # from best to worst; "shown" is none of them
NEAR = 1.5


@dataclass(frozen=True)
class Scored:
    """A test with its runs: all values (NaN where a run tells nothing), the number that is judged, and how."""

    pattern: Pattern
    test: Test
    values: NDArray[np.float64]
    value: float
    verdict: Verdict

    @property
    def evidence(self) -> bool:
        """Whether the number emerges and was not fitted, so that a pass says something for the model."""
        return self.test.scored and not self.pattern.fitted and self.pattern.input_of(self.test) == "no"


def score(patterns: Iterable[Pattern], measures: pd.DataFrame) -> list[Scored]:
    """Every test of every pattern on a table with one row a run and one column a measure. Raises SamspelError for a
    measure that no run has."""
    return [_scored(pattern, test, measures) for pattern in patterns for test in pattern.tests]


def _scored(pattern: Pattern, test: Test, measures: pd.DataFrame) -> Scored:
    name = pattern.measure_of(test)
    if test.measure == NOTHING:
        return Scored(pattern, test, np.zeros(0), math.nan, "not measured")
    if name not in measures:
        raise unknown("measure", name, [*map(str, measures.columns)], f"patterns, [{pattern.key}]")
    values = measures[name].to_numpy(np.float64)
    value = judged(test, values)
    if not test.scored:
        return Scored(pattern, test, values, value, "shown")
    return Scored(pattern, test, values, value, verdict(test, value) if test.read_over == "seeds" else "not measured")


def judged(test: Test, values: NDArray[np.float64]) -> float:
    """The number over runs that a test judges; NaN where fewer than half of the runs tell anything."""
    known = values[~np.isnan(values)]
    if 2 * len(known) < len(values) or not len(known):
        return math.nan
    return float((known > test.above).mean()) if test.over == "share" else float(np.median(known))


def verdict(test: Test, value: float) -> Verdict:
    """Pass inside the range; near within 1.5 times of a bound; signs and shares of runs are never near."""
    if math.isnan(value):
        return "not measured"
    strict = test.over == "sign"
    if _inside(value, test.low, test.high, strict):
        return "pass"
    if test.over != "median":
        return "miss"
    low = None if test.low is None else min(test.low / NEAR, test.low * NEAR)
    high = None if test.high is None else max(test.high / NEAR, test.high * NEAR)
    return "near" if _inside(value, low, high, strict) else "miss"


def _inside(value: float, low: float | None, high: float | None, strict: bool) -> bool:
    if strict:
        return (low is None or value > low) and (high is None or value < high)
    return (low is None or value >= low) and (high is None or value <= high)


def worst(found: Iterable[Scored]) -> Verdict:
    """The verdict on a pattern: that of its worst test, of those that are scored."""
    return max((one.verdict for one in found if one.test.scored), key=VERDICTS.index)


def by_pattern(found: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Tests by their pattern's short name, in order."""
    groups: dict[str, list[Scored]] = {}
    for one in found:
        groups.setdefault(one.pattern.key, []).append(one)
    return groups


def counts(found: Iterable[Scored]) -> Mapping[Verdict, int]:
    """How many tests came out how; what is not measured counts as a miss as well, and what is only shown as nothing."""
    counted = Counter(one.verdict for one in found)
    return {name: counted[name] + (counted["not measured"] if name == "miss" else 0) for name in VERDICTS}


def board(found: Iterable[Scored]) -> pd.DataFrame:
    """The scoreboard as a table: one row a test."""
    return pd.DataFrame([_row(one) for one in found])


def _row(one: Scored) -> dict[str, object]:
    known = one.values[~np.isnan(one.values)]
    quantiles = np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95], method="nearest") if len(known) else [math.nan] * 5
    pattern, test = one.pattern, one.test
    names = ("q05", "q25", "median", "q75", "q95")
    return {
        "pattern": pattern.key, "name": pattern.name, "test": test.title, "measure": test.measure, "unit": test.unit,
        "low": test.low, "high": test.high, "over": test.over, "value": one.value, "verdict": one.verdict,
        "input": pattern.input_of(test), "use": pattern.use, "strength": pattern.strength, "runs": len(known),
        **dict(zip(names, map(float, quantiles), strict=True)), "source": pattern.source,
    }  # fmt: skip
