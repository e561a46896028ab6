"""From stored runs to one number a run for each measure of an episode."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.questions.hindcast.episode.model import Measure, Over
from experiments.questions.hindcast.episode.units import per_factor
from experiments.questions.hindcast.episode.whats import ACCOUNTS, CURVES, PATTERN, PEOPLE, WHATS
from experiments.questions.hindcast.measuring.markets import in_market
from experiments.questions.hindcast.measuring.people import at_work, trial
from experiments.questions.hindcast.measuring.rows import from_rows
from experiments.questions.hindcast.measuring.runs import Array, Span, StoredRuns
from experiments.questions.hindcast.measuring.together import of_quarters, percent, ratio
from experiments.questions.validate.measuring.joint_buying import calm_and_hot

COMPARED: dict[str, Callable[[Array, Array], Array]] = {
    "difference": lambda one, other: one - other,
    "ratio": ratio,
    "percent": percent,
}


def measured(stored: StoredRuns, measure: Measure) -> Array:
    """The number of each run, or pair of runs, in the measure's unit; NaN where it cannot be told."""
    if measure.kind.source == PATTERN:
        return _pattern(stored, measure)
    found = _in_arm(stored, measure, measure.arm)
    if measure.against is not None:
        found = COMPARED[measure.by](found, _in_arm(stored, measure, measure.against))
    return found if measure.per is None else _each(stored, measure, found)


def level(stored: StoredRuns, measure: Measure, span: Span) -> Array:
    """What is measured over the same in the measure's own arm, in other years."""
    found = _number(stored, measure, measure.arm, measure.over, span)
    return found if measure.per is None else _each(stored, measure, found)


def _in_arm(stored: StoredRuns, measure: Measure, arm: str) -> Array:
    """One arm's number, against others in it where the measure says so."""
    span = span_of(stored, measure)
    found = _number(stored, measure, arm, measure.over, span)
    if measure.others is None:
        return found
    return COMPARED[measure.by](found, _number(stored, measure, arm, measure.others, span))


def span_of(stored: StoredRuns, measure: Measure) -> Span:
    """The first and last calendar year of a measure."""
    return (measure.year, measure.year) if measure.year is not None else measure.years or stored.span


def _number(stored: StoredRuns, measure: Measure, arm: str, over: Over, span: Span) -> Array:
    """Over some, in one arm: at the region's full size, in the unit of a level."""
    what, how = measure.kind, measure.put_together
    if what.source == ACCOUNTS:
        runs = stored.results.runs
        found = np.asarray(runs.loc[runs["arm"] == arm, what.name], np.float64) * what.factor
    elif what.source == PEOPLE:
        found = at_work(stored, measure, arm, over, span)
    elif what.source == CURVES:
        assert how is not None, "outcomes have years"
        found = of_quarters(_quarters(stored, what.name, arm, over), how, span, stored.first_year, what)
    else:
        assert how is not None, "so have rows"
        found = from_rows(stored, what, arm, over, how, span)
    return found / stored.scale if what.grows and how != "percent_change" else found


def _quarters(stored: StoredRuns, outcome: str, arm: str, over: Over) -> Array:
    """An outcome of an area by quarter; NaN in quarters of another market than that measured over."""
    kind, area = next(((k, v) for k, v in over.given.items() if k != "market"), ("region", None))
    values = stored.quarterly(outcome, arm, kind, area)
    if over.market is None:
        return values
    demand = stored.quarterly("construction_cycle", arm, "region", None)
    markets = [in_market(one, over.market, p) for one, p in zip(demand, stored.parameters(arm), strict=True)]
    return np.where(np.array(markets), values, np.nan)


def _each(stored: StoredRuns, measure: Measure, found: Array) -> Array:
    """For each flat measured over, or each training place more than in the arm that it is compared with."""
    places, municipal = WHATS["places.count"], {"municipality", "neighbourhood"}
    area = Over(**{key: value for key, value in measure.over.given.items() if key in municipal})
    if measure.per == "flat":
        number = of_quarters(_quarters(stored, "flats", measure.arm, area), "mean", (stored.first_year,) * 2,
                             stored.first_year, WHATS["flats"])  # fmt: skip
    else:
        number = from_rows(stored, places, measure.arm, area, "sum", stored.span)
        if measure.against is not None:
            number = number - from_rows(stored, places, measure.against, area, "sum", stored.span)
    return ratio(found, number / stored.scale) * per_factor(measure.kind.unit)


def _pattern(stored: StoredRuns, measure: Measure) -> Array:
    """A measure of a known pattern, by its name."""
    key, _, name = measure.what.partition(" ")
    if key == "P17":
        assert measure.against is not None, "a trial has two arms"
        return trial(stored, name, measure.arm, measure.against)
    runs = zip(stored.rows("tenders", measure.arm), stored.parameters(measure.arm), strict=True)
    found = [calm_and_hot(tenders.assign(joint=tenders["joint"] == 1), p)[name] for tenders, p in runs]
    return np.where(stored.failed(measure.arm), np.nan, np.array(found))
