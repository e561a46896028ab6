"""The only place where a collaboration is read: what each practice lets whom know, decide, pay or combine.

Each function answers one question of one phase, by municipality where that matters (arrays of shape
(municipalities,); that of payers has three). None writes anything.
"""

from __future__ import annotations

import numpy as np

from sim.vocabulary import Partner, Practice
from sim.world.columns import Bools, Floats
from sim.world.world import World


def at_the_table(world: World) -> Floats:
    """1 for each municipality that takes part in joint rounds; all of them unless it goes by commitment."""
    if not world.collaboration.by_commitment:
        return np.ones(len(world.municipalities))
    quorum = sum(m.committed_to_compact for m in world.municipalities) >= world.p.compact_quorum * len(
        world.municipalities
    )
    return np.array([float(m.committed_to_compact and quorum) for m in world.municipalities])


def convened(world: World) -> bool:
    """Whether municipalities decide each year to join or leave a compact."""
    return world.collaboration.by_commitment


def calculation_shared(world: World) -> Floats:
    """How far each municipality's housing company counts its partners' gains, 0-1."""
    return world.collaboration.strength(Practice.SHARED_CALCULATION) * at_the_table(world)


def payers(world: World) -> Bools:
    """Whether municipality, county council and state sit at the table and may pay."""
    partners = world.collaboration.partners
    county = Partner.COUNTY_COUNCIL in partners and (
        not world.collaboration.by_commitment or world.county_council.committed_to_compact
    )
    return np.array([Partner.OWN_MUNICIPALITY in partners, county, Partner.STATE in partners])


def parties(world: World) -> int:
    """How many parties the talks about a programme have besides its owner: those who may pay."""
    return int(payers(world).sum())


def coordination_cost_factor(world: World) -> float:
    """Multiplier on what coordination costs in money."""
    return world.collaboration.cost_factor


def pooled_share(world: World) -> Floats:
    """Share of each municipality's projects that goes to joint framework tenders."""
    return world.collaboration.strength(Practice.POOLED_PROCUREMENT) * at_the_table(world)


def training_share(world: World) -> Floats:
    """Share of each municipality's programme that carries training places."""
    together = Partner.BUILDERS in world.collaboration.partners
    table = at_the_table(world) if together else np.ones(len(world.municipalities))
    # A clause that asks for no places is none.
    return world.collaboration.strength(Practice.TRAINING) * table * min(world.levers.training_places_factor, 1.0)


def training_places(world: World) -> Floats:
    """Training places that clauses ask for per SEK of each municipality's works."""
    more = max(world.levers.training_places_factor, 1.0)
    return training_share(world) * more * world.p.clause_places / 1e6


def training_across_region(world: World) -> bool:
    """Whether apprentices can follow places to other municipalities' sites."""
    return {Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS} <= world.collaboration.partners


def state_money_free(world: World) -> float:
    """How far state money carries over years, commits for several, and may turn transfers into wages, 0-1."""
    return world.collaboration.strength(Practice.FREE_STATE_MONEY)


def participation(world: World) -> float:
    """How far tenants are asked before the decision, 0-1."""
    return world.collaboration.strength(Practice.PARTICIPATION)


def image_work(world: World) -> float:
    """How much reputation work is done beyond what was under way in 2011, 0-1."""
    return world.collaboration.strength(Practice.IMAGE_WORK)
