"""Calm, reputations and empty flats: passages over places say what the rules say of columns, to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases import image
from sim.phases.calm import settle_calm
from sim.phases.presence import presence
from sim.randomness import Decision
from sim.rules.calm import Conditions, calm_level, lift, next_calm, slow, wave
from sim.rules.reputation import attention, believed_level, next_reputation, told_by_news
from sim.rules.rivals.insecurity import INSECURITY
from sim.world.conditions import worn
from sim.world.demand import see_empty
from sim.world.tallies import Tally
from sim.world.world import World

Make = Callable[..., RenewalModel]


def shaken(make: Make, arm: str) -> World:
    """A world in which places differ, one of them without anybody of working age and one without anybody."""
    world, some = make(arm, years=1).run().world, np.random.default_rng(5)
    b, places, counted = world.buildings, world.neighbourhoods, world.census
    b.condition[:], b.empty[:], b.emptied[:] = some.random(b.n), some.random(b.n), some.random(b.n) < 0.3
    world.residents.occupied[:] = some.random(world.residents.n) < 0.8
    for column in (places.reputation, places.calm, places.satisfaction, places.employment, places.renovated_share):
        column[:] = some.random(len(places))
    counted.of_age[0] = counted.at_work[0] = counted.households[-1] = 0.0
    return world


@pytest.mark.parametrize("arm", ["siloed", "regional"])
def test_calm_moves_as_the_rules_say_of_columns(make: Make, arm: str) -> None:
    world = shaken(make, arm)
    p, places, calm, counted = world.p, world.neighbourhoods, world.calm, world.census
    start, usual, before, outside = world.region.neighbourhoods.calm, calm.usual, places.calm.copy(), calm.outside
    at_work, turnover = 1.0 - usual.idle, usual.turnover.copy()
    np.divide(counted.at_work, counted.of_age, out=at_work, where=counted.of_age > 0.0)
    np.divide(4.0 * world.tallies.of(Tally.MOVES), counted.households, out=turnover, where=counted.households > 0.0)
    empty = 1.0 - counted.households / counted.flats
    now = Conditions(1.0 - at_work, np.minimum(turnover, 1.0), empty, worn(world))
    level = calm_level(now, usual, start, p)
    here = world.in_neighbourhood.sum(presence(world) * world.buildings.flats) / counted.flats
    lifted = lift(level, here, p)
    moved = INSECURITY[world.levers.insecurity_moves](lifted, here, counted.flats, calm.near, p)
    assert (lifted > 0.0).any() == (arm == "regional")
    u = world.draws.at(Decision.INCIDENT, world.quarter, np.arange(len(places)), 2)
    waves = wave(before, start, *u.T, p)

    settle_calm(world)

    assert np.array_equal(places.calm, next_calm(before, level + lifted + moved.change, here, waves, p))
    assert calm.outside == outside + float(slow(p, np.ones(1))[0]) * (moved.outside - outside)


@pytest.mark.parametrize("arm", ["siloed", "regional"])
def test_reputations_move_and_image_work_costs_as_the_rules_say_of_columns(make: Make, arm: str) -> None:
    world = shaken(make, arm)
    p, places, start, quarter = world.p, world.neighbourhoods, world.region.neighbourhoods, world.quarter
    before, under_way = places.reputation.copy(), np.where(start.image_work_2011, p.image_work_under_way, 0.0)
    strength = np.array([society.strength for society in world.civil_societies])
    more = attention(places.satisfaction - before, start.municipality_index, strength) * (arm == "regional")
    told = np.minimum(under_way + more, 1.0)
    level = believed_level(
        places.satisfaction, start.satisfaction, places.renovated_share, places.employment, start.employment,
        start.reputation, p,
    )  # fmt: skip
    u = world.draws.at(Decision.NEWS, quarter, np.arange(len(places)), 3)
    news = told_by_news(*u.T, start.calm - places.calm, p)
    after = next_reputation(before, level, told, places.satisfaction, news, p)
    world.books.clear()

    image.advance(world)

    assert np.array_equal(places.reputation, after)
    cost = p.image_cost / 4.0 * start.flats
    beyond = np.bincount(start.municipality_index, cost * (told - under_way), minlength=len(world.municipalities))
    assert np.array_equal(world.image_practice, beyond)
    assert world.books.at[world.books.quarter].sum() > 0.0 and (world.books.at >= 0.0).all()


@pytest.mark.parametrize("lived_in", [0.0, 0.8, 1.0])
def test_empty_flats_are_seen_building_by_building_unless_works_have_emptied_them(make: Make, lived_in: float) -> None:
    world = shaken(make, "siloed")
    b, r, places = world.buildings, world.residents, world.neighbourhoods
    r.occupied[:] = np.random.default_rng(6).random(r.n) < lived_in
    before = b.empty.copy()
    empty = np.bincount(r.building[~r.occupied], minlength=b.n) / b.flats

    see_empty(world, 0.25)

    assert np.array_equal(b.empty, before + 0.25 * (empty - before) * ~b.emptied)
    counts = world.flats_by_neighbourhood.counts
    assert np.array_equal(
        places.empty_share, np.bincount(b.neighbourhood, b.empty * b.flats, minlength=len(counts)) / counts
    )
