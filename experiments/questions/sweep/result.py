"""What a sweep found: the quantities along one or two settings, in all arms, and what coordination adds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.frontier import crossings
from experiments.analysis.intervals import Interval
from experiments.analysis.pairs import Pairs
from experiments.engine.dates import DATES
from experiments.engine.results import Results, yearly_means
from experiments.reporting.accounts import HEADLINE
from experiments.reporting.numbers import short
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.summary import Headline

Array = NDArray[Any]

DEFAULT_OUTCOMES = (
    HEADLINE.name, "npv_society_public", "renovated_share", "employment", "rent", "energy_use",
)  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """One setting and the values that it takes."""

    name: str
    values: tuple[float, ...]

    @property
    def digits(self) -> int:
        """Significant digits of a value in text: a year has one more than others, and one for between years."""
        return 5 if self.name in DATES else 3

    def told(self, value: float) -> str:
        """A value of it in text."""
        return f"{value:.{self.digits}g}" if self.name in DATES else short(value)


@dataclass(frozen=True)
class Swept:
    """A sweep: its results, axes (one or two), and quantities. The difference is between the arms `on` and `off`."""

    results: Results
    axes: tuple[Axis, ...]
    quantities: tuple[Quantity, ...]
    on: str
    off: str

    @property
    def arms(self) -> tuple[str, ...]:
        """All arms that ran."""
        return self.results.arms

    def samples(self, quantity: Quantity, arm: str) -> Array:
        """A quantity in one arm: points × replicates, NaN where a run failed."""
        return self.results.levels(quantity.of(self.results.runs), arm)

    def pairs(self, quantity: Quantity) -> Pairs:
        """What coordination adds, at every point, the first axis slowest."""
        return self.results.pairs(quantity.of(self.results.runs), self.on, self.off)

    def differences(self, quantity: Quantity) -> list[Interval]:
        """The same as means with intervals."""
        return self.pairs(quantity).intervals()

    def yearly(self, quantity: Quantity, arm: str) -> Array:
        """Yearly means of a recorded outcome in one arm: points × replicates × years, NaN where a run failed."""
        assert quantity.curve is not None
        return np.asarray(yearly_means(self.results.paths(quantity.curve, arm))[..., 0] * quantity.factor)


def read(folder: Path) -> Swept:
    """What stored results of a sweep hold. Raises SamspelError."""
    results = Results(folder)
    points = results.points
    axes = tuple(Axis(name, tuple(float(x) for x in dict.fromkeys(points[name]))) for name in results.varied)
    names = results.made.options["outcome"] or DEFAULT_OUTCOMES
    on = results.focus or results.baseline
    return Swept(results, axes, quantities_of(names, results.made.flats), on, results.baseline)


def headline(swept: Swept) -> Headline:
    """The first quantity at the middle point."""
    quantity = swept.quantities[0]
    found = swept.differences(quantity)
    return Headline.of(quantity.name, found[len(found) // 2], quantity.unit_of_difference, quantity.better)


def verdicts(swept: Swept) -> dict[str, Any]:
    """For summary.json: where the headline is read, and every quantity at every point with the values at which its mean
    crosses zero (along one setting)."""
    points = swept.results.points.to_dict("records")
    quantities = []
    for quantity in swept.quantities:
        found = swept.differences(quantity)
        about: dict[str, Any] = {"account": quantity.name, "unit": quantity.unit_of_difference}
        about["points"] = [
            dict(point) | {"mean": one.mean, "low": one.low, "high": one.high}
            for point, one in zip(points, found, strict=True)
        ]
        if len(swept.axes) == 1:
            means = [one.mean for one in found]
            about["turns_at"] = [crossing.at for crossing in crossings(swept.axes[0].values, means)]
        quantities.append(about)
    return {"arms": [swept.on, swept.off], "headline_at": points[len(points) // 2], "quantities": quantities}
