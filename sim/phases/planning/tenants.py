"""Tenants before the works: choosing a standard, consenting, or going to the rent tribunal."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import NEXT_LIKE, Decision
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.homes import pay_factor, worth_of_standards
from sim.rules.rivals.revealing import REVEALING, Revealing
from sim.vocabulary import EnergyLevel
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.plans import Slip
from sim.world.projects import Project
from sim.world.world import World


def tenants_choose(world: World, case: Case) -> None:
    """Where tenants are asked, their plurality picks the standard; the owner accepts it unless it loses much.

    Changes ``case.pick`` and drops side payments (SEK) that had been agreed for another option.
    """
    p = world.p
    asked = scope.participation(world)
    by_lever = world.levers.standard_choice == "tenants"
    if asked == 0.0 and not by_lever:
        return
    public = case.owner < len(world.municipalities)
    go = np.flatnonzero((case.pick >= 0) & (public | by_lever))
    if len(go) == 0 or world.levers.standard_choice == "forced":
        return
    # A vote by law is counted, whatever a dialogue would have revealed.
    rule = REVEALING["wishes" if by_lever else world.levers.participation_reveals]
    vote, turnout = _votes(world, case, go, max(asked, p.lever_turnout if by_lever else 0.0), rule)
    # What no package of a framework offers is built alone.
    wished = vote * len(EnergyLevel) + LEVELS[case.pick[go]]
    paid = case.paid_worth[go] / case.flats[go] * (wished != case.pick[go])
    loss = case.own[go, case.pick[go]] + paid - case.own[go, wished]
    accepted = by_lever | (loss <= p.participation_tolerance * case.o.cost[go, case.pick[go]])
    case.voice[go] = turnout * np.where(accepted, 1.0, p.voice_unheard)
    changed = accepted & (wished != case.pick[go])
    # What had been paid for another option is not paid for this one.
    case.lapse(go[changed])
    case.pick[go] = np.where(accepted, wished, case.pick[go])
    if asked > 0.0:
        cost = p.dialogue_cost * np.bincount(case.municipality[go], case.flats[go], minlength=len(world.municipalities))
        world.books.pay(Flow.DIALOGUE, asked * cost * world.region.scale)


def _votes(world: World, case: Case, go: Ints, effort: float, rule: Revealing) -> tuple[Ints, Floats]:
    """The standard (0-2) that most of those who are heard choose, and their share; settled tenants come oftener."""
    r, p = world.residents, world.p
    where, rows = world.flats_in(case.rows[go])
    # Tenants of the buildings that one stands for wish what its tenants wish, and come and choose for themselves.
    keys = rows + NEXT_LIKE * np.where(world.modelled(case.keys[go]), 0, 1 + case.keys[go])[where]
    u = world.draws.at(Decision.TENANT_CHOICE, world.quarter, keys, 4)
    settled = np.clip((world.quarter - r.since[rows]) / (4.0 * p.ties_years), 0.0, 1.0)
    comes = u[:, 0] < effort * (p.turnout_base + p.turnout_settled * settled) * r.occupied[rows]
    comes &= rule.heard((world.quarter - r.since[rows]) / 4.0, (world.quarter - r.born[rows]) / 4.0, p)
    rise = case.o.rent_rise[go] * world.buildings.area[case.rows[go]][:, None] / 12.0
    rises = np.stack([rise[:, s == STANDARDS].min(axis=1) for s in (1, 2, 3)], axis=1)[where]
    weight = 1.0 + p.tenant_rent_weight * np.clip(r.burden[rows] - p.burden_ordinary, 0.0, p.burden_excess_most)
    # Random utility (McFadden 1974): a wish weighed against the rent, with a Gumbel error for what is not modelled.
    error = -np.log(-np.log(u[:, 1:])) * p.home_worth_midi * p.vote_error
    worth = (r.wish[rows][:, None] * worth_of_standards(p)[None, 1:] + error) * pay_factor(world.pay_level, p)
    best = (worth - rises * weight[:, None]).argmax(axis=1)
    tally = np.zeros((len(go), 3))
    np.add.at(tally, (where[comes], best[comes]), 1.0)
    turnout = tally.sum(axis=1) / case.flats[go]
    present = STANDARDS[case.pick[go]] - 1
    return np.where(tally.sum(axis=1) > 0, tally.argmax(axis=1), present), turnout


def ask_consent(world: World, project: Project, case: Case, part: Ints) -> None:
    """Tenants consent, or a tribunal decides after months; dialogue makes refusal rarer. A denial ends the project.

    ``part`` are the project's places in the case. Moves ``project.ready`` (quarter), or sets it to -1.
    """
    p = world.p
    voice = float(case.voice[part].mean())
    rise = float((case.chosen(case.o.rent_rise)[part] / world.at_full_size.rent[project.keys]).mean())
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


def _pilot_seen(world: World, project: Project) -> bool:
    """Whether tenants of the estate have a pilot of their owner's programme to look at."""
    plan = world.plans.of.get(project.owner)
    estate = plan.estate(int(world.buildings.neighbourhood[project.buildings[0]])) if plan else None
    return estate is not None and estate.serial(world.quarter // 4, world.p.pilot_years)
