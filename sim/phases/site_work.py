"""Phase 5. Crews work; too few hands mean delay; change orders cost; finished buildings change their tenants' lives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.phases.payments import pay_builders, pay_due, pay_grants
from sim.rules import appraisal, bids
from sim.rules.training import supervision
from sim.sums import total
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract
from sim.world.tallies import RegionTally
from sim.world.world import World


class _Completed(NamedTuple):
    """Buildings finished together, as they were before: options, price level spent, rent, energy and condition."""

    rows: Ints
    options: Ints
    level: float
    rent: Floats
    energy: Floats
    condition: Floats


def advance(world: World) -> None:
    """A quarter on every open site.

    Crews are persons, progress is a share of a contract's labour (person-years); payments are SEK as works go on.
    """
    r = world.residents
    places = r.builder[(r.builder >= 0) & (r.programme > 0)]
    world.trainees_by_builder = np.bincount(places, minlength=len(world.builders)).astype(float)
    present, completed = _presence(world), list[_Completed]()
    for contract in world.contracts:
        if contract.start > world.quarter:
            continue
        if contract.progress == 0.0:
            world.set_site(contract.keys, Site.ON_SITE)
        _build(world, contract, present[contract.builder], completed)
    _write_down(world, completed)
    for contract in [c for c in world.contracts if c.done]:
        _complete(world, contract)
    for builder in world.builders:
        builder.busy = total(c.crew for c in world.contracts if c.builder == builder.index)


def _presence(world: World) -> list[float]:
    """Share of planned crews that each firm can put on its sites: its own people, less those a hot market takes."""
    outside, p = world.surroundings, world.p
    there = max(1.0 - p.absence * max(outside.shortage - p.shortage_start, 0.0), 0.0)
    shares = []
    for x in world.builders:
        need = total(c.crew for c in world.contracts if c.builder == x.index and c.start <= world.quarter)
        have = x.workers * (1.0 - bids.elsewhere(outside.other_demand, p))
        shares.append(min(have / need, 1.0) * there if need > 0 else there)
    return shares


def _build(world: World, c: Contract, present: float, completed: list[_Completed]) -> None:
    """Progress, payment for it, and buildings that are finished by it."""
    p = world.p
    shown = supervision(world.trainees_on(c) / world.region.scale, c.crew / world.region.scale, p)
    # Change orders are more work as well as more money; the practised pace was counted on when the contract was signed.
    worked = c.crew / 4.0 * present * (1.0 - shown) * c.pace
    # The last quarter does only what is left: progress ends at one, and so do payments.
    step = min(worked / (c.labour * (1.0 + c.change)) if c.labour > 0 else 1.0, 1.0 - c.progress)
    c.progress += step
    world.builders[c.builder].places_owed += c.places * step
    _pay_works(world, c, step)
    ends = np.cumsum(c.flats) / c.flats.sum()
    ready = int((ends <= c.progress + 1e-9).sum())
    if ready > c.finished:
        done = np.arange(c.finished, ready)
        _tally_delay(world, c, done)
        if world.likes is not None:
            _finish_likes(world, c, done)
        if c.modelled[done].any():
            _finish_buildings(world, c, done[c.modelled[done]], completed)
        world.builders[c.builder].experience += c.flats[done].sum() / p.lot_flats
        c.finished = ready


def _pay_works(world: World, c: Contract, step: float) -> None:
    """Owners pay for progress, private ones with loans."""
    sek = c.total * step
    if world.likes is not None:
        for owner, share in world.cost_by_owner(c, everything=True):
            if owner < len(world.municipalities):
                world.works_at_full_size[owner] += sek * share * world.region.scale
    for owner, share in world.cost_by_owner(c):
        x, private = world.owners[owner], owner >= len(world.municipalities)
        world.books.pay(Flow.WORKS_LANDLORDS if private else Flow.WORKS_COMPANIES, sek * share, x.municipality)
        if private:
            world.borrow(x, sek * share)
    m = int(world.buildings.municipality[c.buildings[0]])
    pay_builders(world, sek * c.modelled_cost, m)


def _finish_buildings(world: World, c: Contract, done: Ints, completed: list[_Completed]) -> None:
    """New standard, energy, comfort and rent in finished buildings; what tenants pay follows what was really spent."""
    b, p = world.buildings, world.p
    rows, options = c.buildings[done], c.options[done]
    level = c.total / c.reference
    rises = _rises(world, c, b.rent[rows], b.area[rows])
    rise = rises[np.arange(len(rows)), options]
    completed.append(_Completed(rows, options, level, b.rent[rows], b.energy[rows], b.condition[rows]))
    if world.events is not None:
        world.events.finished(world, c, done, rise)
    b.rent[rows] += rise
    b.rent_chosen[rows] += np.maximum(rise - rises[:, 0], 0.0)
    saved = appraisal.savings(p)[options]
    b.energy[rows] *= 1.0 - saved
    b.standard[rows] = appraisal.STANDARDS[options]
    b.energy_level[rows] = appraisal.LEVELS[options]
    b.condition[rows] = 1.0
    b.comfort[rows] = (
        p.comfort_renovated
        + p.comfort_standard * appraisal.STANDARDS[options]
        + p.comfort_energy * appraisal.LEVELS[options]
    )
    b.renovated[rows] = world.quarter
    b.site[rows] = Site.IDLE
    world.flats_renewed(rows)


def _finish_likes(world: World, c: Contract, done: Ints) -> None:
    """The same in all buildings of the contract at full size, as far as their owners will look at them again."""
    p, keys, options = world.p, c.keys[done], c.options[done]
    rises = _rises(world, c, world.at_full_size.rent[keys], world.buildings.area[c.buildings[done]])
    if world.likes is not None:
        rise = rises[np.arange(len(done)), options]
        world.likes.finish(keys, rise, appraisal.savings(p)[options], world.quarter)


def _rises(world: World, c: Contract, rent: Floats, area: Floats) -> Floats:
    """Rent rise by building and option, SEK/m2.year, at what the contract really cost."""
    standard, _ = appraisal.reference_costs(world.p)
    level = c.total / c.reference
    return appraisal.rent_rise(standard[None, :] * level * np.ones((len(rent), 1)), rent, area, world.p)


def _tally_delay(world: World, c: Contract, done: Ints) -> None:
    """Count the buildings of a contract that are finished, modelled or not, and how late they are."""
    late = world.quarter - (c.start + np.ceil((done + 1) / len(c.buildings) * c.quarters) - 1)
    world.tallies.add(RegionTally.FINISHED, len(done) * world.region.scale)
    world.tallies.add(RegionTally.DELAY, float(np.maximum(late, 0.0).sum()) * world.region.scale)


def _write_down(world: World, completed: list[_Completed]) -> None:
    """Tally what the quarter's buildings have cost, and the part of it that they would not fetch on the market."""
    if not completed:
        return
    b, p, outside = world.buildings, world.p, world.surroundings
    rows, options = np.concatenate([x.rows for x in completed]), np.concatenate([x.options for x in completed])
    rent, energy = np.concatenate([x.rent for x in completed]), np.concatenate([x.energy for x in completed])
    condition = np.concatenate([x.condition for x in completed])
    level = np.concatenate([np.full(len(one.rows), one.level) for one in completed])
    reputation = world.neighbourhoods.reputation[b.neighbourhood[rows]]
    spent = appraisal.offer(rent, b.area[rows], level, p, reputation)
    market = appraisal.market_yields(reputation, outside.yield_shift, p)
    n = np.arange(len(rows))
    lost = appraisal.write_down(spent, energy, b.area[rows], condition, outside.heat_price, market, p)[n, options]
    cost = spent.cost[n, options] * b.flats[rows]
    world.tallies.add(RegionTally.COST_FINISHED, float(cost.sum()))
    world.tallies.add(RegionTally.WRITTEN_DOWN, float((lost * cost).sum()))


def _complete(world: World, c: Contract) -> None:
    """Settle what is still due and remember whether the joint round kept its word."""
    p = world.p
    pay_due(world, c, 1.0)
    pay_grants(world, c)
    late = world.quarter - (c.start + c.quarters - 1)
    for m in np.unique(world.buildings.municipality[c.buildings]):
        municipality = world.municipalities[m]
        if c.promised[m].any() or c.pooled:
            municipality.kept += float(late <= p.delay_tolerated)
            municipality.delayed += float(late > p.delay_tolerated)
    world.contracts.remove(c)
