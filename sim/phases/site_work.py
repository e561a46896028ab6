"""Phase 5. Crews work; too few hands mean delay; change orders cost; finished buildings change their tenants' lives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.phases.finance import grants
from sim.phases.new_rents import finish_flats, raise_rents, risen_rents
from sim.phases.payments import pay_builders
from sim.phases.rehousing import rehouse
from sim.rules import appraisal, bids, choice, mixture
from sim.rules.clauses import crew_year
from sim.rules.rivals.rents import Rents, together
from sim.rules.social import Gain
from sim.rules.training import Programme, supervision
from sim.rules.works_cost import split_of
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.likes import Likes
from sim.world.projects import Contract
from sim.world.tallies import RegionTally
from sim.world.world import World

_PAID = (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS)  # for works, by kind of owner


class _Completed(NamedTuple):
    """Buildings finished together, as they were before: options, shares by flat, price levels spent, rents, energy and
    condition."""

    rows: Ints
    options: Ints
    mix: Floats
    level: Floats
    rents: Rents
    energy: Floats
    condition: Floats


class _Ended(NamedTuple):
    """Modelled buildings of a contract (places in it) that are finished this quarter."""

    contract: Contract
    done: Ints


def advance(world: World) -> None:
    """A quarter on every open site.

    Crews are persons, progress is a share of a contract's labour (person-years); payments are SEK as works go on.
    """
    shown = _shown(world)
    firms = world.residents.builder[shown]
    world.trainees_by_builder = np.bincount(firms, minlength=len(world.builders)).astype(float)
    rehouse(world)
    present, ended = _presence(world), list[_Ended]()
    spent, places = np.zeros((4, len(world.municipalities))), np.zeros((len(_PAID), len(world.neighbourhoods)))
    for contract in world.contracts:
        if contract.start > world.quarter:
            continue
        if contract.progress == 0.0:
            world.set_site(contract.keys, Site.ON_SITE)
            grants.begin(world, contract.keys)
        _build(world, contract, present[contract.builder], ended, spent, places)
    _pay_builders(world, spent, places, shown)
    # All at once, but for those in which tenants chose: they are looked up by parts.
    alike, mixed = ([one for one in ended if one.contract.mixed == chosen] for chosen in (False, True))
    _write_down(world, [_finish_buildings(world, some) for some in (alike, mixed) if some])
    for contract in [c for c in world.contracts if c.done]:
        _complete(world, contract)
    world.firms.busy[:] = 0.0
    for c in world.contracts:
        world.firms.busy[c.builder] += c.crew


def _shown(world: World) -> Ints:
    """Rows of residents who are shown the work by a firm's crew: all in its places who do not wait for a site."""
    r = world.residents
    rows = np.flatnonzero(r.programme != Programme.NONE)
    return np.asarray(rows[(r.builder[rows] >= 0) & (r.waiting[rows] == 0)])


def _pay_builders(world: World, spent: Floats, places: Floats, shown: Ints) -> None:
    """Works as they went on; crews are also paid for the time in which they show trainees the work.

    spent : price of works, labour, materials and price of training by municipality, SEK (4, m). places : what housing
    companies and landlords pay, by neighbourhood, SEK (2, k).
    """
    for flow, by_place in zip(_PAID, places, strict=True):
        world.books.pay_at(flow, by_place)
    p, m = world.p, len(world.municipalities)
    price, labour, materials, training = spent
    paid = split_of(price, labour, materials, p)
    crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
    lent = p.supervision * crew / 4.0 * np.bincount(world.municipality_of[shown], minlength=m)
    pay = lent / (1.0 + p.payroll_tax)
    # Those hands are lost to others as all hands on a site are, and at the same tax; trainees displace nobody.
    paid = paid._replace(pay=paid.pay + pay, payroll_tax=paid.payroll_tax + lent - pay, vat=paid.vat + p.vat * lent)
    pay_builders(world, paid, training - training / (1.0 + p.vat) - p.vat * lent)


def _presence(world: World) -> list[float]:
    """Share of planned crews that each firm can put on its sites: its own people, less those a hot market takes."""
    outside, p = world.surroundings, world.p
    there = max(1.0 - p.absence * max(outside.shortage - p.shortage_start, 0.0), 0.0)
    needs, shares = [0.0] * len(world.builders), []
    for c in world.contracts:
        if c.start <= world.quarter:
            needs[c.builder] += c.crew
    for x, need in zip(world.builders, needs, strict=True):
        have = x.workers * (1.0 - bids.elsewhere(outside.other_demand, p))
        shares.append(min(have / need, 1.0) * there if need > 0 else there)
    return shares


