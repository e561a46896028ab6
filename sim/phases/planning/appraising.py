"""What owners see in due buildings: options, what each costs and is worth to them, and which are allowed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import appraisal, choice, demand, requirements
from sim.rules.appraisal import LEVELS, STANDARDS, Offer
from sim.rules.rehousing import expected_cost
from sim.rules.rivals.aims import AIMS, Prospect
from sim.vocabulary import EnergyLevel, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.demand import basic_worth, expected_voids, worth_after
from sim.world.world import World


def appraise(world: World, keys: Ints) -> Case:
    """All options of all due buildings as their owners see them, SEK per flat."""
    b, p = world.buildings, world.p
    due, now = world.rows_like(keys), world.at_full_size
    owner = b.owner[due]
    o = _with_voids(world, keys, appraisal.offer(world.rents_at_full_size(keys), world.believed_price, p))
    required = (
        np.array([x.required_yield for x in world.owners])[owner] + p.yield_passthrough * world.surroundings.yield_shift
    )
    alone = appraisal.own_value(
        o,
        now.energy[keys],
        b.area[due],
        now.condition[keys],
        world.heat_cost,
        np.maximum(required, p.required_least),
        p,
    )
    # Whom an owner must house elsewhere it pays for, whatever the contract costs.
    alone -= expected_cost(p)[None, :]
    bare = _as_owners_see(world, keys, o, alone, required, np.zeros_like(alone))
    error = _errors(world, keys, o)
    pooled = (
        world.draws.at(Decision.POOLING, world.quarter, keys)[:, 0] < scope.pooled_share(world)[b.municipality[due]]
    )
    # Only housing companies are bound by procurement law, and only they join its frameworks.
    pooled &= owner < len(world.municipalities)
    allowed = _allowed(world, o, now.energy[keys])
    town, flats, voice = b.municipality[due], b.flats[due], b.voice[due]
    asked = np.maximum(required, p.required_least)
    own, grant = bare.copy(), np.zeros_like(bare)
    return Case(due, keys, owner, town, flats, o, own, bare, grant, error, allowed, pooled, voice, asked)


def _with_voids(world: World, keys: Ints, o: Offer) -> Offer:
    """The options with what their owners expect to stand empty, now and after each of them."""
    b, rows = world.buildings, world.rows_like(keys)
    # Energy measures show in no rent and no standard: three works instead of nine.
    each = np.flatnonzero(LEVELS == EnergyLevel.NONE)
    mini, rise = o.rent_rise[:, :1], o.rent_rise[:, each]
    over = (b.rent - b.rent_plain - b.rent_chosen)[rows][:, None] + mini
    dear = demand.dear(over, np.zeros_like(over), np.zeros_like(over), np.full_like(over, basic_worth(world)))
    above = b.rent_chosen[rows][:, None] + np.maximum(rise - mini, 0.0) + dear
    worth = worth_after(world, rows, STANDARDS[each])
    condition = world.at_full_size.condition[keys]
    now, after = expected_voids(world, rows, condition, worth, above * (b.area[rows] / 12.0)[:, None])
    return replace(o, void_now=now, void=after[:, np.searchsorted(STANDARDS[each], STANDARDS)])


def _errors(world: World, keys: Ints, o: Offer) -> Floats:
    """What owners know of these buildings and the model does not: errors of nine options, and one for postponing, which
    is a choice like the others; SEK per flat (buildings, 10), in the unit of what their owner maximises."""
    u = world.draws.at(Decision.APPRAISAL_YEAR, world.quarter, keys, choice.UNIFORMS)
    yearly = choice.nested_errors(u, world.p.appraisal_correlation)
    error = choice.errors(world.known_to_owners[keys], yearly, world.p)
    private = _with_another_aim(world, keys)
    error[private, :-1] *= AIMS[world.levers.landlords_maximise].per_sek(o.cost[private])
    return error


def _with_another_aim(world: World, keys: Ints) -> Ints:
    """Places of the buildings whose owners maximise something else than present value."""
    if world.levers.landlords_maximise == "present-value":
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(world.buildings.owner[world.rows_like(keys)] >= len(world.municipalities))


def with_grants(world: World, case: Case, grant: Floats) -> Floats:
    """What the options of a case are worth to their owners with such grants, SEK per flat (n, 9)."""
    return _as_owners_see(world, case.keys, case.o, case.bare, case.required, grant)


def _as_owners_see(world: World, keys: Ints, o: Offer, own: Floats, required: Floats, grant: Floats) -> Floats:
    """Value by which owners choose, with grants: present value, or what private landlords maximise."""
    worth, aim = own + grant, AIMS[world.levers.landlords_maximise].worth
    private = _with_another_aim(world, keys)
    if len(private):
        seen = _prospect(world, keys[private], o.part(private), own[private], required[private])
        worth[private] = aim(seen, grant[private], world.p)
    return worth


def _prospect(world: World, keys: Ints, o: Offer, present_value: Floats, required: Floats) -> Prospect:
    """What private landlords look at, by building and option."""
    b, p, outside, now = world.buildings, world.p, world.surroundings, world.at_full_size
    rows = world.rows_like(keys)
    market = appraisal.market_yields(world.neighbourhoods.reputation, outside.yield_shift, p)[b.neighbourhood[rows]]
    facts = now.energy[keys], b.area[rows], now.condition[keys], world.heat_cost
    return Prospect(
        present_value=present_value,
        cost=o.cost,
        income=appraisal.first_income(o, *facts, p),
        sold=appraisal.market_gain(o, *facts, market, p),
        required=np.maximum(required, p.required_least),
        interest=max(outside.interest + p.loan_margin, 0.0),
    )


def _allowed(world: World, o: Offer, energy: Floats) -> Bools:
    """The options that law and decrees leave to each building (n, 9); energy : now, kWh/m2.year (n,)."""
    levers = world.levers
    standard = Standard[levers.forced_standard.upper()] if levers.standard_choice == "forced" else None
    level = None if levers.forced_energy == "owner" else EnergyLevel[levers.forced_energy.upper()]
    return requirements.reaching(requirements.decreed(standard, level), o.saving, energy, levers.energy_requirement)
