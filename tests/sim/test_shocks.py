"""A shock sets a series of the surroundings in a year; the process goes on from there, and owners and people answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import Collaboration, Dated, Injection, Region, RenewalModel, SamspelError, load_parameters
from sim.inputs.shocks import Series
from sim.vocabulary import EnergyLevel, Practice
from sim.world.books import Flow
from tests.laws import run_lawfully
from tests.sim.test_deals import PLAIN
from tests.sim.test_deals import dozen as dozen
from tests.worlds import random_world

Make = Callable[..., RenewalModel]
SILOED = Collaboration.preset("siloed")
Given = dict[str, dict[int, float]]
# What a series is after the first phase of a quarter.
READ: dict[str, Callable[[RenewalModel], float]] = {
    "heat_price": lambda model: model.surroundings.heat_price,
    "interest": lambda model: model.surroundings.interest,
    "wages": lambda model: model.world.pay_level,
    "construction": lambda model: model.world.cost_level,
    "construction_cycle": lambda model: model.surroundings.other_demand,
}
VALUES = {"heat_price": 1.5, "interest": 0.05, "wages": 0.8, "construction": 1.4, "construction_cycle": 0.6}


def house(region: Region, shocks: Given, years: int = 5, **parameters: float) -> RenewalModel:
    """A lawful run of the planted house."""
    p = load_parameters().replace(PLAIN | {"heat_volatility": 0.0, "interest_volatility": 0.0} | parameters)
    model = RenewalModel(region, SILOED, 1, parameters=p, years=years, shocks=shocks)
    assert run_lawfully(model) == []
    return model


def energy(model: RenewalModel) -> int:
    assert model.buildings.renovated[0] >= 0
    return int(model.buildings.energy_level[0])


def test_dear_heat_makes_the_company_build_energy_measures_that_it_would_not_build(dozen: Region) -> None:
    steady = {"heat_reversion": 0.0}
    assert energy(house(dozen, {}, **steady)) == EnergyLevel.NONE
    assert energy(house(dozen, {"heat_price": {2011: 3.0}}, **steady)) > EnergyLevel.NONE
    assert energy(house(dozen, {"heat_price": {2015: 3.0}}, **steady)) == EnergyLevel.NONE, "it came after the house"


def test_dear_heat_is_paid_by_the_company_and_does_nothing_before_its_year(dozen: Region) -> None:
    usual, dear = house(dozen, {}), house(dozen, {"heat_price": {2013: 3.0}})
    paid = [model.books.history[:, Flow.HEAT_COMPANIES.row].sum(axis=1) for model in (usual, dear)]
    assert np.array_equal(paid[0][:8], paid[1][:8]) and (paid[1][8:10] > 2.0 * paid[0][8:10]).all()
    a, b = (model.recorder.data[:8] for model in (usual, dear))
    assert np.array_equal(a, b, equal_nan=True)


def test_works_that_cost_three_times_as_much_leave_the_house_as_it_is(dozen: Region) -> None:
    assert house(dozen, {}).buildings.renovated[0] >= 0
    assert house(dozen, {"construction": {2011: 3.0}}).buildings.renovated[0] < 0


def test_high_interest_costs_owners_and_low_wages_cost_tenants(dozen: Region) -> None:
    usual, dear, poor = (house(dozen, x) for x in ({}, {"interest": {2012: 0.07}}, {"wages": {2012: 0.5}}))
    paid = [model.books.history[:6, Flow.INTEREST_COMPANIES.row].sum(axis=1) for model in (usual, dear)]
    assert np.array_equal(paid[0][:4], paid[1][:4]) and (paid[1][4:] > 1.3 * paid[0][4:]).all()
    wages = [model.books.history[:6, Flow.WAGES.row].sum(axis=1) for model in (usual, poor)]
    assert np.array_equal(wages[0][:4], wages[1][:4]) and (wages[1][4:] < 0.6 * wages[0][4:]).all()


@pytest.mark.parametrize("series", list(Series))
def test_a_series_is_set_in_its_year_and_goes_on_from_there(make: Make, small_region: Region, series: Series) -> None:
    value, seen = VALUES[series], []
    model = RenewalModel(small_region, SILOED, 1, years=4, shocks={series: {2012: value}})
    usual = make(years=4)
    while model.quarter < model.quarters:
        model.step(), usual.step()
        seen.append((READ[series](model), READ[series](usual)))
    now, then = np.array(seen).T
    assert np.array_equal(now[:4], then[:4])
    # Wages and prices of works have drifted a quarter by the closing.
    assert now[4] == pytest.approx(value, rel=0.01) and now[5] != now[4], "set once, and moving on"
    gap = np.abs(now - then)
    assert gap[4] > 0.0 and gap[15] <= gap[4] * 1.1 and gap[5] > 0.3 * gap[4], "no leap back"


def test_shocks_are_the_same_in_all_arms(small_region: Region) -> None:
    given = {"heat_price": {2012: 1.5}, "construction_cycle": {2012: 1.4}}
    one, other = (
        RenewalModel(small_region, Collaboration.preset(name), 1, years=3, shocks=given).run().curves()
        for name in ("siloed", "national")
    )
    assert (one.heat_price == other.heat_price).all() and (one.construction_cycle == other.construction_cycle).all()


def test_no_shocks_change_no_bit(make: Make, small_region: Region) -> None:
    plain, empty = make(years=2).run(), RenewalModel(small_region, SILOED, 1, years=2, shocks={"wages": {}}).run()
    assert np.array_equal(plain.recorder.data, empty.recorder.data, equal_nan=True)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"heat_prise": {2012: 1.0}}, 'shocks: unknown series "heat_prise"; did you mean "heat_price"'),
        ({"heat_price": {2012.5: 1.0}}, r"shocks\.heat_price: got 2012\.5; expected a calendar year"),
        ({"heat_price": {2: 1.0}}, r"shocks\.heat_price: got 2; expected a calendar year"),
        (
            {"heat_price": {2012: "dear"}},
            r"heat_price: 2012 is 'dear'; expected a number from 0\.01 to 100 \(SEK/kWh\)",
        ),
        ({"heat_price": {2012: -1.0}}, r"shocks\.heat_price: 2012 is -1\.0; expected a number from 0\.01"),
        ({"heat_price": 1.0}, r"shocks\.heat_price: got 1\.0; expected values by year, such as 2014 = 0\.9"),
        ({"heat_price": {2014: 0.9}}, "2014 is not a year of the run; expected a year from 2011 to 2013"),
        ({"interest": {2012: 0.5}}, r"shocks\.interest: 2012 is 0\.5; expected a rate from .* \(interest_least"),
        ({"heat_price": {2012: 0.02}}, r"heat_price: 2012 is 0\.02; expected .* or more \(heat_price_least"),
        ([1], r"shocks: got \[1\]; expected values by series and year"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(given: object, message: str, tiny_region: Region) -> None:
    with pytest.raises(SamspelError, match=message):
        RenewalModel(tiny_region, SILOED, 1, years=3, shocks=given)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(4))
def test_shocks_injections_and_years_break_no_law_in_any_world(number: int) -> None:
    drawn = random_world(number, "plausible", years=3)
    years = {str(practice): Dated(drawn.collaboration.strengths[i], 2012, 2012) for i, practice in enumerate(Practice)}
    owners = (*drawn.region.municipalities.name, *drawn.region.landlords.name)
    p = drawn.parameters
    model = RenewalModel(
        drawn.region, drawn.collaboration.replace(**years), drawn.seed, parameters=p, levers=drawn.levers, years=3,
        injections=[Injection(name, 2012, 10.0 ** (6 + number)) for name in owners],
        shocks={"heat_price": {2012: 2.0 * p.heat_price}, "wages": {2012: 0.9}, "construction": {2013: 1.5},
                "construction_cycle": {2012: 0.5}, "interest": {2012: p.interest_most}},
    )  # fmt: skip
    assert run_lawfully(model) == []
