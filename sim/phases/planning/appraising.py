"""What owners see in due buildings: options, what each costs and is worth to them, and which are allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import scope
from sim.compiling import kernel, own, rows
from sim.phases.planning.case import Case
from sim.randomness import Decision, Keys, uniform
from sim.rules import appraisal, choice, requirements
from sim.rules.appraisal import LEVELS, Offer
from sim.rules.choice import NEST, NESTS, OPTIONS, UNIFORMS, gumbel, own_part, shared_error
from sim.rules.rehousing import expected_cost
from sim.rules.rivals.aims import AIMS, Prospect
from sim.vocabulary import EnergyLevel, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.demand import expected_voids
from sim.world.world import World


def appraise(world: World, keys: Ints) -> Case:
    """All options of all due buildings as their owners see them, SEK per flat."""
    b, p = world.buildings, world.p
    due, now = world.rows_like(keys), world.at_full_size
    owner = b.owner[due]
    o = _with_voids(world, keys, appraisal.offer(world.rents_at_full_size(keys), world.believed_price, p))
    asked_by = np.array([x.required_yield for x in world.owners]) + p.yield_passthrough * world.surroundings.yield_shift
    required, asked_by = asked_by[owner], np.maximum(asked_by, p.required_least)
    alone = _own_values(world, keys, o, asked_by)
    bare = _as_owners_see(world, keys, o, alone, required, np.zeros_like(alone))
    error = _errors(world, keys, o)
    pooled = (
        world.draws.at(Decision.POOLING, world.quarter, keys)[:, 0] < scope.pooled_share(world)[b.municipality[due]]
    )
    # Only housing companies are bound by procurement law, and only they join its frameworks.
    pooled &= owner < len(world.municipalities)
    allowed = _allowed(world, o, now.energy[keys])
    town, flats, voice = b.municipality[due], b.flats[due], b.voice[due]
    asked = asked_by[owner]
    own, grant = bare.copy(), np.zeros_like(bare)
    return Case(due, keys, owner, town, flats, o, own, bare, grant, error, allowed, pooled, voice, asked)


def _with_voids(world: World, keys: Ints, o: Offer) -> Offer:
    """The options with what their owners expect to stand empty, now and after each of them."""
    now, after = expected_voids(world, world.rows_like(keys), world.at_full_size.condition[keys], o.rent_rise)
    return replace(o, void_now=now, void=after)


def _errors(world: World, keys: Ints, o: Offer) -> Floats:
    """What owners know of these buildings and the model does not: errors of nine options, and one for postponing, which
    is a choice like the others; SEK per flat (buildings, 10), in the unit of what their owner maximises."""
    error = np.empty((len(keys), OPTIONS + 1))
    draws = world.draws.keys(Decision.APPRAISAL_YEAR, world.quarter, choice.UNIFORMS)
    _draw_errors(error, keys, draws, world.known_to_owners, own_part(world.p.appraisal_correlation), world.p.numbers)
    private = _with_another_aim(world, keys)
    error[private, :-1] *= AIMS[world.levers.landlords_maximise].per_sek(o.cost[private])
    return error


@kernel
def _draw_errors(
    error: Floats, keys: Ints, draws: Keys, known: Floats, share: float, numbers: NDArray[np.void]
) -> None:
    """What this year's draws make of them, building by building: known : what lasts, of all buildings at full size."""
    p, u, in_common = own(numbers), np.empty(UNIFORMS), np.empty(NESTS)
    for i in range(len(keys)):
        for k in rows(0, UNIFORMS):
            u[k] = uniform(draws[k], keys[i])
        for nest in range(NESTS):
            in_common[nest] = shared_error(u[OPTIONS + 1 + nest], u[OPTIONS + 1 + NESTS + nest], share)
        for option in range(OPTIONS):
            yearly = gumbel(u[option]) * share + in_common[NEST[option]]
            error[i, option] = choice.errors(known[keys[i], option], yearly, p)
        error[i, OPTIONS] = choice.errors(known[keys[i], OPTIONS], gumbel(u[OPTIONS]), p)


def _own_values(world: World, keys: Ints, o: Offer, asked: Floats) -> Floats:
    """What the options bring their owners, SEK per flat (n, 9); asked : return that each owner asks (owners,)."""
    b, now, p = world.buildings, world.at_full_size, world.p
    like, found = world.rows_like(keys), np.empty_like(o.cost)
    # Whom an owner must house elsewhere it pays for, whatever the contract costs.
    _value(
        found, keys, like, o.cost, o.saving, o.rent_rise, o.later, o.rent, o.void, o.void_now, expected_cost(p),
        b.owner, b.area, now.energy, now.condition, asked, *appraisal.present_values(asked, p), world.heat_cost,
        p.numbers,
    )  # fmt: skip
    return found


@kernel
def _value(
    found: Floats, keys: Ints, like: Ints, cost: Floats, saving: Floats, rise: Floats, later: Floats, rent: Floats,
    void: Floats, void_now: Floats, rehousing: Floats, owner: Ints, area: Floats, energy: Floats, condition: Floats,
    asked: Floats, paid: Floats, grown: Floats, missing: Floats, heat_price: float, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """The same, building by building: keys : at full size. like : the buildings that these are like. paid, grown,
    missing : present values at what each owner asks (owners,)."""
    p = own(numbers)
    for i in range(len(keys)):
        its, at, each = owner[like[i]], area[like[i]], keys[i]
        waits: Any = 0.0
        for option in range(OPTIONS):
            heat = appraisal.worth_of_heat(saving[option], energy[each], at, heat_price, grown[its])
            more = appraisal.more_rent(rise[i, option], rent[i], void_now[i], void[i, option])
            of_rent = appraisal.worth_of_rent(more, later[i, option], void[i, option], at, paid[its], missing[its])
            if option == 0:
                waits = appraisal.worth_of_waiting(heat, of_rent, cost[i, 0], at, condition[each], asked[its], p)
            envelope = LEVELS[option] > 0
            works = appraisal.worth_of_works(heat, of_rent, cost[i, option], envelope, condition[each], p)
            found[i, option] = works - waits - rehousing[option]


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
