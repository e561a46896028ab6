"""P19: whether renovation comes estate by estate, the worst first, and how late against plan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.worlds import Array, Worlds
from sim.vocabulary import Site

WINDOW = 4  # years
ESTATES = 4  # that a company has at least: with fewer there is little to go through
FEWEST = 10  # houses begun by a company; fewer tell nothing of an order


def estate_by_estate(worlds: Worlds) -> Mapping[str, float]:
    """P19. How much closer a company's starts lie together by estate than in random order; whether estates in worst
    condition come first; how many years plans wait."""
    start, siloed = worlds.fresh(), worlds.siloed
    b = start.buildings
    houses = pd.DataFrame({"owner": b.owner, "estate": b.neighbourhood, "flats": b.flats, "condition": b.condition})
    houses = houses[houses["owner"] < len(start.municipalities)]
    wide = houses.groupby("owner")["estate"].nunique()
    names = [start.world.owners[row].name for row in wide.index[wide >= ESTATES]]
    found = together(houses, begun(siloed.events.site))
    return found | {"delay": delay(siloed.model.programmes(), names)}


def begun(site: Array) -> pd.DataFrame:
    """One row a start: the house (row) and the quarter in which it came to be on site. site : (quarters, houses)."""
    on = site == Site.ON_SITE
    new = on & ~np.vstack([np.zeros_like(on[:1]), on[:-1]])
    quarter, house = np.nonzero(new)
    return pd.DataFrame({"house": house, "quarter": quarter})


def together(houses: pd.DataFrame, starts: pd.DataFrame) -> dict[str, float]:
    """Concentration and order, means over companies by flats begun; NaN where no company has estates and starts enough.

    houses : owner, estate, flats and condition at the start, by house. starts : house and quarter.
    """
    found = []
    for _, mine in houses.groupby("owner"):
        begun_here = starts[starts["house"].isin(mine.index)].join(mine, on="house")
        if mine["estate"].nunique() >= ESTATES and len(begun_here) >= FEWEST:
            found.append((float(begun_here["flats"].sum()), concentration(begun_here, mine), order(begun_here, mine)))
    if not found:
        return dict.fromkeys(("concentration", "order"), np.nan)
    flats, close, first = (np.array(column) for column in zip(*found, strict=True))
    return {"concentration": _mean(close, flats), "order": _mean(first, flats)}


def concentration(starts: pd.DataFrame, houses: pd.DataFrame) -> float:
    """Chance that two flats of different houses begun within the same four years are of one estate, over the same
    chance with as many starts of the company's houses in random order.

    In random order any two houses are as likely to lie within four years, so that the mean over all orders is the
    chance for any two houses, and needs no draws.
    """
    year = starts["quarter"].to_numpy() // 4
    # Two years lie within so many windows of four years that hold them both.
    windows = np.maximum(WINDOW - np.abs(year[:, None] - year[None, :]), 0)
    return _of_one_estate(starts, windows) / _of_one_estate(houses)


def _of_one_estate(houses: pd.DataFrame, weights: Array | float = 1.0) -> float:
    """The chance for two flats of different rows, by weights (rows, rows)."""
    flats, estate = houses["flats"].to_numpy(np.float64), houses["estate"].to_numpy()
    pairs = np.outer(flats, flats) * weights
    np.fill_diagonal(pairs, 0.0)
    every = float(pairs.sum())
    return float(pairs[estate[:, None] == estate].sum()) / every if every > 0.0 else float("nan")


def order(starts: pd.DataFrame, houses: pd.DataFrame) -> float:
    """Rank correlation of estates' condition at the start with the mean quarter of their starts: 1 where the worst come
    first. Estates in which nothing was begun come last."""
    weighted = (houses["condition"] * houses["flats"]).groupby(houses["estate"]).sum()
    condition = weighted / houses["flats"].groupby(houses["estate"]).sum()
    when = starts.groupby("estate")["quarter"].mean().reindex(condition.index, fill_value=np.inf)
    if when.nunique() < 2 or condition.nunique() < 2:
        return 0.0
    return float(np.corrcoef(when.rank(), condition.rank())[0, 1])


def delay(programmes: pd.DataFrame, owners: list[str]) -> float:
    """Years that a planned flat waits: what these owners' yearly plans leave unbegun, over what is begun a year."""
    mine = programmes[programmes["owner"].isin(owners)]
    yearly = mine.groupby(["owner", "year"])[["planned_flats", "begun_flats"]].sum()
    left = (yearly["planned_flats"] - yearly["begun_flats"]).clip(lower=0.0).sum()
    began = yearly["begun_flats"].sum()
    return float(left / began) if began > 0.0 else float("nan")


def _mean(values: Array, weights: Array) -> float:
    known = ~np.isnan(values)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")
