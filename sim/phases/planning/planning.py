"""Phase 3, once a year. Owners appraise what is due, partners negotiate, tenants may choose, money decides."""

from __future__ import annotations

import numpy as np

from sim.phases.finance.grants import answer
from sim.phases.planning.announcing import announce, tell
from sim.phases.planning.applications import promised, seek_grants, without_pending
from sim.phases.planning.appraising import appraise
from sim.phases.planning.choosing import forget_choices, tenants_choose
from sim.phases.planning.funding import fund
from sim.phases.planning.log import log_lapsed
from sim.phases.planning.menu import pick_packages, settle_packages
from sim.phases.planning.negotiation import negotiate
from sim.phases.planning.programmes import this_years_stages
from sim.phases.planning.slips import note_postponed
from sim.phases.planning.year import open_year
from sim.vocabulary import Site
from sim.world.columns import Ints
from sim.world.world import World


def advance(world: World) -> None:
    """Tell tenants of what was decided. In the first quarter of a year also open the budget year, appraise, decide and
    fund."""
    tell(world, [project for project in world.projects if project.told == world.quarter])
    if world.quarter % 4:
        return
    open_year(world)
    world.plans.open_year()
    if not world.levers.renovation:
        return
    answer(world)
    every = promised(world, appraise(world, without_pending(world, _due(world))))
    case = seek_grants(world, every, this_years_stages(world, every))
    pick_packages(world, case)
    negotiate(world, case)
    note_postponed(world, case, np.flatnonzero(case.pick < 0))
    fund(world, case)
    forget_choices(world, case, np.flatnonzero(case.pick >= 0))
    tenants_choose(world, case)
    settle_packages(world, case)
    log_lapsed(world, case)
    announce(world, case)


def _due(world: World) -> Ints:
    """Idle buildings at full size (rows) that need renovation: worn, and not renovated within a generation."""
    idle = world.buildings.site == Site.IDLE if world.likes is None else world.likes.idle
    return np.flatnonzero(idle & (world.at_full_size.condition < world.p.due_condition))
