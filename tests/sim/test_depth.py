"""Levers for depth: a decree or requirement on energy, a carbon levy, a cap on rents; each acts, harms, does nothing.

The world is planted: a house with a dozen flats, whose company would renew it fully and without energy measures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import Dated, Region, RenewalModel
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.requirements import decreed, reaching
from sim.vocabulary import EnergyLevel, Purse, Standard
from sim.world.books import INCIDENCE, Flow

from .houses import region_of, run

LEVY = (Flow.CARBON_LEVY_COMPANIES, Flow.CARBON_LEVY_LANDLORDS)
CHEAP = {"cost_energy_medium": 10_000.0}  # with which the company takes medium measures by itself

Built = Callable[..., RenewalModel]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return region_of(tmp_path_factory.mktemp("depth") / "house", [{}])


@pytest.fixture(scope="module")
def built(house: Region) -> Built:
    """Runs of the house, each made once."""
    made: dict[str, RenewalModel] = {}

    def of(levers: dict[str, Any] | None = None, years: int = 14, **parameters: float) -> RenewalModel:
        name = repr((levers, years, parameters))
        made[name] = made.get(name) or run(house, levers or {}, years, **parameters)
        return made[name]

    return of


def level(model: RenewalModel) -> int:
    """The energy level that the house got."""
    assert model.buildings.renovated[0] >= 0, "the house was not renovated"
    return int(model.buildings.energy_level[0])


def same(one: RenewalModel, other: RenewalModel) -> bool:
    return bool(np.array_equal(one.books.history, other.books.history))


# --- a decree on energy


def test_a_decree_on_energy_makes_the_company_build_what_it_prescribes(built: Built) -> None:
    assert level(built()) == EnergyLevel.NONE
    assert level(built({"forced_energy": "medium"})) == EnergyLevel.MEDIUM
    assert level(built({"forced_energy": "deep"})) == EnergyLevel.DEEP
    assert level(built(**CHEAP)) == EnergyLevel.MEDIUM
    assert level(built({"forced_energy": "none"}, **CHEAP)) == EnergyLevel.NONE


def test_a_decree_that_asks_too_much_puts_the_renovation_off_and_takes_the_better_standard(built: Built) -> None:
    free, forced = built(), built({"forced_energy": "deep"})
    assert forced.buildings.renovated[0] > free.buildings.renovated[0] + 16
    assert forced.buildings.standard[0] == Standard.MINI < free.buildings.standard[0]


def test_a_decree_for_what_is_built_anyway_changes_no_bit(built: Built) -> None:
    assert same(built({"forced_energy": "none"}), built())
    assert same(built({"forced_energy": "medium"}, **CHEAP), built(**CHEAP))


def test_decrees_on_standard_and_energy_hold_together(built: Built) -> None:
    model = built({"standard_choice": "forced", "forced_standard": "midi", "forced_energy": "medium"})
    assert (model.buildings.standard[0], level(model)) == (Standard.MIDI, EnergyLevel.MEDIUM)


# --- a requirement on energy


def test_a_requirement_makes_the_company_go_as_deep_as_it_says(built: Built) -> None:
    model = built({"energy_requirement": 130.0})
    assert level(model) == EnergyLevel.MEDIUM and model.buildings.energy[0] <= 130.0


def test_a_requirement_that_every_option_meets_changes_no_bit(built: Built) -> None:
    assert same(built({"energy_requirement": 400.0}), built())


def test_where_no_option_meets_it_the_one_that_saves_most_is_allowed_and_owners_postpone(built: Built) -> None:
    model = built({"energy_requirement": 20.0})
    assert level(model) == EnergyLevel.DEEP and model.buildings.energy[0] > 20.0
    assert model.buildings.renovated[0] > built().buildings.renovated[0] + 16, "as long as the pipes hold"


def test_what_a_requirement_leaves_is_never_nothing() -> None:
    saving = np.array([0.1, 0.4, 0.6] * 3)
    energy = np.array([100.0, 170.0, 500.0])
    every = decreed(None, None)
    assert reaching(every, saving, energy, 0.0).all()
    found = reaching(every, saving, energy, 95.0)
    assert [set(LEVELS[row].tolist()) for row in found] == [{0, 1, 2}, {2}, {2}]
    midi = reaching(decreed(Standard.MIDI, EnergyLevel.MEDIUM), saving, energy, 95.0)
    assert midi.sum(axis=1).tolist() == [1, 1, 1], "a decree leaves one option, and a requirement does not take it"
    assert set(STANDARDS[midi[0]].tolist()) == {Standard.MIDI}


# --- a levy on carbon dioxide


def test_a_levy_makes_energy_measures_worth_it_to_the_company(built: Built) -> None:
    assert level(built({"carbon_levy": 5.0})) == EnergyLevel.MEDIUM
    assert level(built({"carbon_levy": 0.5})) == EnergyLevel.NONE, "a low one does not"


def test_the_owner_pays_a_levy_by_its_heat_and_the_state_gets_it(built: Built) -> None:
    model = built({"carbon_levy": 0.5}, years=1)
    b, quarter = model.buildings, model.books.history[0]
    heat = float((b.energy_start * b.area * b.flats).sum()) / 4.0
    paid = sum(float(quarter[flow.row].sum()) for flow in LEVY)
    assert paid == pytest.approx(0.5 * model.p.co2_per_kwh * heat, rel=0.02)
    for flow in LEVY:
        assert INCIDENCE[flow.row, Purse.STATE] == 1.0 and flow.use.value == ""
    assert not any(built(years=1).books.history[:, flow.row].any() for flow in LEVY)


def test_a_levy_under_which_all_is_built_alike_is_a_transfer_and_no_second_price_of_carbon(built: Built) -> None:
    free, levied = (built(levers, cost_of_public_funds=1.0) for levers in ({}, {"carbon_levy": 0.5}))
    assert level(free) == level(levied) and free.buildings.renovated[0] == levied.buildings.renovated[0]
    before, after = free.curves(), levied.curves()
    assert after["society_owners"].sum() < before["society_owners"].sum() - 1e4
    assert after["society_climate"].tolist() == before["society_climate"].tolist()
    assert after["society"].to_numpy() == pytest.approx(before["society"].to_numpy(), abs=1.0)
    assert after["value_society_left"].iloc[-1] == pytest.approx(before["value_society_left"].iloc[-1], abs=1.0)


def test_a_levy_harms_owners_who_can_do_nothing_about_it(built: Built) -> None:
    """Its houses are worth less, and so is what it may borrow against."""
    free, levied = (built(levers, years=1).municipalities[0] for levers in ({}, {"carbon_levy": 5.0}))
    assert levied.value < 0.95 * free.value


# --- a cap on rents


def test_a_cap_on_rents_takes_the_better_standard_and_then_the_renovation(built: Built) -> None:
    free, capped, none = built(), built({"rent_rise_cap": 0.1}), built({"rent_rise_cap": 0.0})
    assert [int(x.buildings.standard[0]) for x in (free, capped)] == [Standard.MAXI, Standard.MINI]
    assert none.buildings.renovated[0] > free.buildings.renovated[0] + 16, "only when the pipes give out"
    assert none.buildings.rise[0] == 0.0 < capped.buildings.rise[0]


def test_no_rent_rises_by_more_than_the_cap_and_the_rest_never_comes(built: Built) -> None:
    b = built({"rent_rise_cap": 0.1}).buildings
    assert b.rise[0] == pytest.approx(0.1 * b.rent_plain[0], rel=0.02)
    assert b.rent[0] < 0.85 * built().buildings.rent[0]


def test_a_cap_above_every_rise_changes_no_bit(built: Built) -> None:
    assert same(built({"rent_rise_cap": 3.0}), built())
    assert same(built({"rent_rise_cap": 10.0}), built())


# --- dates


def test_each_lever_holds_in_its_years_alone(built: Built) -> None:
    late = built({"forced_energy": Dated("deep", 2011, 2012)})
    assert level(late) == EnergyLevel.NONE and late.buildings.renovated[0] >= 8, "the company has waited for its end"
    assert late.buildings.standard[0] == Standard.MAXI
    asked = built({"energy_requirement": Dated(100.0, 2020, None)})
    assert same(asked, built()) or level(asked) == level(built()), "it comes after the house is done"
    levied = built({"carbon_levy": Dated(0.5, 2012, 2013)}).books.history[:, LEVY[0].row].sum(axis=1)
    assert (levied > 0.0).tolist() == [4 <= quarter < 12 for quarter in range(len(levied))]
    capped = built({"rent_rise_cap": Dated(0.0, 2011, 2014)})
    assert capped.buildings.renovated[0] >= 16 and capped.buildings.rise[0] > 0.0
