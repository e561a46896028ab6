"""A framework asks no more of the market than builders at its table have hands for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import Collaboration, RenewalModel
from sim.inputs.collaboration import NATIONAL
from sim.phases import lots
from sim.world.hands import Hands

Make = Callable[..., RenewalModel]

POOLED = Collaboration("pooled", partners=NATIONAL).replace(pooled_procurement=1.0)


def with_joint_projects(make: Make, **more: object) -> RenewalModel:
    """A run in which joint projects are about to be tendered."""
    model = make(POOLED, years=6, **more)
    while not any(q.pooled for q in model.world.projects):
        model.step()
    return model


def test_a_lot_can_be_manned_by_as_many_firms_as_are_asked_for_and_a_dearer_package_has_smaller_lots(
    make: Make,
) -> None:
    sizes = []
    for firms in (1.0, 2.0, 4.0):
        hands = Hands(make(POOLED, parameters={"joint_bidders": firms}).world)
        flats = hands.largest(0)
        crew = flats * hands.work[0] / (hands.base[0] + hands.slower * flats)
        assert np.count_nonzero(hands.crews >= crew - 1e-6) == firms or flats == hands.p.lot_flats_pooled
        assert hands.largest(8) < flats
        sizes.append(flats)
    assert sizes[0] >= sizes[1] >= sizes[2] and sizes[0] > sizes[2]


def test_every_lot_leaves_fewer_hands_for_the_next(make: Make) -> None:
    world = make(POOLED).world
    all_hands, hands = Hands(world), Hands(world)
    before = np.array([all_hands.largest(package) for package in range(9)])
    for _ in range(4):
        hands.take(6, before[6])
    left = np.array([hands.largest(package) for package in range(9)])
    assert (left <= before).all() and left[6] < before[6]
    # A round that one lot still holds is cut as if nobody had taken any; one that none holds is cut smaller.
    flats = float(np.median(left))
    holds, least = left >= flats, 0.2 * flats
    cut, uncut = hands.lots_of(flats, least), all_hands.lots_of(flats, least)
    assert holds.any() and not holds.all() and (before > flats).all()
    assert np.allclose(cut[holds], flats) and np.allclose(uncut, flats)
    assert (cut[~holds] < flats).all()


@pytest.mark.parametrize("flats", [0.0, 15.0, 100.0, 900.0, 5000.0])
def test_a_round_is_cut_into_lots_one_after_another_as_long_as_there_are_hands(make: Make, flats: float) -> None:
    world = make(POOLED).world
    found = Hands(world).lots_of(flats, 20.0)
    for package in range(len(found)):
        hands, left, lots_cut = Hands(world), flats, []
        while (lot := min(hands.largest(package), left)) >= 20.0:
            hands.take(package, lot)
            lots_cut.append(lot)
            left -= lot
        mean = np.average(lots_cut, weights=lots_cut) if lots_cut else 20.0
        assert found[package] == pytest.approx(mean)


def test_a_long_round_has_smaller_lots_on_the_average(make: Make) -> None:
    hands = Hands(make(POOLED).world)
    short, long = hands.lots_of(100.0, 20.0), hands.lots_of(5000.0, 20.0)
    assert (short <= 100.0).all() and long[6] < hands.largest(6)


def test_what_there_are_no_hands_for_waits_until_the_framework_is_out_of_patience(make: Make) -> None:
    world = with_joint_projects(make).world
    ready = [q for q in world.projects if q.pooled]
    assert len(lots.lots_of(world, ready))
    for x in world.builders:
        x.busy = x.workers  # everybody is at work
    assert not len(lots.lots_of(world, ready))
    world.quarter = ready[0].decided + int(np.ceil(world.p.pool_patience))
    assert len(lots.lots_of(world, ready).keys) == sum(len(q.keys) for q in ready)
