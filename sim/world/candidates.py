"""Who may take a training place: out of work, young enough, suited to a site, and without a place for some years."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel
from sim.randomness import Decision, Keys, uniform
from sim.rules.training import may_take
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def seeking(world: World) -> Ints:
    """Rows of residents that look for work since an earlier quarter and are young enough for a programme."""
    r = world.residents
    looking = (r.work == Work.OUT_OF_WORK) & (r.spell > 0) & r.occupied & (r.born > _oldest(world))
    return np.flatnonzero(looking)


def candidates(world: World) -> Ints:
    """Those of them who suit a training place, and have not had one within ``place_again`` years."""
    r = world.residents
    found = np.empty(np.count_nonzero(r.work == Work.OUT_OF_WORK), dtype=np.int64)
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
    p, count = numbers[0], 0
    for row in range(len(work)):
        looking = work[row] == Work.OUT_OF_WORK and spell[row] > 0 and occupied[row] and born[row] > oldest
        if looking and may_take(uniform(keys[0], household[row]), quarter - placed[row], p):
            found[count] = row
            count += 1
    return count
