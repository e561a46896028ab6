"""Where the agent model and its aggregate benchmark part, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.pairs import Pairs
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

    agents: percentiles 5, 50 and 95 over replicates (3, years); aggregate: one number a year.
    """

    arm: str
    outcome: str
    agents: Array
    aggregate: Array
    first_year: int = FIRST_YEAR

    @property
    def years(self) -> Array:
        """The calendar years."""
        return np.asarray(self.first_year + np.arange(len(self.aggregate)))

    @property
    def outside(self) -> NDArray[np.bool_]:
        """The years in which the aggregate lies outside the agent model's middle 90 %."""
        return np.asarray((self.aggregate < self.agents[0]) | (self.aggregate > self.agents[2]))

    @property
    def gap(self) -> float:
        """Aggregate minus median of the agents in the last year."""
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
    first_year: int = FIRST_YEAR,
) -> list[Departure]:  # fmt: skip
    """Every outcome of every arm, and of every arm minus siloed (named "coordinated minus siloed").

    curves_by_arm: outcomes of the agent model by quarter, with a column `quarter` and, for more than one run, a column
    `replicate`; a replicate that one arm lacks is left out of the difference with its pair. aggregate: the benchmark's,
    by arm. first_year: the calendar year in which the runs start.
    """
    found: list[Departure] = []
    replicates = sorted({number for frame in curves_by_arm.values() for number in _replicates(frame)})
    for outcome in outcomes:
        agents = {arm: _yearly(frame, outcome, replicates) for arm, frame in curves_by_arm.items()}
        means = {arm: _yearly(aggregate[arm], outcome, [1])[0] for arm in curves_by_arm}
        found += [_departure(arm, outcome, agents[arm], means[arm]) for arm in curves_by_arm]
        for arm in [arm for arm in curves_by_arm if arm != BASELINE and BASELINE in curves_by_arm]:
            difference = Pairs(agents[arm], agents[BASELINE]).difference
            found.append(_departure(f"{arm}{MINUS}{BASELINE}", outcome, difference, means[arm] - means[BASELINE]))
    return [replace(one, first_year=first_year) for one in found]


def told(found: Sequence[Departure]) -> str:
    """Departures as Markdown: a sentence, then a list an arm."""
    parts = [
        "The same parameters as a few difference equations, without agents: one mean building, two owners, one labour "
        "market. Where the two agree, agents are not needed for the answer; where they part, buildings that differ, "
        "luck in tenders and people who move make the difference. Last year: "
        f"{found[0].years[-1]}; the agent model's median and, in brackets, the middle 90 % of its runs."
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
    return f"{measure.label}: {level}{band}; {where}."


def _label(arm: str) -> str:
    name, _, other = arm.partition(MINUS)
    label = NAMED_ARMS[name].label if name in NAMED_ARMS else name
    return f"{label}{MINUS}{other}" if other else label


def _departure(arm: str, outcome: str, agents: Array, aggregate: Array) -> Departure:
    factor = measure_of(outcome).factor
    return Departure(arm, outcome, np.nanpercentile(agents * factor, [5, 50, 95], axis=0), aggregate * factor)


def _replicates(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame["replicate"] if "replicate" in frame else pd.Series(1, index=frame.index)


def _yearly(frame: pd.DataFrame, outcome: str, replicates: list[int]) -> Array:
    """Yearly means, replicates x years, NaN for a replicate that failed; a quarter without a value takes the one
    before."""
    table = frame.assign(replicate=_replicates(frame)).pivot(index="replicate", columns="quarter", values=outcome)
    filled = table.ffill(axis=1).bfill(axis=1).reindex(replicates).to_numpy(np.float64)
    return np.asarray(filled.reshape(len(filled), -1, 4).mean(axis=2))
