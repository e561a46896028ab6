"""P18: what housing companies owe and what their houses are worth, years later, in money of the day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.questions.validate.measuring.worlds import Array, Worlds
from experiments.reporting.tracks.prices import consumer_prices

FIRST, LAST = 2012, 2023  # the years between which the sources compare


def inflation() -> float:
    """Consumer prices of the last year over those of the first: the model's money has no inflation."""
    index = consumer_prices()
    return index[LAST] / index[FIRST]


def debt_stays(worlds: Worlds) -> Mapping[str, float]:
    """P18. Housing companies' debt a flat and loan-to-value after eleven years."""
    siloed = worlds.siloed
    return after_years(siloed.companies, siloed.model.world.year0)


def after_years(companies: Array, year0: int) -> dict[str, float]:
    """At the end of 2023: nominal debt a flat over that of 2012, and over the value a flat of 2012.

    companies : debt and value (SEK without inflation) and flats of each company by quarter (quarters, 3, m).
    """
    first, last = (4 * (year - year0 + 1) - 1 for year in (FIRST, LAST))
    if first < 0 or last >= len(companies):
        return dict.fromkeys(("debt", "loan_to_value"), np.nan)
    before, after = (companies[quarter].sum(axis=1) for quarter in (first, last))
    if not (before > 0.0).all() or not after[2] > 0.0:
        return dict.fromkeys(("debt", "loan_to_value"), np.nan)
    owed = inflation() * after[0] / after[2]
    return {"debt": owed / (before[0] / before[2]), "loan_to_value": owed / (before[1] / before[2])}
