"""Where those who leave go: a flat of the region if one is open that they can pay, or elsewhere.

The world is planted: Alby is worn, Next beside it is cheaper and needs nothing, and a company owns both.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import PRESETS, Region, RenewalModel, load_parameters
from sim.phases import destinations
from sim.phases.queue import next_offer
from sim.world.homes import worth_and_extra_rent
from sim.world.leavers import OF_THE_FLAT, Leavers
from sim.world.world import World
from tests.sim.houses import region_of, run

ALBY = {"neighbourhood": "Alby", "flats": 48, "energy_kwh_m2": 200.0}
NEXT = {"neighbourhood": "Next", "flats": 48, "renovated_share": 1.0, "rent_sek_m2": 700.0}
# Works drive many away, and hardly anything outside the town is open or near.
NEAR = {
    "excess_move": 0.6, "move_base": 0.1, "destination_distance": 3.0, "km_municipality": 0.5, "queue_sorting": 0.0,
    "elsewhere_open_estates": 0.02, "elsewhere_open_older": 0.0, "elsewhere_open_new": 0.0,
    "elsewhere_open_owned": 0.0, "elsewhere_open_away": 0.1,
}  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return region_of(tmp_path_factory.mktemp("planted") / "town", [ALBY, NEXT])


def lived(model: RenewalModel, household: int) -> list[int]:
    """Rows where a household lives."""
    r = model.residents
    return np.flatnonzero(r.occupied & (r.household == household)).tolist()


def places(model: RenewalModel, household: int) -> list[int]:
    """Neighbourhoods where a household lives."""
    return model.world.neighbourhood_of[lived(model, household)].tolist()


def test_a_household_that_works_drive_out_of_alby_takes_a_flat_in_the_next_place_and_without_the_channel_leaves(
    town: Region,
) -> None:
    moved = 0
    for seed in range(1, 7):  # a few households move there in each, most of whom would have moved without works too
        opened, closed, calm = (
            run(town, levers, years=3, steps=12, seed=seed, **NEAR)
            for levers in ({}, {"destinations": "queue"}, {"renovation": False})
        )
        alby = np.flatnonzero(opened.world.neighbourhood_of == 0)
        in_next = [h for h in alby.tolist() if places(opened, h) == [1]]
        for household in (h for h in in_next if lived(calm, h) == [h]):
            moved += 1
            assert closed.world.cohort.away[household] and not lived(closed, household)
            assert not opened.world.cohort.away[household]
    assert moved, "nobody moved to the next place because of works"


@pytest.fixture
def under_way(town: Region) -> RenewalModel:
    return run(town, {}, years=3, steps=3, **NEAR)


def leave(model: RenewalModel, rows: list[int]) -> Leavers:
    return Leavers(model.residents, np.array(rows), np.ones(len(rows), dtype=bool))


def settle(world: World, leavers: Leavers, flats: np.ndarray) -> np.ndarray:
    return destinations.settle(world, leavers, flats, next_offer(world, worth_and_extra_rent(world)))


def test_a_household_moves_with_all_that_is_its_own_and_nobody_elsewhere_is_touched(under_way: RenewalModel) -> None:
    world, r = under_way.world, under_way.residents
    row = int(np.flatnonzero(r.occupied & (world.neighbourhood_of == 0) & (r.household < r.n))[0])
    flat = int(np.flatnonzero(r.occupied & (world.neighbourhood_of == 1))[0])
    r.occupied[flat] = False
    mine = {name: getattr(r, name)[row] for name in r.fields if name not in OF_THE_FLAT}
    rents = r.rent.copy()
    elsewhere, came = world.elsewhere.born.copy(), world.pool.came
    leavers = leave(under_way, [row])
    taken = settle(world, leavers, np.array([row, flat]))
    assert taken.tolist() == [False, True] and not r.occupied[row]
    changed = {name for name, value in mine.items() if getattr(r, name)[flat] != value}
    assert changed <= {"since", "satisfaction", "burden"} and r.since[flat] == world.quarter
    assert r.burden[flat] == pytest.approx(mine["burden"] * rents[flat] / rents[row])
    assert np.array_equal(world.elsewhere.born, elsewhere) and world.pool.came == came
    assert not world.cohort.away[mine["household"]]


def test_where_nothing_is_open_everybody_leaves_the_region(under_way: RenewalModel) -> None:
    world, r = under_way.world, under_way.residents
    rows = np.flatnonzero(r.occupied & (r.household < r.n))[:20].tolist()
    households, came = r.household[rows], world.elsewhere.born.sum()
    settle(world, leave(under_way, rows), np.zeros(0, dtype=np.int64))
    assert not r.occupied[rows].any() and world.cohort.away[households].all()
    assert world.elsewhere.born.sum() == came + len(rows)


def test_nobody_moves_back_into_the_flat_that_it_leaves_nor_into_a_building_with_works(under_way: RenewalModel) -> None:
    world, r = under_way.world, under_way.residents
    row = int(np.flatnonzero(r.occupied & (world.neighbourhood_of == 1))[0])
    assert not settle(world, leave(under_way, [row]), np.array([row])).any()
    here = np.flatnonzero(r.occupied & (world.neighbourhood_of == 0))
    world.buildings.site[r.building[here]] = 1
    leavers = leave(under_way, here[:10].tolist())
    assert not settle(world, leavers, here[:10]).any()


def test_more_who_want_than_flats_that_are_open_get_one_flat_each(under_way: RenewalModel) -> None:
    world, r = under_way.world, under_way.residents
    flats = np.flatnonzero(r.occupied & (world.neighbourhood_of == 1))[:3]
    leave(under_way, flats.tolist())
    rows = np.flatnonzero(r.occupied & (world.neighbourhood_of == 2))[:60].tolist()
    taken = settle(world, leave(under_way, rows), flats)
    assert taken.all() and r.occupied[flats].all() and len(set(r.household[flats].tolist())) == 3
    assert world.cohort.away.sum() >= 57


def test_those_with_little_go_where_it_is_cheap_and_by_nearness_alone_they_do_not(tmp_path: Path) -> None:
    """The harm: of those who move, the poorer gather in the cheap place."""
    cheap = {"neighbourhood": "Cheap", "flats": 400, "rent_sek_m2": 500.0, "renovated_share": 1.0}
    dear = {"neighbourhood": "Dear", "flats": 400, "rent_sek_m2": 1600.0, "renovated_share": 1.0}
    region = region_of(tmp_path / "unequal", [cheap, dear])
    ahead = {}
    for rule in ("choice", "ties", "queue"):
        model = run(region, {"destinations": rule, "renovation": False}, years=1, steps=1, **NEAR)
        world, r = model.world, model.residents
        where = world.neighbourhood_of
        leave(model, np.flatnonzero(r.occupied & (where < 2))[::2].tolist())
        rows = np.flatnonzero(r.occupied & (where < 2))
        open_flats = np.flatnonzero(~r.occupied & (where < 2))
        taken = open_flats[settle(world, leave(model, rows.tolist()), open_flats)]
        income = [r.income[taken[where[taken] == place]] for place in (0, 1)]
        ahead[rule] = income[1].mean() / income[0].mean() - 1.0 if len(taken) else 0.0
    assert ahead["choice"] > 0.1 and abs(ahead["ties"]) < 0.1 and ahead["queue"] == 0.0


def test_what_is_recorded_of_destinations_is_what_the_table_of_moves_says(town: Region) -> None:
    p = load_parameters().replace(NEAR)
    model = RenewalModel(town, PRESETS["siloed"], 2, parameters=p, years=5, events=True).run()
    assert model.events is not None
    moves, curves = model.events.moves(), model.curves()
    moves["gap"] = moves["destination_income"] / moves["origin_income"] - 1.0
    assert moves["renovated"].any() and not moves["renovated"].all()
    some = {"": moves.index >= 0, "_renovated": moves["renovated"], "_other": ~moves["renovated"]}
    for suffix, which in some.items():
        for name, column in (("destination_income_gap", "gap"), ("destination_km", "km")):
            by_quarter = moves[which].groupby("quarter")[column].mean()
            shown = curves.set_index("quarter")[name + suffix].dropna()
            assert shown.to_dict() == pytest.approx(by_quarter.to_dict())
    within = (moves["destination"] < 3).groupby(moves["quarter"]).mean()
    assert curves.set_index("quarter")["moves_within"].dropna().to_dict() == pytest.approx(within.to_dict())
