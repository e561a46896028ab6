"""Every krona has a payer and a receiver, and every stock is its opening value plus its flows."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import pytest

from sim import PRESETS, Region, RenewalModel, load_region
from sim.rules.training import Programme
from sim.vocabulary import PUBLIC_PURSES, Purse, Work
from sim.world.books import COFUNDING, COORDINATION_COST, JOB, SIDE_PAYMENTS, TALKS, Books, Flow, Row, Together, rows_of
from sim.world.tallies import Tally
from sim.world.world import World
from tests.laws import run_lawfully
from tests.worlds import random_world

Make = Callable[..., RenewalModel]
Watch = Callable[..., AbstractContextManager[None]]


# --- the books themselves


def test_every_kind_of_flow_has_a_payer_and_another_receiver_and_a_name_of_its_own() -> None:
    assert all(flow.payer != flow.payee for flow in Flow)
    assert len(Flow.__members__) == len(Flow) > 50, "two flows of one value would be one flow"
    assert [flow.row for flow in Flow] == list(range(len(Flow)))


def test_a_payment_reaches_the_payee_and_leaves_the_payer() -> None:
    books = Books(2, 3)
    books.pay(Flow.SOCIAL_ASSISTANCE, np.array([5.0, 7.0, 0.0]))
    books.pay(Flow.SOCIAL_ASSISTANCE, 2.0, 1)
    net = books.net()
    assert net[Purse.RESIDENTS].tolist() == [5.0, 9.0, 0.0, 0.0]
    assert net[Purse.MUNICIPALITIES].tolist() == [-5.0, -9.0, 0.0, 0.0]
    assert not net[[p for p in Purse if p not in (Purse.RESIDENTS, Purse.MUNICIPALITIES)]].any()
    books.quarter = 1
    assert not books.net().any() and books.last_year(Flow.SOCIAL_ASSISTANCE)[1] == 9.0


def test_a_mask_over_kinds_leaves_the_others_out() -> None:
    books = Books(1, 1)
    books.pay(Flow.WAGES, 100.0, 0)
    books.pay(Flow.LOANS_COMPANIES, 40.0, 0)
    assert books.net(JOB)[Purse.REST_OF_WORLD, 0] == -100.0
    assert books.net()[Purse.REST_OF_WORLD, 0] == -140.0


def test_what_a_flow_stands_for_must_be_said() -> None:
    with pytest.raises(TypeError, match="use"):
        Row(Purse.STATE, Purse.RESIDENTS, "age")


def test_what_is_no_flow_cannot_be_booked() -> None:
    books = Books(1, 1)
    for name in ("wages", "repiars"):
        with pytest.raises(AttributeError):
            books.pay(name, 1.0, 0)
    with pytest.raises(AttributeError):
        _ = Flow.REPIARS_COMPANIES
    assert not books.history.any()


def test_a_flow_is_itself_in_another_process_too() -> None:
    assert all(pickle.loads(pickle.dumps(flow)) is flow is copy.deepcopy(flow) for flow in Flow)
    assert str(Flow.WORKS_CREWS) == f"{Flow.WORKS_CREWS}" == "works_crews"


# --- random parameters


def check_nets(model: RenewalModel) -> None:
    """Recorded nets by purse are what the flows say, and they sum to zero."""
    history, m = model.books.history, len(model.municipalities)
    nets = np.zeros((model.quarters, len(Purse), m + 1))
    jobs = np.zeros_like(nets)
    for i, flow in enumerate(Flow):
        if flow.cause == "loans":
            continue
        for purse, sign in ((flow.payer, -1.0), (flow.payee, 1.0)):
            nets[:, purse] += sign * history[:, i]
            jobs[:, purse] += sign * history[:, i] * flow.job
    turnover = np.abs(history).sum()
    recorded = model.curves(detail=True)
    for kind, expected, purses in (("net", nets, Purse), ("jobs", jobs, Purse)):
        total = np.zeros(model.quarters)
        for purse in purses:
            name = f"{kind}_{purse.name.lower()}"
            if name not in recorded:
                continue
            region = recorded.loc[recorded.area_kind == "region", name].to_numpy()
            towns = recorded.loc[recorded.area_kind == "municipality", name].to_numpy().reshape(model.quarters, m)
            assert np.allclose(region, expected[:, purse].sum(axis=1), rtol=1e-9, atol=1e-9 * turnover), name
            assert np.allclose(towns, expected[:, purse, :m], rtol=1e-9, atol=1e-9 * turnover), name
            total += region
        if kind == "net":
            assert np.abs(total).max() <= 1e-9 * turnover
    assert turnover > 1e6


@pytest.mark.parametrize("number", range(50))
def test_books_balance_and_stocks_follow_flows_at_fifty_random_parameter_vectors(
    tiny_region: Region, number: int
) -> None:
    drawn = random_world(number, "plausible")
    model = RenewalModel(
        tiny_region, drawn.collaboration, drawn.seed, parameters=drawn.parameters, levers=drawn.levers, years=3
    )
    assert run_lawfully(model) == []
    check_nets(model)


# --- kinds of flow

# Everything at once, so that what is rare happens too.
LIVELY = {
    "clause_places": 2.0, "apprenticeship_quarters": 6.0, "refusal": 0.9, "appeal_chance": 0.5,
    "sale_chance": 1.0, "sale_shortfall": 0.0, "offer_chance": 1.0, "offer_spread": 1.0, "distress_years": 1.0,
    "injection_chance": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def booked(make: Make) -> set[Flow]:
    """Kinds of flow that some run has booked."""
    region = load_region("botkyrka", 0.1)
    grants = {"grant_rate": 0.5, "grant_energy_only": False, "grant_budget_per_year": 1e12, "carbon_levy": 1.0}
    models = [
        make("national", years=6, region=region, levers=grants, parameters=LIVELY).run(),
        make("emergent", years=3, region=region, parameters=LIVELY).run(),
        make("siloed", years=4, region=region, parameters=LIVELY | {"ltv_cap": 0.3}).run(),  # nobody may borrow: sales
    ]
    # Nobody can live through any works.
    models.append(make("siloed", years=5, region=region, parameters={"rehousing_from": 0.6}).run())
    money = np.full((1, 3, 4), 1e6)
    models.append(RenewalModel(region, PRESETS["siloed"], 1, years=1, same_money=money).run())
    models.append(make("siloed", years=2, region=region, parameters=LIVELY))
    for owner in models[-1].world.owners:
        owner.debt = 4.0 * owner.value
    models[-1].run()
    kinds = np.any([np.abs(model.books.history).sum(axis=(0, 2)) > 0 for model in models], axis=0)
    return {flow for flow, paid in zip(Flow, kinds, strict=True) if paid}


@pytest.mark.parametrize("kind", Flow, ids=str)
def test_every_kind_of_flow_is_booked_in_some_run(booked: set[Flow], kind: Flow) -> None:
    assert kind in booked


# --- stocks of people


def test_apprentices_are_those_before_and_the_new_less_graduates_drop_outs_and_retired(
    make: Make, watch: Watch
) -> None:
    seen: Counter[str] = Counter()
    start: dict[str, np.ndarray] = {}

    def before(phase: str, world: World) -> None:
        start["apprentice"] = world.residents.programme == Programme.APPRENTICE
        start["household"] = world.residents.household.copy()
        start["graduates"], start["dropouts"] = (world.tallies.of(x).copy() for x in (Tally.GRADUATES, Tally.DROPOUTS))

    def after(phase: str, world: World) -> None:
        r, was = world.residents, start["apprentice"]
        now = r.programme == Programme.APPRENTICE
        graduated = int((world.tallies.of(Tally.GRADUATES) - start["graduates"]).sum())
        dropped = int((world.tallies.of(Tally.DROPOUTS) - start["dropouts"]).sum())
        if phase == "work and training":
            new = int((now & (r.programme_since == world.quarter) & ~was).sum())
            retired = int((was & (r.work == Work.RETIRED)).sum())
            assert now.sum() == was.sum() + new - graduated - dropped - retired
            seen.update(new=new, graduates=graduated, dropouts=dropped)
        elif phase == "everyday life":
            here = np.isin(start["household"][was], r.household[r.occupied])
            assert np.isin(r.household[now], start["household"][was]).all()
            moved = int((~here).sum())
            assert now.sum() == was.sum() - moved and not graduated and not dropped
            seen.update(moved=moved)
        else:
            assert np.array_equal(now, was)

    many = {"clause_places": 2.0, "share_placements": 0.2, "share_hires": 0.2, "apprenticeship_quarters": 6.0,
            "dropout_on_site": 0.04}  # fmt: skip
    model = make("regional", years=10, parameters=many)
    with watch(before, after):
        model.run()
    assert all(seen[x] > 0 for x in ("new", "graduates", "dropouts", "moved")), seen
    recorded = model.curves()
    assert recorded.apprentices.iloc[-1] == (model.residents.programme == Programme.APPRENTICE).sum()
    assert recorded.graduates.sum() == seen["graduates"] and recorded.dropouts.sum() == seen["dropouts"]


def test_every_household_of_2011_is_in_its_flat_or_followed_elsewhere(make: Make) -> None:
    model = make("regional", years=6).run()
    r, c = model.residents, model.world.cohort
    still_here = np.zeros(r.n, dtype=bool)
    still_here[r.household[(r.household < r.n) & r.occupied]] = True
    assert np.array_equal(still_here, ~c.away)
    assert c.away.sum() > 100 and still_here.sum() > 100
    assert not c.employed[still_here].any() and c.employed[c.away].any()


def test_households_of_one_id_live_in_one_flat(make: Make) -> None:
    model = make(years=6).run()
    ids = model.residents.household[model.residents.occupied]
    assert len(set(ids.tolist())) == len(ids)


# --- single flows against what they should follow from


def test_rent_paid_is_the_rent_of_occupied_flats(make: Make) -> None:
    model = make(years=1)
    model.step()
    books = model.books.history[0]
    rent = books[Flow.RENT_COMPANIES.row].sum() + books[Flow.RENT_LANDLORDS.row].sum()
    # Rents fall due before people move, when every flat of the start is let.
    paid = float((3.0 * model.buildings.rent * model.buildings.area / 12.0 * model.buildings.flats).sum())
    assert rent == pytest.approx(paid)


def test_what_a_public_budget_pays_only_where_people_collaborate_counts_as_cofunding(make: Make) -> None:
    together, alone = (make(preset, years=6).run().books.history.sum(axis=(0, 2)) for preset in ("regional", "siloed"))
    only = {flow for flow in Flow if flow.payer in PUBLIC_PURSES and together[flow.row] > 0 == alone[flow.row]}
    assert only >= {Flow.COORDINATION_COUNTY, Flow.COACHING, Flow.WAGE_SUBSIDY}
    # Hosts on site are a service that silos could buy as well, and none that they are handed the money for.
    other = {flow for flow in only if not flow.cofunding} - {Flow.PRESENCE_MUNICIPALITIES}
    assert other == {flow for flow in TALKS if flow in only}, "overhead"
    assert not any(flow.cofunding for flow in TALKS)


def test_side_payments_cofunding_and_the_same_money_agree(make: Make) -> None:
    model = make("regional", years=4).run()
    given = model.cofunding()
    assert given.shape == (4, 3, 4) and given.sum() > 0
    silo = RenewalModel(model.region, PRESETS["siloed"], 1, years=4, same_money=given).run()
    for k, flow in enumerate(SIDE_PAYMENTS):
        booked = silo.books.history[:, flow.row, :4].reshape(4, 4, 4).sum(axis=1)
        assert np.allclose(booked, given[:, k])
    assert np.allclose(silo.cofunding(), 0.0, atol=1e-3), "what was handed over is not the silo's own co-funding"
    recorded = model.curves()["cofunding"].to_numpy().reshape(4, 4).sum(axis=1)
    assert np.allclose(recorded, given.sum(axis=(1, 2)), atol=1.0)


def test_flows_booked_together_are_those_booked_one_by_one(make: Make) -> None:
    world = make("siloed", years=1).world
    b, books, random = world.buildings, world.books, np.random.default_rng(1)
    pairs = (Flow.RENT_COMPANIES, Flow.RENT_LANDLORDS), (Flow.HEAT_COMPANIES, Flow.HEAT_LANDLORDS)
    by_building, by_place = random.random((2, b.n)), random.random((2, len(world.neighbourhoods)))
    books.clear()
    for (companies, landlords), sek in zip(pairs, by_building, strict=True):
        world.pay_by_owner(companies, landlords, sek)
    for flow, sek in zip((Flow.WAGES, Flow.PENSIONS), by_place, strict=True):
        books.pay_at(flow, sek)
    history, at = books.history.copy(), books.at.copy()
    books.clear()
    world.pay_all_by_owner(rows_of(*pairs[0], *pairs[1]), by_building)
    books.pay_all_at(rows_of(Flow.WAGES, Flow.PENSIONS), by_place)
    assert history.any() and np.array_equal(books.history, history) and np.array_equal(books.at, at)


def test_groups_of_flows_are_added_up_as_their_rows_are() -> None:
    books = Books(2, 5)
    books.history[:] = np.random.default_rng(3).normal(size=books.history.shape)
    books.quarter = 1
    groups = [(Flow.WAGES,), COORDINATION_COST, TALKS, *COFUNDING]
    apart = [books.history[1, rows_of(*group)].sum(axis=0) for group in groups]
    assert (books.added_up(Together.of(*groups)) == np.array(apart)).all()
