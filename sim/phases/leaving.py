"""Who moves out, within phase 7, and what is counted of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows, rule
from sim.phases.disturbed import rent_parts, works_now
from sim.phases.rehousing import come_back
from sim.randomness import Decision, Keys, uniform
from sim.rules.appraisal import STANDARDS
from sim.rules.homes import pay_factor
from sim.rules.inside import done_inside
from sim.rules.mixture import Part, basic_for, option_to_come
from sim.rules.moving import highest_rate, household_rate, insecurity_push, success_pull
from sim.rules.rivals.leaving import RIVALS, Felt, highest, new_to_them, plain_burden, rates_by
from sim.rules.unwanted import leaving_factor, missed
from sim.vocabulary import Away, Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.kinds import kind
from sim.world.leavers import Leavers
from sim.world.state import Small
from sim.world.tallies import Tally
from sim.world.world import World


def leave(world: World) -> Leavers:
    """Households that move out this quarter, taken out of their flats. One draw per flat: higher rates only ever add
    moves."""
    r, b, p = world.residents, world.buildings, world.p
    pull, push = success_pull(world.neighbourhoods.reputation, p), insecurity_push(world.neighbourhoods.calm, p)
    works, lost = works_now(world), come_back(world)
    parts, there = np.zeros((b.n, len(Part))), np.flatnonzero(works.disturbance > 0.0)
    parts[there] = rent_parts(world, there)
    gone, caused = _leaving(
        world.draws.keys(Decision.MOVE, world.quarter), RIVALS[world.levers.leaving], world.quarter,
        pay_factor(world.pay_level, p), world.income_terciles[0], p.numbers,
        pull, push, done_inside(p), STANDARDS, lost,
        world.in_building.starts, b.flats, b.neighbourhood, works.disturbance, works.rise, works.since, b.works, parts,
        r.occupied, r.away, r.born, r.since, r.work, r.skill, r.chosen,
        r.wish, r.satisfaction, r.income, r.burden, r.rent, world.plain_rent,
    )  # fmt: skip
    _record_moves(world, gone, caused)
    return Leavers(r, gone, caused)


@kernel
def _leaving(
    key: Keys, rival: int, quarter: int, wish_level: float, low_below: float, numbers: NDArray[np.void],
    pull: Floats, push: Floats, inside: Floats, standards: Ints, lost: Ints,
    starts: Ints, flats: Ints, place: Ints,
    disturbance: Floats, rise: Floats, finished: Ints, works: Small, parts: Floats,
    occupied: Bools, away: Small, born: Ints, since: Ints, work: Small, skill: Small, chosen: Small,
    wish: Floats, satisfaction: Floats, income: Floats, burden: Floats, rent: Floats, plain_rent: Floats,
) -> tuple[Ints, Bools]:  # fmt: skip
    """Rows of flats whose households leave, and whom of them renovation drives away.

    standards : of each option. lost : rows, in order, whose households do not come back after works.
    """
    p = own(numbers)
    felt: Any  # of one household, as its rent's rise
    unwanted: Any
    new: Any
    low: Any
    gone, caused = np.empty(len(born), np.int64), np.empty(len(born), np.bool_)
    u, near = np.empty(flats.max()), np.empty(flats.max(), np.int64)
    found, not_back = 0, 0
    young_born, ordinary = quarter - 4.0 * p.young_age, p.move_base / 4.0
    most_inside = inside.max() * max(leaving_factor(np.inf, p), 1.0)
    for b in range(len(starts)):
        n, first = place[b], starts[b]
        # No rate in the building exceeds these, and most draws do. Where somebody does not come back, nobody is passed
        # over.
        most_extra = highest(disturbance[b] * most_inside, rise[b], p)
        if not_back < len(lost) and lost[not_back] < first + flats[b]:
            most_extra = 1.0
        most = ordinary * max(p.move_young, 1.0) * highest_rate(pull[n] + push[n], p) + most_extra
        for i in rows(0, flats[b]):
            u[i] = uniform(key[0], first + i)
        # Without branches, which would be mispredicted: each place is written, and kept where it counts.
        below = 0
        for i in rows(0, flats[b]):
            near[below] = i
            below += u[i] < most
        # Nor does a household's rate exceed this one at its own burden, which no rule makes heavier.
        looked_at, below = below, 0
        for j in rows(0, looked_at):
            i, row = near[j], first + near[j]
            base = ordinary * (p.move_young if born[row] > young_born else 1.0)
            more = _more(work[row], skill[row], pull[n], push[n])
            rate = base * household_rate(burden[row], satisfaction[row], more, p) + most_extra
            near[below] = i
            below += (u[i] < rate) & occupied[row]
        for j in rows(0, below):
            i, row = near[j], first + near[j]
            base = ordinary * (p.move_young if born[row] > young_born else 1.0)
            more = _more(work[row], skill[row], pull[n], push[n])
            # Who lives elsewhere meanwhile is not disturbed, and has decided whether to come back.
            felt, unwanted = 0.0, 1.0
            if disturbance[b] > 0.0:
                option = option_to_come(chosen[row], works[b])
                felt = disturbance[b] * (inside[option] * (away[row] == Away.HOME))
                basic = basic_for(chosen[row], parts[b, Part.BASIC], parts[b, Part.RIGHT])
                lacks = missed(wish[row] * wish_level, basic, parts[b, Part.INTERMEDIATE], parts[b, Part.FULL],
                               standards[option], p)  # fmt: skip
                unwanted = leaving_factor(lacks / rent[row], p)
            plain = plain_burden(burden[row], rent[row], plain_rent[row])
            new, low = 0.0, False
            if rise[b] > 0.0:
                new, low = new_to_them(rise[b], since[row], finished[b]), income[row] < low_below
            extra, counts = rates_by(rival, Felt(felt, unwanted, new, low, burden[row], plain), p)
            must = not_back < len(lost) and lost[not_back] == row
            not_back += must
            if must or u[i] < base * household_rate(counts, satisfaction[row], more, p) + extra:
                # What it would have done at the plain rent and without works tells whether renovation caused it.
                gone[found] = row
                caused[found] = u[i] >= base * household_rate(plain, satisfaction[row], more, p)
                found += 1
    return gone[:found].copy(), caused[:found].copy()


@rule
def _more(work: int, skill: int, pull: Any, push: Any) -> Any:
    """What else adds to a household's rate, against the base rate: success, and a place that is not safe."""
    return pull * (work == Work.EMPLOYED) * (skill >= Skill.MIDDLE) + push


