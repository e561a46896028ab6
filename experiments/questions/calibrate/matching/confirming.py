"""The new default: of members that fit in all, near the middle, the one that holds up best at full size.

A region at a tenth shows renovations, energy, rents and moves as the whole does; training comes in whole places and
tenders in whole lots, and signs need many runs. So the few candidates for the default are measured again, larger and
oftener, on every test of every pattern that may be fitted, and scored as the scoreboard does. What is kept for
checking stays out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.validate.measuring.patterns import NOTHING, Pattern, load_patterns
from experiments.questions.validate.measuring.score import counts, score
from sim import Levers

Array = NDArray[Any]


def patterns_to_fit(levers: Levers | None = None) -> tuple[Pattern, ...]:
    """All patterns marked for fitting, without those whose numbers these levers make an input."""
    known = levers or Levers()
    return tuple(pattern for pattern in load_patterns() if pattern.use == "fit" and pattern.under(known) is pattern)


def everything_measured(patterns: Sequence[Pattern]) -> tuple[Target, ...]:
    """What is measured for these patterns, signs and shares of runs too; the ranges are the scoreboard's affair."""
    names = [p.measure_of(test) for p in patterns for test in p.tests if test.measure != NOTHING]
    return tuple(Target(name, -np.inf, np.inf, 0.0, 0.0) for name in dict.fromkeys(names))


def points_for(patterns: Sequence[Pattern], names: Sequence[str], runs: Array) -> float:
    """What a point's runs (seeds x measures) score: a point for each test passed, half a point for near."""
    found = counts(score(patterns, pd.DataFrame(runs, columns=list(names))))
    return found["pass"] + 0.5 * found["near"]


def confirmed(
    members: pd.DataFrame, rows: Sequence[int], parameters: Sequence[str], patterns: Sequence[Pattern],
    simulate: Callable[[Array], Array],
) -> pd.DataFrame:  # fmt: skip
    """The members with ``middle`` moved to the candidate that scores best at full size; the nearer to the middle where
    several do. ``simulate`` gives points x seeds x what ``everything_measured`` names."""
    names = [target.name for target in everything_measured(patterns)]
    runs = simulate(members[list(parameters)].to_numpy(np.float64)[list(rows)])
    best = int(np.argmax([points_for(patterns, names, one) for one in runs]))
    return members.assign(middle=(np.arange(len(members)) == rows[best]).astype(int))
