"""Second earners find and lose work, within phase 6: a quarter of the households each quarter, once a year each.

What they earn stands outside the books, as ever: whether they work follows from the economy alone, the same in all
arms, so that no arm gains or loses by it; what support their households fall back on is in the books.
"""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel, pick, rows
from sim.randomness import Decision, Keys, uniform
from sim.rules.employment import losing, openings_left
from sim.rules.second_earners import year_of_second_earners
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats
from sim.world.state import Small
from sim.world.world import World


def change_work(world: World) -> None:
    """Second earners of the households whose turn it is; not of those whose main earner has retired."""
    r, p, slack = world.residents, world.p, world.surroundings.slack
    find, lose = year_of_second_earners(openings_left(slack, p), losing(slack, p), p)
    key = world.draws.keys(Decision.SECOND_EARNER, world.quarter)
    turns = range(world.quarter % 4, r.n, 4)
    person = (r.work, r.occupied, r.second_pay, r.other_income)
    _change(*person, find, lose, key, turns.start, turns.step, len(turns))


@kernel
def _change(
    work: Small,
    occupied: Bools,
    pay: Floats,
    income: Floats,
    find: float,
    lose: float,
    key: Keys,
    first: int,
    step: int,
    turns: int,
) -> None:
    """So many rows from the first on, a step apart; draws are numbered by turns. pay, income : SEK/month (n,)."""
    # Few draws are below either rate: found by themselves, many at a time, and only those rows are looked at.
    most, some = max(find, lose), np.empty(turns, dtype=np.bool_)
    for turn in rows(0, turns):
        some[turn] = uniform(key[0], turn) < most
    listed, n = np.empty(turns, dtype=np.int32), np.uint64(0)
    for turn in rows(0, turns):
        listed[n] = turn
        n += np.uint64(some[turn])
    for i in rows(0, int(n)):
        turn = listed[i]
        row = first + step * turn
        works = income[row] > 0.0
        if occupied[row] & (work[row] != Work.RETIRED) & (uniform(key[0], turn) < pick(works, lose, find)):
            income[row] = pick(works, 0.0, pay[row])
