"""People followed: who of the households of 2011 is at work, by calendar year or from a training place on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.questions.hindcast.episode.model import Measure, Over
from experiments.questions.hindcast.measuring.runs import Array, Span, StoredRuns
from experiments.questions.validate.measuring.participants import followed, participants, work_in
from sim.rules.training import Programme

YEAR = 4
NAN = float("nan")


def at_work(stored: StoredRuns, measure: Measure, arm: str, over: Over, span: Span) -> Array:
    """One number a run of the arm: the share at work (per cent) or its change, or person-years. Who is followed is told
    by the places of the measure's own arm: in another arm they are the same households, without their places."""
    places = stored.rows("places", measure.arm)
    found = []
    for bits, taken in zip(stored.at_work(arm), places, strict=True):
        who, start = _who(stored, taken, over, measure.years_after_place)
        found.append(_followed(bits, who, start, measure, span, stored) if len(who) else NAN)
    return np.where(stored.failed(arm) | stored.failed(measure.arm), NAN, np.array(found))


def _who(stored: StoredRuns, places: pd.DataFrame, over: Over, after: Span | None) -> tuple[Array, Array]:
    """Households, and the quarter from which each is followed."""
    everybody = stored.households
    chosen = places[places["household"] >= 0]
    if over.people == "took_a_coached_place":
        chosen = chosen[chosen["coached"] == 1]
    if over.kind is not None:
        chosen = chosen[chosen["kind"] == over.kind]
    taken = chosen["household"].unique()
    if over.people in (None, "of_2011"):
        return everybody, np.zeros_like(everybody)
    if over.people == "took_no_place":
        left = everybody[~np.isin(everybody, taken)]
        return left, np.zeros_like(left)
    if after is None:
        return taken, np.zeros_like(taken)
    first = chosen[chosen["end"] >= 0].groupby("household")["end"].min()
    first = first[first + YEAR * after[1] <= stored.made.quarters]  # whom the run follows to the end
    return first.index.to_numpy(), first.to_numpy()


def _followed(bits: Array, who: Array, start: Array, measure: Measure, span: Span, stored: StoredRuns) -> float:
    """The share of these households at work, put together as the measure says."""
    if measure.years_after_place is not None:
        begin, end = measure.years_after_place[0] - 1, measure.years_after_place[1]
    else:
        begin, end = span[0] - stored.first_year, span[1] - stored.first_year + 1
    quarters = start[:, None] + np.arange(YEAR * begin, YEAR * end)
    shares = work_in(bits, who, quarters).mean(axis=0)
    if measure.put_together == "sum":
        return float(shares.sum()) / YEAR
    if measure.put_together == "change":
        return 100.0 * float(shares[-YEAR:].mean() - shares[:YEAR].mean())
    return 100.0 * float(shares.mean())


def trial(stored: StoredRuns, name: str, arm: str, without: str) -> Array:
    """A measure of pattern P17 by its name: coached placements in an arm against the same households in its twin."""
    found = []
    runs = zip(
        stored.at_work(arm), stored.at_work(without), stored.rows("places", arm), stored.parameters(arm), strict=True
    )
    for with_place, twin, rows, p in runs:
        places = rows.assign(kind=[Programme[kind.upper()] for kind in rows["kind"]], coached=rows["coached"] == 1)
        places = places[places["household"] >= 0]
        who, over = participants(places, stored.made.flats, stored.made.quarters, p.placement_quarters)
        found.append(followed(with_place, twin, who, over)[name])
    return np.where(stored.failed(arm) | stored.failed(without), NAN, np.array(found))
