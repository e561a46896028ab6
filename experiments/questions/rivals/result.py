"""What rival rules did to the findings: the difference between two arms under every combination of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval, interval
from experiments.analysis.pairs import mean_of_known
from experiments.analysis.signs import Switches, Verdict, sign, switches, verdict
from experiments.engine.results import Results
from experiments.reporting.accounts import asked_accounts
from experiments.reporting.numbers import headlines
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.summary import Headline

Array = NDArray[Any]
Points = Sequence[Mapping[str, str]]

SIGNS = "signs.csv"
BY_CHANCE = 0.05  # share of intervals of nothing that exclude zero
# What happens only while something is built is read over all years: in the last one there may be no tender.
WHILE_BUILDING = ("moves_caused", "price_index", "bids_per_tender")


@dataclass(frozen=True)
class Finding:
    """One quantity, one arm minus the other. each: the interval under every combination, as the points are ordered;
    by_rule: that of the mean over all combinations with a rule, by rivalry and rule, or, where one rule was replaced
    at a time, with it and otherwise the model's own; moved: what
    replacing the model's own rule alone by a rival adds to it, mean over all combinations where both were run; mean:
    over all."""

    quantity: Quantity
    each: tuple[Interval, ...]
    by_rule: Mapping[str, Mapping[str, Interval]]
    mean: Interval
    moved: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)

    @property
    def signs(self) -> list[int]:
        """+1 or -1 where a combination decides it, else 0."""
        return [sign(value) for value in self.each]

    @property
    def verdict(self) -> Verdict:
        """Whether it holds, leans, flips, or is open."""
        return verdict(self.signs)

    @property
    def rare(self) -> bool:
        """Whether it is decided so rarely that chance may do it, or nowhere."""
        return sum(map(bool, self.signs)) <= BY_CHANCE * len(self.each)

    @property
    def told(self) -> str:
        """Its verdict in words and figures: open too where chance may do it."""
        return "open" if self.rare else self.verdict

    def share(self, way: int) -> float:
        """The share of combinations with this sign."""
        return self.signs.count(way) / len(self.each)


@dataclass(frozen=True)
class Combinations:
    """Combinations of rival rules that were run. points: what each sets, the first the model as it stands."""

    results: Results
    points: tuple[Mapping[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The rivalries."""
        return tuple(self.points[0])

    @property
    def rules(self) -> dict[str, tuple[str, ...]]:
        """The rules of each rivalry that were run, the model's own first."""
        return rules_in(self.points)

    @property
    def possible(self) -> int:
        """How many combinations of these rules there are."""
        return combinations_of(self.points)

    @property
    def whole(self) -> bool:
        """Whether every combination was run."""
        return len(self.points) == self.possible


@dataclass(frozen=True)
class Rivals(Combinations):
    """Findings under them. on, off: the arms whose difference, on minus off, a finding is."""

    findings: tuple[Finding, ...]
    on: str
    off: str

    def switches(self, finding: Finding) -> list[Switches]:
        """What replacing each rule alone does to a finding's sign, by rivalry."""
        return [switches(self.points, finding.signs, name) for name in self.names]

    def table(self) -> pd.DataFrame:
        """All differences: one row a quantity and combination."""
        rows = []
        for finding in self.findings:
            quantity = {"outcome": finding.quantity.name, "unit": finding.quantity.unit_of_difference}
            for point, value in zip(self.points, finding.each, strict=True):
                told = {"difference": value.mean, "low": value.low, "high": value.high, "sign": sign(value)}
                rows.append(quantity | dict(point) | told)
        return pd.DataFrame(rows)


def default_outcomes() -> tuple[str, ...]:
    """Every account that questions look at, society first, and the headline outcomes at the end or over all years."""
    accounts = (account.name for account in asked_accounts())
    return (*accounts, *(f"mean_{name}" if name in WHILE_BUILDING else name for name in headlines()))


def read(folder: Path) -> Rivals:
    """What stored results of rivals hold. Raises SamspelError."""
    results = Results(folder)
    records = results.points.to_dict("records")
    points = tuple({str(name): str(rule) for name, rule in record.items()} for record in records)
    names = results.made.options["outcome"] or default_outcomes()
    on = results.focus or results.baseline
    findings = (finding_of(results, points, quantity) for quantity in quantities_of(names, results.made.flats))
    return Rivals(results, points, tuple(findings), on, results.baseline)


def rules_in(points: Points) -> dict[str, tuple[str, ...]]:
    """By rivalry, the rules that some point has, in the order of the points."""
    return {name: tuple(dict.fromkeys(point[name] for point in points)) for name in points[0]}


def combinations_of(points: Points) -> int:
    """How many combinations there are of the rules that some point has."""
    return prod(len(rules) for rules in rules_in(points).values())


def finding_of(results: Results, points: Points, quantity: Quantity) -> Finding:
    """What the focus minus the baseline comes to in a quantity, under every combination and by rule."""
    pairs = results.pairs(quantity.of(results.runs))
    samples = pairs.difference

    def mean(chosen: Array) -> Interval:
        return interval(mean_of_known(samples[chosen], axis=0))

    own = points[0]
    whole = len(points) == combinations_of(points)
    alone = np.array(
        [whole or point == own for point in points]
    )  # otherwise an own rule's mean is over rivals of others
    by_rule = {
        name: {
            rule: mean(np.array([point[name] == rule for point in points]) & (alone if rule == own[name] else True))
            for rule in rules
        }
        for name, rules in rules_in(points).items()
    }
    moved = {name: {rule: _moved(samples, points, name, rule) for rule in rules[1:]}
             for name, rules in rules_in(points).items()}  # fmt: skip
    return Finding(quantity, tuple(pairs.intervals()), by_rule, mean(np.full(len(points), True)), moved)


def _moved(samples: Array, points: Points, name: str, rule: str) -> Interval:
    """What a rule adds where it alone takes the place of the model's own, which the first point has. samples : the
    finding by combination and replicate."""
    places = {tuple(sorted(point.items())): place for place, point in enumerate(points)}
    own = points[0][name]
    both = [
        (place, places.get(tuple(sorted((dict(point) | {name: own}).items()))))
        for place, point in enumerate(points)
        if point[name] == rule
    ]
    apart = [samples[place] - samples[other] for place, other in both if other is not None]
    return interval(mean_of_known(np.array(apart), axis=0))


def headline(found: Rivals) -> Headline:
    """The mean of the first quantity over all combinations that were run."""
    first = found.findings[0]
    return Headline.of(first.quantity.name, first.mean, first.quantity.unit_of_difference, first.quantity.better)


def adds(found: Rivals) -> dict[str, Any]:
    """For summary.json: the combinations, and each finding's verdict and its sign under each of them."""
    return {
        "arms": [found.on, found.off],
        "possible_combinations": found.possible,
        "combinations": [dict(point) for point in found.points],
        "findings": [_as_data(finding) for finding in found.findings],
    }


def _as_data(finding: Finding) -> dict[str, Any]:
    return {
        "account": finding.quantity.name,
        "unit": finding.quantity.unit_of_difference,
        "better": finding.quantity.better,
        "verdict": finding.verdict,
        "rare": finding.rare,
        "moved": {
            name: {rule: {"mean": one.mean, "low": one.low, "high": one.high} for rule, one in rules.items()}
            for name, rules in finding.moved.items()
        },
        "mean": {"mean": finding.mean.mean, "low": finding.mean.low, "high": finding.mean.high},
        "raised_in": finding.share(1),
        "lowered_in": finding.share(-1),
        "signs": finding.signs,
    }
