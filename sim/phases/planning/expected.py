"""What owners expect to begin of what is due this year, before money and plans decide it."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.rules.urgency import per_krona, urgency
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


def expected_to_begin(world: World, case: Case, places: Ints, alone: Ints) -> Floats:
    """Flats of each building that its owner expects to begin this year: what it does first, as far as its organisation
    can; part of the building at the margin."""
    p, owner, n = world.p, case.owner[places], np.arange(len(places))
    flats, option = case.flats[places].astype(np.float64), np.maximum(alone, 0)
    worn = world.at_full_size.condition[case.keys[places]] <= p.forced_condition
    worth = (case.own[places] + case.error[places, :-1])[n, option]
    first = urgency(per_krona(worth, (case.o.cost - case.grant)[places, option]), worn, case.has_grant[places])
    begun = np.zeros(len(places))
    for x in world.owners:
        mine = np.flatnonzero((owner == x.index) & (alone >= 0))
        mine = mine[np.argsort(-first[mine], kind="stable")]
        before = np.cumsum(flats[mine]) - flats[mine]
        begun[mine] = np.clip(x.capacity(p) / world.region.scale - before, 0.0, flats[mine])
    return begun


def worth_talking_about(world: World, case: Case, places: Ints, alone: Ints) -> Bools:
    """Which of these buildings partners look at: those that their owners expect to begin, and those that they would
    postpone where their organisation still has room for more."""
    begun = expected_to_begin(world, case, places, alone)
    filled = np.bincount(case.owner[places], begun, minlength=len(world.owners))
    most = np.array([x.capacity(world.p) / world.region.scale for x in world.owners])
    return np.asarray((begun > 0.0) | ((alone < 0) & (filled < most)[case.owner[places]]))
