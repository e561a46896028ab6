"""Phase 3, once a year. Owners appraise what is due, partners negotiate, tenants may choose, money decides."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.finance.grants import answer
from sim.phases.planning.applications import note_anyway, promised, seek_grants, without_pending
from sim.phases.planning.appraising import appraise
from sim.phases.planning.case import Case
from sim.phases.planning.choosing import forget_choices, tenants_choose
from sim.phases.planning.funding import fund
from sim.phases.planning.log import log_lapsed
from sim.phases.planning.menu import pick_packages, settle_packages
from sim.phases.planning.names import programme_name
from sim.phases.planning.negotiation import negotiate
from sim.phases.planning.programmes import this_years_stages
from sim.phases.planning.slips import note_postponed
from sim.phases.planning.tenants import ask_consent
from sim.phases.planning.year import open_year
from sim.rules.deals import agreement_years
from sim.vocabulary import Site
from sim.world.columns import Bools, Ints
from sim.world.projects import Project
from sim.world.world import World


def advance(world: World) -> None:
    """Tell tenants of what was decided. In the first quarter of a year also open the budget year, appraise, decide and
    fund."""
    for project in world.projects:
        if project.told == world.quarter:
            _tell(world, project)
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
    _announce(world, case)


def _due(world: World) -> Ints:
    """Idle buildings at full size (rows) that need renovation: worn, and not renovated within a generation."""
    idle = world.buildings.site == Site.IDLE if world.likes is None else world.likes.idle
    return np.flatnonzero(idle & (world.at_full_size.condition < world.p.due_condition))


def _announce(world: World, case: Case) -> None:
    """Make projects by owner and neighbourhood, and tell the tenants, who consent or not; where there are talks first,
    once these are over."""
    b = world.buildings
    go = np.flatnonzero(case.pick >= 0)
    modelled = world.modelled(case.keys)
    b.voice[case.rows[modelled]] = case.voice[modelled]
    place, joint = b.neighbourhood[case.rows[go]], case.joint
    keys = (case.owner[go] * len(world.neighbourhoods) + place) * 4 + joint[go] * 2 + case.shared[go]
    for key in np.unique(keys):
        part = go[keys == key]
        project = _project(world, case, part, modelled[part])
        ask_consent(world, project, case, part)
        if project.ready >= 0:
            world.projects.append(project)
            if project.told <= world.quarter:
                _tell(world, project)
            else:
                world.set_site(project.keys, Site.DECIDED)
            world.grants.due[project.keys] = (case.chosen(case.grant) * case.flats)[part]
            note_anyway(world, case, part)
        else:
            forget_choices(world, case, part)


def _tell(world: World, project: Project) -> None:
    """Tenants are told what will be done: from now on their building is disturbed."""
    b, rows = world.buildings, project.buildings[project.modelled]
    world.set_site(project.keys, Site.ANNOUNCED)
    b.announced[rows], b.works[rows] = world.quarter, project.options[project.modelled]


def _project(world: World, case: Case, part: Ints, modelled: Bools) -> Project:
    """One project from the chosen buildings of an owner in a neighbourhood."""
    p = world.p
    shared = bool(case.shared[part[0]])
    # Partners agree on what is built before anybody can tell tenants of it.
    delay = 1 + (p.negotiation_quarters if shared else 0.0)
    ready = world.quarter + round(delay)
    return Project(
        owner=int(case.owner[part[0]]),
        municipality=int(case.municipality[part[0]]),
        keys=case.keys[part],
        buildings=case.rows[part],
        modelled=modelled,
        options=case.pick[part],
        mix=case.mix[part],
        flats=int(case.flats[part].sum()),
        cost=float((case.chosen(case.o.cost) * case.flats)[part].sum()),
        decided=world.quarter,
        told=max(ready - 1, world.quarter),
        ready=ready,
        pooled=bool(case.joint[part[0]]),
        shared=shared,
        payments=case.payments[part].sum(axis=0),
        years=tuple(int(x) for x in agreement_years(scope.state_money_free(world), p)),
        programme=programme_name(world, case, int(part[0])),
    )
