"""P5, P6 and P13: who moves when houses are renovated, and what moving does to the area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.worlds import Array, World, Worlds
from sim.vocabulary import TOLD

HALF_YEAR, YEAR = 2, 4
TEN_YEARS = 40


def renovation_year(worlds: Worlds) -> Mapping[str, float]:
    """P5. An event study: moves in the four quarters around the start of works, less those of matched houses."""
    study = _Study(worlds.siloed)
    year = study.sums(study.start - HALF_YEAR, study.start + HALF_YEAR)
    before = study.sums(study.announced, study.start)
    window = study.sums(study.announced, study.finished + 1)
    later = study.sums(study.finished + 2 * YEAR, study.finished + 3 * YEAR)
    counts, caused = study.counted(study.start - HALF_YEAR, study.start + HALF_YEAR)
    return {
        "excess": study.mean(year),
        "before_start": ratio(study.total(before, window), study.total(window, before)),
        "caused": ratio(caused, counts),
        "third_year": study.mean(later),
    }


def ratio(top: float, bottom: float) -> float:
    """A ratio; NaN over zero."""
    return top / bottom if bottom else float("nan")


def gradient(worlds: Worlds) -> Mapping[str, float]:
    """P6. The odds of moving of the lowest against the highest income fifth in houses under renovation, the excess in
    private against municipal houses, and incomes where movers go, from renovated buildings against others."""
    study = _Study(worlds.siloed)
    year = study.sums(study.start - HALF_YEAR, study.start + HALF_YEAR)
    private = study.works["private"].to_numpy(bool)
    return {
        "odds_ratio": _odds_ratio(worlds.siloed, 1),
        "private_to_municipal": ratio(study.mean(year, private), study.mean(year, ~private)),
        "destination": _destination_gap(worlds.siloed.events.moves()),
    }


def _destination_gap(moves: pd.DataFrame) -> float:
    """Incomes where movers from buildings under renovation or just renovated go, less those where movers from other
    buildings of the same neighbourhoods go in the same years, over those of the neighbourhood that they leave."""
    # Incomes of a neighbourhood are a year's, so that a place and a year have one income where the move begins.
    change = moves["destination_income"] / moves["origin_income"] - 1.0
    at = [moves["origin"], moves["quarter"] // YEAR]
    sums = change.groupby([*at, moves["renovated"]]).agg(["mean", "size"]).unstack("renovated").dropna()
    if sums.empty or sums.shape[1] < 4:
        return float("nan")
    differs = sums[("mean", True)] - sums[("mean", False)]
    return float(np.average(differs, weights=sums[("size", True)]))


def _odds_ratio(world: World, disturbed: int) -> float:
    """Odds of moving within a year, lowest over highest fifth, in houses with (1) or without (0) works."""
    moves = world.events.moves()
    site = world.events.site[moves["quarter"], moves["building"]]
    there = np.isin(site, TOLD) == bool(disturbed)
    moved = np.bincount(moves["fifth"][there], minlength=5)
    at_risk = world.events.at_risk[:, disturbed].sum(axis=0)
    if not at_risk.all() or not moved.all():
        return float("nan")
    year = 1.0 - (1.0 - moved / at_risk) ** YEAR
    odds = year / (1.0 - year)
    return float(odds[0] / odds[-1])


class _Study:
    """Moves by quarter and building, less the rate of idle houses of the same neighbourhood and kind of owner.

    Houses count as controls again two years after their renovation. Sums over windows of quarters are NaN where a
    window reaches beyond the run.
    """

    def __init__(self, world: World) -> None:
        b, events = world.model.buildings, world.events
        self.works = events.works()
        self.announced, self.start, self.finished = (
            self.works[name].to_numpy(np.int64) for name in ("announced", "start", "finished")
        )
        self.building = self.works["building"].to_numpy(np.int64)
        self.flats = self.works["flats"].to_numpy(np.float64)
        moves = events.moves()
        self.moved, self.caused = (_grid(moves[mask], events.site.shape) for mask in (slice(None), moves["caused"]))
        idle = ~np.isin(events.site, TOLD)
        for building, finished in zip(self.building, self.finished, strict=True):
            idle[finished : finished + 2 * YEAR, building] = False
        group = 2 * b.neighbourhood + (b.owner >= len(world.model.municipalities))
        control = _rates(self.moved, idle * b.flats, group)
        excess = self.moved / b.flats - control
        self._summed = np.vstack([np.zeros((1, b.n)), np.cumsum(excess, axis=0)])

    def sums(self, first: Array, beyond: Array) -> Array:
        """Excess of each work's house from one quarter up to another, as a share of its flats."""
        last = len(self._summed) - 1
        inside = (first >= 0) & (beyond <= last)
        first, beyond = np.clip(first, 0, last), np.clip(beyond, 0, last)
        sums = self._summed[beyond, self.building] - self._summed[first, self.building]
        return np.where(inside, sums, np.nan)

    def counted(self, first: Array, beyond: Array) -> tuple[float, float]:
        """Moves, and moves caused by renovation, in all works' houses within windows."""
        steps = np.arange(int((beyond - first).max(initial=0)))
        quarter = first[:, None] + steps
        inside = (quarter >= 0) & (quarter < np.minimum(beyond, len(self.moved))[:, None])
        at = np.where(inside, quarter, 0), self.building[:, None]
        return float((self.moved[at] * inside).sum()), float((self.caused[at] * inside).sum())

    def mean(self, sums: Array, only: Array | None = None) -> float:
        """Mean over flats of the works whose window lies in the run."""
        known = ~np.isnan(sums) & (True if only is None else only)
        return float(np.average(sums[known], weights=self.flats[known])) if known.any() else float("nan")

    def total(self, sums: Array, other: Array) -> float:
        """Sum over flats of the works for which both are known."""
        known = ~np.isnan(sums) & ~np.isnan(other)
        return float((sums * self.flats)[known].sum()) if known.any() else float("nan")


