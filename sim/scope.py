"""The only place where a collaboration is read: what each practice lets whom know, decide, pay or combine.

Each function answers one question of one phase, by municipality where that matters. None writes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.vocabulary import Partner, Practice
from sim.world.columns import Bools, Floats

if TYPE_CHECKING:
    from sim.model import RenewalModel


def at_the_table(model: RenewalModel) -> Floats:
    """1 for each municipality that takes part in joint rounds; all of them unless it goes by commitment."""
    if not model.collaboration.by_commitment:
        return np.ones(len(model.municipalities))
    quorum = sum(m.committed_to_compact for m in model.municipalities) >= model.p.compact_quorum * len(
        model.municipalities
    )
    return np.array([float(m.committed_to_compact and quorum) for m in model.municipalities])


def convened(model: RenewalModel) -> bool:
    """Whether municipalities decide each year to join or leave a compact."""
    return model.collaboration.by_commitment


def calculation_shared(model: RenewalModel) -> Floats:
    """How far each municipality's housing company counts its partners' gains, 0-1."""
    return model.collaboration.strength(Practice.SHARED_CALCULATION) * at_the_table(model)


def payers(model: RenewalModel) -> Bools:
    """Whether municipality, county council and state sit at the table and may pay."""
    partners = model.collaboration.partners
    county = Partner.COUNTY_COUNCIL in partners and (
        not model.collaboration.by_commitment or model.county_council.committed_to_compact
    )
    return np.array([Partner.OWN_MUNICIPALITY in partners, county, Partner.STATE in partners])


def partner_count(model: RenewalModel) -> int:
    """How many parties a negotiation has besides the housing company; other municipalities count as two."""
    return len(model.collaboration.partners) + (Partner.OTHER_MUNICIPALITIES in model.collaboration.partners)


def coordination_cost_factor(model: RenewalModel) -> float:
    """Multiplier on what coordination costs in money."""
    return model.collaboration.cost_factor


def pooled_share(model: RenewalModel) -> Floats:
    """Share of each municipality's projects that goes to joint framework tenders."""
    return model.collaboration.strength(Practice.POOLED_PROCUREMENT) * at_the_table(model)


def training_share(model: RenewalModel) -> Floats:
    """Share of each municipality's programme that carries training places."""
    together = Partner.BUILDERS in model.collaboration.partners
    table = at_the_table(model) if together else np.ones(len(model.municipalities))
    return model.collaboration.strength(Practice.TRAINING) * table


def training_across_region(model: RenewalModel) -> bool:
    """Whether apprentices can follow places to other municipalities' sites."""
    return {Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS} <= model.collaboration.partners


def state_money_free(model: RenewalModel) -> float:
    """How far state money carries over years, commits for several, and may turn transfers into wages, 0-1."""
    return model.collaboration.strength(Practice.FREE_STATE_MONEY)


def participation(model: RenewalModel) -> float:
    """How far tenants are asked before the decision, 0-1."""
    return model.collaboration.strength(Practice.PARTICIPATION)


def image_work(model: RenewalModel) -> float:
    """How much image work is done beyond what was under way in 2011, 0-1."""
    return model.collaboration.strength(Practice.IMAGE_WORK)
