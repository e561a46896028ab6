"""P20: what joint buying does to prices, in calm and in hot markets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.building import in_calm
from experiments.questions.validate.measuring.worlds import Worlds
from sim.inputs.parameters import Parameters

FEWEST = 5  # lots; twins differ by some 4 points from lot to lot, so that the mean of five is known to within 2


def cheaper_in_calm(worlds: Worlds) -> Mapping[str, float]:
    """P20. What joint lots cost against the same houses as their owners' own lots in the same quarter, before the same
    firms: in calm quarters, and there less than in hot ones, in points."""
    return calm_and_hot(worlds.regional.model.tenders(), worlds.parameters)


def calm_and_hot(tenders: pd.DataFrame, p: Parameters) -> dict[str, float]:
    """The relative price of joint lots, mean by flats, percent; NaN where fewer than five lots tell.

    tenders : as a model with twins tells them. What drew no bid, jointly or as own lots, has no price.
    """
    lots = tenders[tenders["joint"] & tenders["price_per_flat"].notna() & tenders["own_price_per_flat"].notna()]
    change = 100.0 * (lots["price_per_flat"] / lots["own_price_per_flat"] - 1.0)
    calm, hot = in_calm(lots, p), lots["other_demand"] > (1.0 + p.boom_demand) / 2.0
    level, heated = (_mean(change[some], lots["flats"][some]) for some in (calm, hot))
    return {"calm_less_hot": level - heated, "calm": level}


def _mean(values: pd.Series[float], flats: pd.Series[int]) -> float:
    return float(np.average(values, weights=flats)) if len(values) >= FEWEST else float("nan")
