"""What owners expect to begin of what is due this year, before money and plans decide it."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Bools, Floats, Ints
from sim.world.turns import Turns
from sim.world.world import World


def expected_to_begin(world: World, case: Case, places: Ints, alone: Ints) -> Floats:
    """Flats of each building that its owner expects to begin this year: what it does first, as far as its organisation
    can; part of the building at the margin."""
    p, owner, n = world.p, case.owner[places], np.arange(len(places))
    flats, option = case.flats[places].astype(np.float64), np.maximum(alone, 0)
    worn = world.at_full_size.condition[case.keys[places]] <= p.forced_condition
    worth = (case.own[places] + case.error[places, :-1])[n, option]
    first = urgency(per_krona(worth, (case.o.cost - case.grant)[places, option]), worn, case.has_grant[places])
    begun, go = np.zeros(len(places)), np.flatnonzero(alone >= 0)
    before = Turns.of(owner[go], len(world.owners), -first[go]).so_far(flats[go]) - flats[go]
    begun[go] = np.clip(_capacity(world)[owner[go]] - before, 0.0, flats[go])
    return begun


def worth_talking_about(world: World, case: Case, places: Ints, alone: Ints) -> Bools:
    """Which of these buildings partners look at: those that their owners expect to begin, and those that they would
    postpone where their organisation still has room for more."""
    begun = expected_to_begin(world, case, places, alone)
    filled = np.bincount(case.owner[places], begun, minlength=len(world.owners))
    return np.asarray((begun > 0.0) | ((alone < 0) & (filled < _capacity(world))[case.owner[places]]))


def _capacity(world: World) -> Floats:
    """Flats that each owner's organisation can begin in a year, at full size (owners,)."""
    return np.array([x.capacity(world.p) / world.region.scale for x in world.owners])
