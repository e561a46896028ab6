"""Phase 5. Crews work; too few hands mean delay; change orders cost; finished buildings change their tenants' lives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiling import kernel
from sim.phases.finance import grants
from sim.phases.new_rents import finish_flats, raise_rents, risen_rents
from sim.phases.payments import pay_builders
from sim.phases.progress import work_on
from sim.phases.rehousing import rehouse
from sim.rules import appraisal, mixture
from sim.rules.clauses import crew_year
from sim.rules.rivals.rents import Rents
from sim.rules.social import Gain
from sim.rules.training import Programme
from sim.rules.works_cost import split_of
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.likes import Likes
from sim.world.projects import Contract
from sim.world.state import Small
from sim.world.tallies import RegionTally
from sim.world.world import World

_PAID = (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS)  # for works, by kind of owner


class _Completed(NamedTuple):
    """Buildings finished together, as they were before: options, shares by flat, price levels spent, rents, energy,
    condition, and the rises that each option would have brought (in the end, at once)."""

    rows: Ints
    options: Ints
    mix: Floats
    level: Floats
    rents: Rents
    energy: Floats
    condition: Floats
    rises: tuple[Floats, Floats]


class _Ended(NamedTuple):
    """Modelled buildings of a contract (places in it) that are finished this quarter."""

    contract: Contract
    done: Ints


def advance(world: World) -> None:
    """A quarter on every open site.

    Crews are persons, progress is a share of a contract's labour (person-years); payments are SEK as works go on.
    """
    r, trainees, shown = world.residents, np.zeros(len(world.firms)), np.zeros(len(world.municipalities))
    _show(r.programme, r.builder, r.waiting, world.municipality_of, trainees, shown)
    world.trainees_by_builder = trainees
    rehouse(world)
    sites = [c for c in world.contracts if c.start <= world.quarter]
    _begin(world, [c for c in sites if c.progress == 0.0])
    spent, places, finished = work_on(world, sites)
    if world.likes is not None:
        for contract, done in finished:
            _finish_likes(world, world.likes, contract, done)
    ended = [_Ended(c, done[c.modelled[done]]) for c, done in finished if c.modelled[done].any()]
    _pay_builders(world, spent, places, shown)
    if ended:
        ended.sort(key=lambda one: one.contract.mixed)
        _write_down(world, _finish_buildings(world, ended))
    for contract in [c for c, _ in finished if c.done]:
        _complete(world, contract)
    busy = [0.0] * len(world.firms)
    for contract in world.contracts:
        busy[contract.builder] += contract.crew
    world.firms.busy[:] = busy


def _begin(world: World, contracts: list[Contract]) -> None:
    """Works begin."""
    if contracts:
        world.begin(contracts)
        if world.grants.reserved.any():
            for contract in contracts:
                grants.begin(world, contract.keys)


@kernel
def _show(
    programme: Small, builder: Ints, waiting: Small, municipality: Ints, by_firm: Floats, by_town: Floats
) -> None:
    """Counts residents who are shown the work by a firm's crew: all in its places who do not wait for a site."""
    for row in range(len(programme)):
        if programme[row] != Programme.NONE and builder[row] >= 0 and waiting[row] == 0:
            by_firm[builder[row]] += 1.0
            by_town[municipality[row]] += 1.0


def _pay_builders(world: World, spent: Floats, places: Floats, shown: Floats) -> None:
    """Works as they went on; crews are also paid for the time in which they show trainees the work.

    spent : price of works, labour, materials and price of training by municipality, SEK (4, m). places : what housing
    companies and landlords pay, by neighbourhood, SEK (2, k). shown : trainees by municipality, persons (m,).
    """
    for flow, by_place in zip(_PAID, places, strict=True):
        world.books.pay_at(flow, by_place)
    p = world.p
    price, labour, materials, training = spent
    paid = split_of(price, labour, materials, p)
    crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
    lent = p.supervision * crew / 4.0 * shown
    pay = lent / (1.0 + p.payroll_tax)
    # Those hands are lost to others as all hands on a site are, and at the same tax; trainees displace nobody.
    paid = paid._replace(pay=paid.pay + pay, payroll_tax=paid.payroll_tax + lent - pay, vat=paid.vat + p.vat * lent)
    pay_builders(world, paid, training - training / (1.0 + p.vat) - p.vat * lent)


