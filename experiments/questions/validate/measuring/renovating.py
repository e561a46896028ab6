"""P1 to P4: what renovation pays back in energy, how deep it goes, what it saves, and what it does to rents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.worlds import Worlds
from sim.rules import appraisal
from sim.rules.finance import growing_annuity
from sim.vocabulary import EnergyLevel, Standard

DISCOUNT = 0.045  # the middle of the sources' 4 to 5 % real
FASTEST = 0.03  # the fastest real growth of heat prices at which energy must still not pay
SINCE, UNTIL = 2011, 2022  # between the first quarters of these years the sources compare
LIGHT, MEDIUM, DEEP = "light", "medium", "deep"


def package(works: pd.DataFrame) -> pd.Series[str]:
    """Light is mini standard without energy measures, deep is deep energy, medium everything between."""
    light = (works["standard"] == Standard.MINI) & (works["energy_level"] == EnergyLevel.NONE)
    deep = works["energy_level"] == EnergyLevel.DEEP
    return pd.Series(np.select([light, deep], [LIGHT, DEEP], MEDIUM), works.index)


def energy_pays_little(worlds: Worlds) -> Mapping[str, float]:
    """P1. The present value of saved heat over the cost, and deep energy chosen for the sake of heat alone."""
    works = worlds.siloed.events.works()
    if works.empty:
        return {"below": np.nan, "deep_on_energy_alone": _deep_on_energy_alone(worlds)}
    saved = (works["energy_before"] - works["energy_after"]) * works["area"] * works["heat_price"]
    ratio = saved * float(growing_annuity(DISCOUNT, FASTEST, worlds.parameters.appraisal_horizon)) / works["cost"]
    return {"below": float((ratio < 0.30).mean()), "deep_on_energy_alone": _deep_on_energy_alone(worlds)}


def _deep_on_energy_alone(worlds: Worlds) -> float:
    """Share of all buildings of 2011 whose owner would choose deep energy if no rent could be raised for it."""
    p = worlds.parameters.replace({"heat_growth_belief": FASTEST})
    b = worlds.fresh().buildings
    owners = np.array([x.required_yield for x in worlds.fresh().owners])[b.owner]
    offer = appraisal.offer(worlds.fresh().world.rents_of(np.arange(b.n)), 1.0, p)
    unpaid = replace(offer, rent_rise=np.zeros_like(offer.rent_rise), later=np.zeros_like(offer.later))
    asked = np.maximum(owners, p.required_least)
    value = appraisal.own_value(unpaid, b.energy, b.area, b.condition, p.heat_price, asked, p)
    best = value.argmax(axis=1)
    worn = b.condition <= p.forced_condition
    deep = (appraisal.LEVELS[best] == EnergyLevel.DEEP) & ((value.max(axis=1) > 0.0) | worn)
    return float((deep * b.flats).sum() / b.flats.sum())


def _first_quarter(worlds: Worlds, year: int) -> int:
    """A calendar year's first quarter, counted from the start."""
    return 4 * (year - worlds.region.start_year)


def depth_is_rare(worlds: Worlds) -> Mapping[str, float]:
    """P2. Shares of the flats renovated by 2022."""
    works = worlds.siloed.events.works()
    works = works[works["finished"] < _first_quarter(worlds, UNTIL)]
    flats = works.groupby(package(works))["flats"].sum().reindex([LIGHT, MEDIUM, DEEP], fill_value=0)
    share = flats / flats.sum() if flats.sum() else flats * np.nan
    return {"deep": share[DEEP], "medium": share[MEDIUM]}


def stock_falls_slowly(worlds: Worlds) -> Mapping[str, float]:
    """P3. The change of mean energy use from 2011 to 2022, and renovation's part of it."""
    use = worlds.siloed.outcome("energy_use")
    first, end = (_first_quarter(worlds, year) for year in (SINCE, UNTIL))
    if first < 0 or end >= len(use):
        return {"change": np.nan, "renovation": np.nan}
    works = worlds.siloed.events.works()
    works = works[(works["finished"] >= first) & (works["finished"] < end)]
    saved = ((works["energy_before"] - works["energy_after"]) * works["area"] * works["flats"]).sum()
    b = worlds.fresh().buildings
    return {"change": use[end] / use[first] - 1.0, "renovation": saved / (b.energy * b.area * b.flats).sum()}


def rent_ladder(worlds: Worlds) -> Mapping[str, float]:
    """P4. Median rent rises by package, and the mean. The sources' top rung is as new: deep energy or maxi standard."""
    works = worlds.siloed.events.works()
    rise = works["rent_after"] / works["rent_before"] - 1.0
    kind = package(works).mask(works["standard"] == Standard.MAXI, DEEP)
    medians = rise.groupby(kind).median().reindex([LIGHT, MEDIUM, DEEP])
    mean = float(np.average(rise, weights=works["flats"])) if len(rise) else np.nan
    return {"light": medians[LIGHT], "medium": medians[MEDIUM], "deep": medians[DEEP], "mean": mean}
