"""What a comparison found: levels, paired differences, and what every account comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.breakeven import BreakEven, break_even
from experiments.analysis.intervals import Interval, interval
from experiments.analysis.pairs import Pairs
from experiments.analysis.value import Payback, cumulative, payback
from experiments.engine.results import Results
from experiments.reporting.accounts import ACCOUNT, ACCOUNTS, REST, UNIT, Account, stored
from experiments.reporting.finding import Finding, Verdict, verdict_of
from experiments.reporting.numbers import Measure, headlines, measure_of

Array = NDArray[Any]
PERSONS = ACCOUNT["npv_society_people"]


@dataclass(frozen=True)
class Row:
    """One outcome in two arms, in the units of its measure."""

    measure: Measure
    control: Interval
    treated: Interval
    difference: Interval

    @property
    def finding(self) -> Finding:
        """The difference as it is told and drawn."""
        return Finding(self.difference, self.measure.better, self.measure.difference_unit)

    @property
    def verdict(self) -> Verdict:
        """What can be said of the difference."""
        return self.finding.verdict

    @property
    def label(self) -> str:
        """The outcome's name; a flow of money is told apart from the present value of the same thing."""
        return self.measure.title


@dataclass(frozen=True)
class AccountRow:
    """One account in two arms. value: the difference of present values in SEK; payback: of its mean path, where its
    flows say all of it, with the number of replicates that pay back, of so many; break_even: additionality, where
    programme jobs are part of it."""

    account: Account
    value: Interval
    payback: Payback | None
    paid_back: int
    replicates: int
    break_even: BreakEven | None

    @property
    def verdict(self) -> Verdict:
        """What can be said of the difference."""
        return verdict_of(self.value, self.account.better)

    def finding(self, flats: int) -> Finding:
        """The difference as it is drawn, in thousand SEK a flat."""
        return Finding(self.value.scaled(1e-3 / flats), self.account.better, UNIT)


def outcome_rows(results: Results, on: str, off: str, prefix: str = "") -> list[Row]:
    """The headline outcomes, as means over the last year, or over all years with `prefix` "mean_"."""
    whole = _whole(results, on, off)
    rows = []
    for name in headlines():
        if prefix + name not in results.runs:
            continue
        measure = measure_of(name)
        found = results.pairs(results.runs[prefix + name].to_numpy(np.float64) * measure.factor, on, off)
        control, treated = (interval(values[0][whole]) for values in (found.off, found.on))
        rows.append(Row(measure, control, treated, found.intervals()[0]))
    return rows


def account_rows(results: Results, on: str, off: str) -> list[AccountRow]:
    """Every account that the results hold, as `told_accounts` orders them."""
    return [_account_row(results, account, on, off) for account in told_accounts(results)]


def told_accounts(results: Results) -> list[Account]:
    """The accounts that the results hold: society, its lines, and budgets, each owner's own view right after its cash,
    so that the one is not read without the other."""
    accounts = stored(ACCOUNTS, results.runs.columns)
    place = {account.name: index for index, account in enumerate(accounts)}
    return sorted(accounts, key=lambda account: place.get(account.cash, len(place)))


def bearers(rows: Sequence[AccountRow]) -> list[AccountRow]:
    """Those who may gain or pay: persons by all that they gain, owners in their own view, others by their cash. The
    rest of the world (employers, suppliers, banks) is where money comes from and goes to, not somebody to ask."""
    own = {row.account.cash for row in rows if row.account.kind == "closing"}
    # Residents' money is part of what persons gain.
    left_out = own | {REST.name, "npv_residents"}
    budgets = (row for row in rows if row.account.kind == "closing" or row.account.kind == "budget")
    shown = (row for row in budgets if row.account.kind == "closing" or row.account.name not in left_out)
    return [*(row for row in rows if row.account.name == PERSONS.name), *shown]


def account_values(results: Results, account: Account, on: str, off: str) -> Array:
    """What an account differs by, SEK of present value, one a replicate; NaN where a run of the pair failed."""
    return _values(results, [account.name], on, off)


def cumulative_difference(results: Results, account: Account, on: str, off: str) -> Array:
    """What an account's flows have added up to by the end of each year, discounted: replicates × years in SEK, of the
    pairs that did not fail."""
    whole = _whole(results, on, off)
    flows = [
        Pairs(*(results.quarterly(name, arm)[whole, :, 0] for arm in (on, off))).difference for name in account.flows
    ]
    return cumulative(np.sum(flows, axis=0), results.made.discount_rate)


def _values(results: Results, parts: Sequence[str], on: str, off: str) -> Array:
    total = np.sum([results.runs[part].to_numpy(np.float64) for part in parts], axis=0)
    return results.pairs(total, on, off).one


def _whole(results: Results, on: str, off: str) -> Array:
    """For each replicate, whether neither run of its pair failed."""
    went_well = np.where(results.runs["error"].isna(), 0.0, np.nan)
    return ~np.isnan(results.pairs(went_well, on, off).one)


def _account_row(results: Results, account: Account, on: str, off: str) -> AccountRow:
    values = account_values(results, account, on, off)
    rule = None
    if account.public:
        jobs, clause = (
            _values(results, [f"npv_{kind}_{budget}" for budget in account.public], on, off)
            for kind in ("jobs", "clause")
        )
        known = ~np.isnan(values)
        rule = break_even(values[known], jobs[known], clause[known])
    if not account.flows or not results.outcomes:
        return AccountRow(account, interval(values), None, 0, 0, rule)
    paths = cumulative_difference(results, account, on, off)
    paid = sum(payback(path).kind in ("year", "from the start") for path in paths)
    return AccountRow(account, interval(values), payback(paths.mean(axis=0)), paid, len(paths), rule)