def _build(world: World, c: Contract, present: float, ended: list[_Ended], spent: Floats,
           places: Floats) -> None:  # fmt: skip
    """Progress, payment for it, and buildings that are finished by it (``ended`` grows).

    spent : price of works, labour, materials and price of training by municipality so far this quarter, SEK (4, m);
    places : what housing companies and landlords pay, by neighbourhood, SEK (2, k); both grow.
    """
    p = world.p
    shown = supervision(world.trainees_on(c) / world.region.scale, c.crew / world.region.scale, p)
    # Change orders are more work as well as more money; the practised pace was counted on when the contract was signed.
    worked = c.crew / 4.0 * present * (1.0 - shown) * c.pace
    # The last quarter does only what is left: progress ends at one, and so do payments.
    # Works that need no hands take their planned time all the same.
    step = worked / (c.labour * (1.0 + c.change)) if c.labour > 0.0 else 1.0 / c.quarters
    step = min(step, 1.0 - c.progress)
    c.progress += step
    world.builders[c.builder].places_owed += c.places * step
    _pay_works(world, c, step, spent, places)
    ready = int(np.searchsorted(c.ends, c.progress + 1e-9, side="right"))
    if ready > c.finished:
        done = np.arange(c.finished, ready)
        _tally_delay(world, c, done)
        if world.likes is not None:
            _finish_likes(world, world.likes, c, done)
        if c.modelled[done].any():
            ended.append(_Ended(c, done[c.modelled[done]]))
        series = np.bincount(c.options[done], c.flats[done], minlength=choice.OPTIONS) / p.lot_flats
        world.firms.experience[c.builder] += series
        if c.pooled:
            world.firms.taught[c.builder] += series
        c.finished = ready


def _pay_works(world: World, c: Contract, step: float, spent: Floats, places: Floats) -> None:
    """Owners pay for progress, private ones with loans."""
    sek = c.total * step
    m = len(world.municipalities)
    for owner, place, share in c.cost_at(world.buildings.neighbourhood):
        private = int(owner >= m)
        places[private, place] += sek * share
        if private:
            world.borrow(world.owners[owner], sek * share)
    town = int(world.buildings.municipality[c.buildings[0]])
    # Change orders are more work for the same building; what else the price holds above labour and materials is margin.
    more = (1.0 + c.change) * step
    for i, now in enumerate((c.works * step, c.labour_cost * more, c.materials_cost * more, c.clause * step)):
        spent[i, town] += now * c.modelled_cost


def _finish_buildings(world: World, ended: list[_Ended]) -> _Completed:
    """New standard, energy, comfort and rent in finished buildings; what they were before."""
    b, p = world.buildings, world.p
    rows, options, mix = (
        np.concatenate([getattr(c, name)[done] for c, done in ended]) for name in ("buildings", "options", "mix")
    )
    level = np.concatenate([np.full(len(done), c.level) for c, done in ended])
    rents = world.rents_of(rows)
    risen = risen_rents(world, rents, level, options, mix if ended[0].contract.mixed else None)
    before = _Completed(rows, options, mix, level, rents, b.energy[rows], b.condition[rows])
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
    rows, options, mix = (np.concatenate([getattr(x, name) for x in completed]) for name in ("rows", "options", "mix"))
    energy, condition = (np.concatenate([getattr(x, name) for x in completed]) for name in ("energy", "condition"))
    rents = together([x.rents for x in completed])
    level = np.concatenate([one.level for one in completed])
    reputation = world.neighbourhoods.reputation[b.neighbourhood[rows]]
    spent = appraisal.offer(rents, level, p)
    market = appraisal.market_yields(reputation, outside.yield_shift, p)
    # What the market does not give back is taken option by option, as if flats were sold by standard.
    lost = appraisal.write_down(spent, energy, b.area[rows], condition, world.heat_cost, market, p)
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
    for m in np.unique(world.buildings.municipality[c.buildings]):
        municipality = world.municipalities[m]
        if int(m) in c.shared_by or c.pooled:
            municipality.kept += float(late <= p.delay_tolerated)
            municipality.delayed += float(late > p.delay_tolerated)
    world.contracts.remove(c)


def _meter(world: World, c: Contract) -> None:
    """Heat that energy measures were forecast to save, and that they save, kWh a year: what partners will compare."""
    saved = appraisal.savings(world.p)[c.options]
    deep = appraisal.LEVELS[c.options] > 0
    size = (world.buildings.area * world.buildings.flats)[c.buildings]
    # What the building would have used by now is less than when it was signed for: it was tuned meanwhile.
    now = world.at_full_size.energy[c.keys] * size / np.maximum(1.0 - saved, 1e-9)
    for m in np.unique(world.buildings.municipality[c.buildings[deep]]):
        here = deep & (world.buildings.municipality[c.buildings] == m)
        world.municipalities[m].promised[Gain.CLIMATE] += float((saved * c.heat)[here].sum())
        world.municipalities[m].realised[Gain.CLIMATE] += float((saved * now)[here].sum())
