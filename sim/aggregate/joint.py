"""A shared calculation for the mean house: partners' gains that fall inside their budget window, less the talks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Collaboration, Parameters
from sim.aggregate.start import Start
from sim.aggregate.works import FLATS_PER_BUILDING
from sim.rules import social
from sim.rules.appraisal import Offer
from sim.rules.income import job_year_values
from sim.vocabulary import Partner, Practice

Array = NDArray[Any]


def counted_gains(o: Offer, energy: float, employment: float, shortage: float, c: Collaboration, s: Start,
                  p: Parameters) -> Array:  # fmt: skip
    """What a housing company counts of its partners' gains, less the cost of talking, SEK per flat and option (9,)."""
    one = np.ones(1)
    idle = (1.0 - employment) * s.force
    training = c.strength(Practice.TRAINING)
    known = social.Neighbours(
        on_assistance=one * idle * s.assistance, on_allowance=one * idle * (1.0 - s.assistance), low_income=one / 3.0,
        job_year=job_year_values(s.municipal_tax, s.county_tax, p.assistance_share_of_trainees, p),
        places_per_sek=p.clause_places / 1e6 * training, crowding_out=social.crowding_out(shortage, p),
        energy=one * energy, area=one * s.area, household_size=one * s.persons,
    )  # fmt: skip
    free = c.strength(Practice.FREE_STATE_MONEY)
    window = p.budget_window + free * (p.free_window - p.budget_window)
    kept = one * (1.0 - p.equalisation_municipal), 1.0 - p.equalisation_county
    gains = social.gains(o, known, p, window, kept)[:, 0, :] * _at_table(c)[:, None]
    partners = len(c.partners) + (Partner.OTHER_MUNICIPALITIES in c.partners)
    fee = c.cost_factor * (p.negotiation_fixed * partners / FLATS_PER_BUILDING + p.negotiation_share * o.cost[0])
    return np.asarray(p.confidence_start * gains.sum(axis=0) - fee)


def _at_table(c: Collaboration) -> Array:
    """Whether municipality, county council and state may pay."""
    payers = (Partner.OWN_MUNICIPALITY, Partner.COUNTY_COUNCIL, Partner.STATE)
    return np.array([float(x in c.partners) for x in payers])
