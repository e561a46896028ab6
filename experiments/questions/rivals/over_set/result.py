"""What rival rules did to findings over the set: in which share of it each has its sign, and what each rule adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.analysis.pairs import mean_of_known
from experiments.analysis.weighted import side_of, turned_in
from experiments.design.members import Members
from experiments.engine.results import Results
from experiments.questions.rivals.over_set.plan import members_in, rivalries_in
from experiments.questions.rivals.result import Combinations, default_outcomes
from experiments.reporting.over_set import Over, over_members
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.summary import Headline
from sim import SamspelError

Array = NDArray[Any]
Rule = tuple[str, str]  # a rivalry and one of its rules
Told = Literal["own rules", "holds", "may turn", "turns", "not known"]

SURE = 0.9  # share of resamples of the members from which on a rule is said to turn a finding, or to leave it


@dataclass(frozen=True)
class Under:
    """One finding under one combination of rules. over: share of the set, median and range; of an outcome in which
    neither more nor less is better, the share is that in which it is raised. side: +1 or -1 as it is above or below
    zero in more than half of the set; moved: what the combination adds to the model's own rules, member by member, None
    for these; opposite: whether it lies on the other side than under them; turned_in: in which share of resamples of
    the members it does."""

    over: Over
    side: int
    moved: Interval | None = None
    opposite: bool = False
    turned_in: float = 0.0

    @property
    def told(self) -> Told:
        """What becomes of the finding, in a word."""
        if self.moved is None:
            return "own rules"
        if not self.over.members or np.isnan(self.turned_in):
            return "not known"
        if self.opposite and self.turned_in >= SURE:
            return "turns"
        return "may turn" if self.opposite or self.turned_in > 1.0 - SURE else "holds"


@dataclass(frozen=True)
class Finding:
    """One quantity, one arm minus the other. under: it under every combination, as the points are ordered; mean: over
    members, of each one's mean over all combinations."""

    quantity: Quantity
    under: tuple[Under, ...]
    mean: Interval

    @property
    def own(self) -> Under:
        """Under the model's own rules."""
        return self.under[0]


@dataclass(frozen=True)
class RivalsOver(Combinations):
    """Findings under them over the set. on, off: the arms whose difference, on minus off, a finding is."""

    findings: tuple[Finding, ...]
    members: Members
    on: str
    off: str

    @cached_property
    def alone(self) -> dict[Rule, int]:
        """Of each rule the place of the combination in which it alone replaces the model's own; of these, the first."""
        own, found = self.points[0], {}
        for name, rules in self.rules.items():
            for rule in rules:
                found[name, rule] = self.points.index({**own, name: rule})
        return found

    @property
    def rivals(self) -> list[Rule]:
        """All rules that are not the model's own."""
        return [(name, rule) for name, rules in self.rules.items() for rule in rules[1:]]

    def under(self, finding: Finding, rule: Rule) -> Under:
        """A finding where this rule alone replaces the model's own."""
        return finding.under[self.alone[rule]]

    def told(self, finding: Finding, word: Told) -> list[Rule]:
        """The rivals of which this is told, each alone."""
        return [rule for rule in self.rivals if self.under(finding, rule).told == word]

    @property
    def source(self) -> str:
        """Region, size and years, and over what it was run: for the foot of a figure."""
        made = self.results.made
        each = f", {made.replicates} replicates each" * (made.replicates > 1)
        return f"{made.title}, {len(self.members)} of {self.members.of} members of the set{each}"

    def table(self) -> pd.DataFrame:
        """One row a quantity and combination."""
        rows = []
        for finding in self.findings:
            quantity = {"outcome": finding.quantity.name, "unit": finding.quantity.unit_of_difference}
            for point, under in zip(self.points, finding.under, strict=True):
                rows.append(quantity | dict(point) | _as_data(finding.quantity, under))
        return pd.DataFrame(rows)


def read(folder: Path) -> RivalsOver:
    """What stored results of rivals over the set hold. Raises SamspelError."""
    results = Results(folder)
    members = members_in(results.made.options)
    if members is None:
        raise SamspelError(f"{folder}: was not run over the set; expected results of samspel rivals --over set")
    combinations = len(results.points) // len(members)
    records = results.points[rivalries_in(results.made.options)].iloc[:combinations].to_dict("records")
    points = tuple({str(name): str(rule) for name, rule in record.items()} for record in records)
    names = results.made.options["outcome"] or default_outcomes()
    findings = (finding_of(results, one, members.weights) for one in quantities_of(names, results.made.flats))
    on = results.focus or results.baseline
    return RivalsOver(results, points, tuple(findings), members, on, results.baseline)


def finding_of(results: Results, quantity: Quantity, weights: Array) -> Finding:
    """What the focus minus the baseline comes to in a quantity, combination by combination over the members."""
    by_point = results.pairs(quantity.of(results.runs)).by_point()
    return found_in(quantity, by_point.reshape(len(weights), -1).T, weights)


def found_in(quantity: Quantity, samples: Array, weights: Array) -> Finding:
    """The same from differences by combination, the model's own rules first, and member."""
    judged = quantity if quantity.better else replace(quantity, better=1)
    own, under = samples[0], []
    for place, row in enumerate(samples):
        over, side = over_members(judged, row, weights), side_of(row, weights)
        if not place:
            under.append(Under(over, side))
            continue
        known = ~np.isnan(row) & ~np.isnan(own)
        opposite = side_of(row[known], weights[known]) * side_of(own[known], weights[known]) < 0
        moved = over_members(judged, row - own, weights).over
        under.append(Under(over, side, moved, opposite, turned_in(own, row, weights)))
    mean = over_members(judged, mean_of_known(samples, axis=0), weights).over
    return Finding(quantity, tuple(under), mean)


def headline(found: RivalsOver) -> Headline:
    """The first quantity over the set, in each member the mean over all combinations that were run: its median, with
    the ends between which nine tenths of the set lie."""
    first = found.findings[0]
    return Headline.of(first.quantity.name, first.mean, first.quantity.unit_of_difference, first.quantity.better)


def adds(found: RivalsOver) -> dict[str, Any]:
    """For summary.json: the combinations, and each finding under each of them, with the rules that turn it alone."""
    return {
        "arms": [found.on, found.off],
        "over": {**found.members.about(), "worth_of_equal_weight": found.members.effective},
        "possible_combinations": found.possible,
        "combinations": [dict(point) for point in found.points],
        "findings": [
            {
                "account": one.quantity.name,
                "unit": one.quantity.unit_of_difference,
                "better": one.quantity.better,
                "turned_by": _rules(found.told(one, "turns")),
                "may_be_turned_by": _rules(found.told(one, "may turn")),
                "under": [_as_data(one.quantity, under) for under in one.under],
            }
            for one in found.findings
        ],
    }


def _rules(rules: Sequence[Rule]) -> list[dict[str, str]]:
    return [{"rivalry": name, "rule": rule} for name, rule in rules]


def _as_data(quantity: Quantity, under: Under) -> dict[str, Any]:
    over, moved = under.over, under.moved
    raised = over.wins if quantity.better >= 0 else 1.0 - over.wins - over.ties
    return {
        "members": over.members, "share_better": over.wins if quantity.better else None, "share_raised": raised,
        "no_difference": over.ties, "median": over.over.mean, "low_90": over.over.low, "high_90": over.over.high,
        "moved_median": None if moved is None else moved.mean, "moved_low_90": None if moved is None else moved.low,
        "moved_high_90": None if moved is None else moved.high,
        "turned_in": None if moved is None else under.turned_in, "told": under.told,
    }  # fmt: skip
