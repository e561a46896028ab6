"""One renovated flat, to whom: the lines add up, and society's is what its account says of the same building."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.recording.one_flat import OneFlat, Parties, due_buildings, one_flat
from sim.recording.remaining import prices, renovation
from sim.rules import appraisal, bids
from sim.rules.homes import worth_of_standards
from sim.rules.inside import done_inside
from sim.rules.left import Stock, left
from sim.rules.rehousing import expected_cost
from sim.rules.social import crowding_out
from sim.rules.works_cost import social_cost

P = load_parameters()


def world(levers: dict[str, object] | None = None, **parameters: float) -> RenewalModel:
    """A small region before its first quarter."""
    return RenewalModel(
        load_region("botkyrka", 0.05), Collaboration.preset("siloed"), 1, parameters=P.replace(parameters),
        levers=Levers.checked(**(levers or {})), years=1,
    )  # fmt: skip


def found(**parameters: float) -> OneFlat:
    """The table of its due buildings."""
    model = world(**parameters)
    return one_flat(model.world, due_buildings(model.world))


NO_SUPPORT = {"cost_of_public_funds": 1.0}


def test_society_between_two_options_is_works_and_what_is_left_by_the_account() -> None:
    """Without the cost of public funds, in which support for rents would stand, option by option against basic."""
    model = world(**NO_SUPPORT)
    p, b = model.p, model.buildings
    row = int(due_buildings(model.world)[0])
    table, r = one_flat(model.world, np.array([row])), model.residents
    price, one = prices(model.world), np.ones(1)
    tax = p.taxable_share * float((model.world.municipal_tax + model.world.county_tax)[b.municipality[row]])
    wish = float(r.wish[(r.building == row) & r.occupied].mean())
    standard, energy = appraisal.reference_costs(p)
    values = []
    for option in range(9):
        parts = renovation(float(standard[option] + energy[option]), p)
        works = social_cost(parts, tax, crowding_out(p.shortage_start, p))[0]
        works += p.co2_per_sek_materials * parts.materials * p.co2_price
        saving = appraisal.savings(p)[option]
        stock = Stock(
            flats=one, area=b.area[[row]], condition=one, age=0.0 * one, energy=b.energy[[row]] * (1.0 - saving),
            saving=saving * one, worth=12.0 * wish * worth_of_standards(p)[appraisal.STANDARDS[option]] * one,
            begun=0.0 * one,
        )  # fmt: skip
        quarters = bids.quarters(p.lot_flats, appraisal.LEVELS[[option]], p)[0]
        disturbed = p.disturbance_worth * done_inside(p)[option] * quarters
        values.append(left(stock, price, p) - works - disturbed - expected_cost(p)[option])
    # The buildings' own municipality's tax in works to come differs a little from the county's mean.
    assert table.parties.society - table.parties.society[0] == pytest.approx(np.array(values) - values[0], abs=50.0)


def test_society_is_the_sum_of_who_gains_and_rent_cancels_between_them() -> None:
    usual, dear = found(**NO_SUPPORT), found(**NO_SUPPORT, use_value_maxi=2.0 * P.use_value_maxi)
    for table in (usual, dear):
        parts = sum(getattr(table.parties, one.name) for one in fields(Parties))
        assert table.parties.society == pytest.approx(parts)
    assert dear.parties.owner[6] > usual.parties.owner[6] + 50_000.0
    assert dear.parties.tenant[6] < usual.parties.tenant[6] - 50_000.0
    assert dear.parties.municipality[6] < usual.parties.municipality[6]
    assert dear.parties.society == pytest.approx(usual.parties.society, abs=1.0)
    assert dear.rent_rise[6] > usual.rent_rise[6] and (dear.worth == usual.worth).all()


def test_dearer_carbon_moves_the_line_of_the_climate_alone() -> None:
    usual, dear = found(), found(co2_price=7.0)
    for one in fields(Parties):
        apart = getattr(dear.parties, one.name) - getattr(usual.parties, one.name)
        assert (np.abs(apart).max() > 1000.0) == (one.name == "climate"), one.name
    assert dear.parties.climate[2] > dear.parties.climate[0]


def test_waste_is_no_wealth_more_work_for_the_same_flat_costs_society() -> None:
    usual, wasteful = found(), found(change_orders=P.change_orders + 0.3)
    assert (wasteful.cost > 1.1 * usual.cost).all()
    assert (wasteful.parties.society[1:] < usual.parties.society[1:] - 10_000.0).all()


def test_what_owners_see_is_the_models_own_appraisal() -> None:
    model = world()
    rows = due_buildings(model.world)
    b, p = model.buildings, model.p
    o = appraisal.offer(model.world.rents_of(rows), 1.0, p)
    required = np.array([x.required_yield for x in model.world.owners])[b.owner[rows]]
    facts = b.energy[rows], b.area[rows], b.condition[rows], model.world.heat_cost
    own = appraisal.own_value(o, *facts, required, p) - expected_cost(p)
    weights = b.flats[rows] / b.flats[rows].sum()
    assert one_flat(model.world, rows).own_value == pytest.approx(weights @ own)


def test_low_incomes_would_pay_least_for_a_better_standard() -> None:
    worth = found().worth_of_thirds
    assert (worth[0, 3:] < worth[1, 3:]).all() and (worth[1, 3:] < worth[2, 3:]).all() and (worth[:, :3] == 0.0).all()


def test_the_marginal_reading_counts_the_marginal_households_wish() -> None:
    model, other = world(), world({"home_worth_of": "marginal"})
    tables = [one_flat(x.world, due_buildings(x.world)).parties for x in (model, other)]
    apart = tables[1].tenant - tables[0].tenant
    assert np.abs(apart[3:]).min() > 1000.0
