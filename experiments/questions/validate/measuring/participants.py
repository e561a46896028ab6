"""P17: what a coached placement does for those who had one, against the same households in the twin without clauses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.jobs import FEWEST, NAN
from experiments.questions.validate.measuring.worlds import Array, Worlds
from sim.rules.training import Programme

YEAR = 4
SPAN = 6 * YEAR  # quarters that people are followed
NAMES = ("first_year", "years_five_six", "others_first_year", "others_years_five_six", "person_years")


def fading(worlds: Worlds) -> Mapping[str, float]:
    """P17. In work in the first year after a coached placement and in the fifth and sixth, those who had one less the
    same households without clauses (percentage points), these households by themselves (shares), and person-years
    more within six years."""
    who, over = _participants(worlds)
    return followed(worlds.clauses.at_work, worlds.siloed.at_work, who, over)


def followed(with_place: Array, without: Array, who: Array, over: Array) -> dict[str, float]:
    """The same from a bit for each household of 2011 at work (quarters, bytes), in a run with clauses and its twin.

    who : households (n,). over : the quarter after their place (n,).
    """
    if len(who) < FEWEST:
        return dict.fromkeys(NAMES, NAN)
    quarters = over[:, None] + np.arange(SPAN)
    others = work_in(without, who, quarters)
    more = work_in(with_place, who, quarters) - others
    first, late = slice(0, YEAR), slice(SPAN - 2 * YEAR, SPAN)
    points = [100.0 * float(more[:, when].mean()) for when in (first, late)]
    shares = [float(others[:, when].mean()) for when in (first, late)]
    return dict(zip(NAMES, (*points, *shares, float(more.sum(axis=1).mean()) / YEAR), strict=True))


def _participants(worlds: Worlds) -> tuple[Array, Array]:
    places, households = worlds.clauses.events.places.frame(), worlds.clauses.model.residents.n
    return participants(places, households, 4 * worlds.years, worlds.parameters.placement_quarters)


def participants(places: pd.DataFrame, households: int, quarters: int, lasting: float) -> tuple[Array, Array]:
    """Households of 2011 (so many) that have had a coached placement, and the quarter in which it was over; those who
    can be followed for six years.

    places : as a model with events tells them. quarters : of the run; lasting : quarters that a placement takes.
    """
    over = places["start"] + round(lasting)
    first = places["household"] < households
    chosen = (places["kind"] == Programme.PLACEMENT) & places["coached"] & first & (over + SPAN <= quarters)
    return places.loc[chosen, "household"].to_numpy(), over[chosen].to_numpy()


def work_in(packed: Array, who: Array, quarters: Array) -> Array:
    """1 or 0 for each of these households (n,) in each of these quarters (n, t), from a bit a household at work."""
    byte, bit = who // 8, who % 8
    return np.asarray((packed[quarters, byte[:, None]] >> (7 - bit[:, None])) & 1, dtype=np.float64)
