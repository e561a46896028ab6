"""What has been decided becomes projects, and tenants are told of it."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.applications import note_anyway
from sim.phases.planning.case import Case
from sim.phases.planning.choosing import forget_choices
from sim.phases.planning.names import programme_name
from sim.phases.planning.tenants import ask_consent
from sim.rules.deals import agreement_years
from sim.vocabulary import Site
from sim.world.columns import Ints
from sim.world.projects import Project
from sim.world.turns import Turns
from sim.world.world import World


def announce(world: World, case: Case) -> None:
    """Make projects by owner and neighbourhood, and tell the tenants, who consent or not; where there are talks first,
    once these are over."""
    b = world.buildings
    modelled = world.modelled(case.keys)
    b.voice[case.rows[modelled]] = case.voice[modelled]
    go = np.flatnonzero(case.pick >= 0)
    if len(go) == 0:
        return
    keys = case.owner[go] * len(world.neighbourhoods) + b.neighbourhood[case.rows[go]]
    _, number = np.unique(keys * 4 + case.joint[go] * 2 + case.shared[go], return_inverse=True)
    turns = Turns.of(number, int(number.max()) + 1)
    places = go[turns.order]
    projects = _projects(world, case, places, turns)
    ask_consent(world, case, projects, places, turns)
    ready = [project for project in projects if project.ready >= 0]
    goes = np.repeat([project.ready >= 0 for project in projects], turns.counts)
    forget_choices(world, case, places[~goes])
    world.projects += ready
    tell(world, [project for project in ready if project.told <= world.quarter])
    later = [project.keys for project in ready if project.told > world.quarter]
    if later:
        world.set_site(np.concatenate(later), Site.DECIDED)
    begins = places[goes]
    world.grants.due[case.keys[begins]] = (case.chosen(case.grant) * case.flats)[begins]
    note_anyway(world, case, begins)


def tell(world: World, projects: list[Project]) -> None:
    """Tenants are told what will be done: from now on their buildings are disturbed."""
    if not projects:
        return
    keys, buildings, options, modelled = (
        np.concatenate([getattr(project, name) for project in projects])
        for name in ("keys", "buildings", "options", "modelled")
    )
    world.set_site(keys, Site.ANNOUNCED)
    b, rows = world.buildings, buildings[modelled]
    b.announced[rows], b.works[rows] = world.quarter, options[modelled]


def _projects(world: World, case: Case, places: Ints, turns: Turns) -> list[Project]:
    """One project from the chosen buildings of an owner in a neighbourhood, tendered alike and agreed on alike.

    places : of these buildings in the case, project by project, as ``turns`` counts them.
    """
    p = world.p
    ends = turns.ends
    starts = ends - turns.counts
    first = places[starts]
    # Partners agree on what is built before anybody can tell tenants of it.
    alone, together = (world.quarter + round(1 + wait) for wait in (0.0, p.negotiation_quarters))
    years = tuple(int(x) for x in agreement_years(scope.state_money_free(world), p))
    rows, keys, pick, flats = (x[places] for x in (case.rows, case.keys, case.pick, case.flats))
    mix, payments, modelled = case.mix[places], case.payments[places], world.modelled(keys)
    cost = turns.sum_in_order((case.chosen(case.o.cost) * case.flats)[places]).tolist()
    size, paid = np.add.reduceat(flats, starts).tolist(), payments.any()
    of_first = (x[first].tolist() for x in (case.owner, case.municipality, case.joint, case.shared))
    return [
        Project(
            owner=owner,
            municipality=municipality,
            keys=keys[start:end],
            buildings=rows[start:end],
            modelled=modelled[start:end],
            options=pick[start:end],
            mix=mix[start:end],
            flats=size[i],
            cost=cost[i],
            decided=world.quarter,
            told=max((together if shared else alone) - 1, world.quarter),
            ready=together if shared else alone,
            pooled=joint,
            shared=shared,
            payments=payments[start:end].sum(axis=0) if paid else payments[start],
            years=years,
            programme=programme_name(world, case, place),
        )
        for i, (start, end, place, owner, municipality, joint, shared) in enumerate(
            zip(starts.tolist(), ends.tolist(), first.tolist(), *of_first, strict=True)
        )
    ]
