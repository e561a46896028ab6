"""What becomes of those who have found a place, within phase 7: a flat of the region, or the rest of the county."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.rules.moving import by_works
from sim.rules.training import Programme
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.leavers import Leavers, Settled
from sim.world.state import Small
from sim.world.tallies import Tally
from sim.world.world import World


def move_within(world: World, leavers: Leavers, who: Ints, flats: Ints) -> None:
    """These households (places among the leavers) move into these flats (rows), with all that is theirs."""
    r, tallies = world.residents, world.tallies
    if world.events is not None:
        world.events.moved_within(leavers.of("household")[who], flats)
    leavers.move_in(r, who, flats, world.quarter)
    _welcome(
        flats, world.neighbourhood_of, r.work, r.satisfaction, world.region.neighbourhoods.satisfaction,
        tallies.of(Tally.IN_MOVERS), tallies.of(Tally.IN_MOVERS_EMPLOYED), tallies.of(Tally.IN_MOVERS_RETIRED),
    )  # fmt: skip


@kernel
def _welcome(
    flats: Ints, neighbourhood: Ints, work: Small, satisfaction: Floats, of_place: Floats,
    came: Floats, employed: Floats, retired: Floats,
) -> None:  # fmt: skip
    """Count who has moved into these flats by neighbourhood (k,); they are as satisfied as people there (of_place)."""
    for flat in flats:
        n = neighbourhood[flat]
        satisfaction[flat] = of_place[n]
        came[n] += 1.0
        employed[n] += work[flat] == Work.EMPLOYED
        retired[n] += work[flat] == Work.RETIRED


def leave_region(world: World, leavers: Leavers, goes: Ints) -> None:
    """Those whose place lies beyond the region join the rest of the county; those of the start are followed by name."""
    c, k, of = world.cohort, world.around.k, leavers.of
    beyond = np.flatnonzero(goes >= k)
    employed, idle = np.zeros(len(Skill)), np.zeros(len(Skill))
    _join(
        beyond, leavers.rows, of("household"), of("work"), of("skill"), of("born"), of("programme"), of("history"),
        world.quarter - world.elsewhere.working, world.municipality_of,
        employed, idle, world.programme_away, c.away, c.employed, c.skill, c.born, c.history,
    )  # fmt: skip
    world.pool.receive(employed, idle)
    world.elsewhere.receive(of("born")[beyond], of("skill")[beyond])


@kernel
def _join(
    beyond: Ints, rows: Ints, household: Ints, work: Small, skill: Small, born: Ints, programme: Small, history: Small,
    old_born: int, municipality: Ints, at_work: Floats, idle: Floats, programme_away: Floats,
    away: Bools, to_employed: Bools, to_skill: Small, to_born: NDArray[np.int16], to_history: Small,
) -> None:  # fmt: skip
    """Count those (places among the leavers) by schooling (4,), and keep what is known of households of the start
    (``to_``...); old_born : who was born then or before is of no working age."""
    for i in beyond:
        employed = work[i] == Work.EMPLOYED
        if employed:
            at_work[skill[i]] += 1.0
        # By age and not by work: whoever was retired early at the start is of working age elsewhere.
        elif born[i] > old_born:
            idle[skill[i]] += 1.0
        if programme[i] >= Programme.HIRE:
            programme_away[municipality[rows[i]]] += employed
        who = household[i]
        if who < len(away):
            away[who], to_employed[who], to_skill[who], to_born[who] = True, employed, skill[i], born[i]
            to_history[who] = history[i]


def record_places(world: World, leavers: Leavers, origin: Ints, goes: Ints) -> None:
    """Where they go (places of the region, then kinds elsewhere), how far, and how well off people are there."""
    around, b, of = world.around, world.buildings, world.tallies.of
    building = world.residents.building[leavers.rows]
    renovated = by_works(b.site[building], world.quarter - b.renovated[building], b.renovated[building], world.p)
    _count(
        origin, goes, renovated, around.incomes, around.km, of(Tally.MOVES_WITHIN), of(Tally.MOVES_RENOVATED),
        of(Tally.GAP_RENOVATED), of(Tally.KM_RENOVATED), of(Tally.GAP_OTHER), of(Tally.KM_OTHER),
    )  # fmt: skip
    if world.events is not None:
        here, there, km = around.incomes[origin], around.incomes[goes], around.km[origin, goes]
        world.events.settled(Settled(origin, goes, here, there, km, renovated, b.standard[building]))


@kernel
def _count(
    origin: Ints, goes: Ints, renovated: Bools, incomes: Floats, km: Floats, within: Floats, by_works: Floats,
    gap_works: Floats, km_works: Floats, gap_other: Floats, km_other: Floats,
) -> None:  # fmt: skip
    """Moves by the neighbourhood that is left (k,): within the region, and how well off and how far the new place is,
    those out of buildings with works apart."""
    for i in range(len(goes)):
        left, place = origin[i], goes[i]
        gap = incomes[place] / max(incomes[left], 1.0) - 1.0
        within[left] += place < len(within)
        if renovated[i]:
            by_works[left] += 1.0
            gap_works[left] += gap
            km_works[left] += km[left, place]
        else:
            gap_other[left] += gap
            km_other[left] += km[left, place]
