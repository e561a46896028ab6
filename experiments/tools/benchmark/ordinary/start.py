"""The start: a model's columns, read once into plain objects and numbers."""

from __future__ import annotations

<<<<<<< HEAD
from dataclasses import dataclass

=======
>>>>>>> main
import mesa
import numpy as np

from experiments.tools.benchmark.ordinary.household import Household
from experiments.tools.benchmark.ordinary.places import Building, Flat, Place
from sim.errors import SamspelError
from sim.inputs.levers import Levers
<<<<<<< HEAD
from sim.rules.rivals.long_spells import LONG_SPELLS
=======
>>>>>>> main
from sim.world.world import World

# What of a household a model's columns hold, by the same names.
TRAITS = (
    "work", "skill", "foreign", "arrival", "ever_worked", "born", "size", "other_income", "second_pay", "history",
    "spell", "entitled", "insured", "health", "satisfaction", "since", "wish", "third", "burden", "income",
)  # fmt: skip
# Levers by which residents live in a world without renovation; others than these rules are not written out here.
RULES = ("leaving", "destinations", "refused_for")


<<<<<<< HEAD
@dataclass(frozen=True)
class Fixed:
    """What is the same in all quarters.

    n, k : flats and neighbourhoods. find : chance to find work by history, against a full one (h). losing : by
    schooling and history (4, h). histories_move : whether work lengthens a history. history_ends : where each history
    but the longest ends on a line from 0 to 1, by neighbourhood and cell, of those out of work and then at work.
    cohort_find : by schooling (4). thirds : limits of incomes, SEK/month. typical_wish : SEK/month at the pay of 2011.
    vacancies_fixed : whether a hire takes nobody's vacancy. edges, typical : limits and means of classes of incomes.
    rents_elsewhere, incomes_elsewhere : by kind of place, SEK/month at the start. appeal_elsewhere : of other estates.
    open_elsewhere : homes that come free in a quarter, by kind of place.
    """

    n: int
    k: int
    find: list[float]
    losing: list[list[float]]
    histories_move: bool
    history_ends: list[list[float]]
    cohort_find: list[float]
    thirds: tuple[float, float]
    typical_wish: float
    vacancies_fixed: bool
    edges: list[float]
    typical: list[float]
    rents_elsewhere: list[float]
    incomes_elsewhere: list[float]
    appeal_elsewhere: float
    open_elsewhere: list[float]


=======
>>>>>>> main
def check(world: World) -> None:
    """Refuse a world in which something happens that is not written out here.

    Raises
    ------
    SamspelError : somebody may renovate or get a service job, or a rival rule is in force, or the run has begun.
    """
    levers, usual = world.levers, Levers()
    if levers.renovation or levers.turnover_renovation:
        raise SamspelError("ordinary: expected levers renovation=False and turnover_renovation=False")
    for name in RULES:
        if getattr(levers, name) != getattr(usual, name):
            raise SamspelError(f"ordinary: lever {name} is {getattr(levers, name)}; expected {getattr(usual, name)}")
    if world.quarter > 0:
        raise SamspelError(f"ordinary: quarter {world.quarter}; expected a model before its first quarter")


<<<<<<< HEAD
def fixed_of(world: World) -> Fixed:
    """What is the same in all quarters of a world."""
    p, around, histories, start = world.p, world.around, world.histories, world.region.neighbourhoods
    k, people = around.k, world.region.county.county_population
    per_thousand = (p.elsewhere_open_estates, p.elsewhere_open_older, p.elsewhere_open_new, p.elsewhere_open_owned,
                    p.elsewhere_open_away)  # fmt: skip
    terms = p.demand_reputation * (start.reputation - p.reputation_ordinary) + p.demand_calm * (start.calm - 1.0)
    return Fixed(
        n=world.residents.n,
        k=k,
        find=histories.find.tolist(),
        losing=histories.losing.tolist(),
        histories_move=LONG_SPELLS[world.levers.long_spells].move,
        history_ends=histories.ends.tolist(),
        cohort_find=world.cohort_find.tolist(),
        thirds=world.income_terciles,
        typical_wish=world.wishes.typical,
        vacancies_fixed=world.levers.vacancies == "fixed",
        edges=around.edges.tolist(),
        typical=around.typical.tolist(),
        rents_elsewhere=around.rents.tolist(),
        incomes_elsewhere=around.incomes[k:].tolist(),
        appeal_elsewhere=float(np.average(terms, weights=start.flats)),
        open_elsewhere=[people * x / 1000.0 for x in per_thousand],
    )


=======
>>>>>>> main
def places_of(world: World) -> list[Place]:
    """Neighbourhoods with what the start says of them."""
    s, towns = world.region.neighbourhoods, world.region.municipalities
    places = [Place(i, int(m), int(f)) for i, (m, f) in enumerate(zip(s.municipality_index, s.flats, strict=True))]
    for i, x in enumerate(places):
        m = x.municipality
        x.start_rate, x.scale = float(world.start_rate[i]), world.histories.scale[i].tolist()
        x.municipal_tax, x.county_tax = float(world.municipal_tax[m]), float(world.county_tax[m])
        x.tax = x.municipal_tax + x.county_tax
        x.base_satisfaction = float(world.base_satisfaction[i])
        x.lookers_start, x.appeal_start = float(world.lookers_start[i]), float(world.appeal_start[i])
        x.satisfaction_start, x.reputation_start = float(s.satisfaction[i]), float(s.reputation[i])
        x.employment_start, x.foreign_background = float(s.employment[i]), float(s.foreign_background[i])
        x.assistance_share = float(towns.assistance_share[m])
        x.low_schooling, x.high_schooling = float(s.education_shares[i, 0]), float(s.education_shares[i, 2])
        x.size_ends = np.cumsum(s.size_shares[i])[:3].tolist()
        x.near, x.km = world.around.near[i].tolist(), world.around.km[i].tolist()
    return places


def buildings_of(world: World, places: list[Place]) -> list[Building]:
    """Buildings with their flats, in the order of the rows."""
    b = world.buildings
    renewed, row, found = world.residents.upgraded.tolist(), 0, []
    for n, area, flats in zip(b.neighbourhood.tolist(), b.area.tolist(), b.flats.tolist(), strict=True):
        building = Building(places[n], area, flats)
        building.rows = [Flat(i, building, renewed[i]) for i in range(row, row + flats)]
        building.renewed = sum(flat.renewed for flat in building.rows)
        row += flats
        found.append(building)
    return found


<<<<<<< HEAD
def settle_households(model: mesa.Model, world: World, flats: list[Flat]) -> None:
    """A household for each flat that somebody lives in."""
    r = world.residents
    columns = [getattr(r, name).tolist() for name in TRAITS]
    for flat, lived_in, number, *traits in zip(flats, r.occupied.tolist(), r.household.tolist(), *columns, strict=True):
        if lived_in:
            Household(model, flat, number=number, **dict(zip(TRAITS, traits, strict=True)))
=======
def settle_households(model: mesa.Model, world: World, flats: list[Flat]) -> dict[int, Flat]:
    """A household for each flat that somebody lives in; the others, by row."""
    r = world.residents
    columns = [getattr(r, name).tolist() for name in TRAITS]
    empty = {}
    for flat, lived_in, number, *traits in zip(flats, r.occupied.tolist(), r.household.tolist(), *columns, strict=True):
        if lived_in:
            Household(model, flat, number=number, **dict(zip(TRAITS, traits, strict=True)))
        else:
            empty[flat.row] = flat
    return empty
>>>>>>> main
