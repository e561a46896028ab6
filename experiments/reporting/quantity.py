"""What a question is asked about: a recorded outcome, or a purse's account, in units that a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.reporting.numbers import PUBLIC, PURSES, measure_of, purse_label
from sim.errors import unknown

Array = NDArray[Any]

ACCOUNT = "kSEK a flat"
TOGETHER, RESOURCES = "npv_companies_and_public", "npv_resources_end_value"
TENANTS = "npv_resources_tenants_worth"
OWNERS = ("housing_companies", "private_landlords")

# Accounts that are sums of columns: owners with what their buildings are worth at the end, all that decide together,
# and society's own account with what all buildings are worth at the end, homes valued at their rent or, where they are
# of more than mini standard, at what those who live there would pay.
SUMS: dict[str, tuple[str, ...]] = {
    TOGETHER: ("npv_housing_companies", "npv_value_housing_companies", *(f"npv_{purse}" for purse in PUBLIC)),
    RESOURCES: ("npv_resources", *(f"npv_value_{owner}" for owner in OWNERS)),
    TENANTS: (
        "npv_resources",
        *(f"npv_value_{owner}" for owner in OWNERS),
        "npv_standard_surplus",
        "npv_value_standard_surplus",
    ),
    **{f"npv_{owner}_end_value": (f"npv_{owner}", f"npv_value_{owner}") for owner in OWNERS},
}
LABELS = {
    TOGETHER: "housing companies and public purses, with end value",
    RESOURCES: "real resources, with end value",
    TENANTS: "real resources, with end value, standards at their worth to tenants",
    **{f"npv_{owner}_end_value": f"{purse_label(owner)}, with end value" for owner in OWNERS},
}


@dataclass(frozen=True)
class Quantity:
    """A number taken from each run. parts: columns of the table of runs that are summed; factor: into `unit`, for
    levels; unit_of_difference: that of differences; better: +1 where more is better, -1 where less, 0 where open;
    curve: the outcome recorded by quarter that it is taken from, if there is one."""

    name: str
    label: str
    unit: str
    unit_of_difference: str
    factor: float
    parts: tuple[str, ...]
    better: int
    curve: str | None

    @property
    def title(self) -> str:
        """The label with a capital letter, for headings."""
        return self.label[:1].upper() + self.label[1:]

    def of(self, runs: pd.DataFrame) -> Array:
        """The number, one a row."""
        total: Array = np.sum([runs[part].to_numpy(np.float64) for part in self.parts], axis=0) * self.factor
        return total


def quantity_of(name: str, flats: int) -> Quantity:
    """A recorded outcome (mean of the last year), `mean_NAME` (of all years), or an account `npv_PURSE`: present
    value in thousand SEK a flat. Raises SamspelError where there is no such thing."""
    from experiments.engine.runs import end_names

    known = (*SUMS, *end_names())
    if name not in known:
        raise unknown("outcome", name, known, "--outcome")
    if name.startswith("npv_"):
        account = name.removeprefix("npv_")
        label = LABELS.get(name) or purse_label(account)
        return Quantity(name, f"{label}", ACCOUNT, ACCOUNT, 1e-3 / flats, SUMS.get(name, (name,)), 1, None)
    recorded = name.removeprefix("mean_")
    measure = measure_of(recorded)
    label = f"{measure.label[:1].lower()}{measure.label[1:]}" + (", all years" if recorded != name else "")
    unit, other = measure.unit, measure.difference_unit
    return Quantity(name, label, unit, other, measure.factor, (name,), measure.better, recorded)


def quantities_of(names: Iterable[str], flats: int) -> list[Quantity]:
    """Several of them."""
    return [quantity_of(name, flats) for name in names]


def purse_accounts() -> tuple[str, ...]:
    """The accounts of every purse, owners with the value of their buildings at the end, of those who decide
    together, and of real resources with the value of all buildings at the end, by rents and by tenants' worth."""
    purses = [purse for purse in PURSES if purse != "rest_of_world"]
    return (TOGETHER, RESOURCES, TENANTS, *(f"npv_{p}_end_value" if p in OWNERS else f"npv_{p}" for p in purses))
