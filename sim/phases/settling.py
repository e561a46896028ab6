"""What becomes of those who have found a place, within phase 7: a flat of the region, or the rest of the county."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
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
    c, of = world.cohort, leavers.of
    employed, idle = np.zeros(len(Skill)), np.zeros(len(Skill))
    beyond = _join(
        goes, world.around.k, leavers.rows, of("household"), of("work"), of("skill"), of("born"), of("programme"),
        of("history"), world.quarter - world.elsewhere.working, world.municipality_of,
        employed, idle, world.programme_away, c.away, c.employed, c.skill, c.born, c.history,
    )  # fmt: skip
    world.pool.receive(employed, idle)
    world.elsewhere.receive(of("born")[beyond], of("skill")[beyond])


@kernel
def _join(
    goes: Ints, k: int, left: Ints, household: Ints, work: Small, skill: Small, born: Ints, programme: Small,
    history: Small, old_born: int, municipality: Ints, at_work: Floats, idle: Floats, programme_away: Floats,
    away: Bools, to_employed: Bools, to_skill: Small, to_born: NDArray[np.int16], to_history: Small,
) -> Ints:  # fmt: skip
    """Count those whose place lies beyond the region's (k) by schooling (4,), and keep what is known of households of
    the start (``to_``...); who they are, places among the leavers. old_born : who was born then or before is of no
    working age."""
    beyond, count = np.empty(len(goes), np.int64), 0
    for i in rows(0, len(goes)):
        beyond[count] = i
        count += goes[i] >= k
    for i in beyond[:count]:
        employed = work[i] == Work.EMPLOYED
        if employed:
            at_work[skill[i]] += 1.0
        # By age and not by work: whoever was retired early at the start is of working age elsewhere.
        elif born[i] > old_born:
            idle[skill[i]] += 1.0
        if programme[i] >= Programme.HIRE:
            programme_away[municipality[left[i]]] += employed
        who = household[i]
        if who < len(away):
            away[who], to_employed[who], to_skill[who], to_born[who] = True, employed, skill[i], born[i]
            to_history[who] = history[i]
    return beyond[:count]


def record_places(world: World, leavers: Leavers, origin: Ints, goes: Ints) -> None:
    """Where they go (places of the region, then kinds elsewhere), how far, and how well off people are there."""
    around, b, building, of = world.around, world.buildings, world.residents.building, world.tallies.of
    renovated = _count(
        leavers.rows, origin, goes, building, b.site, b.renovated, world.quarter, world.p.numbers,
        around.incomes, around.km, of(Tally.MOVES_WITHIN), of(Tally.MOVES_RENOVATED),
        of(Tally.GAP_RENOVATED), of(Tally.KM_RENOVATED), of(Tally.GAP_OTHER), of(Tally.KM_OTHER),
    )  # fmt: skip
    if world.events is not None:
        here, there, km = around.incomes[origin], around.incomes[goes], around.km[origin, goes]
        world.events.settled(Settled(origin, goes, here, there, km, renovated, b.standard[building[leavers.rows]]))


@kernel
def _count(
    left: Ints, origin: Ints, goes: Ints, building: Ints, site: Small, finished: Ints, quarter: int,
    numbers: NDArray[np.void], incomes: Floats, km: Floats, within: Floats, by_renovation: Floats,
    gap_works: Floats, km_works: Floats, gap_other: Floats, km_other: Floats,
) -> Bools:  # fmt: skip
    """Moves by the neighbourhood that is left (k,): within the region, and how well off and how far the new place is,
    those out of buildings with works apart; which these are. left : the flats that are left (rows)."""
    p = own(numbers)
    renovated = np.empty(len(goes), np.bool_)
    for i in rows(0, len(goes)):
        b = building[left[i]]
        renovated[i] = by_works(site[b], quarter - finished[b], finished[b], p)
    for i in rows(0, len(goes)):
        here, place = origin[i], goes[i]
        gap = incomes[place] / max(incomes[here], 1.0) - 1.0
        within[here] += place < len(within)
        if renovated[i]:
            by_renovation[here] += 1.0
            gap_works[here] += gap
            km_works[here] += km[here, place]
        else:
            gap_other[here] += gap
            km_other[here] += km[here, place]
    return renovated
