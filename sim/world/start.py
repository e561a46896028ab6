"""The world at its start: rows, institutions, a labour market in balance, values, debts and first incomes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mesa
import numpy as np

from sim.agents.builder import Builder
from sim.agents.institutions import CivilSociety, CountyCouncil, State
from sim.agents.landlord import Landlord
from sim.agents.municipality import Municipality
from sim.errors import SamspelError, quoted
from sim.inputs.arguments import MOST_SEK
from sim.inputs.collaboration import Collaboration
from sim.inputs.injections import Injection, injections_of
from sim.inputs.levers import Levers
from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.inputs.shocks import Shocks, shocks_of
from sim.randomness import Decision, Draws
from sim.rules import choice
from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.rules.rivals.rents import RENTS
from sim.rules.works_cost import at_factors
from sim.vocabulary import Skill, Work
from sim.world.books import Books
from sim.world.census import Census
from sim.world.cohort import Cohort
from sim.world.columns import Bools, Floats, Groups
from sim.world.conditions import calm_at_start, leaving_rate
from sim.world.county_labour import CountyLabour, Estates
from sim.world.demand import see_empty, settle_demand
from sim.world.elsewhere import PeopleElsewhere
from sim.world.firms import Firms
from sim.world.grants import Grants
from sim.world.histories import Histories, set_histories, start_histories
from sim.world.household_money import settle_start
from sim.world.plans import Plans
from sim.world.seekers import seekers_at_start
from sim.world.state import Neighbourhoods, Residents
from sim.world.surroundings import Surroundings
from sim.world.synthesis import make_buildings, make_likes, make_residents
from sim.world.tallies import Tallies
from sim.world.values import set_values
from sim.world.world import World


def start_world(
    model: mesa.Model,
    region: Region,
    collaboration: Collaboration,
    draws: Draws,
    p: Parameters,
    levers: Levers,
    years: int,
    same_money: Floats | None = None,
    injections: Sequence[Injection] = (),
    shocks: Shocks | None = None,
) -> World:
    """The world before its first quarter; institutions become agents of ``model``, in the order of the tables.

    Its parameters are those given, at what works need under the levers ``works_cost_factor`` and
    ``energy_cost_factor``, both in the first year.

    Raises
    ------
    SamspelError : ``same_money`` is not of shape (years, 3 payers, municipalities) or not money, an injection's owner
        or year is not in the run, shocks that cannot be, or nobody in the region is of working age.
    """
    given, policy, levers = p, levers, levers.in_year(region.start_year)
    p = at_factors(given, levers.works_cost_factor, levers.energy_cost_factor)
    same_money = _checked_money(same_money, (years, 3, len(region.municipalities)))
    buildings = make_buildings(region, p, draws, RENTS[levers.rents_follow])
    residents = make_residents(region, p, draws, buildings)
    neighbourhoods = _neighbourhoods(region)
    histories = start_histories(region, neighbourhoods.reputation, LONG_SPELLS[levers.long_spells], p)
    set_histories(residents, histories, Groups.of(region.neighbourhoods.flats).counts, draws, p)
    here = _schooling(residents)
    start_rate, pool = _labour_market(region, p, residents, neighbourhoods, histories, here)
    firms = _firms(region, draws)
    world = World(
        region=region,
        collaboration=collaboration,
        given=given,
        p=p,
        policy=policy,
        levers=levers,
        draws=draws,
        quarters=years * 4,
        same_money=same_money,
        shocks=shocks_of({} if shocks is None else shocks, region.start_year, years, given),
        injections=(*region.injections, *injections_of(injections, region, years)),
        residents=residents,
        buildings=buildings,
        neighbourhoods=neighbourhoods,
        cohort=Cohort(residents.occupied.copy(), (residents.work != int(Work.RETIRED)) & residents.occupied),
        municipalities=_municipalities(model, region, p),
        landlords=_landlords(model, region),
        builders=_builders(model, region, firms),
        firms=firms,
        county_council=CountyCouncil(model, len(region.municipalities), p),
        state=State(model, len(region.municipalities)),
        civil_societies=[CivilSociety(model, i, float(s)) for i, s in enumerate(region.municipalities.civic_strength)],
        surroundings=Surroundings(p),
        pool=pool,
        elsewhere=PeopleElsewhere(pool.schooling(), here, years * 4, p),
        start_rate=start_rate,
        histories=histories,
        books=Books(years * 4, len(region.municipalities), region.neighbourhoods.municipality_index),
        tallies=Tallies(len(neighbourhoods)),
        census=Census.none(len(neighbourhoods)),
    )
    if region.scale < 1.0:
        world.likes = make_likes(region, p, draws, buildings, RENTS[levers.rents_follow])
    full = buildings.n if world.likes is None else len(world.likes.like)
    world.plans = Plans(full)
    each = np.ones(len(world.owners))
    world.grants = Grants(full, p.grant_chance * each, p.grant_taken_up * each)
    u = draws.at(Decision.APPRAISAL, 0, np.arange(full), choice.UNIFORMS)
    world.known_to_owners = choice.nested_errors(u, p.appraisal_correlation)
    see_empty(world, 1.0)
    set_values(world)
    _first_debts(world)
    settle_start(world)
    leaving = leaving_rate(world)
    world.calm = calm_at_start(world, leaving)
    settle_demand(world)
    world.elsewhere.expect(_arrivals(world, leaving), here / here.sum())
    return world


def _checked_money(same_money: object, shape: tuple[int, int, int]) -> Floats | None:
    """The other run's co-funding, if it is one."""
    if same_money is None:
        return None
    try:
        given = np.asarray(same_money)
        money = np.array(given, dtype=np.float64) if given.dtype.kind in "iuf" else None
    except (TypeError, ValueError, OverflowError):
        money = None
    if money is None:
        raise SamspelError(f"same_money: got {quoted(same_money)}; expected another run's cofunding()")
    if money.shape != shape:
        raise SamspelError(f"same_money has shape {money.shape}; expected {shape} (years, payers, municipalities)")
    if not np.isfinite(money).all():
        raise SamspelError("same_money: not all of it is finite; expected SEK")
    # What is left of sums that cancel may lie a hair below nothing.
    if len(amiss := money[(money < -1.0) | (money > MOST_SEK)]):
        raise SamspelError(f"same_money: holds {amiss[0]:g}; expected SEK, each from 0 to {MOST_SEK:g}")
    return np.maximum(money, 0.0)


