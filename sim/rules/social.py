"""What each public payer may expect to gain from a renovation, by kind of gain: SEK per flat, present value.

Arrays have shape (kinds of gain, payers, buildings, 9) unless a docstring says otherwise; several spans of years come
first. Nothing here changes an outcome: it is what partners forecast when they negotiate. How far they believe it is
``believed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.appraisal import LEVELS, STANDARDS, Offer
from sim.rules.finance import annuity

Floats = NDArray[np.float64]

PAYERS = 3  # municipalities, county council, state: the purses that can pay a housing company
MUNICIPALITY, COUNTY, STATE = range(PAYERS)
PAYER_NAMES = ("municipality", "county_council", "state")


class Gain(IntEnum):
    """Why a payer gains. Of all but the last it only hopes so, and learns how far to believe it."""

    JOBS = 0
    HEALTH = 1
    CLIMATE = 2
    WORKS = 3  # tax on the works
    SUPPORT = 4  # what rents cost in assistance and allowance, and moving away in care: certain, and mostly a loss


LEARNED = int(Gain.SUPPORT)  # kinds of gain before it: believed only as far as they have shown


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


def gains(o: Offer, s: Neighbours, p: Parameters, years: Floats, retained: tuple[Floats, float]) -> Floats:
    """Forecast gains of municipality, county council and state within so many years, shape (..., 5, 3, buildings, 9).

    years : how far each of the three looks (..., 3), for several spans at once where there are some. ``retained`` is
    the share that equalisation leaves of extra tax to the municipality (by building) and the county.
    """
    found = np.zeros((*years.shape[:-1], len(Gain), PAYERS, *o.cost.shape))
    jobs, health, climate, works, support = (found[..., kind, :, :, :] for kind in Gain)
    a = annuity(p.social_discount_rate, years)[..., None, None]
    # Jobs last some years, and those beyond the window are not seen.
    seen = np.minimum(years / max(p.job_years_per_job, 1e-9), 1.0)[..., None, None]
    jobs[:] = job_years(o.cost, s.places_per_sek, p)[None] * s.job_year[:, :, None] * seen
    health[..., COUNTY, :, :] = health_saved(s.household_size, p) * a[..., COUNTY, :, :]
    saved = _climate(o, s, p)
    climate[..., MUNICIPALITY, :, :] = p.climate_share_municipality * saved * a[..., MUNICIPALITY, :, :]
    climate[..., STATE, :, :] = p.climate_share_state * saved * a[..., STATE, :, :]
    tax = (1.0 - s.crowding_out) * o.cost
    works[..., MUNICIPALITY, :, :] = tax * p.works_income_tax_municipal * retained[0][:, None]
    works[..., COUNTY, :, :] = tax * p.works_income_tax_county * retained[1]
    works[..., STATE, :, :] = tax * p.works_state_tax
    rise = o.rent_rise * s.area[:, None]
    leaving = p.displacement_cost * _expected_leavers(o, s, p)
    support[..., MUNICIPALITY, :, :] = -rise * s.on_assistance[:, None] * a[..., MUNICIPALITY, :, :] - leaving
    support[..., STATE, :, :] = -rise * s.on_allowance[:, None] * p.allowance_rate * a[..., STATE, :, :]
    return found


def believed(found: Floats, confidence: Floats) -> Floats:
    """Forecasts as far as payers believe them. confidence : 0-1 by learned kind, payer and building (4, 3, buildings);
    what is certain is counted in full, whatever the past has taught about the rest."""
    counted = found.copy()
    counted[..., :LEARNED, :, :, :] *= confidence[..., None]
    return counted


def _expected_leavers(o: Offer, s: Neighbours, p: Parameters) -> Floats:
    """Low-income households expected to leave because of the rent, per flat."""
    share = np.clip(o.rent_rise * s.area[:, None] / 12.0 / p.rent_shock, 0.0, 1.0)
    return np.asarray(share * s.low_income[:, None] * p.excess_move)


def health_saved(persons: Floats, p: Parameters) -> Floats:
    """Health care forecast to be saved a year, SEK (buildings, 9): part of the New Zealand effect, most of it with an
    insulated envelope. persons : a household's, or all of a building's (buildings,)."""
    # The New Zealand programme insulated cold houses; Swedish flats were warm before, so its effect is an upper bound.
    insulated = np.array([p.health_effect_envelope_none, p.health_effect_envelope_medium, 1.0])[LEVELS]
    fixed = np.array([0.0, p.health_effect_mini, p.health_effect_midi, 1.0])[STANDARDS]
    return np.asarray((persons * p.health_cost * p.housing_health_effect)[:, None] * (insulated * fixed)[None, :])


def _climate(o: Offer, s: Neighbours, p: Parameters) -> Floats:
    """Value of carbon dioxide saved a year, SEK per flat (buildings, 9)."""
    return np.asarray(o.saving[None, :] * (s.energy * s.area)[:, None] * p.co2_per_kwh * p.co2_price)
