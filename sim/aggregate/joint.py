"""Joint appraisal for the mean house: what partners would pay for what they gain while their agreements last."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Collaboration, Parameters
from sim.aggregate.start import Start
from sim.rules import deals, social
from sim.rules.appraisal import Offer
from sim.rules.income import job_year_values
from sim.rules.instruments import lawful
from sim.vocabulary import Partner, Practice

Array = NDArray[Any]


def offered(o: Offer, own: Array, energy: float, employment: float, shortage: float, places: float, c: Collaboration,
            s: Start, p: Parameters) -> Array:  # fmt: skip
    """What partners would pay a housing company for each option against its best by itself, SEK per flat (9,).

    ``own`` : its own value of the options (9,). ``places`` : that clauses ask
    for, per SEK of works. Talks are held only where more is to be won than they cost.
    """
    one = np.ones(1)
    idle = (1.0 - employment) * s.force
    known = social.Neighbours(
        on_assistance=one * idle * s.assistance, on_allowance=one * idle * (1.0 - s.assistance), low_income=one / 3.0,
        job_year=job_year_values(s.municipal_tax, s.county_tax, p.assistance_share_of_trainees, p),
        places_per_sek=places, crowding_out=social.crowding_out(shortage, p),
        energy=one * energy, area=one * s.area, household_size=one * s.persons,
    )  # fmt: skip
    flexible = c.strength(Practice.FREE_STATE_MONEY)
    years = deals.agreement_years(flexible, p)
    kept = one * (1.0 - p.equalisation_municipal), 1.0 - p.equalisation_county
    alone = np.array([int(own.argmax()) if own.max() > 0.0 else -1])
    confidence = np.full((social.LEARNED, social.PAYERS, 1), p.confidence_start)
    forecast = social.believed(social.gains(o, known, p, deals.spans(years, p), kept), confidence)
    within, in_all = deals.increments(forecast * _at_table(c)[:, None, None], alone)
    found = deals.offers(within, in_all, lawful(flexible > 0.0), one)
    required = one * max(s.required[0], p.required_least)
    worth = deals.worth_to_owner(years, required, one * p.trust_start, p)
    return np.asarray((found.may * worth[:, :, None]).sum(axis=0)[0])


def parties(c: Collaboration) -> int:
    """How many payers sit at the table."""
    return int(_at_table(c).sum())


def _at_table(c: Collaboration) -> Array:
    """Whether municipality, county council and state may pay."""
    payers = (Partner.OWN_MUNICIPALITY, Partner.COUNTY_COUNCIL, Partner.STATE)
    return np.array([float(x in c.partners) for x in payers])