def _record_moves(world: World, gone: Ints, caused: Bools) -> None:
    """Counts by neighbourhood. caused : whom renovation drives away (rows,)."""
    r, tallies = world.residents, world.tallies
    if world.events is not None:
        world.events.moved(world, gone, gone[caused])
    _count(
        gone, caused, kind(r.third[gone], r.size[gone]), r.work, r.building, world.buildings.neighbourhood,
        tallies.of(Tally.MOVES), tallies.of(Tally.OUT_MOVERS), tallies.of(Tally.OUT_MOVERS_EMPLOYED),
        tallies.moves, tallies.caused,
    )  # fmt: skip


@kernel
def _count(
    gone: Ints, caused: Bools, kinds: Small, work: Small, building: Ints, place: Ints,
    moves: Floats, of_working_age: Floats, employed: Floats, by_kind: Floats, caused_by_kind: Floats,
) -> None:  # fmt: skip
    """Count those households by the neighbourhood that they leave (k,), and by their kind (k, kinds)."""
    for i in range(len(gone)):
        n = place[building[gone[i]]]
        moves[n] += 1.0
        of_working_age[n] += work[gone[i]] != Work.RETIRED
        employed[n] += work[gone[i]] == Work.EMPLOYED
        by_kind[n, kinds[i]] += 1.0
        caused_by_kind[n, kinds[i]] += caused[i]
