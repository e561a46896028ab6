"""From patterns and the plan to what points are matched with: the measures that a calibration fits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.questions.calibrate.matching.implausibility import CUT_OFF, Target
from experiments.questions.calibrate.matching.plan import Plan, load_plan
from experiments.questions.validate.measuring.patterns import NOTHING, Pattern, Test, load_patterns
from sim import Levers, SamspelError
from sim.errors import unknown


def fitted_patterns(names: Sequence[str] = (), levers: Levers | None = None) -> tuple[Pattern, ...]:
    """The patterns of these names as they stand with these levers, or those of the plan without those whose numbers
    the levers make an input. Raises SamspelError for a name that does not exist or a pattern that is only ever looked
    at afterwards."""
    as_known = {pattern.key: pattern for pattern in load_patterns()}
    known = {key: pattern.under(levers or Levers()) for key, pattern in as_known.items()}
    chosen = names or [key for key in planned(load_plan()) if known[key] is as_known[key]]
    for name in chosen:
        if name not in known:
            raise unknown("pattern", name, known, "--patterns")
        if known[name].use != "fit":
            fits = ", ".join(key for key, pattern in known.items() if pattern.use == "fit")
            raise SamspelError(f"--patterns: {name} is kept for checking only; expected among: {fits}")
        if known[name] is not as_known[name]:
            needed = " and ".join(f"{lever}={value}" for lever, value in known[name].evidence_where.items())
            raise SamspelError(f"--patterns: {name} is put into the model; expected --set {needed}, where it emerges")
    return tuple(known[name] for name in chosen)


def names_of(patterns: Sequence[Pattern]) -> tuple[str, ...]:
    """All that is measured for these patterns, each once, in their order."""
    names = [p.measure_of(test) for p in patterns for test in p.tests if test.measure != NOTHING]
    return tuple(dict.fromkeys(names))


def planned(plan: Plan) -> tuple[str, ...]:
    """The patterns that the plan fits, in the order of its measures."""
    return tuple(dict.fromkeys(name.partition(".")[0] for name in plan.discrepancy))


def targets_of(patterns: Sequence[Pattern], plan: Plan | None = None) -> tuple[Target, ...]:
    """Their measures that the plan gives a discrepancy, in the patterns' order. Raises SamspelError where none is
    left."""
    known = (plan or load_plan()).discrepancy
    found = [
        _target(pattern.measure_of(test), test, known[pattern.measure_of(test)].sd)
        for pattern in patterns
        for test in pattern.tests
        if pattern.measure_of(test) in known and test.scored and test.over != "share"
    ]
    if not found:
        keys = ",".join(pattern.key for pattern in patterns)
        raise SamspelError(f"--patterns {keys}: the plan gives none of their measures a discrepancy; nothing to fit")
    return tuple(found)


def _target(name: str, test: Test, sd: float) -> Target:
    """The range, and what lies exactly three standard deviations of the discrepancy outside of it."""
    low, high = (-math.inf if test.low is None else test.low), (math.inf if test.high is None else test.high)
    below, above = (0.0 if end is None else CUT_OFF * sd for end in (test.low, test.high))
    return Target(name, low, high, below, above)
