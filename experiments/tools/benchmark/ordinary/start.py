"""The start: a model's columns, read once into plain objects and numbers."""

from __future__ import annotations

import mesa
import numpy as np

from experiments.tools.benchmark.ordinary.household import Household
from experiments.tools.benchmark.ordinary.places import Building, Flat, Place
from sim.errors import SamspelError
from sim.inputs.levers import Levers
from sim.world.world import World

# What of a household a model's columns hold, by the same names.
TRAITS = (
    "work", "skill", "foreign", "arrival", "ever_worked", "born", "size", "other_income", "second_pay", "history",
    "spell", "entitled", "insured", "health", "satisfaction", "since", "wish", "third", "burden", "income",
)  # fmt: skip
# Levers by which residents live in a world without renovation; others than these rules are not written out here.
RULES = ("leaving", "destinations", "refused_for")


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