def _grid(moves: pd.DataFrame, shape: tuple[int, ...]) -> Array:
    """Moves by quarter and building."""
    flat = np.bincount(moves["quarter"].to_numpy() * shape[1] + moves["building"].to_numpy(), minlength=np.prod(shape))
    return flat.reshape(shape).astype(np.float64)


def _rates(moved: Array, flats: Array, group: Array) -> Array:
    """Moves per flat by quarter among control flats of each building's group; of the whole region where there are
    none."""
    members = (group[None, :] == np.unique(group)[:, None]).astype(np.float64)
    counts, base = (moved * (flats > 0)) @ members.T, flats @ members.T
    everywhere = counts.sum(axis=1, keepdims=True) / np.maximum(base.sum(axis=1, keepdims=True), 1.0)
    rates = np.where(base > 0, counts / np.maximum(base, 1.0), everywhere)
    return np.asarray(rates @ members)


def selective(worlds: Worlds) -> Mapping[str, float]:
    """P13. The area's gap in employment to the rest of the county after ten years, how much of the gain of the people
    of 2011 the place keeps, and who moves out and in."""
    world = worlds.siloed
    place, people = world.outcome("employment"), world.outcome("employment_started_here")
    if len(place) <= TEN_YEARS:
        return {"gap": np.nan, "kept": np.nan, "out_less_in": np.nan}
    pool = world.model.world.pool
    elsewhere = worlds.region.county.rest_employment * world.elsewhere / pool.employed_start.sum()
    moved = world.outcome("out_mover_employment") - world.outcome("in_mover_employment")
    gains = place - place[0], people - people[0]
    return {
        "gap": float((elsewhere - place)[TEN_YEARS - YEAR : TEN_YEARS].mean()),
        "kept": float((gains[0] - 0.5 * gains[1])[TEN_YEARS - YEAR : TEN_YEARS].mean()),
        "out_less_in": float(np.nanmean(moved[:TEN_YEARS])),
    }
