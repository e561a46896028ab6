"""What owners see in due buildings: options, what each costs and is worth to them, and which are allowed."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import appraisal, choice, requirements
from sim.rules.appraisal import Offer
from sim.rules.rivals.aims import AIMS, Prospect
from sim.vocabulary import EnergyLevel, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


def appraise(world: World, keys: Ints) -> Case:
    """All options of all due buildings as their owners see them, SEK per flat."""
    b, p = world.buildings, world.p
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
        world.heat_cost,
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
    allowed = _allowed(world, o, now.energy[keys])
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
    facts = now.energy[keys], b.area[rows], now.condition[keys], world.heat_cost
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


def _allowed(world: World, o: Offer, energy: Floats) -> Bools:
    """The options that law and decrees leave to each building (n, 9); energy : now, kWh/m2.year (n,)."""
    levers = world.levers
    standard = Standard[levers.forced_standard.upper()] if levers.standard_choice == "forced" else None
    level = None if levers.forced_energy == "owner" else EnergyLevel[levers.forced_energy.upper()]
    return requirements.reaching(requirements.decreed(standard, level), o.saving, energy, levers.energy_requirement)
