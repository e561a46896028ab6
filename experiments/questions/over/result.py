"""Two arms over the set, as stored: the difference of every member in every account and headline outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.weighted import share_of
from experiments.design.kept_set import KeptSet
from experiments.engine.reading import read_csv
from experiments.engine.results import Results
from experiments.questions.over import worth
from experiments.questions.over.observed import STAGE as OBSERVED
from experiments.questions.over.points import DEFAULT, FURTHER
from experiments.questions.over.turns import result as turns
from experiments.questions.over.turns.result import Line, read_lines
from experiments.questions.over.verdict import Verdict, read_verdict
from experiments.questions.over.worth import Worths, worths_of
from experiments.reporting.accounts import HEADLINE
from experiments.reporting.over_set import Over, asked_quantities, data_of, differences_of, headlines_of
from experiments.reporting.quantity import Quantity
from experiments.reporting.summary import Headline
from experiments.reporting.tracks import history
from experiments.reporting.tracks.history import History, history_of

Array = NDArray[Any]

MEMBERS = "members.csv"


@dataclass(frozen=True)
class Distribution:
    """Two arms over the set.

    members: a row a point: its number (DEFAULT for the default parameters, which come first, and again at the end),
    weight (theirs is 0), what was varied, and the difference in every quantity. found: each quantity over the members.
    verdict: of the first one, as written; None where no member is known.
    """

    results: Results
    members: pd.DataFrame
    found: tuple[Over, ...]
    verdict: Verdict | None

    @property
    def arms(self) -> tuple[str, str]:
        """The arm in question and the one that it is compared with."""
        return str(self.results.focus), self.results.baseline

    @cached_property
    def turns(self) -> tuple[Line, ...]:
        """The first quantity along everything that was varied beside what members differ in."""
        return read_lines(self.results, self.members)

    @cached_property
    def worths(self) -> Worths | None:
        """What each study would be worth; worked out where it is asked for, as it takes some seconds."""
        return worths_of(self.results, self.members)

    @cached_property
    def history(self) -> History | None:
        """What was observed beside the baseline in the set; None where these results have no runs for it."""
        if OBSERVED not in self.results.made.stages:
            return None
        return history_of(self.results.at(OBSERVED), self.weight[: self.results.made.stages[OBSERVED].points])

    @property
    def weight(self) -> Array:
        """By point."""
        return self.members["weight"].to_numpy(np.float64)

    def differences(self, quantity: Quantity) -> Array:
        """By point, the default parameters first."""
        return self.members[quantity.name].to_numpy(np.float64)

    def default(self, quantity: Quantity) -> float:
        """The difference at the default parameters, in the mean of their runs."""
        return float(self.differences(quantity)[self.usual].mean())

    def rank(self, quantity: Quantity) -> float | None:
        """The share of the set whose difference lies below that at the default parameters."""
        return rank_of_default(self.differences(quantity), self.weight, self.usual)

    @property
    def usual(self) -> NDArray[np.bool_]:
        """Which points are the default parameters."""
        return np.asarray(self.members["member"].to_numpy() == DEFAULT)


def rank_of_default(differences: Array, weights: Array, usual: NDArray[np.bool_]) -> float | None:
    """The weighted share of the members whose difference lies below that of the default parameters (the points that
    are ``usual``, in their mean); None where it is not known, or no member is."""
    default = differences[usual].mean()
    members, weight = differences[~usual], weights[~usual]
    known = ~np.isnan(members)
    if np.isnan(default) or not weight[known].sum() > 0:
        return None
    return share_of(members[known] < default, weight[known])


def table_of_members(results: Results, known: KeptSet) -> pd.DataFrame:
    """The table of points with their differences."""
    count = len(results.points) - 1 - FURTHER
    weights = np.concatenate([[0.0], known.weight[:count], np.zeros(FURTHER)])
    numbers = np.concatenate([np.arange(DEFAULT, count + 1), np.full(FURTHER, DEFAULT)])
    keys = pd.DataFrame({"member": numbers, "weight": weights})
    quantities = asked_quantities(results.made.flats)
    differences = pd.DataFrame({one.name: differences_of(results, one) for one in quantities})
    return pd.concat([keys, results.points, differences], axis=1)


def over_of(results: Results, weights: Array) -> tuple[Over, ...]:
    """Every quantity over the members; the default parameters have no weight and do not count."""
    return tuple(headlines_of(results, asked_quantities(results.made.flats), weights))


def verdict_of(
    results: Results, members: pd.DataFrame, digest: Mapping[str, str], turns_at: Mapping[str, float]
) -> Verdict | None:
    """The verdict in society's account; None where no member is known. turns_at: by parameter, the value at which the
    odds are even, where that has been asked."""
    weights = members["weight"].to_numpy(np.float64)
    first, made = over_of(results, weights)[0], results.made
    if not first.members:
        return None
    return Verdict(
        account=first.quantity.name,
        share_better=first.wins,
        median=first.over.mean,
        low_90=first.over.low,
        high_90=first.over.high,
        rank_of_default=rank_of_default(
            members[first.quantity.name].to_numpy(np.float64), weights, members["member"].to_numpy() == DEFAULT
        ),
        turns_at=dict(turns_at),
        unit=first.quantity.unit_of_difference,
        members=first.members,
        arms=(str(results.focus), results.baseline),
        region=made.region.name,
        scale=made.region.scale,
        years=made.years,
        digest=dict(digest),
    )


def read(folder: Path) -> Distribution:
    """What stored results over the set hold. Raises SamspelError."""
    results, members = Results(folder), read_csv(folder / MEMBERS)
    found = over_of(results, members["weight"].to_numpy(np.float64))
    return Distribution(results, members, found, read_verdict(folder))


def headline(over: Distribution) -> Headline:
    """Society's account: the median over the set, with the ends between which nine tenths of it lie."""
    first = over.found[0]
    return Headline.of(HEADLINE.name, first.over, first.quantity.unit_of_difference, first.quantity.better)


def verdicts(over: Distribution) -> dict[str, Any]:
    """For summary.json: the verdict, and every quantity over the set with the default's place in it."""
    told = {
        name: one | {"default": over.default(here.quantity), "rank_of_default": over.rank(here.quantity)}
        for (name, one), here in zip(data_of(over.found).items(), over.found, strict=True)
    }
    verdict = None if over.verdict is None else over.verdict.model_dump(mode="json")
    more = {
        "turns": turns.data_of(over.turns),
        "information": worth.data_of(over.worths),
        "observed": None if over.history is None else history.data(over.history),
    }
    return {"arms": list(over.arms), "verdict": verdict, "members": over.found[0].members, "over_members": told} | more
