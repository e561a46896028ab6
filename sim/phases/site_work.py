"""Phase 5. Crews work; too few hands mean delay; change orders cost; finished buildings change their tenants' lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.phases.payments import pay_builders, pay_due, pay_grants
from sim.rules import appraisal, bids
from sim.rules.training import supervision
from sim.vocabulary import Site
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract

if TYPE_CHECKING:
    from sim.model import RenewalModel


class _Completed(NamedTuple):
    """Buildings finished together, as they were before: options, price level spent, rent, energy and condition."""

    rows: Ints
    options: Ints
    level: float
    rent: Floats
    energy: Floats
    condition: Floats


def advance(model: RenewalModel) -> None:
    """A quarter on every open site."""
    r = model.residents
    places = r.builder[(r.builder >= 0) & (r.programme > 0)]
    model.trainees_by_builder = np.bincount(places, minlength=len(model.builders)).astype(float)
    present, completed = _presence(model), list[_Completed]()
    for contract in model.contracts:
        if contract.start > model.quarter:
            continue
        if contract.progress == 0.0:
            model.buildings.site[contract.buildings] = Site.ON_SITE
        _build(model, contract, present[contract.builder], completed)
    _write_down(model, completed)
    for contract in [c for c in model.contracts if c.done]:
        _complete(model, contract)
    for builder in model.builders:
        builder.busy = sum(c.crew for c in model.contracts if c.builder == builder.index)


def _presence(model: RenewalModel) -> list[float]:
    """Share of planned crews that each firm can put on its sites: its own people, less those a hot market takes."""
    world, p = model.surroundings, model.p
    missing = 1.0 - p.absence * max(world.shortage - p.shortage_start, 0.0)
    shares = []
    for x in model.builders:
        need = sum(c.crew for c in model.contracts if c.builder == x.index and c.start <= model.quarter)
        have = x.workers * (1.0 - bids.elsewhere(world.other_demand, p))
        shares.append(min(have / need, 1.0) * missing if need > 0 else missing)
    return shares


def _build(model: RenewalModel, c: Contract, present: float, completed: list[_Completed]) -> None:
    """Progress, payment for it, and buildings that are finished by it."""
    p = model.p
    shown = supervision(model.trainees_on(c), c.crew, p)
    # Change orders are more work as well as more money; the practised pace was counted on when the contract was signed.
    done = c.crew / 4.0 * present * (1.0 - shown) * c.pace
    step = min(done / (c.labour * (1.0 + c.change)) if c.labour > 0 else 1.0, 1.0 - c.progress)
    c.progress += step
    model.builders[c.builder].places_owed += c.places * step
    _pay_works(model, c, step)
    ends = np.cumsum(c.flats) / c.flats.sum()
    ready = int((ends <= c.progress + 1e-9).sum())
    if ready > c.finished:
        _finish_buildings(model, c, np.arange(c.finished, ready), completed)
        model.builders[c.builder].experience += c.flats[c.finished : ready].sum() / (p.lot_flats * model.region.scale)
        c.finished = ready


def _pay_works(model: RenewalModel, c: Contract, step: float) -> None:
    """Owners pay for progress, private ones with loans."""
    sek = c.total * step
    for owner, share in model.cost_by_owner(c):
        x, private = model.owners[owner], owner >= len(model.municipalities)
        model.books.pay(f"works_{'landlords' if private else 'companies'}", sek * share, x.municipality)
        if private:
            model.borrow(x, sek * share)
    m = int(model.buildings.municipality[c.buildings[0]])
    pay_builders(model, sek, m)


def _finish_buildings(model: RenewalModel, c: Contract, done: Ints, completed: list[_Completed]) -> None:
    """New standard, energy, comfort and rent in finished buildings; what tenants pay follows what was really spent."""
    b, p = model.buildings, model.p
    rows, options = c.buildings[done], c.options[done]
    level = c.total / c.reference
    standard, _ = appraisal.reference_costs(p)
    rises = appraisal.rent_rise(standard[None, :] * level * np.ones((len(rows), 1)), b.rent[rows], b.area[rows], p)
    rise = rises[np.arange(len(rows)), options]
    completed.append(_Completed(rows, options, level, b.rent[rows], b.energy[rows], b.condition[rows]))
    if model.events is not None:
        model.events.finished(model, c, done, rise)
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
    b.renovated[rows] = model.quarter
    b.site[rows] = Site.IDLE
    late = model.quarter - (c.start + np.ceil((done + 1) / len(c.buildings) * c.quarters) - 1)
    model.tally_region("finished", float(len(rows)))
    model.tally_region("delay", float(np.maximum(late, 0.0).sum()))
    model.flats_renewed(rows)


def _write_down(model: RenewalModel, completed: list[_Completed]) -> None:
    """Tally what the quarter's buildings have cost, and the part of it that they would not fetch on the market."""
    if not completed:
        return
    b, p, world = model.buildings, model.p, model.surroundings
    rows, options, rent, energy, condition = (
        np.concatenate([getattr(one, name) for one in completed])
        for name in ("rows", "options", "rent", "energy", "condition")
    )
    level = np.concatenate([np.full(len(one.rows), one.level) for one in completed])
    reputation = np.array([n.reputation for n in model.neighbourhoods])[b.neighbourhood[rows]]
    spent = appraisal.offer(rent, b.area[rows], level, p, reputation)
    market = appraisal.market_yields(reputation, world.yield_shift, p)
    n = np.arange(len(rows))
    lost = appraisal.write_down(spent, energy, b.area[rows], condition, world.heat_price, market, p)[n, options]
    cost = spent.cost[n, options] * b.flats[rows]
    model.tally_region("cost_finished", float(cost.sum()))
    model.tally_region("written_down", float((lost * cost).sum()))


def _complete(model: RenewalModel, c: Contract) -> None:
    """Settle what is still due and remember whether the joint round kept its word."""
    p = model.p
    pay_due(model, c, 1.0)
    pay_grants(model, c)
    late = model.quarter - (c.start + c.quarters - 1)
    for m in np.unique(model.buildings.municipality[c.buildings]):
        municipality = model.municipalities[m]
        if c.promised[m].any() or c.pooled:
            municipality.kept += float(late <= p.delay_tolerated)
            municipality.delayed += float(late > p.delay_tolerated)
    model.contracts.remove(c)
