"""Sales of flats: each has a reason that can be switched off, a price and a buyer, and moves no line of society."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters, load_region
from sim.phases.finance.sales import DISTRESS, FINANCE, OFFER, POLITICS, REASONS, Chance, _block, _wills, transfer
from sim.recording.record import recorded
from sim.recording.society import lines
from sim.rules.sales import bid, block, held_worth, yearly_chance
from sim.world.books import Flow
from sim.world.homes import homes_now
from tests.laws import broken_laws, run_lawfully
from tests.worlds import random_world

P = load_parameters()
NOBODY = {"sale_chance": 0.0, "sale_politics": 0.0, "offer_chance": 0.0}
# What makes a reason act in a small world, and what switches it off there.
SHORT = {"ltv_cap": 0.41, "sale_chance": 1.0, "sale_shortfall": 0.0, "programme_share": 0.2}
ACTS: dict[str, dict[str, float]] = {
    FINANCE: NOBODY | SHORT,
    POLITICS: NOBODY | {"sale_majority": 1.0, "sale_politics": 0.1},
    OFFER: NOBODY | {"offer_chance": 1.0, "offer_spread": 0.5},
    DISTRESS: NOBODY | {"distress_years": 1.0, "injection_chance": 0.0, "distress_loan_to_value": 0.5},
}
OFF: dict[str, dict[str, float]] = {
    FINANCE: {"sale_chance": 0.0},
    POLITICS: {"sale_politics": 0.0},
    OFFER: {"offer_chance": 0.0},
    DISTRESS: {"distress_years": 30.0},
}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("botkyrka", 0.1)


def model(region: Region, parameters: dict[str, float], years: int = 4, seed: int = 1, **levers: Any) -> RenewalModel:
    chosen = Levers.checked(**levers)
    p = P.replace(parameters)
    return RenewalModel(region, Collaboration.preset("siloed"), seed, parameters=p, levers=chosen, years=years)


def planted(region: Region, reason: str, more: dict[str, float] | None = None) -> RenewalModel:
    """A world in which a reason acts; distress needs debts, of 0.8 of the value."""
    made = model(region, ACTS[reason] | (more or {}))
    if reason == DISTRESS:
        for owner in made.world.owners:
            owner.debt = 0.8 * owner.value
    return made


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_a_sale_acts_alone_and_can_be_switched_off(region: Region, reason: str) -> None:
    acts = planted(region, reason)
    assert run_lawfully(acts) == []
    sales = acts.sales()
    assert set(sales.reason) == {reason} and (sales.price > 0.0).all() and (sales.flats > 0.0).all()
    assert (sales.seller != sales.buyer).all() and set(sales.buyer) <= {x.name for x in acts.landlords}
    assert acts.curves().sold_flats.sum() == sales.flats.sum()
    assert len(planted(region, reason, OFF[reason]).run().sales()) == 0


def test_only_a_company_that_is_short_sells_for_works(region: Region) -> None:
    acts, short = model(region, ACTS[FINANCE], years=6), set()
    while acts.quarter < acts.quarters:
        acts.step()
        short |= {(2011 + (acts.quarter - 1) // 4, x.name) for x in acts.municipalities if x.short > 0.0}
    sold = set(acts.sales()[["year", "seller"]].itertuples(index=False, name=None))
    assert sold and sold <= short
    rich = {"ltv_cap": 0.9, "programme_share": P.programme_share}
    assert len(model(region, ACTS[FINANCE] | rich, years=6).run().sales()) == 0


def test_the_price_of_a_sale_for_works_lowers_debt_and_can_be_borrowed_again(region: Region) -> None:
    stays = {"company_ltv_kept": 0.0}  # nothing leaves
    sells, keeps = (
        model(region, ACTS[FINANCE] | stays, years=1).run(),
        model(region, NOBODY | SHORT | OFF[FINANCE] | stays, years=1).run(),
    )
    prices = sells.sales().groupby("seller").price.sum()
    assert len(prices) > 0
    for name, price in prices.items():
        one, other = (next(x for x in run.municipalities if x.name == name) for run in (sells, keeps))
        assert other.debt - one.debt == pytest.approx(price, rel=1e-6)
        assert one.headroom(sells.world.p) > other.headroom(keeps.world.p) and one.flats < other.flats
        assert one.loan_to_value < other.loan_to_value


def test_majorities_sell_in_their_terms_and_over_time_the_share_of_the_table(region: Region) -> None:
    chance = yearly_chance(P)
    assert chance * P.sale_share * P.sale_majority == pytest.approx(P.sale_politics)
    assert yearly_chance(P.replace({"sale_majority": 0.0})) == 0.0
    world = model(region, {}).world
    wills = [_wills(replace(world, quarter=quarter)) for quarter in range(0, 400, 4)]
    assert np.mean(wills) == pytest.approx(0.5, abs=0.1)
    kept = [np.array_equal(one, other) for one, other in pairwise(wills)]
    assert kept == [year % P.term_years > 0 for year in range(1, 100)], "a majority lasts its term"


@pytest.mark.parametrize("scale", [0.1, 0.5])
def test_a_block_is_the_share_of_a_sale_on_average_whatever_the_size_of_houses(scale: float) -> None:
    world = model(load_region("botkyrka", scale), {}).world
    rng = np.random.default_rng(1)
    for owner in world.owners[:4]:
        flats = [
            world.buildings.flats[_block(world, owner, Chance(0.0, *rng.random(2), 0.0, 0.0))].sum()
            for _ in range(1000)
        ]
        assert np.mean(flats) / owner.flats == pytest.approx(P.sale_share, rel=0.1)


def test_companies_sell_nothing_where_the_lever_says_so(region: Region) -> None:
    every = SHORT | {"sale_politics": 0.1, "offer_chance": 1.0, "offer_spread": 1.0}
    companies = {x.name for x in model(region, {}).municipalities}
    assert companies & set(model(region, every).run().sales().seller)
    assert not companies & set(model(region, every, municipal_sales=False).run().sales().seller)


def test_an_offer_is_taken_where_it_is_above_what_the_owner_holds_the_buildings_worth(region: Region) -> None:
    value, market = np.array([100.0, 50.0]), np.full(2, 0.06)
    assert held_worth(value, market, 0.06, P) == pytest.approx(150.0)
    assert held_worth(value, market, 0.04, P) == pytest.approx(225.0)
    assert bid(100.0, 0.5, P) == 100.0 and bid(100.0, 1.0, P) == pytest.approx(100.0 * (1.0 + P.offer_spread))
    patient = model(region, ACTS[OFFER])
    eager = model(region, ACTS[OFFER])
    for owner in eager.world.owners:
        owner.required_yield = 0.2
    for owner in patient.world.owners:
        owner.required_yield = 0.01
    assert len(patient.run().sales()) == 0 and len(eager.run().sales()) > len(model(region, ACTS[OFFER]).run().sales())


def test_a_block_is_neighbours_up_to_the_limit_from_a_place_that_chance_gives() -> None:
    flats = np.array([10, 20, 30, 40])
    assert block(flats, 0.5, 50.0, 0.0).tolist() == [2]
    assert block(flats, 0.5, 50.0, 1.0).tolist() == [2, 3], "the one at the margin as well"
    assert block(flats, 0.99, 60.0, 0.0).tolist() == [3, 0], "after the end comes the beginning"
    assert block(flats, 0.2, 1e9, 0.0).tolist() == [0, 1, 2, 3] and block(flats[:0], 0.2, 1e9, 0.0).tolist() == []


@pytest.mark.parametrize("price", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("company", [True, False])
def test_a_sale_at_any_price_moves_no_line_of_society(region: Region, price: float, company: bool) -> None:
    sells = model(region, NOBODY, years=1)
    sells.step()
    world = sells.world
    world.quarter -= 1  # as if it were not over yet
    seller, buyer = world.owners[0] if company else world.landlords[1], world.landlords[0]
    before = lines(recorded(world, homes_now(world)), world.p)
    rows = np.flatnonzero(world.buildings.owner == seller.index)[:3]
    paid = price * float(world.building_values[rows].sum())
    transfer(world, rows, seller, buyer, paid, POLITICS, 0.0)
    after = lines(recorded(world, homes_now(world)), world.p)
    for name, value in before.outcomes().items():
        assert after.outcomes()[name] == pytest.approx(value, abs=1.0), name
    assert world.books.of(Flow.SALES).sum() == pytest.approx(paid if company else 0.0)


@pytest.mark.parametrize("number", range(6))
def test_everybody_sells_in_any_world_and_the_books_hold(number: int) -> None:
    drawn = random_world(number, "plausible", years=3)
    busy = {"sale_chance": 1.0, "sale_shortfall": 0.0, "sale_politics": 0.1, "offer_chance": 1.0, "offer_spread": 1.0}
    made = RenewalModel(
        drawn.region,
        drawn.collaboration,
        drawn.seed,
        parameters=drawn.parameters.replace(busy),
        levers=drawn.levers,
        years=3,
    )
    assert run_lawfully(made) == [] and broken_laws(made) == []
