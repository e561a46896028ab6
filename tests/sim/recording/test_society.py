"""Society's account: laws that hold whatever is recorded. They change the record, and never the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim import RenewalModel, load_parameters
from sim.inputs.parameters import Parameters
from sim.recording.record import recorded
from sim.recording.remaining import basic_renovation
from sim.recording.society import Lines, Recorded, lines, uses
from sim.rules.social import crowding_out
from sim.rules.works_cost import social_cost, split
from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.books import Flow, Use
from sim.world.homes import homes_now
from tests.worlds import numbers, random_world

Make = Callable[..., RenewalModel]
SEK = 1e6
CROWDED = 0.6  # frozen


@pytest.fixture(scope="module", params=[number for number, _ in numbers(3, 50)])
def seen(request: pytest.FixtureRequest) -> tuple[Recorded, Parameters]:
    """What some random world recorded in a quarter, and its parameters."""
    model = random_world(request.param, "plausible", years=1).model().run()
    world = model.world
    world.quarter = model.quarter - 1
    return recorded(world, homes_now(world)), model.p


def pays_with(x: Recorded, **sek: float) -> Recorded:
    """The same record with more paid, SEK by name of the flow, at the first municipality."""
    flows = x.flows.copy()
    for name, amount in sek.items():
        flows[Flow[name].row, 0] += amount
    return replace(x, flows=flows)


def moved(x: Recorded, y: Recorded, p: Parameters) -> float:
    """By how much the total differs, once by lines and once by uses, which must agree."""
    by_lines = lines(y, p).society - lines(x, p).society
    by_uses = sum(uses(y, p).values()) - sum(uses(x, p).values())
    assert by_lines == pytest.approx(by_uses, abs=1.0)
    return by_lines


def at(p: Parameters, **values: Any) -> Parameters:
    """These parameters with others."""
    return p.replace(values)


def works(x: Recorded, price: float, labour: float, materials: float, p: Parameters) -> Recorded:
    """The record with works paid by a company: a price with value-added tax for labour and materials of some cost."""
    net = price / (1.0 + p.vat)
    pay = labour / (1.0 + p.payroll_tax)
    tax = float(x.tax[0]) * p.taxable_share * pay
    parts = {"WORKS_VAT": price - net, "WORKS_PAYROLL_TAX": labour - pay}
    return pays_with(
        x, WORKS_COMPANIES=price, **parts, WORKS_INCOME_TAX_MUNICIPAL=tax, WORKS_CREWS=pay, WORKS_MATERIALS=materials,
        CROWDED_OUT_STATE=CROWDED * sum(parts.values()), CROWDED_OUT_MUNICIPAL=CROWDED * tax,
        CROWDED_OUT_BUILDERS=CROWDED * (net - labour - materials),
    )  # fmt: skip


# --- the total


def test_lines_add_up_to_the_total_and_real_uses_give_it_again(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen
    found = lines(x, p)
    assert found.society == pytest.approx(sum(uses(x, p).values()), abs=1.0)
    named = found.outcomes()
    parts = [name for name in named if name not in ("society", "society_people")]
    assert sum(named[name] for name in parts) == pytest.approx(named["society"], abs=1.0)
    assert named["society_people"] == pytest.approx(
        sum(value for name, value in named.items() if name.startswith("society_people_")), abs=1.0
    )


def test_every_krona_across_the_border_stands_for_a_use_and_no_other_does() -> None:
    for flow in Flow:
        crosses = Purse.REST_OF_WORLD in (flow.payer, flow.payee)
        assert crosses == (flow.use is not Use.INSIDE), flow


def test_it_is_what_a_run_records(make: Make) -> None:
    model = make("regional", years=2).run()
    model.world.quarter -= 1
    last = model.curves().iloc[-1]
    for name, value in lines(recorded(model.world, homes_now(model.world)), model.p).outcomes().items():
        assert last[name] == pytest.approx(value), name


# --- waste is no wealth


def test_more_work_for_the_same_buildings_loses_what_it_uses_and_a_higher_price_only_what_others_lose(
    seen: tuple[Recorded, Parameters],
) -> None:
    x, p = seen[0], at(seen[1], cost_of_public_funds=1.0, co2_price=0.0)
    fair = split(SEK, p)
    labour, materials = fair.pay + fair.payroll_tax, fair.materials
    once, twice = works(x, SEK, labour, materials, p), works(x, 2 * SEK, 2 * labour, 2 * materials, p)
    taxes = fair.vat + fair.payroll_tax + float(x.tax[0]) * p.taxable_share * fair.pay
    cost = SEK - (1.0 - CROWDED) * (taxes + fair.margin)
    assert moved(x, once, p) == pytest.approx(-cost) == moved(once, twice, p)
    # The same work at twice the price: nothing more is used, and others lose what they would have paid for it.
    assert moved(once, works(x, 2 * SEK, labour, materials, p), p) == pytest.approx(-CROWDED * SEK)


@pytest.mark.parametrize(("crowded", "expected"), [(0.0, 75.0), (0.6, 105.0), (1.0, 125.0)])
def test_works_of_a_hundred_cost_what_they_use_and_what_they_displace(crowded: float, expected: float) -> None:
    """Taxes and margin come back where hands are idle; where they are busy, others go without what they would have
    paid the whole price for."""
    p = load_parameters()
    parts, tax = split(125.0, p), p.taxable_share * 0.32
    cost, public = social_cost(parts, tax, crowded)
    assert cost == pytest.approx(expected, abs=1.0)
    taxes = parts.vat + parts.payroll_tax + tax * parts.pay
    assert public == pytest.approx((1.0 - crowded) * taxes)
    assert cost + (1.0 - crowded) * (taxes + parts.margin) == pytest.approx(125.0)


def test_waste_in_a_run_loses_what_it_costs(make: Make) -> None:
    """The finding: with change orders of half the price society was no poorer, as rents stood for worth.

    Every flat is renovated, or left to be: whoever builds less as it is dearer leaves the more to be built.
    """
    forced = {"standard_choice": "forced", "forced_standard": "mini"}
    npv, waste = [], 0.0
    for share in (0.0, 0.5):
        more = {"change_orders": share, "change_orders_spread": 0.0, "cost_of_public_funds": 1.0}
        model = make("siloed", years=8, levers=forced, parameters=more).run()
        curves = model.curves()
        npv.append(float(curves["society"].sum()) + float(curves["value_society_left"].iloc[-1]))
        assert model.world.contracts and {c.change for c in model.world.contracts} == {share}
        assert curves["renovated_mini"].iloc[-1] > 0.05
        waste += share * model.p.cost_mini * float(model.buildings.flats.sum())
    assert npv[1] - npv[0] < -0.5 * waste < 0.0


# --- what only changes hands


def test_what_has_both_ends_inside_moves_no_total_but_through_the_cost_of_public_funds(
    seen: tuple[Recorded, Parameters],
) -> None:
    x, free, dear = seen[0], at(seen[1], cost_of_public_funds=1.0), at(seen[1], cost_of_public_funds=1.3)
    for flow in (flow for flow in Flow if flow.use is Use.INSIDE and not flow.pay):
        y = pays_with(x, **{flow.name: SEK})
        assert moved(x, y, free) == pytest.approx(0.0, abs=1.0), flow
        public = SEK * ((flow.payee in PUBLIC_PURSES) - (flow.payer in PUBLIC_PURSES))
        assert moved(x, y, dear) == pytest.approx(0.3 * public, abs=1.0), flow


def test_loans_are_no_gain(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen
    loans = [flow for flow in Flow if flow.use is Use.FINANCE]
    assert len(loans) == 7
    assert all(moved(x, pays_with(x, **{flow.name: SEK}), p) == 0.0 for flow in loans)


def test_payroll_tax_at_unchanged_labour_cost_moves_nothing_but_the_worth_of_time(
    seen: tuple[Recorded, Parameters],
) -> None:
    x, p = seen[0], at(seen[1], cost_of_public_funds=1.0, product_markup=0.0)
    y = pays_with(x, WAGES=-SEK, PAYROLL_TAX=SEK)
    assert moved(x, y, at(p, leisure_value=0.0)) == pytest.approx(0.0, abs=1.0)
    take_home = SEK * (1.0 - p.taxable_share * float(x.tax[0]))
    assert moved(x, y, p) == pytest.approx(p.leisure_value * take_home, abs=1.0)


# --- work


def test_a_person_at_work_gives_product_less_time_whoever_pays(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen[0], at(seen[1], cost_of_public_funds=1.0, product_markup=0.0)
    cost = SEK * (1.0 + p.payroll_tax)
    take_home = SEK * (1.0 - p.taxable_share * float(x.tax[0]))
    ordinary = pays_with(x, WAGES=SEK, PAYROLL_TAX=p.payroll_tax * SEK, SOCIAL_ASSISTANCE=-0.4 * SEK)
    service = pays_with(x, SERVICE_WAGES=SEK, SOCIAL_ASSISTANCE=-0.4 * SEK)
    site = pays_with(x, SITE_WAGES=SEK, SITE_PAYROLL_TAX=p.payroll_tax * SEK, WAGE_SUBSIDY=0.3 * SEK,
                     TRAINEE_WORK=p.trainee_product_share * cost)  # fmt: skip
    time = p.leisure_value * take_home
    assert moved(x, ordinary, p) == pytest.approx(cost - time, abs=1.0)
    assert moved(x, service, p) == pytest.approx(p.service_product_share * cost - time, abs=1.0)
    assert moved(x, site, p) == pytest.approx(p.trainee_product_share * cost - time, abs=1.0)


def test_tax_on_what_is_sold_counts_only_where_it_is_said_to(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen[0], at(seen[1], cost_of_public_funds=1.0, leisure_value=0.0, product_markup=0.2)
    assert moved(x, pays_with(x, WAGES=SEK), p) == pytest.approx(1.2 * SEK, abs=1.0)


def test_a_transfer_turned_into_wages_moves_public_money_by_its_cost_less_saved_support_and_taxes(
    seen: tuple[Recorded, Parameters],
) -> None:
    x, p = seen
    tax = 0.3 * SEK
    y = pays_with(x, SERVICE_WAGES=SEK, MUNICIPAL_TAX=tax, SOCIAL_ASSISTANCE=-0.4 * SEK)
    assert lines(y, p).public - lines(x, p).public == pytest.approx(-(SEK - 0.4 * SEK - tax), abs=1.0)


def test_service_work_can_gain_or_lose_by_what_it_makes(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen[0], at(seen[1], leisure_value=0.5)
    y = pays_with(x, SERVICE_WAGES=SEK)
    lazy, busy = (moved(x, y, at(p, service_product_share=share, cost_of_public_funds=1.0)) for share in (0.0, 1.0))
    assert lazy < 0.0 < busy


# --- homes, calm, reputation


def test_calm_is_worth_something_and_a_reputation_alone_is_not(make: Make) -> None:
    model = make("regional", years=3, parameters={"disturbance_worth": 3000.0, "moving_cost": 10_000.0}).run()
    world = model.world
    world.quarter -= 1
    x = recorded(world, homes_now(world))
    before, left = lines(x, model.p), model.curves()["value_society_left"].iloc[-1]
    assert before.people_calm == -3000.0 * x.disturbed - 10_000.0 * x.moves < 0.0
    world.neighbourhoods.reputation[:] = 1.0
    from sim.recording.remaining import left_now
    from sim.world.values import set_values

    worth = world.building_values.sum()
    set_values(world)
    assert world.building_values.sum() > worth, "owners would sell dearer"
    assert lines(recorded(world, homes_now(world)), model.p) == before and left_now(world, homes_now(world)) == left


def exchanged(model: RenewalModel, one: int, other: int) -> Lines:
    """The account after two households have exchanged homes: all that is theirs moves, the flats stay."""
    r = model.world.residents
    stays = {"building", "rent", "upgraded", "burden"}
    for name in r.fields:
        if name not in stays:
            column = getattr(r, name)
            column[[one, other]] = column[[other, one]]
    return lines(recorded(model.world, homes_now(model.world)), model.p)


def test_households_of_equal_worth_that_exchange_homes_move_nothing_and_others_the_difference(make: Make) -> None:
    model = make("siloed", years=8, levers={"standard_choice": "forced", "forced_standard": "maxi"}).run()
    world = model.world
    world.quarter -= 1
    r, b = world.residents, world.buildings
    here = r.occupied & ~r.upgraded
    better = np.flatnonzero(here & (b.standard[r.building] == 3))[0]
    basic = np.flatnonzero(here & (b.standard[r.building] == 0))[0]
    r.wish[[better, basic]] = 500.0
    before = lines(recorded(world, homes_now(world)), model.p)
    assert exchanged(model, better, basic).society == pytest.approx(before.society)
    r.wish[basic] = 1500.0
    before = lines(recorded(world, homes_now(world)), model.p)
    after = exchanged(model, better, basic)
    assert after.society - before.society == pytest.approx(after.people_homes - before.people_homes) != 0.0


def test_an_empty_flat_in_good_repair_costs_at_least_its_basic_rent(make: Make) -> None:
    model = make("siloed", years=1).run()
    world = model.world
    world.quarter -= 1
    # Whoever wishes for more than others finds a better home elsewhere, and leaves less behind.
    world.buildings.condition[:] = 1.0
    ordinary = world.residents.occupied & (world.residents.wish <= world.wishes.marginal)
    row = int(np.flatnonzero(ordinary)[0])
    before = lines(recorded(world, homes_now(world)), model.p).people_homes
    world.residents.occupied[row] = False
    assert before - lines(recorded(world, homes_now(world)), model.p).people_homes >= 3.0 * world.plain_rent[row] - 1.0


# --- climate and public funds


def test_carbon_of_heat_and_works_costs_what_the_heat_price_does_not_carry(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen[0], at(seen[1], co2_price=1.0, co2_in_heat_price=0.4, cost_of_public_funds=1.0)
    assert moved(x, replace(x, heat=x.heat + SEK), p) == pytest.approx(-SEK * p.co2_per_kwh * 0.6)
    more = pays_with(x, WORKS_MATERIALS=SEK)
    assert lines(more, p).climate - lines(x, p).climate == pytest.approx(-SEK * p.co2_per_sek_materials)


def test_housing_companies_money_is_no_public_money(seen: tuple[Recorded, Parameters]) -> None:
    x, p = seen
    y = pays_with(x, DIALOGUE=SEK)
    assert moved(x, y, p) == pytest.approx(-SEK) and lines(y, p).public_funds == lines(x, p).public_funds
    z = pays_with(x, IMAGE_WORK=SEK)
    assert moved(x, z, p) == pytest.approx(-SEK * p.cost_of_public_funds)


def test_the_crowding_out_of_the_books_is_the_rule_at_the_quarters_shortage(make: Make) -> None:
    model = make("siloed", years=3).run()
    page, p = model.books.history[-1].sum(axis=1), model.p
    state = page[Flow.WORKS_VAT.row] + page[Flow.WORKS_PAYROLL_TAX.row]
    share = page[Flow.CROWDED_OUT_STATE.row] / state
    assert 0.0 < share <= 1.0
    assert share == pytest.approx(crowding_out(model.world.surroundings.shortage, p), abs=0.05)


def test_a_renovation_that_is_put_off_uses_what_one_that_is_built_does(make: Make) -> None:
    """Change orders and setting up a lot were left out of what is due: waiting alone made works a fifth cheaper."""
    ordinary = {"scarcity_slope": 0.0, "learning_cost": 0.0, "change_orders_spread": 0.0}
    model = make(
        "siloed", years=3, parameters=ordinary, levers={"standard_choice": "forced", "forced_standard": "mini"}
    )
    level, contracts = 0.0, model.world.contracts
    while not contracts:
        level = model.world.cost_level
        model.step()
    mini = model.p.cost_mini
    c = next(c for c in contracts if c.reference == pytest.approx(mini * c.flats.sum()))  # without energy measures
    flats = float(c.flats.sum())
    due = basic_renovation(level, model.p.replace({"lot_flats": flats}))
    assert flats * (due.pay + due.payroll_tax) == pytest.approx(c.labour_cost * (1.0 + c.change))
    assert flats * due.materials == pytest.approx(c.materials_cost * (1.0 + c.change))
