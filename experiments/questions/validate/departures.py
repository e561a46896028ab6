"""Where the agent model and its aggregate benchmark part, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.pairs import Pairs
from experiments.analysis.weighted import weighted_interval
from experiments.design.arms import BASELINE, NAMED_ARMS, choose_arms
from experiments.reporting.numbers import decimals_for, measure_of, number
from sim import Levers, Parameters, Region, load_parameters
from sim.aggregate.model import aggregate_curves
from sim.vocabulary import FIRST_YEAR

Array = NDArray[Any]

SHOWN = (
    "renovated_share", "need_share", "energy_use", "rent", "employment", "programme_jobs", "satisfaction", "reputation",
    "price_index", "loan_to_value",
)  # fmt: skip
MINUS = " minus "


@dataclass(frozen=True)
class Departure:
    """One outcome of one arm (or of one arm minus siloed), yearly means in the units of its measure.

    agents: percentiles 5, 50 and 95 over replicates, or over members of the set (3, years); aggregate: one number a
    year, over the set the median. apart: the same percentiles of aggregate minus agents, member by member; None where
    all runs have the same parameters, and so the same aggregate.
    """

    arm: str
    outcome: str
    agents: Array
    aggregate: Array
    apart: Array | None = None
    first_year: int = FIRST_YEAR

    @property
    def years(self) -> Array:
        """The calendar years."""
        return np.asarray(self.first_year + np.arange(len(self.aggregate)))

    @property
    def outside(self) -> NDArray[np.bool_]:
        """The years in which the aggregate lies outside the agent model's middle 90 %; over the set, those in which it
        lies on one side of the agents in nine tenths of the members."""
        if self.apart is not None:
            return np.asarray((self.apart[0] > 0) | (self.apart[2] < 0))
        return np.asarray((self.aggregate < self.agents[0]) | (self.aggregate > self.agents[2]))

    @property
    def gap(self) -> float:
        """Aggregate minus agents in the last year: of the median of runs, or the median over members."""
        if self.apart is not None:
            return float(self.apart[1, -1])
        return float(self.aggregate[-1] - self.agents[1, -1])

    @property
    def since(self) -> int | None:
        """The year from which on the aggregate stays outside, if it does."""
        inside = np.flatnonzero(~self.outside)
        first = int(inside[-1]) + 1 if len(inside) else 0
        return int(self.years[first]) if first < len(self.aggregate) else None


def aggregate_by_arm(
    arms: Sequence[str], years: int, region: Region | None = None, parameters: Parameters | None = None,
    levers: Levers | None = None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """The benchmark's curves by arm, outcomes by quarter. Raises SamspelError for an arm that does not exist."""
    known = parameters or load_parameters()
    chosen = choose_arms(tuple(arms), {})
    return {arm.name: aggregate_curves(known, arm.collaboration(), years, region, levers) for arm in chosen}


def departures(
    curves_by_arm: Mapping[str, pd.DataFrame], aggregate: Mapping[str, pd.DataFrame], outcomes: Sequence[str] = SHOWN,
    first_year: int = FIRST_YEAR, weights: Array | None = None,
) -> list[Departure]:  # fmt: skip
    """Every outcome of every arm, and of every arm minus siloed (named "coordinated minus siloed").

    curves_by_arm: outcomes of the agent model by quarter, with a column `quarter` and, for more than one run, a column
    `replicate`; a replicate that one arm lacks is left out of the difference with its pair. aggregate: the benchmark's,
    by arm, and by `replicate` too where these are members of the set. first_year: the calendar year in which the runs
    start. weights: of members of the set, by their number from 1 on; None where all runs have the same parameters.
    """
    found: list[Departure] = []
    replicates = sorted({number for frame in curves_by_arm.values() for number in _replicates(frame)})
    for outcome in outcomes:
        agents = {arm: _yearly(frame, outcome, replicates) for arm, frame in curves_by_arm.items()}
        beside = [1] if weights is None else replicates
        means = {arm: _yearly(aggregate[arm], outcome, beside) for arm in curves_by_arm}
        share = None if weights is None else weights[np.array(replicates) - 1]
        found += [_departure(arm, outcome, agents[arm], means[arm], share) for arm in curves_by_arm]
        for arm in [arm for arm in curves_by_arm if arm != BASELINE and BASELINE in curves_by_arm]:
            difference = Pairs(agents[arm], agents[BASELINE]).difference
            without = means[arm] - means[BASELINE]
            found.append(_departure(f"{arm}{MINUS}{BASELINE}", outcome, difference, without, share))
    return [replace(one, first_year=first_year) for one in found]


