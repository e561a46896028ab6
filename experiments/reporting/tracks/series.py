"""Which series were observed, and how a run tells the same: from which outcomes, in which money, against what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.reporting.numbers import shown_unit
from sim import OUTCOMES

Array = NDArray[Any]
Made = Callable[[Mapping[str, Array]], Array]

OF_THE_DAY = " of the day"  # ends a unit of money that consumer prices have not been taken out of


@dataclass(frozen=True)
class Series:
    """One observed series.

    unit: as in the table. outcomes: of the model, that it is made from, and made: how; with one outcome it is that.
    against_first: told as a ratio to the first observed year, since levels are of another stock or another kind.
    apart: why it cannot be compared with the model; such a series is kept and never scored.
    """

    name: str
    label: str
    unit: str
    outcomes: tuple[str, ...] = ()
    made: Made | None = None
    against_first: bool = False
    apart: str = ""

    @property
    def of_the_day(self) -> bool:
        """Whether it is money in prices of its year, which become those of 2011."""
        return self.unit.endswith(OF_THE_DAY)

    @property
    def outcome(self) -> str | None:
        """The outcome whose curve it can be drawn over; None where it is made from several."""
        return self.outcomes[0] if len(self.outcomes) == 1 else None

    @property
    def region_wide(self) -> bool:
        """Whether the model has it for the region alone: then that is what any place in the region is compared with."""
        levels = {outcome.level for outcome in OUTCOMES if outcome.name in self.outcomes}
        return "region" in levels

    @property
    def shown(self) -> tuple[str, float]:
        """The unit that a reader sees where runs and observations are compared, and the factor into it."""
        if self.against_first:
            return "first observed year = 1", 1.0
        unit, factor = shown_unit(self.unit.removesuffix(OF_THE_DAY))
        return unit + (" (2011)" if self.of_the_day else ""), factor

    def of(self, outcomes: Mapping[str, Array]) -> Array:
        """The series as runs have it, from the yearly means of its outcomes."""
        return outcomes[self.outcomes[0]] if self.made is None else self.made(outcomes)


def _value_a_flat(of: Mapping[str, Array]) -> Array:
    """Market value of housing companies, SEK a flat of theirs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(of["value_housing_companies"] / (of["flats"] * of["municipal_share"]))


def _debt_a_flat(of: Mapping[str, Array]) -> Array:
    """What housing companies owe, SEK a flat of theirs."""
    return np.asarray(of["loan_to_value"] * _value_a_flat(of))


def _begun_a_flat(of: Mapping[str, Array]) -> Array:
    """Flats begun in a year over all flats."""
    return np.asarray(of["begun_flats"] / of["flats"])


_VALUE = ("value_housing_companies", "flats", "municipal_share")

SERIES: tuple[Series, ...] = (
    Series("employment", "Employment of residents", "share of 20-64", ("employment",)),
    Series("energy_use", "Energy use", "kWh/m2.year", ("energy_use",)),
    Series("moves", "Moves out", "share/year", ("moves",)),
    Series("rent", "Rent", "SEK/m2.year of the day", ("rent",)),
    Series("company_value", "Companies' market value a flat", "SEK/flat of the day", _VALUE, _value_a_flat, True),
    Series("company_value_m2", "Companies' market value a m²", "SEK/m2 of the day", _VALUE, _value_a_flat, True),
    Series(
        "company_debt", "Companies' debt a flat", "SEK/flat of the day", ("loan_to_value", *_VALUE), _debt_a_flat, True
    ),
    Series("loan_to_value", "Companies' loan to value", "share", ("loan_to_value",)),
    Series("renovated_share", "Renovated so far", "share of flats", ("renovated_share",)),
    Series("need_share", "In need of renovation", "share of flats", ("need_share",)),
    Series("begun_share", "Begun in the year", "share of flats/year", ("begun_flats", "flats"), _begun_a_flat),
    Series("satisfaction", "Satisfaction, lived", "0-1", ("satisfaction",)),
    Series("calm", "Calm", "0-1", ("calm",)),
    Series("empty_share", "Empty flats", "share of flats", ("empty_share",)),
    Series("shortage", "Shortage of skilled hands", "share of firms", ("shortage",)),
    Series("heat_price", "Heat price", "SEK/kWh", ("heat_price",)),
    Series("contract_price", "Price of like works", "SEK/flat of the day", ("price_index",), None, True),
    Series(
        "employment_all", "Employment of all residents", "share of 20-64",
        apart="all residents, whatever they live in; the model has those of the estates",
    ),
    Series(
        "population", "Population", "persons",
        apart="the model has households of existing rental flats: no births, no new building, no other tenures",
    ),
    Series(
        "unemployment", "Open unemployment", "share of 16-64",
        apart="registered and seeking work; the model only knows who works and who does not",
    ),
    Series(
        "rent_round", "General rent rounds", "share/year of the day",
        apart="rises of flats that nothing was done to, which the model does not record apart",
    ),
    Series(
        "rent_all", "Rent of all rental flats", "SEK/m2.year of the day",
        apart="rental flats of all ages and places; the model has the estates",
    ),
    Series(
        "construction_cost", "Cost of building, inputs", "2015 = 100",
        apart="prices of materials, wages and machines, which know nothing of the market; the model has prices of bids",
    ),
    Series("tender_index", "Tenders of new buildings", "2015 = 1", apart="new building in all Sweden"),
    Series("bids", "Bids per tender", "bids", apart="all public purchases, or new building"),
    Series(
        "safety", "Residents who feel safe", "share",
        apart="a share of people; the model's calm is against the rest of the county (series calm)",
    ),
)  # fmt: skip

BY_NAME = {one.name: one for one in SERIES}
