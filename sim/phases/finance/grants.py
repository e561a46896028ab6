"""The state's part in its grants: whom it grants, what lapses, what it pays, and what becomes of unspent money."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules import appraisal
from sim.rules import grants as rules
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.grants import NEVER
from sim.world.projects import Contract
from sim.world.tallies import RegionTally
from sim.world.world import World


def programme_open(world: World) -> bool:
    """Whether the state has a grant programme this year."""
    return world.levers.grant_rate > 0.0


def lead(world: World) -> int:
    """Quarters from an application to its answer: answers come when a year opens, and owners count on that. A call's
    results come once a year, however fast it is."""
    levers = world.levers
    return 4 * max(-(-levers.grant_lead_quarters // 4), int(levers.grant_form == "call"))


def open_year(world: World) -> None:
    """A new year's money, and what has been carried over; SEK to scale. Promises that nobody took up lapse."""
    state = world.state
    if programme_open(world):
        state.grants_left = world.levers.grant_budget_per_year * world.region.scale + state.grants_carried
    else:
        world.tallies.add(RegionTally.GRANTS_UNSPENT, state.grants_carried)
    state.grants_carried = 0.0
    g = world.grants
    _lapse(world, np.flatnonzero((g.reserved > 0.0) & ~g.begun & ((g.until < world.quarter) | too_late(world))))
    g.taken_up = rules.learnt(g.taken_up, g.kept + g.missed, g.kept, world.p)
    g.kept[:], g.missed[:] = 0.0, 0.0


def too_late(world: World) -> Bools:
    """Where works that are not decided on yet could not be on site in time for what is promised, however fast (l,)."""
    # They are tendered in the next quarter at the earliest, and begin after it.
    idle = world.buildings.site == Site.IDLE if world.likes is None else world.likes.idle
    return np.asarray(idle & (world.grants.until <= world.quarter + 1))


def close_year(world: World) -> None:
    """What nobody was promised goes back to the treasury, or is carried over as far as the rules say so."""
    state, carried = world.state, _carried(world) * world.state.grants_left
    world.tallies.add(RegionTally.GRANTS_UNSPENT, state.grants_left - carried)
    world.tallies.add(RegionTally.GRANTS_CARRIED, carried)
    state.grants_left, state.grants_carried = 0.0, carried


def answer(world: World) -> None:
    """Applications whose time has come are granted or refused, and all owners learn of it."""
    g, levers = world.grants, world.levers
    keys = np.flatnonzero(g.pending & (g.filed + lead(world) <= world.quarter))
    if len(keys) == 0:
        return
    granted = keys[:0]
    if programme_open(world):
        granted = _by_panel(world, keys) if levers.grant_form == "call" else _first_come(world, keys)
    flats = world.buildings.flats[world.rows_like(granted)].astype(np.float64)
    g.promise(granted, flats, world.quarter, levers.grant_start_within or world.quarters)
    sek = float(g.reserved[granted].sum()) * world.region.scale
    world.state.grants_left -= sek
    world.tallies.add(RegionTally.GRANTS_GRANTED, sek)
    g.filed[keys] = NEVER
    g.refused[keys] += 1
    g.refused[granted] = 0
    g.chance = rules.learnt(g.chance, _by_owner(world, keys), _by_owner(world, granted), world.p)


def _by_owner(world: World, keys: Ints) -> Floats:
    """How many of these buildings each owner has (owners,)."""
    owner = world.buildings.owner[world.rows_like(keys)]
    return np.bincount(owner, minlength=len(world.owners)).astype(np.float64)


def _asked(world: World, keys: Ints) -> Floats:
    """SEK applied for, to scale (n,)."""
    g = world.grants
    each = g.asked[keys, g.option[keys]] * world.buildings.flats[world.rows_like(keys)]
    return np.asarray(each * world.region.scale)


