"""Calm acts on residents and owners, and local presence on calm: seen acting, doing harm, and doing nothing.

The world is planted: estates of a housing company, one of a private landlord in the same town, and another town's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, Region, RenewalModel, load_parameters, load_region
from sim.inputs.collaboration import LOCAL
from sim.inputs.dated import Dated
from sim.phases import calm as calm_phase
from sim.phases import presence as presence_phase
from sim.recording.record import recorded
from sim.recording.society import lines, uses
from sim.world.books import Flow
from sim.world.homes import homes_now
from tests.laws import run_lawfully

from .test_deals import TABLES, county
from .test_regions_in_trouble import BUYER, LANDLORD, PLAIN, TOWN, write

HOUSE = TABLES["neighbourhoods"] | {"neighbourhood": "House", "flats": 240}
PLACES = (
    HOUSE,
    HOUSE | {"neighbourhood": "Private", "municipal_share": 0.0, "flats": 120},
    HOUSE | {"neighbourhood": "Rest", "flats": 60, "renovated_share": 1.0},
    HOUSE | {"neighbourhood": "Far", "municipality": "Faraway", "flats": 100},
)
SILOED = Collaboration("off", partners=LOCAL)
PRESENT = SILOED.replace(local_presence=1.0)
STILL = PLAIN | {"incident_chance": 0.0}
# All that calm does to people and owners, all that moves it, and all that presence does beside calm.
NO_ONE_FEELS_IT = {"satisfaction_calm": 0.0, "move_insecure": 0.0, "news_incidents": 0.0, "damage_cost": 0.0,
                   "demand_calm": 0.0}  # fmt: skip
BY_NOTHING = {"calm_idle": 0.0, "calm_turnover": 0.0, "calm_empty": 0.0, "calm_worn": 0.0}
ONLY_CALM = {"presence_repairs": 0.0, "presence_wear": 0.0}

Plant = Callable[..., Region]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """The planted region at a calm; what companies owe of their value."""

    def planted(calm: float, owed: float = 0.1) -> Region:
        folder = tmp_path_factory.mktemp("planted") / "calm"
        folder.mkdir()
        write(folder / "neighbourhoods.csv", [row | {"calm": calm} for row in PLACES])
        town = TOWN | {"company_loan_to_value": owed}
        write(folder / "municipalities.csv", [town, town | {"municipality": "Faraway"}])
        write(folder / "builders.csv", [TABLES["builders"]])
        write(folder / "landlords.csv", [LANDLORD, BUYER | {"municipality": "Town"}])
        (folder / "region.toml").write_text(county(), encoding="utf-8")
        return load_region(folder)

    return planted


def model(region: Region, c: Collaboration = SILOED, years: int = 5, **changes: Any) -> RenewalModel:
    levers = {name: changes.pop(name) for name in list(changes) if name in Levers.model_fields}
    p = load_parameters().replace(STILL | changes)
    return RenewalModel(region, c, 1, parameters=p, levers=Levers(**{"renovation": False} | levers), years=years)


def ended(region: Region, c: Collaboration = SILOED, years: int = 5, **changes: Any) -> RenewalModel:
    """A run of it, lawful in every quarter."""
    made = model(region, c, years, **changes)
    assert run_lawfully(made) == []
    return made


def first_quarter(region: Region, c: Collaboration = SILOED, **changes: Any) -> RenewalModel:
    made = model(region, c, 1, **changes)
    made.step()
    return made


def paid(made: RenewalModel, flow: Flow, quarter: int | None = None) -> float:
    """SEK of a flow, over the run or in a quarter."""
    history = made.books.history[:, flow.row]
    return float((history if quarter is None else history[quarter]).sum())


def calm_of(made: RenewalModel, place: int = 0) -> np.ndarray:
    """Calm of a neighbourhood by quarter."""
    frame = made.curves(detail=True)
    return frame.loc[frame["area"] == PLACES[place]["neighbourhood"], "calm"].to_numpy()


# --- what calm does


def test_households_leave_an_unsafe_place_and_not_where_insecurity_moves_nobody(plant: Plant) -> None:
    calm, unsafe = plant(1.0), plant(0.3)
    usual, more, closed = (
        first_quarter(region, **changes) for region, changes in ((calm, {}), (unsafe, {}), (unsafe, NO_ONE_FEELS_IT))
    )
    gone = [made.residents.since == 0 for made in (usual, more, closed)]
    left = [float(made.curves()["moves"].iloc[0]) for made in (usual, more, closed)]
    assert left[1] > 1.3 * left[0] and left[2] == left[0]
    assert np.array_equal(gone[0], gone[2])


def test_residents_are_less_content_where_calm_is_lost_and_content_again_where_it_comes_back(plant: Plant) -> None:
    region = plant(0.5)
    lost, won, kept, closed = (
        model(region, years=3, **changes) for changes in ({}, {}, {}, {"satisfaction_calm": 0.0})
    )
    for made, calm in ((lost, 0.2), (won, 0.9), (kept, 0.5), (closed, 0.2)):
        made.world.neighbourhoods.calm[:] = calm
        made.step()
    seen = [float(made.curves()["satisfaction"].iloc[0]) for made in (lost, kept, won)]
    assert seen[0] < seen[1] < seen[2]
    assert float(closed.curves()["satisfaction"].iloc[0]) == pytest.approx(seen[1], abs=0.003)


def test_damage_costs_its_owner_and_nobody_where_all_is_calm(plant: Plant) -> None:
    calm, unsafe = (first_quarter(plant(value), move_insecure=0.0) for value in (1.0, 0.3))
    p = unsafe.p
    for flow, flats in ((Flow.REPAIRS_COMPANIES, 400), (Flow.REPAIRS_LANDLORDS, 120)):
        assert paid(unsafe, flow, 0) - paid(calm, flow, 0) == pytest.approx(p.damage_cost * 0.7 * flats / 4.0)


def test_calm_is_lost_where_people_are_out_of_work_and_flats_stand_empty(plant: Plant) -> None:
    region = plant(0.6)
    for closed in (False, True):
        some = BY_NOTHING if closed else {}
        usual, worse = (model(region, years=1, letting=0.05, **some) for _ in range(2))
        r = worse.world.residents
        here = worse.world.neighbourhood_of == 0
        r.work[here & (np.arange(r.n) % 2 == 0) & (r.work == 1)] = 0
        r.occupied[here & (np.arange(r.n) % 3 == 0)] = False
        usual.step(), worse.step()
        lost = usual.world.neighbourhoods.calm - worse.world.neighbourhoods.calm
        assert abs(lost[0]) < 1e-12 if closed else lost[0] > 0.005
        assert abs(lost[1]) < 0.02 * 0.6


def test_waves_of_insecurity_strike_unsafe_places_and_leave_calm_ones_alone(plant: Plant) -> None:
    unsafe, calm = (ended(plant(value), years=8, incident_chance=0.5, **BY_NOTHING) for value in (0.4, 1.0))
    falls = np.diff([calm_of(unsafe, place) for place in range(4)]).min()
    assert falls < -0.02 and (calm_of(calm) == 1.0).all()


# --- what presence does


def test_presence_calms_an_unsafe_place_and_nothing_where_that_channel_is_closed(plant: Plant) -> None:
    region = plant(0.4)
    off, on = ended(region), ended(region, PRESENT)
    assert calm_of(on)[-1] > calm_of(off)[-1] + 0.05
    closed = {"presence_calm": 0.0, "presence_speed": 0.0, **ONLY_CALM}
    assert np.array_equal(calm_of(ended(region, PRESENT, **closed)), calm_of(ended(region, **closed)))


def test_presence_keeps_tenants_by_calm_alone(plant: Plant) -> None:
    region = plant(0.4)
    strong = {"presence_calm": 0.8, "move_insecure": 2.0, **ONLY_CALM}
    off, on = (ended(region, c, 8, **strong) for c in (SILOED, PRESENT))
    moves = [float(made.curves()["moves"].iloc[8:].mean()) for made in (off, on)]
    assert moves[1] < 0.9 * moves[0]
    blind = {**strong, **NO_ONE_FEELS_IT}
    off, on = (ended(region, c, 8, **blind) for c in (SILOED, PRESENT))
    assert np.array_equal(off.curves()["moves"], on.curves()["moves"])


def test_it_fades_when_it_stops(plant: Plant) -> None:
    region = plant(0.4)
    first = SILOED.replace(local_presence=Dated(1.0, 2011, 2014))
    never, stopped, goes_on = (calm_of(ended(region, c, 14)) for c in (SILOED, first, PRESENT))
    gain = stopped - never
    assert np.array_equal(stopped[:16], goes_on[:16]) and gain[15] > 0.05
    assert gain[-1] < 0.35 * gain[15] and (goes_on - never)[-1] > gain[15]
    ends = ended(region, first, 6)
    assert paid(ends, Flow.PRESENCE_COMPANIES, 15) > 0.0 == paid(ends, Flow.PRESENCE_COMPANIES, 16)


def test_quick_repairs_cost_at_once_and_save_wear(plant: Plant) -> None:
    region = plant(1.0)
    off, on = first_quarter(region), first_quarter(region, PRESENT)
    more = paid(on, Flow.REPAIRS_COMPANIES, 0) - paid(off, Flow.REPAIRS_COMPANIES, 0)
    assert 0.95 < more / (on.p.presence_repairs * 400 / 4.0) <= 1.0
    later = [ended(region, c, 10).buildings.condition[0] for c in (SILOED, PRESENT)]
    assert later[1] > later[0]
    unfound = [ended(region, c, 3, presence_wear=0.0).buildings.condition[0] for c in (SILOED, PRESENT)]
    assert unfound[0] == unfound[1]


# --- what it costs, and whom


@pytest.mark.parametrize(("municipal", "landlords"), [(0.3, 0.5), (1.0, 1.0), (0.0, 0.0)])
def test_municipality_and_owners_pay_for_their_flats(plant: Plant, municipal: float, landlords: float) -> None:
    shares = {"presence_municipal_share": municipal, "presence_landlord_share": landlords}
    made = first_quarter(plant(0.4), PRESENT.replace(local_presence=0.5), **shares)
    quarter = 0.5 * made.p.presence_cost / 4.0
    assert paid(made, Flow.PRESENCE_COMPANIES) == pytest.approx((1.0 - municipal) * quarter * 400)
    assert paid(made, Flow.PRESENCE_LANDLORDS) == pytest.approx((1.0 - municipal) * quarter * landlords * 120)
    assert paid(made, Flow.PRESENCE_MUNICIPALITIES) == pytest.approx(municipal * quarter * (400 + landlords * 120))
    assert made.books.of(Flow.PRESENCE_COMPANIES, 0)[1] == pytest.approx((1.0 - municipal) * quarter * 100)


def test_what_a_company_pays_for_it_is_not_there_for_works(plant: Plant) -> None:
    off, on = (ended(plant(1.0, owed=0.69), c, 3, presence_cost=2000.0) for c in (SILOED, PRESENT))
    spent = (1.0 - on.p.presence_municipal_share) * 2000.0 * 3 * 300
    assert on.municipalities[0].debt - off.municipalities[0].debt > 0.8 * spent


def test_what_a_municipality_pays_for_it_is_not_there_for_joint_works(plant: Plant) -> None:
    off, on = (model(plant(0.4), c, 2) for c in (SILOED, PRESENT))
    for made in (off, on):
        for _ in range(5):
            made.step()
    less = off.municipalities[0].budget - on.municipalities[0].budget
    paid_last_year = sum(on.books.of(Flow.PRESENCE_MUNICIPALITIES, quarter)[0] for quarter in range(4))
    assert less > 0.0 and less / paid_last_year == pytest.approx(off.municipalities[0].budget / 1e8)


def test_it_is_no_collaboration_money_that_silos_are_handed(plant: Plant) -> None:
    assert np.allclose(ended(plant(0.4), PRESENT, 2).cofunding(), 0.0)


# --- harm, and nothing


def test_where_all_is_calm_it_costs_and_brings_nothing(plant: Plant) -> None:
    region, alone = plant(1.0), {**BY_NOTHING, **ONLY_CALM}
    off, on = (ended(region, c, **alone) for c in (SILOED, PRESENT))
    lived = ["calm", "satisfaction", "reputation", "moves", "employment", "health", "condition"]
    assert off.curves()[lived].equals(on.curves()[lived]) and (on.curves()["calm"] == 1.0).all()
    assert on.curves()["society"].sum() < off.curves()["society"].sum()


def test_insecurity_moves_next_door_to_whom_does_not_take_part(plant: Plant) -> None:
    """Hosts of the company alone: the private estate of the town gets what goes away, the other town nothing."""
    region, some = plant(0.4), {"presence_landlord_share": 0.0, "calm_moved": 0.5, **ONLY_CALM, **NO_ONE_FEELS_IT}
    off = [calm_of(ended(region, **some), place) for place in range(4)]
    displaced, spread, stays = (
        [calm_of(ended(region, PRESENT, insecurity_moves=rule, **some), place) for place in range(4)]
        for rule in ("displaces", "diffuses", "stays")
    )
    assert displaced[1][-1] < off[1][-1] - 0.01 and spread[1][-1] > off[1][-1] + 0.01
    assert np.array_equal(stays[1], off[1])
    assert displaced[0][-1] > off[0][-1] + 0.05


def test_what_leaves_the_estates_counts_in_societys_account(plant: Plant) -> None:
    region = plant(0.4)
    for share in (0.0, 0.5):
        made = ended(region, PRESENT, 3, calm_moved=share, calm_worth=1000.0)
        made.world.quarter -= 1
        x = recorded(made.world, homes_now(made.world))
        inside = float(made.world.census.households @ (1.0 - made.world.neighbourhoods.calm))
        assert (x.insecure > inside + 1.0) == (share > 0.0)
        p = made.p.replace({"calm_worth": 5000.0})
        cost = lines(x, made.p).people_calm - lines(x, p).people_calm
        assert cost == pytest.approx(1000.0 * x.insecure)
        assert lines(x, p).society == pytest.approx(sum(uses(x, p).values()))


def test_it_never_writes_satisfaction_or_reputation(plant: Plant) -> None:
    for module in (presence_phase, calm_phase):
        source = Path(inspect.getfile(module)).read_text(encoding="utf-8")
        assert "satisfaction" not in source and "reputation" not in source
    # Where residents and outsiders do not feel calm, both are as without it, to the bit.
    unfelt = {**NO_ONE_FEELS_IT, **ONLY_CALM}
    off, on = (ended(plant(0.4), c, 6, **unfelt) for c in (SILOED, PRESENT))
    assert not off.curves()["calm"].equals(on.curves()["calm"])
    for name in ("satisfaction", "reputation"):
        assert off.curves(detail=True)[name].equals(on.curves(detail=True)[name])
    assert np.array_equal(off.residents.satisfaction, on.residents.satisfaction)
