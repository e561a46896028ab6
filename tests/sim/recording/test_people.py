"""One passage over households or buildings counts what many over columns do, to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.recording.disturbed import disturbed
from sim.recording.people import count_people
from sim.recording.stock import count_stock
from sim.rules.homes import worn_in_wishes
from sim.rules.inside import done_inside
from sim.rules.training import Programme
from sim.vocabulary import EnergyLevel, Site, Standard, Work
from sim.world.census import Census
from sim.world.home_counts import count_homes
from sim.world.homes import options_to_come, worth_in_wishes
from sim.world.world import World

Make = Callable[..., RenewalModel]
LIVELY = {"turnover_chance": 0.8, "upgrade_eagerness": 0.05}


@pytest.fixture(scope="module")
def lively(make: Make) -> World:
    """With flats renewed singly, buildings whose tenants chose, and people in training."""
    world = make("national", years=8, parameters=LIVELY).run().world
    some = np.flatnonzero(world.residents.occupied)[::9]
    world.residents.programme[some] = np.resize([Programme.APPRENTICE, Programme.HIRE, Programme.NONE], len(some))
    return world


def everybody_leaves(world: World) -> World:
    world.residents.occupied[:] = False
    return world


def nobody_leaves(world: World) -> World:
    world.residents.occupied[:] = True
    return world


@pytest.mark.parametrize("change", [None, everybody_leaves, nobody_leaves])
def test_what_is_recorded_of_people_is_what_their_columns_hold(
    lively: World, change: Callable[[World], World] | None
) -> None:
    before = lively.residents.occupied.copy()
    try:
        world = lively if change is None else change(lively)
        _compare(world)
    finally:
        lively.residents.occupied[:] = before


def _compare(world: World) -> None:
    r, flats, k = world.residents, world.flats_by_neighbourhood, len(world.neighbourhoods)
    found, empty = count_people(world), np.flatnonzero(~r.occupied)
    assert np.array_equal(found.rent, flats.sum(r.rent))
    assert np.array_equal(found.burden, flats.sum(np.minimum(r.burden, 1.0) * r.occupied))
    assert np.array_equal(found.health, flats.sum(r.health * r.occupied))
    lost = np.bincount(world.neighbourhood_of[empty], 3.0 * r.rent[empty], minlength=k)
    assert np.array_equal(found.voids, lost)
    assert np.array_equal(found.upgraded, flats.sum(r.upgraded))
    assert np.array_equal(found.second_earners, flats.sum((r.other_income > 0.0) & r.occupied))
    apprentice = r.programme == Programme.APPRENTICE
    assert np.array_equal(found.apprentices, flats.sum(apprentice))
    working = (r.programme >= Programme.HIRE) & (apprentice | (r.work == Work.EMPLOYED))
    assert np.array_equal(found.programme_jobs, flats.sum(working))
    counted = Census.of(r, world.buildings, flats, world.in_neighbourhood)
    assert np.array_equal(counted.households, flats.sum(r.occupied))
    assert np.array_equal(counted.satisfaction, flats.sum(r.satisfaction * r.occupied))
    assert np.array_equal(counted.of_age, flats.sum((r.work != Work.RETIRED) & r.occupied))
    assert np.array_equal(counted.at_work, flats.sum(r.work == Work.EMPLOYED))


def test_a_lively_world_has_what_is_counted(lively: World) -> None:
    r, found = lively.residents, count_people(lively)
    assert r.upgraded.any() and lively.buildings.mixed.any() and not r.occupied.all()
    assert all(one.sum() > 0.0 for one in found)


def test_what_is_counted_of_homes_is_what_their_columns_hold(lively: World) -> None:
    r, found = lively.residents, count_homes(lively)
    here, empty = r.wish * r.occupied, np.flatnonzero(~r.occupied)
    assert np.array_equal(found.wishes, lively.in_building.sum(here))
    worth = worth_in_wishes(lively, np.arange(r.n))
    assert found.worth == pytest.approx(np.bincount(r.building, worth * here, minlength=lively.buildings.n))
    above = np.maximum(r.wish - lively.wishes.marginal, 0.0)
    assert found.above == float(above.sum()) - float(above[empty].sum())
    worn = worn_in_wishes(lively.buildings.condition, lively.p)
    assert found.worn == float((worn * found.wishes).sum()) > 0.0
    assert found.better == np.count_nonzero((r.upgraded | (r.standard > Standard.MINI)) & r.occupied)
    assert found.empty == len(empty) and found.plain_empty == float(lively.plain_rent[empty].sum())


def test_what_is_recorded_of_buildings_is_what_their_columns_hold(lively: World) -> None:
    b, at, found = lively.buildings, lively.in_neighbourhood, count_stock(lively)
    area = b.flats * b.area
    assert np.array_equal(found.area, at.sum(area)) and np.array_equal(found.heat, at.sum(b.energy * area))
    assert np.array_equal(found.condition, at.sum(b.flats * b.condition))
    assert np.array_equal(found.need, at.sum(b.flats * (b.condition < lively.p.due_condition)))
    assert np.array_equal(found.municipal, at.sum(b.flats * (b.owner < len(lively.municipalities))))
    for level in EnergyLevel:
        there = (b.renovated >= 0) & (b.energy_level == level)
        assert np.array_equal(found.energy[level], at.sum(b.flats * there))
    own = lively.in_building.spread(np.where(b.mixed, Standard.NONE, b.standard))
    its = np.where(lively.in_building.spread(b.mixed), lively.residents.standard, own)
    for row, standard in enumerate((Standard.MINI, Standard.MIDI, Standard.MAXI)):
        assert np.array_equal(found.standards[row], lively.flats_by_neighbourhood.sum(its == standard))


@pytest.mark.parametrize("site", [Site.IDLE, Site.ON_SITE])
def test_whom_works_disturb_counts_by_what_is_done_in_each_flat(lively: World, site: Site) -> None:
    b, r = lively.buildings, lively.residents
    before = b.site.copy(), b.works.copy(), r.chosen.copy()
    try:
        b.site[:], b.works[:], r.chosen[:] = site, np.arange(b.n) % 9, np.arange(r.n) % 5
        rows = np.flatnonzero(r.occupied & (b.site == Site.ON_SITE)[r.building])
        assert disturbed(lively) == float(done_inside(lively.p)[options_to_come(lively, rows)].sum())
    finally:
        b.site[:], b.works[:], r.chosen[:] = before
