"""Second earners find and lose work, within phase 6: a quarter of the households each quarter, once a year each.

What they earn stands outside the books, as ever: whether they work follows from the economy alone, the same in all
arms, so that no arm gains or loses by it; what support their households fall back on is in the books.
"""

from __future__ import annotations

import numpy as np

from sim.randomness import Decision
from sim.rules.employment import losing, openings_left
from sim.rules.second_earners import year_of_second_earners
from sim.vocabulary import Work
from sim.world.world import World


def change_work(world: World) -> None:
    """Second earners of the households whose turn it is; not of those whose main earner has retired."""
    r, p, slack = world.residents, world.p, world.surroundings.slack
    find, lose = year_of_second_earners(openings_left(slack, p), losing(slack, p), p)
    turn = slice(world.quarter % 4, None, 4)
    income, pay = r.other_income[turn], r.second_pay[turn]
    u = world.draws.stream(Decision.SECOND_EARNER, world.quarter, len(income))
    # Few draws are below either rate: only those rows are looked at.
    rows = np.flatnonzero(u < max(find, lose))
    rows = rows[r.occupied[turn][rows] & (r.work[turn][rows] != Work.RETIRED)]
    works = income[rows] > 0.0
    changes = rows[u[rows] < np.where(works, lose, find)]
    income[changes] = np.where(income[changes] > 0.0, 0.0, pay[changes])
