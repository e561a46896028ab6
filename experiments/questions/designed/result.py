"""What a design of one's own found: the levels of all arms, and what one arm adds to another over all points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from experiments.analysis.intervals import Interval, interval
from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results
from experiments.reporting.accounts import ACCOUNTS, HEADLINE, stored
from experiments.reporting.numbers import headlines
from experiments.reporting.quantity import Quantity, quantities_of, quantity_of
from experiments.reporting.summary import Headline

Array = NDArray[Any]


@dataclass(frozen=True)
class Designed:
    """The results of a design. outcomes: headline outcomes, means of the last year."""

    results: Results
    outcomes: tuple[Quantity, ...]

    @property
    def points(self) -> int:
        """How many points there are; 1 where nothing varies but the arms."""
        return self.results.made.stages[""].points

    def levels(self, quantity: Quantity, arm: str) -> list[Interval]:
        """A quantity in one arm at each point, over replicates."""
        return [interval(row) for row in self._samples(quantity, arm)]

    def level(self, quantity: Quantity, arm: str) -> Interval:
        """The same over all points."""
        return over_points(self._samples(quantity, arm))

    def difference(self, quantity: Quantity) -> Interval:
        """What the focus adds to the baseline, over all points."""
        return over_points(self.results.pairs(quantity.of(self.results.runs)).difference)

    def _samples(self, quantity: Quantity, arm: str) -> Array:
        return self.results.levels(quantity.of(self.results.runs), arm)


def over_points(values: Array) -> Interval:
    """Means over points with an interval over replicates; values: points × replicates. A replicate that is not known at
    every point is left out; where none is known at every point, the mean of what is known, without an interval."""
    by_replicate = values.mean(axis=0)
    if not np.isnan(by_replicate).all():
        return interval(by_replicate)
    known = mean_of_known(mean_of_known(values, axis=1), axis=0)
    return Interval(float(known), np.nan, np.nan, int((~np.isnan(values)).any()))


def read(folder: Path) -> Designed:
    """What stored results of a design hold. Raises SamspelError."""
    results = Results(folder)
    return Designed(results, quantities_of(headlines(), results.made.flats))


def main_quantity(designed: Designed) -> Quantity:
    """What the headline is about: society's account where arms are compared, or else the first headline outcome."""
    if designed.results.focus is None:
        return designed.outcomes[0]
    return quantity_of(HEADLINE.name, designed.results.made.flats)


def main_value(designed: Designed) -> Interval:
    """The headline's number, over all points."""
    quantity = main_quantity(designed)
    if designed.results.focus is None:
        return designed.level(quantity, designed.results.baseline)
    return designed.difference(quantity)


def headline(designed: Designed) -> Headline:
    """The focus minus the baseline over all points, or with one arm a level."""
    quantity = main_quantity(designed)
    unit = quantity.unit if designed.results.focus is None else quantity.unit_of_difference
    return Headline.of(quantity.name, main_value(designed), unit, quantity.better)


def verdicts(designed: Designed) -> dict[str, Any]:
    """For summary.json: what varies, and over all points the levels of headline outcomes in each arm and what all
    accounts differ by."""
    results = designed.results
    levels = [
        {"outcome": one.name, "unit": one.unit, "arms": {arm: _plain(designed.level(one, arm)) for arm in results.arms}}
        for one in designed.outcomes
    ]
    about: dict[str, Any] = {"varied": list(results.varied), "points": designed.points, "levels": levels}
    if results.focus is None:
        return about | {"arms": list(results.arms)}
    accounts = [account.name for account in stored(ACCOUNTS, results.runs.columns)]
    differences = [
        {"account": one.name, "unit": one.unit_of_difference, **_plain(designed.difference(one))}
        for one in quantities_of(accounts, results.made.flats)
    ]
    return about | {"arms": [results.focus, results.baseline], "accounts": differences}


def _plain(value: Interval) -> dict[str, float]:
    return {"mean": value.mean, "low": value.low, "high": value.high}


def places_along(designed: Designed) -> tuple[str, Sequence[float]]:
    """Where points stand along an axis: at the value of the one number that varies, or else by their number; with the
    name of the setting, empty for numbers."""
    points = designed.results.points
    if len(points.columns) == 1 and is_numeric_dtype(points.iloc[:, 0]):
        return str(points.columns[0]), [float(value) for value in points.iloc[:, 0]]
    return "", [float(number) for number in range(1, designed.points + 1)]
