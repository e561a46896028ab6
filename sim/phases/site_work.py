"""Phase 5. Crews work; too few hands mean delay; change orders cost; finished buildings change their tenants' lives."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel
from sim.phases.finance import grants
from sim.phases.finishing import Ended, finish
from sim.phases.new_rents import raise_rents, risen_rents
from sim.phases.payments import pay_builders
from sim.phases.progress import work_on
from sim.phases.rehousing import rehouse
from sim.rules import appraisal
from sim.rules.choice import bits
from sim.rules.clauses import crew_year
from sim.rules.social import Gain
from sim.rules.training import Programme
from sim.rules.works_cost import split_of
from sim.world.books import Flow, rows_of
from sim.world.columns import Floats, Ints
from sim.world.likes import Likes
from sim.world.projects import Contract
from sim.world.state import Small
from sim.world.world import World

_PAID = rows_of(Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS)  # for works, by kind of owner
_ENERGY = bits(appraisal.LEVELS > 0)  # options with energy measures


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
    ended = _modelled(world, finished)
    _pay_builders(world, spent, places, shown)
    if ended:
        finish(world, ended)
    _complete(world, [c for c, _ in finished if c.done])
    builders = np.array([c.builder for c in world.contracts], dtype=np.int64)
    world.firms.busy[:] = np.bincount(builders, [c.crew for c in world.contracts], minlength=len(world.firms))


def _modelled(world: World, finished: list[tuple[Contract, Ints]]) -> list[Ended]:
    """What is finished of modelled buildings; where there are no others, all of it."""
    if world.likes is None:
        return [Ended(c, done) for c, done in finished]
    return [Ended(c, some) for c, done in finished if len(some := done[c.modelled[done]])]


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
    world.books.pay_all_at(_PAID, places)
    p = world.p
    price, labour, materials, training = spent
    paid = split_of(price, labour, materials, p)
    crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
    lent = p.supervision * crew / 4.0 * shown
    pay = lent / (1.0 + p.payroll_tax)
    # Those hands are lost to others as all hands on a site are, and at the same tax; trainees displace nobody.
    paid = paid._replace(pay=paid.pay + pay, payroll_tax=paid.payroll_tax + lent - pay, vat=paid.vat + p.vat * lent)
    pay_builders(world, paid, training - training / (1.0 + p.vat) - p.vat * lent)


def _finish_likes(world: World, likes: Likes, c: Contract, done: Ints) -> None:
    """The same in all buildings of the contract at full size, as far as their owners will look at them again."""
    keys, options, mix = c.keys[done], c.options[done], c.mix[done] if c.mixed else None
    level = np.full(len(done), c.level)
    raise_rents(world, likes, keys, risen_rents(world, world.rents_at_full_size(keys), level, options, mix))
    likes.finish(keys, appraisal.savings(world.p)[options], world.quarter)


def _complete(world: World, contracts: list[Contract]) -> None:
    """What was promised for these falls due from now on, and partners remember what they showed and whether they were
    late."""
    p, promised = world.p, bool(contracts) and world.grants.any_promised
    for c in contracts:
        world.pledges += c.pledges
        if promised:
            grants.pay(world, c)
        _meter(world, c)
        late = world.quarter - (c.start + c.quarters - 1)
        if c.pooled or c.shared_by:
            for m in set(world.buildings.municipality[c.buildings].tolist()):
                municipality = world.municipalities[m]
                if m in c.shared_by or c.pooled:
                    municipality.kept += float(late <= p.delay_tolerated)
                    municipality.delayed += float(late > p.delay_tolerated)
        world.contracts.remove(c)


def _meter(world: World, c: Contract) -> None:
    """Heat that energy measures were forecast to save, and that they save, kWh a year: what partners will compare."""
    if not c.built & _ENERGY:
        return
    deep = appraisal.LEVELS[c.options] > 0
    saved, b = appraisal.savings(world.p)[c.options], world.buildings
    size, town = b.area[c.buildings] * b.flats[c.buildings], b.municipality[c.buildings]
    # What the building would have used by now is less than when it was signed for: it was tuned meanwhile.
    now = world.at_full_size.energy[c.keys] * size / np.maximum(1.0 - saved, 1e-9)
    for m in set(town[deep].tolist()):
        here = deep & (town == m)
        world.municipalities[m].promised[Gain.CLIMATE] += float((saved * c.heat)[here].sum())
        world.municipalities[m].realised[Gain.CLIMATE] += float((saved * now)[here].sum())