def _neighbourhoods(region: Region) -> Neighbourhoods:
    """What is seen of each at the start; nothing has been renovated since."""
    seeds = region.neighbourhoods
    places = Neighbourhoods(len(seeds))
    places.reputation[:] = seeds.reputation
    places.satisfaction[:], places.employment[:] = seeds.satisfaction, seeds.employment
    places.calm[:] = seeds.calm
    return places


def _municipalities(model: mesa.Model, region: Region, p: Parameters) -> list[Municipality]:
    return [Municipality(model, i, name, p.company_yield, p) for i, name in enumerate(region.municipalities.name)]


def _landlords(model: mesa.Model, region: Region) -> list[Landlord]:
    seeds, first = region.landlords, len(region.municipalities)
    columns = zip(seeds.name, seeds.municipality_index, seeds.required_yield, seeds.strategy, strict=True)
    return [
        Landlord(model, first + i, name, int(m), float(required), strategy)
        for i, (name, m, required, strategy) in enumerate(columns)
    ]


def _firms(region: Region, draws: Draws) -> Firms:
    seeds = region.builders
    firms = Firms(seeds.workers, seeds.municipality_index, np.array([size == "small" for size in seeds.size]))
    # Places are given whole: with a part of one at the start, firms have given as many on average as they owed.
    firms.places_owed[:] = draws.at(Decision.PLACES_OWED, 0, np.arange(len(firms)))[:, 0]
    return firms


def _builders(model: mesa.Model, region: Region, firms: Firms) -> list[Builder]:
    seeds = region.builders
    columns = zip(seeds.name, seeds.municipality_index, seeds.size, strict=True)
    return [Builder(model, i, name, int(m), size, firms) for i, (name, m, size) in enumerate(columns)]


def _labour_market(
    region: Region, p: Parameters, r: Residents, places: Neighbourhoods, histories: Histories, here: Floats
) -> tuple[Floats, CountyLabour]:
    """The county's pool, and finding rates by which every neighbourhood keeps its observed employment at the start.

    here : main earners of working age by schooling (4,).
    """
    groups = Groups.of(region.neighbourhoods.flats)
    neighbourhood_of = groups.spread(np.arange(len(places)))
    rows, weight = seekers_at_start(r, groups.counts, places.reputation, histories.scale, histories.find, p)
    at_work = r.work == int(Work.EMPLOYED)
    lost = histories.losing[r.skill, r.history] * at_work
    # Movers in are less often employed than movers out: finding has to make up for that as well.
    of_age = (r.work != int(Work.RETIRED)) & r.occupied
    drain = p.move_base / 4.0 * p.mover_drain * groups.sum(of_age)
    effort = np.bincount(neighbourhood_of[rows], weight, minlength=len(places))
    start_rate = np.maximum(groups.sum(lost) + drain, 0.0) / np.maximum(effort, 1e-9)
    _check_working_age(region, of_age)
    working = np.full(len(Skill), float(at_work.sum() / of_age.sum()))
    np.divide(np.bincount(r.skill[at_work], minlength=len(Skill)), here, out=working, where=here > 0)
    found = float((effort * start_rate).sum())
    estates = Estates(float(of_age.sum()), here / of_age.sum(), working, float(lost.sum()), found)
    return start_rate, CountyLabour(region.county, estates, p)


def _schooling(r: Residents) -> Floats:
    """Main earners of working age in the estates by schooling (4,)."""
    return np.bincount(r.skill[(r.work != int(Work.RETIRED)) & r.occupied], minlength=len(Skill)).astype(float)


def _arrivals(world: World, leaving: Floats) -> float:
    """Newcomers to Sweden who look for a flat in the estates, persons/quarter: as many as moved in at the start."""
    foreign = world.region.neighbourhoods.foreign_background[world.neighbourhood_of]
    return world.p.queue_newcomers * float((leaving * foreign)[world.residents.occupied].sum())


def _check_working_age(region: Region, of_age: Bools) -> None:
    """A labour market needs somebody who may work."""
    if not of_age.any():
        raise SamspelError(
            f"{region.name}/neighbourhoods.csv, columns age_20_29, age_30_44, age_45_64: at scale {region.scale:g} "
            "nobody in the region is of working age; expected larger shares, or more flats"
        )


def _first_debts(world: World) -> None:
    """What owners owe: the SEK that the region tells, or a share of what their buildings are worth."""
    towns = world.region.municipalities
    owed = np.concatenate([towns.company_debt_sek, world.region.landlords.debt_sek])
    share = np.append(towns.company_loan_to_value, np.full(len(world.landlords), world.p.landlord_loan_to_value))
    for owner, sek, part in zip(world.owners, owed.tolist(), share.tolist(), strict=True):
        owner.debt = part * owner.value if math.isnan(sek) else sek
