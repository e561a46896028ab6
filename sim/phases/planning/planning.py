"""Phase 3, once a year. Owners appraise what is due, partners negotiate, tenants may choose, money decides."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.phases.planning.funding import fund
from sim.phases.planning.menu import pick_packages, settle_packages
from sim.phases.planning.negotiation import negotiate
from sim.phases.planning.programmes import this_years_stages
from sim.phases.planning.shortfalls import programme_name
from sim.phases.planning.slips import note_postponed
from sim.phases.planning.tenants import ask_consent, tenants_choose
from sim.phases.planning.year import open_year
from sim.randomness import Decision
from sim.rules import appraisal, choice
from sim.rules.appraisal import Offer
from sim.rules.deals import agreement_years
from sim.rules.rivals.aims import AIMS, Prospect
from sim.vocabulary import Site, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.projects import Project
from sim.world.world import World


def advance(world: World) -> None:
    """Open the budget year; then appraise, decide, fund, and tell tenants. In the first quarter of a year alone."""
    if world.quarter % 4:
        return
    open_year(world)
    world.plans.open_year()
    if not world.levers.renovation:
        return
    due = _due(world)
    case = this_years_stages(world, _appraise(world, due))
    pick_packages(world, case)
    negotiate(world, case)
    note_postponed(world, case, np.flatnonzero(case.pick < 0))
    fund(world, case)
    tenants_choose(world, case)
    settle_packages(world, case)
    _announce(world, case)


def _due(world: World) -> Ints:
    """Idle buildings at full size (rows) that need renovation: worn, and not renovated within a generation."""
    idle = world.buildings.site == Site.IDLE if world.likes is None else world.likes.idle
    return np.flatnonzero(idle & (world.at_full_size.condition < world.p.due_condition))


def _appraise(world: World, keys: Ints) -> Case:
    """All options of all due buildings as their owners see them, SEK per flat."""
    b, p, levers = world.buildings, world.p, world.levers
    due, now = world.rows_like(keys), world.at_full_size
    owner = b.owner[due]
    reputation = world.neighbourhoods.reputation[b.neighbourhood[due]]
    o = appraisal.offer(world.rents_at_full_size(keys), world.believed_price, p, reputation)
    required = (
        np.array([x.required_yield for x in world.owners])[owner] + p.yield_passthrough * world.surroundings.yield_shift
    )
    own = appraisal.own_value(
        o,
        now.energy[keys],
        b.area[due],
        now.condition[keys],
        world.surroundings.heat_price,
        np.maximum(required, p.required_least),
        p,
    )
    grant, work = _grants(world, o.cost, b.flats[due])
    worth, bare = _as_owners_see(world, keys, o, own, required, grant, work)
    error = _errors(world, keys, o)
    pooled = (
        world.draws.at(Decision.POOLING, world.quarter, keys)[:, 0] < scope.pooled_share(world)[b.municipality[due]]
    )
    # Only housing companies are bound by procurement law, and only they join its frameworks.
    pooled &= owner < len(world.municipalities)
    allowed = np.ones(o.cost.shape, dtype=bool)
    if levers.standard_choice == "forced":
        allowed &= np.equal(appraisal.STANDARDS, Standard[levers.forced_standard.upper()])
    town, flats, voice = b.municipality[due], b.flats[due], b.voice[due]
    asked = np.maximum(required, p.required_least)
    return Case(due, keys, owner, town, flats, o, worth, bare, grant, work, error, allowed, pooled, voice, asked)


def _errors(world: World, keys: Ints, o: Offer) -> Floats:
    """What owners know of these buildings and the model does not: errors of nine options, and one for postponing, which
    is a choice like the others; SEK per flat (buildings, 10), in the unit of what their owner maximises."""
    u = world.draws.at(Decision.APPRAISAL_YEAR, world.quarter, keys, choice.UNIFORMS)
    yearly = choice.nested_errors(u, world.p.appraisal_correlation)
    error = choice.errors(world.known_to_owners[keys], yearly, world.p)
    private = world.buildings.owner[world.rows_like(keys)] >= len(world.municipalities)
    error[private, :-1] *= AIMS[world.levers.landlords_maximise].per_sek(o.cost[private])
    return error


def _as_owners_see(world: World, keys: Ints, o: Offer, own: Floats, required: Floats, grant: Floats,
                   work: Floats) -> tuple[Floats, Floats]:  # fmt: skip
    """Value by which owners choose, with and without grants: present value, or what private landlords maximise."""
    worth, bare, aim = own + grant - work, own.copy(), AIMS[world.levers.landlords_maximise].worth
    private = world.buildings.owner[world.rows_like(keys)] >= len(world.municipalities)
    if private.any():
        seen = _prospect(world, keys[private], o.part(private), own[private], required[private])
        nothing = np.zeros_like(grant[private])
        worth[private] = aim(seen, grant[private], work[private], world.p)
        bare[private] = aim(seen, nothing, nothing, world.p)
    return worth, bare


def _prospect(world: World, keys: Ints, o: Offer, present_value: Floats, required: Floats) -> Prospect:
    """What private landlords look at, by building and option."""
    b, p, outside, now = world.buildings, world.p, world.surroundings, world.at_full_size
    rows = world.rows_like(keys)
    market = appraisal.market_yields(world.neighbourhoods.reputation, outside.yield_shift, p)[b.neighbourhood[rows]]
    facts = now.energy[keys], b.area[rows], now.condition[keys], outside.heat_price
    return Prospect(
        present_value=present_value,
        cost=o.cost,
        income=appraisal.first_income(o, *facts, p),
        sold=appraisal.market_gain(o, *facts, market, p),
        required=np.maximum(required, p.required_least),
        interest=max(outside.interest + p.loan_margin, 0.0),
    )


def _grants(world: World, cost: Floats, flats: Ints) -> tuple[Floats, Floats]:
    """State grant that an owner expects, and the work of applying, SEK per flat and option.

    Nobody applies where the work exceeds the grant; both are zero in years without a grant.
    """
    levers, p = world.levers, world.p
    if levers.grant_rate == 0.0:
        return np.zeros_like(cost), np.zeros_like(cost)
    _, energy = appraisal.reference_costs(p)
    base = energy[None, :] * world.believed_price if levers.grant_energy_only else cost
    grant = np.minimum(levers.grant_rate * base, levers.grant_cap_per_flat)
    work = levers.grant_burden / np.maximum(flats, 1)[:, None]
    applies = grant > work
    return grant * applies, work * applies


def _announce(world: World, case: Case) -> None:
    """Make projects by owner and neighbourhood, tell the tenants, and ask for their consent."""
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
            world.set_site(project.keys, Site.ANNOUNCED)
            b.announced[project.buildings[project.modelled]] = world.quarter


def _project(world: World, case: Case, part: Ints, modelled: Bools) -> Project:
    """One project from the chosen buildings of an owner in a neighbourhood."""
    p = world.p
    shared = bool(case.shared[part[0]])
    delay = 1 + (p.negotiation_quarters if shared else 0.0)
    return Project(
        owner=int(case.owner[part[0]]),
        municipality=int(case.municipality[part[0]]),
        keys=case.keys[part],
        buildings=case.rows[part],
        modelled=modelled,
        options=case.pick[part],
        flats=int(case.flats[part].sum()),
        cost=float((case.chosen(case.o.cost) * case.flats)[part].sum()),
        decided=world.quarter,
        ready=world.quarter + round(delay),
        pooled=bool(case.joint[part[0]]),
        shared=shared,
        payments=case.payments[part].sum(axis=0),
        years=tuple(int(x) for x in agreement_years(scope.state_money_free(world), p)),
        programme=programme_name(world, case, int(part[0])),
        grant=float(case.granted[part].sum()),
    )
