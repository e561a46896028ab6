"""What a comparison found: its results, which arms are compared with which, and the verdict as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.analysis.intervals import Interval, interval
from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, Row, account_rows, outcome_rows
from experiments.questions.compare.turns.result import Line, read_turns, turns_at
from experiments.questions.over.beside import verdict_then
from experiments.reporting.accounts import HEADLINE, UNIT
from experiments.reporting.quantity import quantity_of
from experiments.reporting.summary import Headline
from experiments.reporting.tracks import history
from experiments.reporting.tracks.history import History, history_of


@dataclass(frozen=True)
class Compared:
    """A comparison of arms: its results, and the headline along every setting that was varied in smaller runs."""

    results: Results
    turns: tuple[Line, ...] = ()

    @cached_property
    def history(self) -> History:
        """What was observed beside the baseline."""
        return history_of(self.results)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The arm that the comparison is about and the one that it is compared with; None with a single arm."""
        focus = self.results.focus
        return None if focus is None else (focus, self.results.baseline)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """All pairs that are told: every arm and the baseline, and the focus with arms that were given its money."""
        results = self.results
        if results.focus is None:
            return []
        others = [arm for arm in results.arms if arm != results.baseline]
        takers = [arm.name for arm in results.made.arms if arm.same_money_as == results.focus and arm.name in others]
        return [*((arm, results.baseline) for arm in others), *((results.focus, arm) for arm in takers)]


def read(folder: Path) -> Compared:
    """What stored results of a comparison hold. Raises SamspelError."""
    results = Results(folder)
    return Compared(results, read_turns(results))


def headline_interval(results: Results) -> Interval:
    """Society's account, kSEK a flat: the difference between focus and baseline, or with a single arm the level."""
    quantity = quantity_of(HEADLINE.name, results.made.flats)
    values = quantity.of(results.runs)
    if results.focus is None:
        return interval(results.levels(values, results.baseline)[0])
    return results.pairs(values).intervals()[0]


def headline(compared: Compared) -> Headline:
    """What society gains."""
    return Headline.of(HEADLINE.name, headline_interval(compared.results), UNIT, HEADLINE.better)


def verdicts(compared: Compared) -> dict[str, Any]:
    """For summary.json: the verdict over the set as it stood (not one of these runs), where the headline turns, every
    account and headline outcome for each pair of arms, and how runs hold what was observed."""
    results = compared.results
    comparisons = [
        {
            "arms": [on, off],
            "accounts": [_account(row, results) for row in account_rows(results, on, off)],
            "outcomes": [_outcome(row) for row in outcome_rows(results, on, off)],
        }
        for on, off in compared.pairs
    ]
    arms = list(compared.pair or results.arms)
    beside = verdict_then(results.made)
    return {
        "verdict": None if beside is None else beside.data(),
        "arms": arms,
        "turns_at": turns_at(compared.turns),
        "comparisons": comparisons,
        "observed": history.data(compared.history),
    }


def _account(row: AccountRow, results: Results) -> dict[str, Any]:
    """One account in kSEK a flat."""
    value = row.value.scaled(1e-3 / results.made.flats)
    about: dict[str, Any] = {"account": row.account.name, "label": row.account.label, "kind": row.account.kind}
    about |= {"unit": UNIT}
    about |= {"mean": value.mean, "low": value.low, "high": value.high, "verdict": row.verdict}
    if row.payback is not None:
        paid = row.payback
        year = results.made.first_year + paid.year if paid.kind == "year" and paid.year is not None else None
        about["payback"] = {"kind": paid.kind, "year": year, "paid_back": row.paid_back, "of": row.replicates}
    if row.break_even is not None:
        about["break_even"] = asdict(row.break_even)
    return about


def _outcome(row: Row) -> dict[str, Any]:
    """One headline outcome in the units of its measure."""
    value = row.difference
    about: dict[str, Any] = {"outcome": row.measure.name, "label": row.label, "unit": row.measure.difference_unit}
    levels = {"on": row.treated.mean, "off": row.control.mean}
    return about | {"mean": value.mean, "low": value.low, "high": value.high, "verdict": row.verdict, "levels": levels}
