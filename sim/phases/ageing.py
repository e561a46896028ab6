"""Phase 2. Buildings wear out; owners tune heating; rents follow the general round once a year."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel, own, pick, rows
from sim.phases.payments import pay_builders
from sim.phases.presence import presence
from sim.rules.appraisal import yearly_repairs
from sim.rules.calm import damage
from sim.rules.phase_in import paid
from sim.rules.works_cost import split
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
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
    if world.quarter % 4 == 0 and world.quarter > 0:
        for rents in (
            b.rent_plain,
            b.rent_chosen,
            *(x for some in everything for x in (some.rent, some.rise, some.rise_first)),
        ):
            rents *= 1.0 + p.rent_growth
        world.residents.rent_apart[world.flats_in(np.flatnonzero(b.mixed))[1]] *= 1.0 + p.rent_growth
    _age(world, b, there)
    if world.likes is not None:
        _age(world, world.likes, there[world.likes.like])
    small = damage(world.neighbourhoods.calm, p)[b.neighbourhood] + p.presence_repairs * there
    repairs = (yearly_repairs(b.condition, p) * b.area + small) * b.flats / 4.0
    world.pay_by_owner(Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS, repairs)
    where = np.bincount(b.municipality, repairs, minlength=len(world.municipalities)).astype(float)
    pay_builders(world, split(where, p))


def _age(world: World, b: Buildings | Likes, presence: Floats) -> None:
    """Buildings are a quarter older. presence : local presence by building, 0-1."""
    _wear(b.condition, b.tuned, b.energy, b.rent, b.built, b.renovated, b.rise, b.rise_first, presence, world.year0,
          world.quarter, FAR_PAST, world.p.numbers)  # fmt: skip


@kernel
def _wear(
    condition: Floats, tuned: Floats, energy: Floats, rent: Floats, built: Ints, renovated: Ints, rise: Floats,
    rise_first: Floats, there: Floats, year0: int, quarter: int, far_past: int, numbers: Any,
) -> None:  # fmt: skip
    """Condition declines, less where small faults are found early; heat is tuned; rises come that are phased in.

    Columns of buildings; ``there`` is local presence, 0-1. ``year0`` is that of the first quarter, ``far_past`` the
    quarter of what has never happened.
    """
    p = own(numbers)
    for row in rows(0, len(condition)):
        since = pick(renovated[row] > far_past, year0 + renovated[row] / 4.0, np.float64(built[row]))
        # Pipes past their life wear faster; age counts from the latest renovation.
        faster = pick(year0 + quarter / 4.0 - since > p.pipe_life, p.decline_past_life, 1.0)
        cared = 1.0 - p.presence_wear * there[row]
        condition[row] = max(condition[row] - p.condition_decline / 4.0 * faster * cared, p.condition_least)
        step = min(p.tuning_rate / 4.0, max(p.tuning_limit - tuned[row], 0.0))
        tuned[row] += step
        energy[row] *= 1.0 - step
    # At each anniversary of its completion, the next step of a rise that is phased in is paid.
    for row in range(len(rent)):
        if rise[row] > rise_first[row] and (quarter - renovated[row]) % 4 == 0:
            years = (quarter - renovated[row]) // 4
            before = paid(rise[row], rise_first[row], years - 1, p)
            rent[row] += paid(rise[row], rise_first[row], years, p) - before
