"""The only place where a collaboration is read: what each practice lets whom know, decide, pay or combine.

Each function answers one question of one phase, by municipality where that matters (arrays of shape
(municipalities,); that of payers has three). None writes anything.
"""

from __future__ import annotations

import numpy as np

from sim.vocabulary import Partner, Practice
from sim.world.columns import Bools, Floats
from sim.world.world import World


def _strength(world: World, practice: Practice) -> float:
    """How strongly a practice acts this year, 0-1."""
    return world.collaboration.strength(practice, world.year)


def in_force(world: World) -> bool:
    """Whether anything is practised together this year: without it, partners are there for nothing."""
    return any(_strength(world, practice) > 0.0 for practice in Practice)


def at_the_table(world: World) -> Floats:
    """1 for each municipality that takes part in joint rounds; all of them unless it goes by commitment."""
    if not world.collaboration.by_commitment:
        return np.ones(len(world.municipalities))
    enough = sum(m.committed_to_compact for m in world.municipalities) >= quorum(world)
    return np.array([float(m.committed_to_compact and enough) for m in world.municipalities])


def convened(world: World) -> bool:
    """Whether municipalities decide this year to join or leave a compact: where there is something to take part in."""
    return world.collaboration.by_commitment and in_force(world)


def quorum(world: World) -> float:
    """How many members a compact needs to act; one alone is none, but where there is only one."""
    there = len(world.municipalities)
    return max(world.p.compact_quorum * there, float(min(there, 2)))


def county_drive(world: World) -> float:
    """How much the county council wants a compact, 0-1; without staff it can want what it likes."""
    return world.levers.county_drive * (world.levers.county_staff > 0.0)


def meetings(world: World) -> float:
    """With how many municipalities a year the county's staff sits down, so that they may join."""
    return world.levers.county_staff * world.p.meetings_per_staff * world.levers.county_drive


def talks_capacity(world: World) -> float:
    """Flats a year that joint staff can take up in talks: of a compact, as far as the county's staff serves members."""
    if not convened(world):
        return world.p.compact_capacity * len(world.municipalities)
    served = min(float(at_the_table(world).sum()), world.levers.county_staff * world.p.members_per_staff)
    return world.p.compact_capacity * served


def calculation_shared(world: World) -> Floats:
    """How far each municipality's housing company counts its partners' gains, 0-1."""
    return _strength(world, Practice.SHARED_CALCULATION) * at_the_table(world)


def payers(world: World) -> Bools:
    """Whether municipality, county council and state sit at the table and may pay."""
    partners = world.collaboration.partners
    county = Partner.COUNTY_COUNCIL in partners and (
        not world.collaboration.by_commitment or world.county_council.committed_to_compact
    )
    there = np.array([Partner.OWN_MUNICIPALITY in partners, county, Partner.STATE in partners])
    return there & (_strength(world, Practice.SHARED_CALCULATION) > 0.0)


def parties(world: World) -> int:
    """How many parties the talks about a programme have besides its owner: those who may pay."""
    return int(payers(world).sum())


def coordination_cost_factor(world: World) -> float:
    """Multiplier on what coordination costs in money."""
    return world.collaboration.cost_factor


def pooled_share(world: World) -> Floats:
    """Share of each municipality's projects that goes to joint framework tenders."""
    return _strength(world, Practice.POOLED_PROCUREMENT) * at_the_table(world)


def training_share(world: World) -> Floats:
    """Share of each municipality's programme that carries training places."""
    together = Partner.BUILDERS in world.collaboration.partners
    table = at_the_table(world) if together else np.ones(len(world.municipalities))
    # A clause that asks for no places is none.
    return _strength(world, Practice.TRAINING) * table * min(world.levers.training_places_factor, 1.0)


def training_places(world: World) -> Floats:
    """Training places that clauses ask for per SEK of each municipality's works."""
    more = max(world.levers.training_places_factor, 1.0)
    return training_share(world) * more * world.p.clause_places / 1e6


def training_across_region(world: World) -> bool:
    """Whether apprentices can follow places to other municipalities' sites: while training is practised there."""
    together = {Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS} <= world.collaboration.partners
    return together and _strength(world, Practice.TRAINING) > 0.0


def learning_together(world: World) -> bool:
    """Whether municipalities learn from what all of them have seen, and not each from its own."""
    together = {Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS} <= world.collaboration.partners
    return together and in_force(world)


def state_money_free(world: World) -> float:
    """How far state money carries over years, commits for several, and may turn transfers into wages, 0-1."""
    return _strength(world, Practice.FREE_STATE_MONEY)


def participation(world: World) -> float:
    """How far tenants are asked before the decision, 0-1."""
    return _strength(world, Practice.PARTICIPATION)


def image_work(world: World) -> float:
    """How much reputation work is done beyond what was under way in 2011, 0-1."""
    return _strength(world, Practice.IMAGE_WORK)


def local_presence(world: World) -> Floats:
    """How far hosts and caretakers are present in each municipality's estates, 0-1."""
    return np.full(len(world.municipalities), _strength(world, Practice.LOCAL_PRESENCE))