def _finish_buildings(world: World, ended: list[_Ended]) -> _Completed:
    """New standard, energy, comfort and rent in finished buildings; what they were before."""
    b, p = world.buildings, world.p
    rows, options, mix = (
        np.concatenate([getattr(c, name)[done] for c, done in ended]) for name in ("buildings", "options", "mix")
    )
    level = np.repeat([c.level for c, _ in ended], [len(done) for _, done in ended])
    rents = world.rents_of(rows)
    risen = risen_rents(world, rents, level, options, mix if ended[-1].contract.mixed else None)
    before = _Completed(rows, options, mix, level, rents, b.energy[rows], b.condition[rows], risen.by_option)
    if world.events is not None:
        each = np.split(risen.rise, np.cumsum([len(done) for _, done in ended])[:-1])
        for (c, done), rise in zip(ended, each, strict=True):
            world.events.finished(world, c, done, rise)
    raise_rents(world, b, rows, risen)
    # By right the basic standard may cost less than it does: the part for more than basic is then below none.
    b.rent_chosen[rows] += risen.rise - risen.basic
    saved = appraisal.savings(p)[options]
    b.energy[rows] *= 1.0 - saved
    b.standard[rows] = appraisal.STANDARDS[options]
    b.energy_level[rows] = appraisal.LEVELS[options]
    b.condition[rows] = 1.0
    b.comfort[rows] = (
        p.comfort_renovated
        + p.comfort_standard * mixture.mean(appraisal.STANDARDS, options, mix)
        + p.comfort_energy * appraisal.LEVELS[options]
    )
    b.renovated[rows] = world.quarter
    b.site[rows] = Site.IDLE
    finish_flats(world, rows, options, mix, risen)
    return before


def _finish_likes(world: World, likes: Likes, c: Contract, done: Ints) -> None:
    """The same in all buildings of the contract at full size, as far as their owners will look at them again."""
    keys, options, mix = c.keys[done], c.options[done], c.mix[done] if c.mixed else None
    level = np.full(len(done), c.level)
    raise_rents(world, likes, keys, risen_rents(world, world.rents_at_full_size(keys), level, options, mix))
    likes.finish(keys, appraisal.savings(world.p)[options], world.quarter)


def _write_down(world: World, done: _Completed) -> None:
    """Tally what the quarter's buildings have cost, and the part of it that they would not fetch on the market."""
    b, p, outside = world.buildings, world.p, world.surroundings
    rows, options, mix = done.rows, done.options, done.mix
    reputation = world.neighbourhoods.reputation[b.neighbourhood[rows]]
    spent = appraisal.offer(done.rents, done.level, p, done.rises)
    market = appraisal.market_yields(reputation, outside.yield_shift, p)
    # What the market does not give back is taken option by option, as if flats were sold by standard.
    lost = appraisal.write_down(spent, done.energy, b.area[rows], done.condition, world.heat_cost, market, p)
    lost, cost = (mixture.mean(x, options, mix) for x in (lost * spent.cost, spent.cost))
    world.tallies.add(RegionTally.COST_FINISHED, float((cost * b.flats[rows]).sum()))
    world.tallies.add(RegionTally.WRITTEN_DOWN, float((lost * b.flats[rows]).sum()))


def _complete(world: World, c: Contract) -> None:
    """What was promised for it falls due from now on, and partners remember what it showed and whether it was late."""
    p = world.p
    world.pledges += c.pledges
    grants.pay(world, c)
    _meter(world, c)
    late = world.quarter - (c.start + c.quarters - 1)
    for m in set(world.buildings.municipality[c.buildings].tolist()):
        municipality = world.municipalities[m]
        if m in c.shared_by or c.pooled:
            municipality.kept += float(late <= p.delay_tolerated)
            municipality.delayed += float(late > p.delay_tolerated)
    world.contracts.remove(c)


def _meter(world: World, c: Contract) -> None:
    """Heat that energy measures were forecast to save, and that they save, kWh a year: what partners will compare."""
    deep = appraisal.LEVELS[c.options] > 0
    if not deep.any():
        return
    saved, b = appraisal.savings(world.p)[c.options], world.buildings
    size, town = b.area[c.buildings] * b.flats[c.buildings], b.municipality[c.buildings]
    # What the building would have used by now is less than when it was signed for: it was tuned meanwhile.
    now = world.at_full_size.energy[c.keys] * size / np.maximum(1.0 - saved, 1e-9)
    for m in set(town[deep].tolist()):
        here = deep & (town == m)
        world.municipalities[m].promised[Gain.CLIMATE] += float((saved * c.heat)[here].sum())
        world.municipalities[m].realised[Gain.CLIMATE] += float((saved * now)[here].sum())
