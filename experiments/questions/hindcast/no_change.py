"""What a measure would be had nothing changed, and whether what was observed is a sign alone, more or less."""

from __future__ import annotations

import math
from typing import Literal

from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.episode.whats import CURVES, PATTERN, PEOPLE
from experiments.questions.hindcast.errors import interval
from experiments.questions.hindcast.measuring.measured import level, span_of
from experiments.questions.hindcast.measuring.runs import Array, StoredRuns

LEVELS = ("others_first_year", "others_years_five_six")  # of pattern P17: no differences

Beside = Literal["less wrong", "as wrong", "more wrong"]  # runs beside "no change"
BESIDE: tuple[Beside, ...] = ("less wrong", "as wrong", "more wrong")


def no_change(stored: StoredRuns, measure: Measure, weights: Array | None = None) -> float | None:
    """What a measure would be had nothing changed: no difference, no change over years, the level of the first year."""
    if measure.no_change is not None or measure.kind.source == PATTERN or _difference(measure):
        return _by_definition(measure)
    if measure.kind.source not in (CURVES, PEOPLE) or measure.years_after_place is not None:
        return None
    first, last = span_of(stored, measure)
    start = interval(level(stored, measure, (stored.first_year, stored.first_year)), weights)[1]
    found = start * (last - first + 1) if measure.put_together == "sum" else start
    return None if math.isnan(found) else found


def sign_of(measure: Measure) -> Literal[-1, 0, 1]:
    """+1 where all that was observed is that it is more than no change, -1 where it is less, else 0: a range with one
    end, which is no change itself. At most 0 of a difference is a drop, and no difference at all is none."""
    still = _by_definition(measure)
    if measure.observed is not None or still is None or (measure.low is None) == (measure.high is None):
        return 0
    if still == measure.low:
        return 1
    return -1 if still == measure.high else 0


def _by_definition(measure: Measure) -> float | None:
    """No change where no run is needed to say so; None where it is the level of the first year, or nothing."""
    if measure.no_change is not None:
        return measure.no_change
    if measure.kind.source == PATTERN:
        return None if measure.what.endswith(LEVELS) else 0.0
    if measure.compared:
        return 1.0 if measure.by == "ratio" else 0.0
    return 0.0 if _difference(measure) else None


def _difference(measure: Measure) -> bool:
    return measure.compared or measure.put_together in ("change", "percent_change")
