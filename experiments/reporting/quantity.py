"""What a question is asked about: a recorded outcome or an account, in units that a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.engine.runs import end_names
from experiments.reporting.accounts import ACCOUNT, UNIT, Account, check_name
from experiments.reporting.finding import Finding, Subject
from experiments.reporting.numbers import measure_of
from sim.errors import SamspelError, unknown

Array = NDArray[Any]


@dataclass(frozen=True)
class Quantity:
    """A number taken from each run. name: its column in the table of runs; factor: from there into `unit`, for levels;
    unit_of_difference: that of differences; better: +1 where more is better, -1 where less, 0 where open; curve: the
    outcome recorded by quarter that it is taken from, if there is one; account: what it is of, if it is."""

    name: str
    label: str
    unit: str
    unit_of_difference: str
    factor: float
    better: int
    curve: str | None
    account: Account | None = None

    @property
    def title(self) -> str:
        """The label with a capital letter, for headings."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def about(self) -> Subject:
        """What a sentence about a difference in it is about."""
        return self.account.about if self.account else Subject(self.title, judged=True)

    def finding(self, difference: Interval) -> Finding:
        """A difference in it, as found."""
        return Finding(difference, self.better, self.unit_of_difference)

    def of(self, runs: pd.DataFrame) -> Array:
        """The number, one a row; NaN where the run failed. Raises SamspelError where the table does not hold it."""
        if self.name not in runs:
            raise SamspelError(f'these results hold no "{self.name}"; expected those of this version: run them again')
        return np.asarray(runs[self.name].to_numpy(np.float64) * self.factor)


def quantity_of(name: str, flats: int) -> Quantity:
    """A recorded outcome (mean of the last year), `mean_NAME` (of all years), or an account `npv_NAME`: present
    value in thousand SEK a flat. Raises SamspelError where there is no such thing, or not any more."""
    check_name(name, "--outcome")
    known = (*ACCOUNT, *(end for end in end_names() if end not in ACCOUNT))
    if name not in known:
        raise unknown("outcome", name, known, "--outcome")
    if name.startswith("npv_"):
        account = ACCOUNT.get(name)
        label = account.label if account else name.removeprefix("npv_").replace("_", " ")
        return Quantity(name, label, UNIT, UNIT, 1e-3 / flats, 1, None, account)
    recorded = name.removeprefix("mean_")
    measure = measure_of(recorded)
    label = f"{measure.title[:1].lower()}{measure.title[1:]}" + (", all years" if recorded != name else "")
    unit, other = measure.unit, measure.difference_unit
    return Quantity(name, label, unit, other, measure.factor, measure.better, recorded)


def quantities_of(names: Iterable[str], flats: int) -> tuple[Quantity, ...]:
    """Several of them."""
    return tuple(quantity_of(name, flats) for name in names)
