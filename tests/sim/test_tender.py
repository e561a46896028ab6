"""Tenders: what an award takes of a firm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import load_region
from sim.phases import bidding, clauses, lots, tender
from sim.randomness import Decision
from sim.rules import bids, repetition
from sim.rules.rivals.entry import ENTRY, Invitation
from sim.world.world import World

from ..conftest import Make


@pytest.mark.parametrize("scale", [0.02, 0.05])
def test_an_award_takes_its_whole_crew_from_the_winner_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    """Also in a quarter in which every firm was idle, and where a crew is a fraction of a person."""
    taken: list[float] = []
    award = tender._award

    def watched(world: Any, lots: Any, contract: Any, left: Any) -> None:
        before = world.builders[contract.builder].busy
        award(world, lots, contract, left)
        assert world.builders[contract.builder].busy == pytest.approx(before + contract.crew)
        assert world.contracts[-1] is contract
        taken.append(contract.crew)

    monkeypatch.setattr(tender, "_award", watched)
    make("regional", region=load_region("botkyrka", scale), years=6).run()
    assert len(taken) > 3


def before_a_tender(make: Make, practice: str = "siloed") -> tuple[World, lots.Lots]:
    """A world, and the lots that it is about to put to tender, three of them at least."""
    model = make(practice, region=load_region("stockholm-county", 1.0), years=6)
    while True:
        ready = [q for q in model.world.projects if q.ready <= model.world.quarter + 1]
        if len(found := lots.lots_of(model.world, ready)) > 2:
            return model.world, found
        model.step()


def test_who_wins_a_lot_has_fewer_hands_for_the_next(make: Make) -> None:
    world, found = before_a_tender(make)
    work = lots.work_of(world, found)
    alone = bidding.bids_for(world, found, work, clauses.none_asked(world), one_after_another=False)
    world.firms.busy[:] = 0.0
    held = bids.elsewhere(world.surroundings.other_demand, world.p)
    # Enough for one such lot, not for two.
    world.firms.workers[:] = (world.p.crew_slack + 0.5) * work.crew[0] / (1.0 - held)
    even = work._replace(crew=np.full(len(found), work.crew[0]))
    one_by_one = bidding.bids_for(world, found, even, clauses.none_asked(world))
    assert (alone.winner != bidding.NO_HANDS).any()
    winners = one_by_one.winner[one_by_one.winner >= 0]
    assert len(winners) and len(set(winners.tolist())) == len(winners), "each firm wins one"
    assert not world.firms.busy.any(), "bidding by itself changes nothing"


def test_bids_are_those_of_the_rules_in_columns(make: Make) -> None:
    """The loop over lots and firms gives what the same rules give when they are called with all firms at once."""
    world, found = before_a_tender(make)
    p, firms, outside = world.p, world.firms, world.surroundings
    work = lots.work_of(world, found)
    got = bidding.bids_for(world, found, work, clauses.none_asked(world), one_after_another=False)
    held = bids.elsewhere(outside.other_demand, p)
    busy = bids.utilisation(firms.workers, firms.busy, held, p)
    asked = bids.margin(busy, world.expected_bidders, p)
    for i in range(len(found)):
        here, reference = found.part(i), float(work.reference[i])
        rows, options = found.buildings[here], found.options[here]
        assert work.flats[i] == world.buildings.flats[rows].sum()
        assert np.array_equal(work.packages[i], np.bincount(options, world.buildings.flats[rows], 9) / work.flats[i])
        assert work.shares[here].sum() == pytest.approx(1.0)
        ahead = bidding.practice_ahead(work.packages[i][None], work.flats[i : i + 1], firms.experience, p)[0]
        output = repetition.productivity(ahead, repetition.labour_rate(p))
        each = found.keys[here.start] * bidding.MOST_FIRMS + np.arange(len(firms))
        luck = world.draws.normal(Decision.BID_PRICE, world.quarter, each)[:, 0]
        risk = bids.risk_premium(firms.visible, p)
        price = bids.bid(p.labour_share, outside.wage_premium(p), output, asked, risk, luck, p)
        near = np.isin(firms.municipality, [q.municipality for q in found.projects_of(i)]).astype(float)
        profit = np.maximum(asked, p.profit_least) * reference / (world.expected_bidders + 1.0)
        cost = np.full(len(firms), p.bid_cost * reference + p.bid_fixed)
        share = work.crew[i] / np.maximum(firms.workers, 1e-9)
        chance = ENTRY[world.levers.entry](Invitation(profit, cost, near, 0.0, busy, share), p)
        u = world.draws.at(Decision.BID_ENTRY, world.quarter, each)[:, 0]
        enters = (bids.free(firms.workers, firms.busy, held) >= work.crew[i] * p.crew_slack) & (u < chance)
        assert np.array_equal(got.prices[i], np.where(enters, price, np.inf))
        assert got.number[i] == enters.sum() and got.cost[i] == pytest.approx(float(cost[enters].sum()))


@pytest.mark.parametrize("scale", [0.02, 1.0])
def test_setting_up_a_lot_is_in_its_materials_at_every_scale(make: Make, scale: float) -> None:
    """A contract is one at full size: huts and cranes are no margin where few of its flats are modelled."""
    signed: list[Any] = []
    for setup in (0.0, 4_000_000.0):
        model = make("siloed", region=load_region("botkyrka", scale), years=2, parameters={"lot_setup": setup})
        while not model.world.contracts:
            model.step()
        signed.append(model.world.contracts[0])
    without, with_it = signed
    assert with_it.price - without.price == pytest.approx(4_000_000.0)
    net = 4_000_000.0 / (1.0 + model.p.vat)
    assert with_it.materials_cost - without.materials_cost == pytest.approx(net)
    assert with_it.labour_cost == pytest.approx(without.labour_cost)
