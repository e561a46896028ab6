"""What a comparison found: levels, paired differences, and the accounts of every purse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.breakeven import BreakEven, break_even
from experiments.analysis.intervals import Interval, interval, paired
from experiments.analysis.value import Payback, cumulative, payback
from experiments.engine.results import Results
from experiments.reporting.numbers import PUBLIC, PURSES, Measure, headlines, measure_of

Array = NDArray[Any]

OWNERS = ("housing_companies", "private_landlords")


@dataclass(frozen=True)
class Row:
    """One outcome in two arms, in the units of its measure."""

    measure: Measure
    control: Interval
    treated: Interval
    difference: Interval

    @property
    def verdict(self) -> str:
        """One of "better", "worse", "changed" (neither is good), "no different", "identical" and "–"."""
        if self.difference.mean == 0 and not self.difference.high > 0:
            return "identical"
        if not self.difference.known:
            return "–"
        if not self.difference.distinguishable:
            return "no different"
        good = self.difference.mean * self.measure.better
        return "better" if good > 0 else "worse" if good < 0 else "changed"


@dataclass(frozen=True)
class PurseRow:
    """A purse's account, one arm less another: present value in SEK, payback of the mean path, and how many
    replicates pay back; break-even additionality for public purses and for companies with public purses."""

    name: str
    value: Interval
    payback: Payback | None
    paid_back: int
    break_even: BreakEven | None


def outcome_rows(results: Results, treated: str, control: str, prefix: str = "") -> list[Row]:
    """The headline outcomes, as means over the last year, or over all years with `prefix` "mean_"."""
    rows = []
    for name in headlines():
        if prefix + name not in results.runs:
            continue
        measure = measure_of(name)
        on, off = (results.ends(prefix + name, arm) * measure.factor for arm in (treated, control))
        rows.append(Row(measure, interval(off), interval(on), paired(on, off)))
    return rows


def purse_rows(results: Results, treated: str, control: str) -> list[PurseRow]:
    """Every purse; owners with the market value of their buildings at the end; housing companies and public purses
    together; real resources, alone, with the value of all buildings at the end, and with standards at their worth to
    tenants."""
    rows = [_purse_row(results, (purse,), purse, treated, control) for purse in PURSES]
    for owner in OWNERS:
        if f"npv_value_{owner}" in results.runs:
            value = value_difference(results, (owner, f"value_{owner}"), treated, control)
            rows.append(PurseRow(f"{owner}, end value", interval(value), None, 0, None))
    rows.append(_together(results, treated, control))
    if "npv_resources" in results.runs:
        value = value_difference(results, ("resources",), treated, control)
        rows.append(PurseRow("resources", interval(value), *_paid(results, ("resources",), treated, control), None))
        if "npv_value_private_landlords" in results.runs:
            ends = ("resources", *(f"value_{owner}" for owner in OWNERS))
            value = value_difference(results, ends, treated, control)
            rows.append(PurseRow("resources, end value", interval(value), None, 0, None))
            surplus = value_difference(results, ("standard_surplus", "value_standard_surplus"), treated, control)
            rows.append(PurseRow("resources, tenants' worth", interval(value + surplus), None, 0, None))
    return rows


def _together(results: Results, treated: str, control: str) -> PurseRow:
    """Housing companies and public purses as one, with what the companies' buildings are worth at the end: a renovation
    late in the run costs inside it and earns after it."""
    purses = ("housing_companies", *PUBLIC)
    row = _purse_row(results, purses, "companies and public", treated, control)
    if "npv_value_housing_companies" not in results.runs:
        return row
    value = value_difference(results, (*purses, "value_housing_companies"), treated, control)
    rule = break_even(value, *_job_values(results, PUBLIC, treated, control))
    return PurseRow("companies and public, end value", interval(value), None, 0, rule)


def value_difference(results: Results, accounts: tuple[str, ...], treated: str, control: str) -> Array:
    """Present-value difference in SEK, one a replicate, summed over accounts."""
    parts = [results.ends(f"npv_{name}", treated) - results.ends(f"npv_{name}", control) for name in accounts]
    total: Array = np.sum(parts, axis=0)
    return total


def cumulative_difference(results: Results, purses: tuple[str, ...], treated: str, control: str) -> Array:
    """Discounted cumulative difference in SEK: replicates × years, summed over purses."""
    names = [purse if purse == "resources" else f"net_{purse}" for purse in purses]
    flows = [results.quarterly(n, treated)[:, :, 0] - results.quarterly(n, control)[:, :, 0] for n in names]
    return cumulative(np.sum(flows, axis=0), float(results.manifest["discount_rate"]))


def _purse_row(results: Results, purses: tuple[str, ...], name: str, treated: str, control: str) -> PurseRow:
    value = value_difference(results, purses, treated, control)
    public = tuple(purse for purse in purses if purse in PUBLIC)
    rule = None
    if public:
        rule = break_even(value, *_job_values(results, public, treated, control))
    return PurseRow(name, interval(value), *_paid(results, purses, treated, control), rule)


def _job_values(results: Results, public: tuple[str, ...], treated: str, control: str) -> tuple[Array, Array]:
    """Present-value differences of what follows from work, and of what the programme reports."""
    jobs = value_difference(results, tuple(f"jobs_{purse}" for purse in public), treated, control)
    return jobs, value_difference(results, tuple(f"clause_{purse}" for purse in public), treated, control)


def _paid(results: Results, purses: tuple[str, ...], treated: str, control: str) -> tuple[Payback, int]:
    paths = cumulative_difference(results, purses, treated, control)
    each = [payback(path).kind in ("year", "from the start") for path in paths]
    return payback(paths.mean(axis=0)), sum(each)
