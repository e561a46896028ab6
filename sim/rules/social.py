"""Whose gains enter a shared calculation: what each purse may expect from a renovation, SEK per flat, present value.

Arrays have shape (buildings, 9). Nothing here changes an outcome: it is what partners believe when they negotiate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.appraisal import LEVELS, STANDARDS, Offer
from sim.rules.finance import annuity

Floats = NDArray[np.float64]

PAYERS = 3  # municipalities, county council, state: the purses that can pay a housing company


@dataclass(frozen=True)
class Neighbours:
    """What partners know of a building's tenants and times, one entry per building.

    on_assistance, on_allowance, low_income : shares of tenants, from last quarter's closed books. job_year : SEK per
    purse, shape (3, buildings). places_per_sek : training places per SEK of works. crowding_out : share. energy :
    kWh/m2.year. area : m2 of a flat. household_size : persons.
    """

    on_assistance: Floats
    on_allowance: Floats
    low_income: Floats
    job_year: Floats
    places_per_sek: float
    crowding_out: float
    energy: Floats
    area: Floats
    household_size: Floats


def crowding_out(shortage: float, p: Parameters) -> float:
    """Share of the works' tax that other building would have paid anyway; ``shortage`` is a share of firms."""
    # Idle hands pay no tax elsewhere, busy ones would: from its value in a slump up to all of it in a full boom.
    return float(np.clip(p.crowding_slump + (1.0 - p.crowding_slump) * shortage / p.shortage_boom, 0.0, 1.0))


def job_years(cost: Floats, places_per_sek: float, p: Parameters) -> Floats:
    """Job-years per flat that a contract's training places are expected to add, as partners believe; the shape of
    ``cost`` (SEK per flat)."""
    # Believed and not true: consultants' figures take every job as additional (additionality 1).
    return np.asarray(cost * places_per_sek * p.placement_to_job * p.additionality_belief * p.job_years_per_job)


def gains(o: Offer, s: Neighbours, p: Parameters, window: float, retained: tuple[Floats, float]) -> Floats:
    """Expected gain of municipality, county council and state within ``window`` years, SEK per flat, present value,
    shape (3, buildings, 9).

    ``retained`` is the share that equalisation leaves of extra tax to the municipality (by building) and the county.
    """
    a = float(annuity(p.social_discount_rate, window))
    seen = 1.0 if window >= p.job_years_per_job else window / p.job_years_per_job
    works = job_years(o.cost, s.places_per_sek, p)[None] * s.job_year[:, :, None] * seen
    rise = o.rent_rise * s.area[:, None]
    free_tax = (1.0 - s.crowding_out) * o.cost
    municipality = works[0] - rise * a * s.on_assistance[:, None]
    municipality = municipality + free_tax * p.works_income_tax_municipal * retained[0][:, None]
    municipality = municipality - p.displacement_cost * _expected_leavers(o, s, p)
    county = works[1] + free_tax * p.works_income_tax_county * retained[1] + _health(s, p) * a
    state = works[2] - rise * a * s.on_allowance[:, None] * p.allowance_rate
    state = state + free_tax * p.works_state_tax + _climate(o, s, p) * a
    return np.stack([municipality, county, state])


def _expected_leavers(o: Offer, s: Neighbours, p: Parameters) -> Floats:
    """Low-income households expected to leave because of the rent, per flat."""
    share = np.clip(o.rent_rise * s.area[:, None] / 12.0 / p.rent_shock, 0.0, 1.0)
    return np.asarray(share * s.low_income[:, None] * p.excess_move)


def _health(s: Neighbours, p: Parameters) -> Floats:
    """Health care saved a year, SEK per flat: part of the New Zealand effect, most of it with an insulated envelope."""
    # The New Zealand programme insulated cold houses; Swedish flats were warm before, so its effect is an upper bound.
    insulated = np.array([p.health_effect_envelope_none, p.health_effect_envelope_medium, 1.0])[LEVELS]
    fixed = np.array([0.0, p.health_effect_mini, p.health_effect_midi, 1.0])[STANDARDS]
    return np.asarray(
        (s.household_size * p.health_cost * p.housing_health_effect)[:, None] * (insulated * fixed)[None, :]
    )


def _climate(o: Offer, s: Neighbours, p: Parameters) -> Floats:
    """Value of carbon dioxide saved a year, SEK per flat."""
    return np.asarray(o.saving[None, :] * (s.energy * s.area)[:, None] * p.co2_per_kwh * p.co2_price)
