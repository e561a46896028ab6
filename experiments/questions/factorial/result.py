"""What a factorial found: how every quantity divides among practices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis import shapley as exact
from experiments.analysis.intervals import Interval
from experiments.engine.results import Results
from experiments.reporting.accounts import asked_accounts
from experiments.reporting.numbers import headlines
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.summary import Headline
from sim import SamspelError

Array = NDArray[Any]

SHARES = "shapley.csv"
KINDS = ("share", "first", "last")


@dataclass(frozen=True)
class Shares:
    """How one quantity divides among practices.

    share (Shapley value), first, last: one interval a practice; pairs: one a pair (None on the diagonal); total: of all
    practices together; order: the best one; steps: what each of its steps adds; means: of every combination against
    none, by bit mask (bit i: practice i takes part). Its replicates, `total.count`, are those in which every
    combination is known.
    """

    quantity: Quantity
    share: tuple[Interval, ...]
    first: tuple[Interval, ...]
    last: tuple[Interval, ...]
    pairs: tuple[tuple[Interval | None, ...], ...]
    total: Interval
    order: exact.Order
    steps: tuple[Interval, ...]
    means: Array

    @property
    def sign(self) -> int:
        """-1 where less is better, else +1: what the best order and the best combination are the highest of."""
        return -1 if self.quantity.better < 0 else 1

    @property
    def known(self) -> bool:
        """Whether there are intervals: with one replicate there are none."""
        return self.total.known

    def best(self, size: int | None = None) -> tuple[tuple[int, ...], float]:
        """The best combination of `size` practices, or of any number, by its mean: the practices' places, and what it
        comes to against none."""
        masks = [mask for mask in range(len(self.means)) if size is None or mask.bit_count() == size]
        best = max(masks, key=lambda mask: self.sign * float(self.means[mask]))
        return tuple(bit for bit in range(len(self.share)) if best >> bit & 1), float(self.means[best])


@dataclass(frozen=True)
class Factorial:
    """A factorial: its results, the practices (as settings) that share, and how each quantity divides among them.

    left_out: quantities that no replicate has a value of in every combination.
    """

    results: Results
    practices: tuple[str, ...]
    shares: tuple[Shares, ...]
    left_out: tuple[Quantity, ...]

    @property
    def partners(self) -> str:
        """Who is at the table, by the name of a preset."""
        return str(self.results.made.options["partners"])

    @property
    def accounts(self) -> tuple[Shares, ...]:
        """Of present values."""
        return tuple(shares for shares in self.shares if shares.quantity.curve is None)

    @property
    def outcomes(self) -> tuple[Shares, ...]:
        """Of what is recorded by quarter."""
        return tuple(shares for shares in self.shares if shares.quantity.curve is not None)

    def table(self) -> pd.DataFrame:
        """All shares: one row a quantity and practice."""
        rows: list[dict[str, Any]] = []
        for shares in self.shares:
            quantity = {"outcome": shares.quantity.name, "unit": shares.quantity.unit_of_difference}
            for place, name in enumerate(self.practices):
                row: dict[str, Any] = {**quantity, "practice": name}
                for kind in KINDS:
                    value: Interval = getattr(shares, kind)[place]
                    row |= {kind: value.mean, f"{kind}_low": value.low, f"{kind}_high": value.high}
                rows.append(row)
        return pd.DataFrame(rows)


def default_outcomes() -> tuple[str, ...]:
    """Every account that questions look at, society first, and the headline outcomes."""
    return (*(account.name for account in asked_accounts()), *headlines())


def read(folder: Path) -> Factorial:
    """What stored results of a factorial hold. Raises SamspelError, also where nothing can be shared out."""
    results = Results(folder)
    names = results.made.options["outcome"] or default_outcomes()
    quantities = quantities_of(names, results.made.flats)
    values = {quantity.name: combination_values(results, quantity) for quantity in quantities}
    shares = tuple(shares_of(quantity, values[quantity.name]) for quantity in quantities if values[quantity.name].size)
    if not shares:
        raise SamspelError(
            f"{folder}: no replicate has a value in every combination of practices (runs failed, or what was asked for "
            "did not occur); nothing can be shared out"
        )
    left_out = tuple(quantity for quantity in quantities if not values[quantity.name].size)
    return Factorial(results, results.varied, shares, left_out)


def combination_values(results: Results, quantity: Quantity) -> Array:
    """The quantity by combination (bit i: practice i takes part) × replicate. Sharing out needs every combination, so
    that a replicate in which one has no value, as its run failed, is left out."""
    points = results.points[list(results.varied)].to_numpy(np.int64)
    masks = (points << np.arange(points.shape[1])).sum(axis=1)
    if sorted(masks) != list(range(1 << points.shape[1])):
        raise SamspelError(f"{results.folder}: {len(masks)} combinations of {points.shape[1]} practices; not all")
    values = results.levels(quantity.of(results.runs), results.arms[0])[np.argsort(masks)]
    return np.asarray(values[:, ~np.isnan(values).any(axis=0)])


def shares_of(quantity: Quantity, values: Array) -> Shares:
    """How a quantity divides among the practices; values by combination × replicate."""
    together = exact.interactions(values)
    count = len(together)
    below = {(i, j): exact.bootstrap(together[i, j]) for i in range(count) for j in range(i)}
    pairs = tuple(tuple(below.get((max(i, j), min(i, j))) for j in range(count)) for i in range(count))
    means = values.mean(axis=1)
    order = exact.best_order((-1 if quantity.better < 0 else 1) * means)
    reached = np.cumsum([0, *(1 << player for player in order.players)])
    return Shares(
        quantity,
        _intervals(exact.shapley(values)),
        _intervals(exact.first(values)),
        _intervals(exact.last(values)),
        pairs,
        exact.bootstrap(values[-1] - values[0]),
        order,
        _intervals(np.diff(values[reached], axis=0)),
        means - means[0],
    )


def _intervals(samples: Array) -> tuple[Interval, ...]:
    return tuple(exact.bootstrap(one) for one in samples)


def headline(found: Factorial) -> Headline:
    """What all practices together do to the first quantity."""
    first = found.shares[0]
    return Headline.of(first.quantity.name, first.total, first.quantity.unit_of_difference, first.quantity.better)


def adds(found: Factorial) -> dict[str, Any]:
    """For summary.json: how every quantity divides among the practices."""
    return {
        "practices": list(found.practices),
        "partners": found.partners,
        "quantities": [_as_data(shares, found.practices) for shares in found.shares],
        "left_out": [quantity.name for quantity in found.left_out],
    }


def _as_data(shares: Shares, practices: Sequence[str]) -> dict[str, Any]:
    places = range(len(practices))
    return {
        "account": shares.quantity.name,
        "unit": shares.quantity.unit_of_difference,
        "better": shares.quantity.better,
        "replicates": shares.total.count,
        "together": _bounds(shares.total),
        "practices": {
            practices[place]: {kind: _bounds(getattr(shares, kind)[place]) for kind in KINDS} for place in places
        },
        "best_order": [practices[place] for place in shares.order.players],
    }


def _bounds(value: Interval) -> dict[str, float]:
    return {"mean": value.mean, "low": value.low, "high": value.high}
