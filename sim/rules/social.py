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

    Shares come from last quarter's closed books; values of a job-year are SEK per purse, shape (3, buildings).
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
    """Share of the works' tax that other building would have paid anyway: 0.6 in a slump, near 1 in a boom."""
    return float(np.clip(p.crowding_slump + (1.0 - p.crowding_slump) * shortage / p.shortage_boom, 0.0, 1.0))


def job_years(cost: Floats, places_per_sek: float, p: Parameters) -> Floats:
    """Job-years that a contract's training places are expected to add, as partners believe."""
    return np.asarray(cost * places_per_sek * p.placement_to_job * p.additionality_belief * p.job_years_per_job)


def gains(o: Offer, s: Neighbours, p: Parameters, window: float, retained: tuple[Floats, float]) -> Floats:
    """Expected gain of municipality, county council and state within ``window`` years, shape (3, buildings, 9).

    ``retained`` is what equalisation leaves of extra tax to the municipality (per building) and the county council.
    """
    a = float(annuity(p.social_discount_rate, window))
    works = (
        job_years(o.cost, s.places_per_sek, p)[None] * s.job_year[:, :, None] * min(1.0, window / p.job_years_per_job)
    )
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
    insulated = np.array([0.3, 0.6, 1.0])[LEVELS]
    fixed = np.array([0.0, 0.7, 0.9, 1.0])[STANDARDS]
    return np.asarray(
        (s.household_size * p.health_cost * p.housing_health_effect)[:, None] * (insulated * fixed)[None, :]
    )


def _climate(o: Offer, s: Neighbours, p: Parameters) -> Floats:
    """Value of carbon dioxide saved a year, SEK per flat."""
    return np.asarray(o.saving[None, :] * (s.energy * s.area)[:, None] * p.co2_per_kwh * p.co2_price)
