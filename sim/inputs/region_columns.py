"""From checked rows to a region's columns: indices between tables, shrinking to scale, buildings per owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.inputs.region_checks import Table
from sim.inputs.region_debts import Stock
from sim.inputs.region_owners import covered
from sim.inputs.region_rows import BuilderRow, CountyFile, LandlordRow, MunicipalityRow, NeighbourhoodRow
from sim.inputs.region_tables import Builders, County, Floats, Ints, Landlords, Municipalities, Neighbourhoods

Scalar = TypeVar("Scalar", bound=np.generic)

FEWEST_FLATS = 8  # a neighbourhood smaller than this has no shares to speak of


def neighbourhoods(
    places: Table[NeighbourhoodRow], towns: Table[MunicipalityRow], owners: Table[LandlordRow], scale: float
) -> Neighbourhoods:
    """Neighbourhoods to scale; buildings keep their size, so that there are fewer of them."""
    share, per_building = _floats(places, "municipal_share"), _floats(places, "flats_per_building")
    flats, municipal = flats_at(places, scale)
    floats = "employment foreign_background rent_sek_m2 energy_kwh_m2 flat_area_m2 renovated_share satisfaction"
    floats += " empty_share calm x y"
    return Neighbourhoods(
        **_origin(places),
        municipality_index=_municipality_index(places, towns),
        landlord_index=_landlord_index(places, owners),
        flats=_fixed(flats),
        municipal_flats=_fixed(municipal),
        municipal_buildings=_buildings(municipal, per_building),
        private_buildings=_buildings(flats - municipal, per_building),
        municipal_share=share,
        flats_per_building=per_building,
        education_shares=_education(places),
        age_shares=_shares(places, NeighbourhoodRow.sums[0]),
        size_shares=_shares(places, NeighbourhoodRow.sums[1]),
        built_from=_ints(places, "built_from"),
        built_to=_ints(places, "built_to"),
        reputation=_floats(places, "reputation"),
        image_work_2011=_fixed(_ints(places, "image_work_2011") == 1),
        **_float_columns(places, floats),
    )


def flats_at(places: Table[NeighbourhoodRow], scale: float) -> tuple[Ints, Ints]:
    """Flats of each neighbourhood at a scale, and of them those of the housing company."""
    flats = shrink(_ints(places, "flats"), scale)
    return flats, np.rint(_floats(places, "municipal_share") * flats).astype(np.int64)


def municipalities(towns: Table[MunicipalityRow], stock: Stock, scale: float) -> Municipalities:
    """Municipalities to scale."""
    floats = "municipal_tax county_tax company_loan_to_value assistance_share drive courage civic_strength"
    return Municipalities(
        **_origin(towns),
        company_debt_sek=_fixed(_floats(towns, "company_debt_sek") * stock.kept),
        investment_slack_sek=_fixed(_floats(towns, "investment_slack_sek") * scale),
        **_float_columns(towns, floats),
    )


def builders(firms: Table[BuilderRow], towns: Table[MunicipalityRow], scale: float) -> Builders:
    """Building firms with workers to scale."""
    return Builders(
        **_origin(firms),
        municipality_index=_municipality_index(firms, towns),
        workers=_fixed(_floats(firms, "workers") * scale),
        size=tuple(firms.column("size")),
    )


def landlords(owners: Table[LandlordRow], towns: Table[MunicipalityRow], stock: Stock) -> Landlords:
    """Private landlords, debts to scale."""
    return Landlords(
        **_origin(owners),
        municipality_index=_municipality_index(owners, towns),
        required_yield=_floats(owners, "required_yield"),
        strategy=tuple(owners.column("strategy")),
        debt_sek=_fixed(_floats(owners, "debt_sek") * stock.kept),
    )


def county(file: CountyFile, scale: float) -> County:
    """County figures; persons to scale."""
    return County(
        county_population=file.county_population.value * scale,
        county_labour_force=file.county_labour_force.value * scale,
        construction_workers=file.construction_workers.value * scale,
        rest_employment=file.rest_employment.value,
        rest_unemployment=file.rest_unemployment.value,
        rest_foreign_background=file.rest_foreign_background.value,
    )


def shrink(flats: Ints, scale: float) -> Ints:
    """Flats per neighbourhood that sum to round(total x scale), by largest remainder.

    Every neighbourhood keeps FEWEST_FLATS, even if the sum must then be larger.
    """
    target = max(round(int(flats.sum()) * scale), FEWEST_FLATS * len(flats))
    result = np.full(len(flats), FEWEST_FLATS, dtype=np.int64)
    free = np.ones(len(flats), dtype=bool)
    while free.any():
        quota = np.zeros(len(flats))
        left = target - FEWEST_FLATS * int((~free).sum())
        quota[free] = flats[free] * (left / flats[free].sum())
        too_small = free & (quota < FEWEST_FLATS)
        if not too_small.any():
            result[free] = _largest_remainder(quota[free], left)
            break
        free &= ~too_small
    return result


def _largest_remainder(quota: Floats, total: int) -> Ints:
    # Rounded first: a quota that is whole but for the last bit must not lose a flat.
    quota = np.round(quota, 9)
    whole = np.floor(quota).astype(np.int64)
    order = np.argsort(-(quota - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _buildings(flats: Ints, per_building: Floats) -> Ints:
    number = np.rint(flats / per_building).astype(np.int64)
    return _fixed(np.where(flats > 0, np.maximum(number, 1), 0))


def _education(places: Table[NeighbourhoodRow]) -> Floats:
    low, high = _floats(places, "low_education"), _floats(places, "high_education")
    return _fixed(np.column_stack([low, np.maximum(1 - low - high, 0), high]))


def _shares(places: Table[NeighbourhoodRow], names: Sequence[str]) -> Floats:
    shares = np.column_stack([_floats(places, name) for name in names])
    return _fixed(shares / shares.sum(axis=1, keepdims=True))


def _municipality_index(table: Table[Any], towns: Table[MunicipalityRow]) -> Ints:
    number = {name: index for index, name in enumerate(towns.names)}
    return _fixed(np.array([number[name] for name in table.column("municipality")], dtype=np.int64))


def _landlord_index(places: Table[NeighbourhoodRow], owners: Table[LandlordRow]) -> Ints:
    """Which landlord owns the private flats of each neighbourhood; -1 where there are none."""
    index = np.full(len(places.rows), -1, dtype=np.int64)
    private = {row.neighbourhood: place for place, row in enumerate(places.rows) if row.municipal_share < 1}
    local: dict[str, list[str]] = {}
    for name, place in private.items():
        local.setdefault(places.rows[place].municipality, []).append(name)
    for owner, row in enumerate(owners.rows):
        for name in covered(row.neighbourhoods, local.get(row.municipality, [])):
            if name in private:
                index[private[name]] = owner
    return _fixed(index)


def _origin(table: Table[Any]) -> dict[str, Any]:
    return {
        "name": table.names,
        "evidence": tuple(table.column("evidence")),
        "source": tuple(table.column("source")),
    }


def _float_columns(table: Table[Any], names: str) -> dict[str, Any]:
    return {name: _floats(table, name) for name in names.split()}


def _floats(table: Table[Any], name: str) -> Floats:
    return _fixed(np.array(table.column(name), dtype=np.float64))  # NaN where a row has none


def _ints(table: Table[Any], name: str) -> Ints:
    return _fixed(np.array(table.column(name), dtype=np.int64))


def _fixed(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The same array, made read-only: every run shares the region."""
    array.flags.writeable = False
    return array
