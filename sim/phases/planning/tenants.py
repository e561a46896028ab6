"""Tenants before the works: consenting, or going to the rent tribunal."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import mixture
from sim.rules.rivals.revealing import REVEALING
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.plans import Slip
from sim.world.projects import Project
from sim.world.world import World


def ask_consent(world: World, project: Project, case: Case, part: Ints) -> None:
    """Tenants consent, or a tribunal decides after months; dialogue makes refusal rarer. A denial ends the project.

    ``part`` are the project's places in the case. Moves ``project.ready`` (quarter), or sets it to -1.
    """
    p = world.p
    voice = float(case.voice[part].mean())
    rise = float((_rises(world, case, part) / world.at_full_size.rent[project.keys]).mean())
    u = world.draws.at(Decision.CONSENT, world.quarter, project.keys[:1], 3)[0]
    asked = scope.participation(world) if project.owner < len(world.municipalities) else 0.0
    # Talks come first: they take time, and nobody moves out of a building in which nothing has been announced.
    project.told += round(p.dialogue_quarters * asked)
    project.ready += round(p.dialogue_quarters * asked)
    # Refusal grows with the rise and falls with having been heard; a tribunal then takes months and mostly grants it.
    hurdle = p.refusal * (1.0 - p.pilot_eases_consent * _pilot_seen(world, project))
    if u[0] < min(hurdle * rise / p.refusal_rise * (1.0 - min(voice, 1.0)), p.refusal_most):
        eased = asked * REVEALING[world.levers.participation_reveals].eases_consent
        months = p.tribunal_quarters * (p.tribunal_shortest + u[1]) * (1.0 - p.tribunal_eased * min(eased, 1.0))
        project.ready += max(round(months), 1)
        if project.owner < len(world.municipalities):
            world.books.pay(Flow.TRIBUNAL, p.tribunal_cost * project.flats * world.region.scale, project.municipality)
        if u[2] > p.tribunal_grants:
            project.ready = -1
            world.plans.hold(project.keys, Slip.CONSENT)


def _rises(world: World, case: Case, part: Ints) -> Floats:
    """Mean rise over the flats of each of these buildings (places in the case), SEK/m2.year."""
    if not case.mix[part].any():
        return case.chosen(case.o.rent_rise)[part]
    rent, cap = world.at_full_size.rent[case.keys[part]], world.levers.basic_right_cap
    parts = mixture.by_part(case.o.rent_rise[part], rent, cap)
    return mixture.mean_rise(parts, np.maximum(case.pick[part], 0), case.mix[part])


def _pilot_seen(world: World, project: Project) -> bool:
    """Whether tenants of the estate have a pilot of their owner's programme to look at."""
    plan = world.plans.of.get(project.owner)
    estate = plan.estate(int(world.buildings.neighbourhood[project.buildings[0]])) if plan else None
    return estate is not None and estate.serial(world.quarter // 4, world.p.pilot_years)
