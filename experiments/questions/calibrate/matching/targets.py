"""From patterns to what points are matched with: the measures that a calibration fits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.validate.measuring.patterns import Pattern, Test, load_patterns
from experiments.questions.validate.measuring.score import NEAR
from sim import Levers, SamspelError
from sim.errors import unknown

# What a region at a tenth shows as the whole county does: renovations, energy, rents, moves, prices, satisfaction.
# P4 only where rents follow cost: by use value its numbers are an input.
# Training (P7, P8, P10) comes in whole places and tenders (P15) in whole lots: those need --scale 1.
DEFAULT_PATTERNS = ("P2", "P3", "P4", "P5", "P14", "P16")


def fitted_patterns(names: Sequence[str] = (), levers: Levers | None = None) -> tuple[Pattern, ...]:
    """The patterns of these names as they stand with these levers, or the default ones without those whose numbers
    the levers make an input. Raises SamspelError for a name that does not exist or a pattern that is only ever looked
    at afterwards."""
    as_known = {pattern.key: pattern for pattern in load_patterns()}
    known = {key: pattern.under(levers or Levers()) for key, pattern in as_known.items()}
    chosen = names or [key for key in DEFAULT_PATTERNS if known[key] is as_known[key]]
    for name in chosen:
        if name not in known:
            raise unknown("pattern", name, known, "--patterns")
        if known[name].use != "fit":
            fits = ", ".join(key for key, pattern in known.items() if pattern.use == "fit")
            raise SamspelError(f"--patterns: {name} is kept for checking only; expected among: {fits}")
    return tuple(known[name] for name in chosen)


def targets_of(patterns: Sequence[Pattern]) -> tuple[Target, ...]:
    """Their tests of medians whose number emerges at least in part; what is an input needs no fitting, and signs and
    shares of runs judge an ensemble, not a point. Raises SamspelError where none is left."""
    found = [_target(pattern.measure_of(test), test) for pattern in patterns for test in pattern.tests
             if test.scored and test.over == "median" and pattern.input_of(test) != "yes"]  # fmt: skip
    if not found:
        raise SamspelError(
            f"--patterns {','.join(pattern.key for pattern in patterns)}: no test of a median that is not an input; "
            "there is nothing to fit"
        )
    return tuple(found)


def _target(name: str, test: Test) -> Target:
    """The range, and as tolerances where the scoreboard's "near" ends: 1.5 times beyond a bound."""
    low, high = (-math.inf if test.low is None else test.low), (math.inf if test.high is None else test.high)
    below = 0.0 if test.low is None else low - min(low / NEAR, low * NEAR)
    above = 0.0 if test.high is None else max(high / NEAR, high * NEAR) - high
    return Target(name, low, high, below, above)
