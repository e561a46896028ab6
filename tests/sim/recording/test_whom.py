"""Who gets what: outcomes by income third and household type, in worlds where one thing is changed for one of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import Collaboration, Region, RenewalModel, load_region
from sim.rules.income import third
from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.kinds import THIRDS, TYPES
from sim.world.world import World

WHO = (*THIRDS, *TYPES)
Change = Callable[[World], None]


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("botkyrka", 0.02)


def closed(region: Region, change: Change | None = None, years: int = 1) -> RenewalModel:
    """A region at the end of its years; in the last quarter something is changed before it is recorded."""
    model = RenewalModel(region, Collaboration.preset("siloed"), 3, years=years)
    while model.quarter < model.quarters - 1:
        model.step()
    if change is not None:
        change(model.world)
    model.step()
    return model


def ends(model: RenewalModel, what: str) -> dict[str, float]:
    """An outcome of the region's last quarter by third and type."""
    last = model.curves().iloc[-1]
    return {name: float(last[f"{what}_{name}"]) for name in WHO}


def of(world: World, name: str) -> np.ndarray:
    """Rows of a third or type."""
    r = world.residents
    of_third = r.third == THIRDS.index(name) if name in THIRDS else np.minimum(r.size, 3) == TYPES.index(name) + 1
    return np.flatnonzero(of_third & r.occupied)


def test_the_start_is_divided_into_thirds_of_its_income(region: Region) -> None:
    r = RenewalModel(region, Collaboration.preset("siloed"), 3, years=1).world.residents
    counts = np.bincount(r.third[r.occupied], minlength=3)
    assert counts.min() > 0.8 * counts.max()  # incomes come in steps
    assert r.income[r.occupied & (r.third == 0)].max() < r.income[r.occupied & (r.third == 2)].min()
    assert third(np.array([1.0, 2.0, 3.0, 4.0, 9.0]), 2.0, 4.0).tolist() == [0, 1, 1, 2, 2]


def test_burden_and_worth_of_homes_are_those_of_the_households_of_each_kind(region: Region) -> None:
    model = closed(region, years=3)
    world, r, p = model.world, model.residents, model.p
    for name in WHO:
        rows = of(world, name)
        wish = r.wish[rows] * world.pay_level**p.home_worth_income
        building = r.building[rows]
        better = np.array([0.0, 0.0, 1.0, p.home_worth_maxi])[world.buildings.standard[building]]
        better = np.where(r.upgraded[rows], p.home_worth_single, better)
        worn = np.maximum(p.due_condition - world.buildings.condition[building], 0.0) / p.due_condition
        gain = wish * (better - p.home_worth_worn * worn) - (r.rent[rows] - world.plain_rent[rows])
        assert ends(model, "home_worth")[name] == pytest.approx(gain.mean())
        assert ends(model, "rent_burden")[name] == pytest.approx(np.minimum(r.burden[rows], 1.0).mean())


def dearer_for(name: str) -> Change:
    """Rents of one third rise by a thousand, after they have been set."""

    def change(world: World) -> None:
        rows = of(world, name)
        world.residents.rent[rows] += 1000.0
        world.residents.burden[rows] += 0.1

    return change


def test_when_rents_of_low_incomes_rise_only_their_burden_and_their_homes_change(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim import model as face

    usual = closed(region)
    record = face.record
    monkeypatch.setattr(face, "record", lambda world, rec: (dearer_for("low")(world), record(world, rec)))
    dear = RenewalModel(region, Collaboration.preset("siloed"), 3, years=1, record_every=4).run()
    for name in ("middle", "high"):
        assert ends(dear, "rent_burden")[name] == ends(usual, "rent_burden")[name]
        assert ends(dear, "home_worth")[name] == ends(usual, "home_worth")[name]
    assert ends(dear, "rent_burden")["low"] > ends(usual, "rent_burden")["low"] + 0.05
    assert ends(dear, "home_worth")["low"] == pytest.approx(ends(usual, "home_worth")["low"] - 1000.0)
    assert ends(dear, "home_worth")["single"] < ends(usual, "home_worth")["single"]


def test_a_household_keeps_its_third_when_its_main_earner_finds_work(region: Region) -> None:
    model = RenewalModel(region, Collaboration.preset("siloed"), 3, years=2)
    r, limits = model.residents, model.world.income_terciles
    before, who = r.third.copy(), r.household.copy()
    model.run()
    stayed = r.occupied & (r.household == who)
    climbed = stayed & (before == 0) & (third(r.income, *limits) > 0)
    assert climbed.any() and (r.third[stayed] == before[stayed]).all()


def test_newcomers_have_a_third_by_what_they_came_with(region: Region) -> None:
    model = RenewalModel(region, Collaboration.preset("siloed"), 3, years=3).run()
    r = model.residents
    came = r.occupied & (r.household >= r.n)
    idle, working = (came & (r.work == work) for work in (Work.OUT_OF_WORK, Work.EMPLOYED))
    assert len(np.unique(r.third[came])) == 3 and r.third[idle].mean() < r.third[working].mean() - 0.3


def test_years_of_work_are_counted_for_people_of_the_start_wherever_they_live(region: Region) -> None:
    model = RenewalModel(region, Collaboration.preset("siloed"), 3, years=4)
    r, c = model.residents, model.world.cohort
    by_hand = np.zeros(r.n)
    while model.quarter < model.quarters:
        model.step()
        at_work = (r.work == Work.EMPLOYED) | (r.programme == Programme.APPRENTICE)
        by_hand[r.household[r.occupied & (r.household < r.n) & at_work]] += 1
        away = c.away & c.employed & (c.born > model.quarter - 1 - 4.0 * model.p.retirement_age)
        by_hand += away
    assert c.away.sum() > 10 and (by_hand == c.worked).all()
    worked, people = ends(model, "work_years"), c.people.reshape(-1, 3, 3).sum(axis=0)
    total = sum(worked[name] * people[i].sum() for i, name in enumerate(THIRDS))
    assert total == pytest.approx(by_hand.sum() / 4.0)
    assert total == pytest.approx(sum(worked[name] * people[:, i].sum() for i, name in enumerate(TYPES)))
    assert worked["low"] < worked["high"] <= 4.0


def test_moves_of_thirds_and_of_types_are_all_moves(region: Region) -> None:
    model = RenewalModel(region, Collaboration.preset("siloed"), 3, years=6).run()
    curves, here = model.curves(), None
    for names in (THIRDS, TYPES):
        moved = sum(curves[f"moves_{name}"].sum() for name in names)
        caused = sum(curves[f"displaced_{name}"].sum() for name in names)
        here = here or (moved, caused)
        assert (moved, caused) == here and moved > caused > 0.0


def test_levels_are_recorded_in_the_last_quarter_of_a_year_and_moves_in_all(region: Region) -> None:
    curves = closed(region, years=2).curves()
    assert curves.rent_burden_low.notna().tolist() == [False, False, False, True] * 2
    assert curves.moves_low.notna().all()
