"""Tenants before the works: consenting, or going to the rent tribunal."""

from __future__ import annotations

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import mixture
from sim.rules.rivals.revealing import REVEALING
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.plans import Slip
from sim.world.projects import Project
from sim.world.turns import Turns
from sim.world.world import World


def ask_consent(world: World, case: Case, projects: list[Project], places: Ints, turns: Turns) -> None:
    """Tenants consent, or a tribunal decides after months; dialogue makes refusal rarer. A denial ends the project.

    places : of the projects' buildings in the case, project by project, as ``turns`` counts them. Moves each project's
    ``ready`` (quarter), or sets it to -1.
    """
    p, starts = world.p, turns.ends - turns.counts
    rises = _rises(world, case, places) / world.at_full_size.rent[case.keys[places]]
    rise, voice = (turns.sum_in_order(x) / turns.counts for x in (rises, case.voice[places]))
    u = world.draws.at(Decision.CONSENT, world.quarter, case.keys[places[starts]], 3)
    # Talks come first: they take time, and nobody moves out of a building in which nothing has been announced.
    effort = scope.participation(world)
    for project, more, heard, chance in zip(projects, rise.tolist(), voice.tolist(), u.tolist(), strict=True):
        asked = effort if project.owner < len(world.municipalities) else 0.0
        project.told += round(p.dialogue_quarters * asked)
        project.ready += round(p.dialogue_quarters * asked)
        # Refusal grows with the rise and falls with having been heard.
        hurdle = p.refusal * (1.0 - p.pilot_eases_consent * _pilot_seen(world, project))
        if chance[0] < min(hurdle * more / p.refusal_rise * (1.0 - min(heard, 1.0)), p.refusal_most):
            _go_to_tribunal(world, project, asked, chance)


def _go_to_tribunal(world: World, project: Project, asked: float, chance: list[float]) -> None:
    """It takes months and mostly grants the works. asked : how far tenants have been asked, 0-1. chance : the project's
    draws, the second of how long it takes, the third of what it says."""
    p = world.p
    eased = asked * REVEALING[world.levers.participation_reveals].eases_consent
    quarters = p.tribunal_quarters * (p.tribunal_shortest + chance[1]) * (1.0 - p.tribunal_eased * min(eased, 1.0))
    project.ready += max(round(quarters), 1)
    if project.owner < len(world.municipalities):
        world.books.pay(Flow.TRIBUNAL, p.tribunal_cost * project.flats * world.region.scale, project.municipality)
    if chance[2] > p.tribunal_grants:
        project.ready = -1
        world.plans.hold(project.keys, Slip.CONSENT)


def _rises(world: World, case: Case, places: Ints) -> Floats:
    """Mean rise over the flats of each of these buildings (places in the case), SEK/m2.year."""
    rent, cap = world.at_full_size.rent[case.keys[places]], world.levers.basic_right_cap
    parts = mixture.by_part(case.o.rent_rise[places], rent, cap)
    return mixture.mean_rise(parts, case.pick[places], case.mix[places])


def _pilot_seen(world: World, project: Project) -> bool:
    """Whether tenants of the estate have a pilot of their owner's programme to look at."""
    plan = world.plans.of.get(project.owner)
    estate = plan.estate(int(world.buildings.neighbourhood[project.buildings[0]])) if plan else None
    return estate is not None and estate.serial(world.quarter // 4, world.p.pilot_years)