def told(found: Sequence[Departure]) -> str:
    """Departures as Markdown: a sentence, then a list an arm."""
    over_set = found[0].apart is not None
    how = (
        "the median of each over members of the set that is not ruled out, weighted by fit, and in brackets the range "
        "of nine tenths of the set in the agent model. Both run with the parameters of the same member: they part "
        "where the benchmark lies on one side of the agents in nine tenths of the set"
        if over_set
        else "the agent model's median and, in brackets, the middle 90 % of its runs"
    )
    parts = [
        "The same parameters as a few difference equations, without agents: one mean building, two owners, one labour "
        "market. Where the two agree, agents are not needed for the answer; where they part, buildings that differ, "
        f"luck in tenders and people who move make the difference. Last year: {found[0].years[-1]}; {how}."
    ]
    for arm in dict.fromkeys(one.arm for one in found):
        parts.append(f"**{_label(arm)}**\n\n" + "\n".join(f"- {said(one)}" for one in found if one.arm == arm))
    return "\n\n".join(parts)


def said(one: Departure) -> str:
    """One departure in words."""
    measure = measure_of(one.outcome)
    low, median, high = one.agents[:, -1]
    places = decimals_for(max(high - low, abs(one.gap)))
    unit = measure.difference_unit if MINUS in one.arm else measure.unit
    level = f"{number(one.aggregate[-1], places)} against {number(median, places)} "
    band = f"({number(low, places)} to {number(high, places)}) {unit}".rstrip()
    where = "within the band in the last year" if one.since is None else f"outside the band from {one.since} on"
    if one.apart is not None:
        least, middle, most = (number(value, places, signed=True) for value in one.apart[:, -1])
        where = f"apart by {middle} ({least} to {most}) in a member, "
        where += "on either side in the last year" if one.since is None else f"on one side from {one.since} on"
    return f"{measure.label}: {level}{band}; {where}."


def _label(arm: str) -> str:
    name, _, other = arm.partition(MINUS)
    label = NAMED_ARMS[name].label if name in NAMED_ARMS else name
    return f"{label}{MINUS}{other}" if other else label


def _departure(arm: str, outcome: str, agents: Array, aggregate: Array, weights: Array | None) -> Departure:
    factor = measure_of(outcome).factor
    agents, aggregate = agents * factor, aggregate * factor
    if weights is None:
        return Departure(arm, outcome, np.nanpercentile(agents, [5, 50, 95], axis=0), aggregate[0])
    medians = _over_members(aggregate, weights)[1]
    return Departure(arm, outcome, _over_members(agents, weights), medians, _over_members(aggregate - agents, weights))


def _over_members(values: Array, weights: Array) -> Array:
    """Weighted ends of nine tenths of the members and the median between them, (3, years); members that failed, of
    which a year is not known (NaN), are left out."""
    known = ~np.isnan(values).any(axis=1)
    years = (weighted_interval(column, weights[known]) for column in values[known].T)
    return np.array([(one.low, one.mean, one.high) for one in years]).T


def _replicates(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame["replicate"] if "replicate" in frame else pd.Series(1, index=frame.index)


def _yearly(frame: pd.DataFrame, outcome: str, replicates: list[int]) -> Array:
    """Yearly means, replicates x years, NaN for a replicate that failed; a quarter without a value takes the one
    before."""
    table = frame.assign(replicate=_replicates(frame)).pivot(index="replicate", columns="quarter", values=outcome)
    filled = table.ffill(axis=1).bfill(axis=1).reindex(replicates).to_numpy(np.float64)
    return np.asarray(filled.reshape(len(filled), -1, 4).mean(axis=2))
