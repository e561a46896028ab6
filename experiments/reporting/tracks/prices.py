"""Consumer prices, which money of the day and money of 2011 lie apart by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from sim.inputs.seeds_folder import seeds_folder
from sim.vocabulary import FIRST_YEAR


def prices_file() -> Path:
    """Consumer prices by year."""
    return seeds_folder() / "consumer_prices.csv"


@lru_cache(maxsize=1)
def consumer_prices() -> dict[int, float]:
    """The index by calendar year; only its ratios mean anything."""
    table = pd.read_csv(prices_file())
    return dict(zip(table["year"].astype(int), table["index"].astype(float), strict=True))


def real(amount: float, year: int) -> float:
    """Money of a year as money of 2011, which is what the model reckons in.

    >>> real(100.0, 2011)
    100.0
    """
    index = consumer_prices()
    return amount * index[FIRST_YEAR] / index[year]
