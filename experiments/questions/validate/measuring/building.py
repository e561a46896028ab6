"""P14 and P15: what works cost over time, and how many bid for them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.worlds import Worlds
from sim.inputs.parameters import Parameters

TWELVE_YEARS = 48
FEWEST = 10  # tenders; fewer tell nothing of a slope or a correlation


def learning_and_cycle(worlds: Worlds) -> Mapping[str, float]:
    """P14. How the price of awarded works goes with the winner's experience and with other construction."""
    awards = worlds.siloed.events.tenders()
    awards = awards[awards["awarded"] & (awards["quarter"] < TWELVE_YEARS)] if len(awards) else awards
    price = worlds.siloed.outcome("price_index")[3::4]
    spread = float(np.diff(np.log(price)).std()) if len(price) > 2 else np.nan
    if len(awards) < FEWEST:
        return {"slope_calm": np.nan, "cycle_less_experience": np.nan, "cycle": np.nan, "price_changes": spread}
    cost, units = np.log(awards["price"]), np.log2(1.0 + awards["experience"])
    calm = in_calm(awards, worlds.parameters)
    cycle, experience = correlation(cost, awards["other_demand"]), correlation(cost, units)
    return {
        "slope_calm": _slope(units[calm], cost[calm]),
        "cycle_less_experience": abs(cycle) - abs(experience),
        "cycle": cycle,
        "price_changes": spread,
    }


def in_calm(tenders: pd.DataFrame, p: Parameters) -> pd.Series[bool]:
    """Tenders while other construction is nearer to normal than to a boom or a slump."""
    demand = tenders["other_demand"]
    return demand.between((1.0 + p.slump_demand) / 2.0, (1.0 + p.boom_demand) / 2.0)


def correlation(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Pearson's correlation; 0 where one of them never changes."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _slope(x: pd.Series[float], y: pd.Series[float]) -> float:
    """Slope of a straight line through the points; NaN where there are too few or x never changes."""
    if len(x) < FEWEST or np.ptp(np.asarray(x)) < 1e-12:
        return float("nan")
    return float(np.polyfit(x, y, 1)[0])


def thin_competition(worlds: Worlds) -> Mapping[str, float]:
    """P15. Bids per tender, single bids, bids in hot markets, and joint lots against companies' own in calm ones."""
    tenders = worlds.siloed.events.tenders()
    if len(tenders) < FEWEST:
        return dict.fromkeys(("bids", "single", "shortage", "joint_bids", "joint_price"), np.nan)
    by_quarter = tenders.groupby("quarter")[["bids", "shortage"]].mean()
    together = worlds.regional.events.tenders()
    joint, own = (x[in_calm(x, worlds.parameters)] for x in (together[together["joint"]], tenders))
    enough = min(len(joint), len(own)) >= FEWEST
    price = np.log(joint["price"].mean() / own["price"].mean()) if enough else np.nan
    return {
        "bids": float(tenders["bids"].mean()),
        "single": float((tenders["bids"] == 1).mean()),
        "shortage": correlation(by_quarter["bids"], by_quarter["shortage"]),
        "joint_bids": float(joint["bids"].mean() - own["bids"].mean()) if enough else np.nan,
        "joint_price": float(price),
    }
