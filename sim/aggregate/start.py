"""A region boiled down to means: what the aggregate benchmark starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import Parameters, Region
from sim.rules.rivals.rents import RentRule

Array = NDArray[Any]


@dataclass(frozen=True)
class Start:
    """Means over the region's flats at the start. Arrays of two are housing companies and private landlords.

    first_year: the calendar year. renovated: share before it. worn and earlier: lowest and highest condition of flats
    not renovated by then, and of those that were. debt: SEK per flat of the owner's own where it is told in SEK, beside
    loan_to_value. hands: builders' skilled workers per flat; force: main earners of working age per flat.
    """

    flats: int
    first_year: int
    area: float
    rent: float
    energy: float
    built: float
    renovated: float
    worn: tuple[float, float]
    earlier: tuple[float, float]
    owners: Array
    required: Array
    loan_to_value: Array
    debt: Array
    hands: float
    county_hands: float
    force: float
    employment: float
    schooling: Array
    foreign: float
    persons: float
    satisfaction: float
    reputation: float
    image_work: float
    calm: float
    empty: float
    civic_strength: float
    municipal_tax: Array
    county_tax: Array
    assistance: float
    municipalities: int
    builders: int
    scale: float


def start_of(region: Region, p: Parameters, rule: RentRule) -> Start:
    """The means of a region; rule: what rents follow, for those of flats renovated before the start."""
    places, towns = region.neighbourhoods, region.municipalities
    flats = places.flats.astype(float)
    area, total = flats * places.flat_area_m2, flats.sum()
    # Empty flats count as lived in but for what they cost their owners.
    force = flats * (1.0 - places.age_shares[:, 3])
    municipal = float(places.municipal_flats.sum() / total)
    by_town = np.bincount(places.municipality_index, places.municipal_flats, minlength=len(towns))
    renovated = float((flats * places.renovated_share).sum() / total)
    spread = p.start_condition_spread / 2.0
    yields = region.landlords.required_yield
    ours = _owed(towns.company_loan_to_value, towns.company_debt_sek, by_town)
    theirs = _owed(np.full(len(yields), p.landlord_loan_to_value), region.landlords.debt_sek, _private(region))
    return Start(
        flats=int(total),
        first_year=region.start_year,
        area=float(area.sum() / total),
        rent=_mean(places.rent_sek_m2 + rule.earlier(places.rent_sek_m2, p) * places.renovated_share, area),
        energy=_mean(places.energy_kwh_m2, area),
        built=_mean((places.built_from + places.built_to) / 2.0, flats),
        renovated=renovated,
        worn=(p.start_condition - spread, p.start_condition + spread),
        earlier=(
            p.start_condition_renovated - p.start_renovated_to * p.condition_decline,
            p.start_condition_renovated - p.start_renovated_from * p.condition_decline,
        ),
        owners=np.array([municipal, 1.0 - municipal]),
        required=np.array([p.company_yield, float(yields.mean()) if len(yields) else p.company_yield]),
        loan_to_value=np.array([ours.share, theirs.share]),
        debt=np.array([ours.debt, theirs.debt]),
        hands=region.total_workers / total,
        county_hands=region.county.construction_workers / total,
        force=float(force.sum() / total),
        employment=_mean(places.employment, force),
        schooling=(places.education_shares * force[:, None]).sum(axis=0) / force.sum(),
        foreign=_mean(places.foreign_background, force),
        persons=float((places.size_shares @ np.arange(1.0, 5.0) * flats).sum() / total),
        satisfaction=_mean(places.satisfaction, flats),
        reputation=_mean(places.reputation, flats),
        calm=_mean(places.calm, flats),
        empty=_mean(places.empty_share, flats),
        image_work=_mean(places.image_work_2011.astype(float), flats),
        civic_strength=float(towns.civic_strength.mean()),
        municipal_tax=np.array([towns.municipal_tax.mean()]),
        county_tax=np.array([towns.county_tax.mean()]),
        assistance=float(towns.assistance_share.mean()),
        municipalities=len(towns),
        builders=max(len(region.builders), 1),
        scale=region.scale,
    )


class _Owed(NamedTuple):
    """Debts of a kind of owner: share of the value over those who owe such, and SEK, both per flat of all of them."""

    share: float
    debt: float


def _owed(share: Array, sek: Array, flats: Array) -> _Owed:
    """From each owner's share of the value, debt in SEK (NaN where it is the share) and flats."""
    told = np.isfinite(sek)
    return _Owed(_mean(np.where(told, 0.0, share), flats), float(sek[told].sum() / max(float(flats.sum()), 1e-9)))


def _private(region: Region) -> Array:
    """Flats of each landlord."""
    places, owners = region.neighbourhoods, len(region.landlords)
    some = places.landlord_index >= 0
    return np.bincount(places.landlord_index[some], places.private_flats[some], minlength=owners)


def _mean(values: Array, weights: Array) -> float:
    return float((values * weights).sum() / max(float(weights.sum()), 1e-9))
