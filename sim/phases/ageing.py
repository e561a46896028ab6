"""Phase 2. Buildings wear out; owners tune heating; rents follow the general round once a year."""

from __future__ import annotations

import numpy as np

from sim.phases.payments import pay_builders
from sim.phases.presence import presence
from sim.rules.appraisal import yearly_repairs
from sim.rules.calm import damage
from sim.rules.phase_in import paid
from sim.rules.works_cost import split
from sim.world.books import Flow
from sim.world.columns import Floats
from sim.world.likes import Likes
from sim.world.state import FAR_PAST, Buildings
from sim.world.world import World


def advance(world: World) -> None:
    """Condition, tuning, and the repairs that poor condition costs this quarter (booked, SEK).

    Changes the buildings' condition (0-1), energy (kWh/m2.year), what was tuned (share), and rents (SEK/m2.year).
    """
    b, p = world.buildings, world.p
    everything: tuple[Buildings | Likes, ...] = (b,) if world.likes is None else (b, world.likes)
    there = presence(world)
    _wear(world, b, there)
    if world.likes is not None:
        _wear(world, world.likes, there[world.likes.like])
    if world.quarter % 4 == 0 and world.quarter > 0:
        for rents in (
            b.rent_plain,
            b.rent_chosen,
            *(x for some in everything for x in (some.rent, some.rise, some.rise_first)),
        ):
            rents *= 1.0 + p.rent_growth
        world.residents.rent_apart[world.flats_in(np.flatnonzero(b.mixed))[1]] *= 1.0 + p.rent_growth
    for some in everything:
        _phase_in(world, some)
    small = damage(world.neighbourhoods.calm, p)[b.neighbourhood] + p.presence_repairs * there
    repairs = (yearly_repairs(b.condition, p) * b.area + small) * b.flats / 4.0
    world.pay_by_owner(Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS, repairs)
    where = np.bincount(b.municipality, repairs, minlength=len(world.municipalities)).astype(float)
    pay_builders(world, split(where, p))


def _wear(world: World, b: Buildings | Likes, presence: Floats) -> None:
    """Condition declines, less where small faults are found early (presence 0-1, by building); heat is tuned."""
    p = world.p
    age = world.year0 + world.quarter / 4.0 - np.where(b.renovated > FAR_PAST, world.year0 + b.renovated / 4.0, b.built)
    # Pipes past their life wear faster; age counts from the latest renovation.
    faster = np.where(age > p.pipe_life, p.decline_past_life, 1.0)
    cared = 1.0 - p.presence_wear * presence
    b.condition[:] = np.maximum(b.condition - p.condition_decline / 4.0 * faster * cared, p.condition_least)
    step = np.minimum(p.tuning_rate / 4.0, np.maximum(p.tuning_limit - b.tuned, 0.0))
    b.tuned += step
    b.energy *= 1.0 - step


def _phase_in(world: World, b: Buildings | Likes) -> None:
    """At each anniversary of its completion, the next step of a rise that is phased in is paid."""
    rows = np.flatnonzero(b.rise > b.rise_first)
    rows = rows[(world.quarter - b.renovated[rows]) % 4 == 0]
    if len(rows) == 0:
        return
    years, steps = (world.quarter - b.renovated[rows]) // 4, (b.rise[rows], b.rise_first[rows])
    b.rent[rows] += paid(*steps, years, world.p) - paid(*steps, years - 1, world.p)