def _first_come(world: World, keys: Ints) -> Ints:
    """First come, first served, as far as the year's money reaches; arrival is mostly chance, each year another."""
    u = world.draws.at(Decision.GRANT_QUEUE, world.quarter, keys)[:, 0]
    stock = np.array([x.flats for x in world.owners], dtype=np.float64)
    comes = rules.arrival(u, stock[world.buildings.owner[world.rows_like(keys)]], world.p)
    place = np.argsort(comes, kind="stable")
    return keys[rules.within(place, _asked(world, keys), world.state.grants_left)]


def _by_panel(world: World, keys: Ints) -> Ints:
    """A panel ranks projects (an owner's applications of a year in one estate) and grants whole ones in that order."""
    g, b, rows = world.grants, world.buildings, world.rows_like(keys)
    estates = (b.owner[rows] * len(world.neighbourhoods) + b.neighbourhood[rows]) * world.quarters + g.filed[keys]
    _, first, number = np.unique(estates, return_index=True, return_inverse=True)
    saving = appraisal.savings(world.p)[g.option[keys]]
    heat = saving * world.at_full_size.energy[keys] * b.area[rows] * b.flats[rows]
    low = world.seen_tenants(rows)[2] * b.flats[rows]
    sek, asked = _asked(world, keys), g.asked[keys, g.option[keys]] * b.flats[rows]
    by_project = [np.bincount(number, x).astype(np.float64) for x in (heat, asked, low, b.flats[rows], sek)]
    z = world.draws.normal(Decision.PANEL, world.quarter, keys[first])[:, 0]
    order = rules.ranked(by_project[0], by_project[1], by_project[2] / by_project[3], z, world.p)
    return keys[np.isin(number, rules.within(order, by_project[4], world.state.grants_left))]


def begin(world: World, keys: Ints) -> None:
    """These buildings go on site: who comes too late, or builds less than it was promised money for, gives it back."""
    g = world.grants
    if not g.reserved[keys].any():
        return
    _lapse(world, keys[(g.reserved[keys] > 0.0) & ((g.until[keys] < world.quarter) | (g.due[keys] <= 0.0))])
    kept = keys[g.reserved[keys] > 0.0]
    _back(world, kept, g.reserved[kept] - g.due[kept])
    g.reserved[kept], g.begun[kept] = g.due[kept], True
    g.kept += _by_owner(world, kept)
    world.tallies.add(RegionTally.GRANTS_ANYWAY, float(g.anyway[kept].sum()) * world.region.scale)


def _lapse(world: World, keys: Ints) -> None:
    """What was promised for these lapses."""
    world.grants.missed += _by_owner(world, keys)
    _back(world, keys, world.grants.reserved[keys])
    world.grants.drop(keys)


def _back(world: World, keys: Ints, sek: Floats) -> None:
    """Money (SEK per building) that was set aside for these goes back: into this year's budget, or, from an earlier
    one, into it as far as money may be carried over."""
    this_year = world.grants.since[keys] // 4 == world.quarter // 4
    again = np.where(this_year, 1.0, _carried(world) * programme_open(world))
    world.state.grants_left += float((again * sek).sum()) * world.region.scale
    world.tallies.add(RegionTally.GRANTS_LAPSED, float(sek.sum()) * world.region.scale)


def _carried(world: World) -> float:
    """Share of a year's unspent money that may be used in the next: by the programme's rules, or state money's."""
    return max(world.levers.grant_carry_over, scope.state_money_free(world))


def pay(world: World, contract: Contract) -> None:
    """Grants (SEK) fall due when works are finished; a private owner pays off a loan with its own."""
    g, keys = world.grants, contract.keys
    if (g.since[keys] == NEVER).all():
        return
    world.tallies.add(RegionTally.GRANTS_PAID, float(g.due[keys].sum()) * world.region.scale)
    mine = g.due[keys] * contract.modelled  # only these are in the books
    for owner in np.unique(contract.owners[mine > 0.0]):
        sek, private = float(mine[contract.owners == owner].sum()), owner >= len(world.municipalities)
        flow = Flow.GRANTS_LANDLORDS if private else Flow.GRANTS_COMPANIES
        world.books.pay(flow, sek, world.owners[owner].municipality)
        if private:
            world.borrow(world.owners[owner], -sek)
    g.drop(keys)
