"""Tenants choose the standard of their own flat: standards, rents, costs and worth differ within a house.

The planted house of a dozen flats again. Without the choice all its flats are alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters
from sim.inputs.collaboration import NATIONAL
from sim.phases.planning import planning
from sim.phases.planning.case import Case
from sim.recording.stock import count_stock
from sim.rules import mixture
from sim.rules.appraisal import reference_costs
from sim.rules.homes import worth_of_standards
from sim.rules.mixture import Part
from sim.rules.rivals.rents import use_values
from sim.vocabulary import Standard
from sim.world.homes import extra_rent, worth_and_extra_rent, worth_in_wishes
from sim.world.world import World
from tests.laws import run_lawfully
from tests.sim.test_deals import PLAIN
from tests.sim.test_deals import dozen as dozen

P = load_parameters()
SILO = Collaboration("silo")
ASKED = Collaboration("asked", partners=NATIONAL, participation=1.0)
BY_LAW = {"standard_choice": "tenants"}
# Everybody comes and says what it wishes, and hardly anybody moves.
PLANTED = PLAIN | {
    "move_base": 0.01, "excess_move": 0.0, "move_dissatisfied": 0.0, "move_success": 0.0, "vote_error": 0.0,
    "turnout_base": 1.0, "lever_turnout": 1.0, "home_worth_midi": 1100.0, "tenant_rent_weight": 0.0,
}  # fmt: skip
HOUSE = slice(0, 12)


def house(
    region: Region, collaboration: Collaboration = SILO, levers: dict[str, Any] | None = None, years: int = 6,
    **parameters: float,
) -> RenewalModel:  # fmt: skip
    """A run of the house, lawful in every quarter."""
    p, given = P.replace(PLANTED | parameters), Levers.checked(**(levers or {}))
    model = RenewalModel(region, collaboration, 1, parameters=p, levers=given, years=years, events=True)
    assert run_lawfully(model) == []
    assert model.buildings.renovated[0] >= 0, "the house was not renovated"
    return model


def standards(model: RenewalModel) -> list[int]:
    """The standard of each flat of the house."""
    return [int(x) for x in model.residents.standard[HOUSE]]


def test_each_household_gets_the_standard_that_is_worth_its_rent_to_it(dozen: Region) -> None:
    model = house(dozen, levers=BY_LAW, phase_in_years=0.0)
    wish, got = model.residents.wish[HOUSE], np.array(standards(model))
    assert {1, 3} <= set(got.tolist())
    chose = model.residents.household[HOUSE] < model.residents.n  # who came later took the flat as it was
    wish, got = wish[chose], got[chose]
    assert wish[got == 1].max() < wish[got == 3].min()
    # Who wishes most lives in a full flat and pays for it; who wishes least does not.
    rent, area = model.residents.rent[HOUSE][chose], model.buildings.area[0]
    steps = (use_values(P)[got - 1] - use_values(P)[0]) * model.world.rent_level * area / 12.0
    assert rent - rent[wish.argmin()] == pytest.approx(steps, rel=0.02)


def test_where_the_owner_chooses_all_flats_are_alike(dozen: Region) -> None:
    model = house(dozen)
    assert set(standards(model)) == {int(model.buildings.standard[0])}
    assert np.ptp(model.residents.rent[HOUSE]) == 0.0 == np.abs(model.residents.rent_apart).max()
    assert not model.buildings.mixed.any() and not model.residents.chosen[HOUSE].any()


def test_cost_rent_and_worth_of_a_house_are_sums_over_its_flats(dozen: Region) -> None:
    # So worn that it is renovated, whether the standard pays or not.
    worn = {"change_orders": 0.0, "forced_condition": 0.5}
    model = house(dozen, levers=BY_LAW, **worn)
    got, world = np.array(standards(model)), model.world
    works = model.event_tables()["works"].set_index("building").loc[0]
    cost = reference_costs(P)[0][3 * (got - 1)].mean()
    alone = house(dozen, levers={"standard_choice": "forced", "forced_standard": "midi"}, **worn)
    other = alone.event_tables()["works"].set_index("building").loc[0]
    # Both have a price level and what it takes to set up a lot beside the cost of their standards.
    assert works.cost / cost == pytest.approx(other.cost / P.cost_midi, rel=0.15)
    assert model.residents.rent[HOUSE].sum() == pytest.approx(
        12 * model.buildings.rent[0] * model.buildings.area[0] / 12.0
    )
    worth, extra = worth_and_extra_rent(world)
    rows = np.arange(12)
    assert worth[0] == pytest.approx(worth_in_wishes(world, rows).sum())
    assert worth_in_wishes(world, rows) == pytest.approx(worth_of_standards(P)[got])
    assert extra[0] == pytest.approx(extra_rent(world, rows).sum()) and extra_rent(world, rows).min() == pytest.approx(
        0.0
    )


def test_outcomes_count_flats_and_not_buildings(dozen: Region) -> None:
    model = house(dozen, levers=BY_LAW)
    got, last = standards(model), model.curves().iloc[-1]
    for standard, name in ((Standard.MINI, "mini"), (Standard.MIDI, "midi"), (Standard.MAXI, "maxi")):
        assert count_stock(model.world).standards[standard - Standard.MINI].sum() == got.count(standard)
        assert last[f"renovated_{name}"] == pytest.approx(got.count(standard) / model.residents.n)


def test_an_owner_bears_what_tenants_choose_as_far_as_it_does_not_lose_much(dozen: Region) -> None:
    owner, *choices = (
        house(dozen, collaboration, participation_tolerance=tolerance)
        for collaboration, tolerance in ((SILO, 0.0), (ASKED, 0.0), (ASKED, 0.03), (ASKED, 1.0))
    )
    own = set(standards(owner)).pop()
    other = [sum(x != own for x in standards(model)) for model in choices]
    assert other[0] <= other[1] <= other[2] and other[0] < other[2]
    # What is not heard changes nothing.
    deaf = house(dozen, ASKED, {"participation_reveals": "nothing"}, participation_tolerance=1.0)
    assert set(standards(deaf)) == {own}


def test_an_empty_flat_gets_what_the_owner_chose(dozen: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Case] = []
    usual = planning.tenants_choose

    def noting(world: World, case: Case) -> None:
        world.residents.occupied[HOUSE] = False
        usual(world, case)
        seen.append(case)

    monkeypatch.setattr(planning, "tenants_choose", noting)
    RenewalModel(dozen, SILO, 1, parameters=P.replace(PLANTED), levers=Levers.checked(**BY_LAW), years=1).step()
    (case,) = seen
    assert (case.pick >= 0).any() and not case.mix.any()


def test_some_keep_the_basic_standard_by_right_at_a_capped_rise_and_the_owner_goes_without(dozen: Region) -> None:
    right = {"basic_right_share": 1.0, "basic_right_cap": 0.05}
    # Rents that are paid at once, and a house so worn that it has to be renovated whatever comes of it.
    now = {"phase_in_years": 0.0, "forced_condition": 0.5}
    free, with_right = house(dozen, **now), house(dozen, levers=right, **now)
    keeps = np.flatnonzero(np.array(standards(with_right)) == Standard.MINI)
    assert 0 < len(keeps) <= 12 and set(standards(free)) == {int(Standard.MAXI)}
    plain = with_right.world.plain_rent[HOUSE]
    share = with_right.residents.rent[HOUSE] / plain - 1.0
    assert share[keeps] == pytest.approx(np.full(len(keeps), 0.05), abs=0.02)
    assert with_right.buildings.rent[0] < free.buildings.rent[0]
    # Who wishes for more than the basic standard is worth to others takes it all the same.
    wish, here = with_right.residents.wish[HOUSE], with_right.residents.household[HOUSE] < with_right.residents.n
    kept, took = (np.isin(np.arange(12), keeps) == one for one in (True, False))
    assert len(keeps) == 12 or wish[kept & here].max() < wish[took & here].min()


def test_a_right_of_nobody_changes_no_bit_whatever_its_cap(dozen: Region) -> None:
    none, capped = house(dozen), house(dozen, levers={"basic_right_share": 0.0, "basic_right_cap": 0.0})
    assert none.curves().equals(capped.curves())


def test_an_owner_that_would_lose_by_a_right_does_not_renovate(dozen: Region) -> None:
    levers = {"basic_right_share": 1.0, "basic_right_cap": 0.0}
    p = P.replace(PLANTED)
    with_right, without = (
        RenewalModel(dozen, SILO, 1, parameters=p, levers=Levers.checked(**x), years=6).run() for x in (levers, {})
    )
    assert without.buildings.renovated[0] >= 0 > with_right.buildings.renovated[0]
    assert not with_right.world.contracts and not with_right.residents.chosen[HOUSE].any()


def test_means_of_a_mixture_are_those_of_its_flats() -> None:
    options = np.array([7, 2])
    mix = np.array([[0.25, 0.0, 0.5, 0.25], [0.0, 0.0, 0.0, 0.0]])
    values = np.arange(9.0)
    assert mixture.mean(values, options, mix).tolist() == [0.5 * 1.0 + 0.5 * 7.0, 2.0]
    rise = np.tile(np.repeat([100.0, 200.0, 300.0], 3), (2, 1))
    parts = mixture.by_part(rise, np.array([1000.0, 1000.0]), 0.08)
    assert parts[0].tolist() == [100.0, 200.0, 300.0, 80.0]
    assert mixture.mean_rise(parts, options, mix).tolist() == [0.25 * 100.0 + 0.5 * 300.0 + 0.25 * 80.0, 100.0]
    where, flats = np.array([0, 0, 0, 0, 1]), np.array([Part.BASIC, Part.FULL, Part.FULL, Part.RIGHT, Part.BASIC])
    assert mixture.shares(where, flats, 2)[0].tolist() == [0.25, 0.0, 0.5, 0.25]
    # As many basic flats as full ones: the owner's standard is that of the house.
    assert mixture.most(mix[:1], np.array([2])).tolist() == [2] and mixture.most(mix[:1], np.array([0])).tolist() == [0]


def test_who_moves_leaves_the_standard_of_the_flat_behind_and_gets_that_of_the_next(dozen: Region) -> None:
    # The law of flats holds in every quarter, and many move, some of them within the region.
    model = house(dozen, levers=BY_LAW, years=8, move_base=0.6)
    assert len(set(standards(model))) > 1 and (model.residents.household[HOUSE] >= model.residents.n).sum() > 6
