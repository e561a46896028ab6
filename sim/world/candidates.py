"""Who may take a training place: out of work, young enough, suited to a site, and without a place for some years."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel, own, rows
from sim.randomness import Decision, Keys, uniform
from sim.rules.training import may_take
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def seeking(world: World) -> Ints:
    """Rows of residents that look for work since an earlier quarter and are young enough for a programme."""
    r = world.residents
    rows = np.flatnonzero(r.work == Work.OUT_OF_WORK)
    return np.asarray(rows[(r.spell[rows] > 0) & r.occupied[rows] & (r.born[rows] > _oldest(world))])


def candidates(world: World) -> Ints:
    """Those of them who suit a training place, and have not had one within ``place_again`` years."""
    r = world.residents
    found = np.empty(r.n, dtype=np.int64)
    # Whether somebody suits a place lasts: the same household answers alike in every quarter and in every arm.
    keys = world.draws.keys(Decision.SUITABLE, 0)
    count = _candidates(r.work, r.spell, r.occupied, r.born, r.placed, r.household, _oldest(world), world.quarter, keys,
                        world.p.numbers, found)  # fmt: skip
    return found[:count]


def by_municipality(world: World) -> Floats:
    """How many candidates each municipality has, persons to scale (m,)."""
    return np.bincount(world.municipality_of[candidates(world)], minlength=len(world.municipalities)).astype(float)


def _oldest(world: World) -> int:
    """The quarter after which somebody has to be born to be young enough."""
    return world.quarter - int(world.p.trainee_age_limit * 4)


@kernel
def _candidates(work: Small, spell: Small, occupied: Bools, born: Ints, placed: Ints, household: Ints, oldest: int,
                quarter: int, keys: Keys, numbers: Any, found: Ints) -> int:  # fmt: skip
    """Writes the candidates' rows, in order; how many there are."""
    p, looking, count = own(numbers), 0, 0
    # Each list's next row is written down before it is known to count: cheaper than a branch that nobody foresees.
    for row in rows(0, len(work)):
        found[looking] = row
        looking += (work[row] == Work.OUT_OF_WORK) & (spell[row] > 0) & occupied[row] & (born[row] > oldest)
    for i in rows(0, looking):
        one = found[i]
        found[count] = one
        count += int(may_take(uniform(keys[0], household[one]), quarter - placed[one], p))
    return count
