"""A region's tables as typed columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.injections import Injection
from sim.vocabulary import FIRST_YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def empty_in_turn(share: float, flats: int) -> Bools:
    """Which of so many flats are empty, a share of them spread evenly (flats,); one flat more moves none."""
    owed = np.floor(share * np.arange(flats + 1) + 0.5)
    return np.asarray(np.diff(owed) > 0.0)


@dataclass(frozen=True, eq=False)
class Named:
    """Columns of one table: entry i of every column belongs to name[i]."""

    name: tuple[str, ...]
    evidence: tuple[str, ...]
    source: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True, eq=False)
class Neighbourhoods(Named):
    """Rental estates of 1965-74 at the start, in file order. Shares are 0-1 and rows of share tables sum to 1.

    landlord_index is -1 where no flats are private. Buildings keep their size at every scale. x, y: where a place lies
    on a schematic map, all NaN where the table has no map.
    """

    municipality_index: Ints
    landlord_index: Ints
    flats: Ints
    municipal_flats: Ints
    municipal_buildings: Ints
    private_buildings: Ints
    municipal_share: Floats
    flats_per_building: Floats
    employment: Floats  # of ages 20-64
    foreign_background: Floats
    education_shares: Floats  # (n, 3): low, middle, high
    age_shares: Floats  # (n, 4): 20-29, 30-44, 45-64, 65 and over
    size_shares: Floats  # (n, 4): households of 1, 2, 3, 4 and more persons
    rent_sek_m2: Floats  # SEK/m2.year
    energy_kwh_m2: Floats  # kWh/m2.year
    flat_area_m2: Floats
    built_from: Ints
    built_to: Ints
    renovated_share: Floats
    satisfaction: Floats
    reputation: Floats
    image_work_2011: Bools
    empty_share: Floats  # of flats, in which nobody lives at the start
    calm: Floats  # 1 where nobody is less safe than elsewhere in the county
    x: Floats  # tiles from west to east
    y: Floats  # tiles from north to south

    @property
    def empty(self) -> Bools:
        """Which flats start empty, by flat in the order of neighbourhoods. Counts are exact to half a flat at every
        scale, and owners and buildings have their share."""
        return np.concatenate([empty_in_turn(share, n) for share, n in zip(self.empty_share, self.flats, strict=True)])

    @property
    def households(self) -> Ints:
        """Flats in which somebody lives at the start, by neighbourhood."""
        empty = [empty_in_turn(share, n).sum() for share, n in zip(self.empty_share, self.flats, strict=True)]
        return np.asarray(self.flats - np.array(empty, dtype=np.int64))

    @property
    def mapped(self) -> bool:
        """Whether the table says where places lie."""
        return bool(np.isfinite(self.x).all())

    @property
    def tiles_apart(self) -> Floats:
        """Distance between neighbourhoods as the crow flies, tiles (n, n); NaN where there is no map."""
        return np.hypot(self.x[:, None] - self.x[None, :], self.y[:, None] - self.y[None, :])

    @property
    def private_flats(self) -> Ints:
        """Flats of the private landlord."""
        return self.flats - self.municipal_flats


@dataclass(frozen=True, eq=False)
class Municipalities(Named):
    """Municipalities, each with a housing company and at least one neighbourhood."""

    municipal_tax: Floats
    county_tax: Floats
    company_loan_to_value: Floats  # NaN where the debt is told in SEK
    company_debt_sek: Floats  # to scale; NaN where it is told as a share of the value
    investment_slack_sek: Floats  # SEK/year, to scale
    assistance_share: Floats  # of people out of work
    drive: Floats
    courage: Floats
    civic_strength: Floats


@dataclass(frozen=True, eq=False)
class Builders(Named):
    """Building firms; workers are skilled, available to renovation of the estates, to scale."""

    municipality_index: Ints
    workers: Floats
    size: tuple[str, ...]  # large, medium, small


@dataclass(frozen=True, eq=False)
class Landlords(Named):
    """Private landlords; there may be none."""

    municipality_index: Ints
    required_yield: Floats  # real, share a year
    strategy: tuple[str, ...]  # hold, upgrade, resell
    debt_sek: Floats  # to scale; NaN where it is the usual share of the value


@dataclass(frozen=True)
class County:
    """The county around the estates; persons are to scale, shares are 0-1."""

    county_population: float
    county_labour_force: float
    construction_workers: float
    rest_employment: float
    rest_unemployment: float
    rest_foreign_background: float


@dataclass(frozen=True, eq=False)
class Region:
    """A region at its start.

    digest: names what the files say and the scale, however they were saved. start_year: the calendar year of the first
    quarter; money is SEK of 2011 whatever it is. notes: what was assumed to read them.
    """

    name: str
    title: str
    scale: float
    digest: str
    neighbourhoods: Neighbourhoods
    municipalities: Municipalities
    builders: Builders
    landlords: Landlords
    county: County
    start_year: int = FIRST_YEAR
    injections: tuple[Injection, ...] = ()  # of owners' owners, by the region's own table
    notes: tuple[str, ...] = ()

    @property
    def total_flats(self) -> int:
        """Flats in all neighbourhoods."""
        return int(self.neighbourhoods.flats.sum())

    @property
    def total_workers(self) -> float:
        """Skilled workers of all builders."""
        return float(self.builders.workers.sum())
