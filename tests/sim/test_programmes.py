"""Owners' programmes: what is planned is begun, or slips for a reason that the rows tell; no constant sets the pace.

The world is planted: a company with two estates of 600 flats, all due, in houses of 30.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import PRESETS, Levers, Region, RenewalModel, load_region
from sim.vocabulary import Site
from sim.world.world import World
from tests.worlds import numbers, random_world

from .planted import PLANTED
from .test_deals import ORIGIN, TABLES, county

PLACE = TABLES["neighbourhoods"] | {
    "neighbourhood": "North", "flats": 600, "flats_per_building": 30.0, "built_from": 1950, "built_to": 1952,
}  # fmt: skip
# Nothing stands in the way: who asks gets consent, bids, hands, money and staff, and knows the model's own numbers.
OPEN = {
    "appraisal_error": 0.0, "refusal": 0.0, "entry_intercept": 10.0, "price_ceiling": 5.0, "appeal_chance": 0.0,
    "crew_slack": 0.1, "organisation_start": 1.0, "late_site_staff": 0.0, "due_condition": 0.8, "ltv_cap": 1.0,
    "change_orders": 0.0,    "forced_condition": 0.0, "programme_least": 100.0, "pilot_years": 1.0, "news_chance": 0.0,
}  # fmt: skip
# What shuts each of them, parameters and levers; works are cheap enough to be worth it unless said otherwise.
CHEAP = {"works_cost_factor": 0.2}
SHUT: dict[str, dict[str, float]] = {
    "price": {},
    "money": {"ltv_cap": 0.1, "capital_shadow_price": 0.0},
    "staff": {"organisation_start": 0.0},
    "consent": {"refusal": 1.0, "refusal_rise": 0.01, "refusal_most": 1.0, "tribunal_grants": 0.0},
    "hands": {},
    "bids": {"entry_intercept": -10.0, "entry_slope": 0.0, "entry_home": 0.0},
}


Plant = Callable[..., Region]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Regions with so many estates of a company, and a builder with so many workers."""

    def planted(estates: int = 2, workers: float = 5000.0, scale: float = 1.0) -> Region:
        folder = tmp_path_factory.mktemp("planted") / "plans"
        folder.mkdir()
        rows: dict[str, list[dict[str, object]]] = {
            "neighbourhoods": [PLACE | {"neighbourhood": name} for name in ("North", "South")[:estates]],
            "municipalities": [TABLES["municipalities"] | {"company_loan_to_value": 0.5}],
            "builders": [TABLES["builders"] | {"workers": workers}],
        }
        for name, lines in rows.items():
            write(folder / f"{name}.csv", [line | ORIGIN for line in lines])
        head = ["landlord", "municipality", "neighbourhoods", "required_yield", "strategy", *ORIGIN]
        (folder / "landlords.csv").write_text(",".join(head) + "\n", encoding="utf-8")
        (folder / "region.toml").write_text(county(), encoding="utf-8")
        return load_region(folder, scale)

    return planted


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run(region: Region, years: int = 2, preset: str = "siloed", seed: int = 1, **changes: Any) -> RenewalModel:
    levers = {name: changes.pop(name) for name in list(changes) if name in Levers.model_fields}
    p = PLANTED.replace(OPEN | changes)
    chosen = Levers.checked(**CHEAP | levers)
    return RenewalModel(region, PRESETS[preset], seed, parameters=p, levers=chosen, years=years, record_every=0).run()


def causes(frame: pd.DataFrame) -> set[str]:
    return set(frame["cause"])


def shut(plant: Plant, *names: str) -> pd.DataFrame:
    """The programme of two years with these shut."""
    region = plant(workers=0.1 if "hands" in names else 5000.0)
    changes: dict[str, Any] = {key: value for name in names for key, value in SHUT[name].items()}
    levers = {"works_cost_factor": 5.0} if "price" in names else {}
    return run(region, **changes, **levers).programmes()


# --- reasons


def test_where_nothing_stands_in_the_way_what_is_planned_is_begun(plant: Plant) -> None:
    frame = run(plant(), years=4).programmes()
    assert causes(frame) == {"none"}
    assert (frame["planned_flats"] == frame["begun_flats"]).all() and frame["begun_flats"].sum() > 200.0
    assert (frame["slipped_years"] == 0.0).all()


@pytest.mark.parametrize("name", list(SHUT))
def test_a_plan_slips_for_the_one_thing_that_is_missing(plant: Plant, name: str) -> None:
    frame = shut(plant, name)
    assert causes(frame) == {name}
    assert frame["begun_flats"].sum() == 0.0 < frame["planned_flats"].sum()
    assert frame["slipped_years"].iloc[-1] > 0.0


def test_lifting_one_constraint_moves_the_cause_on_to_the_next(plant: Plant) -> None:
    left, seen = list(SHUT), []
    while left:
        frame = shut(plant, *left)
        assert len(causes(frame)) == 1 and not frame["begun_flats"].any()
        (cause,) = causes(frame)
        assert cause in left, "the cause is one of those that are there"
        seen.append(cause)
        left.remove(cause)
    assert seen == list(SHUT), "the owner's own reasons come first, then tenants, then the market"
    assert causes(shut(plant)) == {"none"}


def test_tenants_who_have_seen_a_pilot_refuse_more_seldom(plant: Plant) -> None:
    refused = []
    for eased in (0.0, 1.0):
        changes = {"refusal": 1.0, "refusal_rise": 0.01, "refusal_most": 0.6, "tribunal_grants": 0.0}
        frame = pd.concat(
            run(plant(1), 7, seed=seed, pilot_eases_consent=eased, **changes).programmes() for seed in range(1, 4)
        )
        first = frame.loc[frame["begun_flats"] > 0.0, "year"].min()
        refused.append((frame.loc[frame["year"] > first + 3, "cause"] == "consent").mean())
    assert refused[0] > 0.3 and refused[1] == 0.0


def test_sites_that_are_late_bind_staff(plant: Plant) -> None:
    owner = run(plant(), years=1).municipalities[0]
    owner.follows_plan, owner.organisation, owner.late = True, 50.0, 40.0
    p = PLANTED.replace({"late_site_staff": 0.5})
    assert owner.capacity(p) == 30.0
    owner.late = 1000.0
    assert owner.capacity(p) == 0.0


# --- plans


def test_twice_the_wished_volume_brings_an_earlier_target(plant: Plant) -> None:
    planned, target = [], []
    for years in (16.0, 8.0):
        frame = run(plant(), 3, programme_years_short=years, programme_years_long=years).programmes()
        target.append(frame["target_year"].iloc[-1])
        planned.append(frame.loc[frame["year"] == 2013, "planned_flats"].sum())
    assert target[1] <= target[0] - 5
    assert planned[1] > 1.5 * planned[0]


def test_an_estate_begins_with_a_pilot_and_series_follow(plant: Plant) -> None:
    frame = run(plant(1), 5, pilot_flats=60.0, pilot_years=2.0, programme_years_short=5.0, programme_years_long=5.0)
    rows = frame.programmes().set_index("year")["begun_flats"]
    assert 40.0 < rows[2011] < 80.0 and rows.get(2012, 0.0) == 0.0
    assert rows[2013] >= 120.0


def test_estates_come_one_after_another_with_a_pilot_ahead(plant: Plant) -> None:
    p = {"programme_years_short": 6.0, "programme_years_long": 6.0, "pilot_flats": 40.0}
    frame = run(plant(), 9, **p).programmes()
    begun = frame[frame["begun_flats"] > 80.0].groupby("estate")["year"]
    first, second = begun.agg(["min", "max"]).sort_values("min").itertuples(index=False)
    assert second[0] >= first[1], "its series begins when that of the first is done"
    pilots = frame[frame["begun_flats"] > 0.0].groupby("estate")["year"].min().sort_values()
    assert first[0] <= pilots.iloc[1] < second[0], "and its pilot while the first is under way"


def test_a_small_owner_has_no_programme_and_begins_its_share(plant: Plant) -> None:
    model = run(plant(), programme_least=5000.0, programme_share=0.1)
    assert not len(model.programmes()) and not model.municipalities[0].follows_plan
    assert (model.buildings.site != Site.IDLE).any() or (model.buildings.renovated >= 0).any()


def test_an_organisation_grows_toward_its_programme_and_shrinks_after_it(plant: Plant) -> None:
    model = run(plant(1), 1, organisation_start=0.02, organisation_growth=0.5, programme_years_short=5.0,
                programme_years_long=5.0)  # fmt: skip
    assert model.municipalities[0].organisation == pytest.approx(0.02 * 600 * 1.5)
    done = run(plant(1), 12, programme_years_short=3.0, programme_years_long=3.0, stage_flats=5000.0).world
    assert not done.plans.of and not done.owners[0].follows_plan
    assert done.owners[0].organisation < 200.0


def test_the_pace_is_no_constant() -> None:
    model = RenewalModel(load_region("botkyrka", 0.1), PRESETS["siloed"], 1, years=8, record_every=0).run()
    frame, stock = model.programmes(), {x.name: x.flats for x in model.owners}
    pace = frame.groupby(["owner", "year"])["begun_flats"].sum().unstack(fill_value=0.0)
    pace = pace.div(pd.Series(stock)[pace.index], axis=0)
    assert pace.mean(axis=1).std() > 0.001, "owners differ"
    assert (pace.std(axis=1) > 0.001).all(), "and so do years"
    region = load_region("botkyrka", 0.1)
    many = replace(region, builders=replace(region.builders, workers=region.builders.workers * 5.0))
    more = RenewalModel(many, PRESETS["siloed"], 1, years=8, record_every=0).run().programmes()
    assert more["begun_flats"].sum() > 1.1 * frame["begun_flats"].sum(), "lifting a constraint matters: hands"


def test_plans_are_the_same_at_every_scale() -> None:
    planned = {}
    for scale in (0.05, 0.5):
        model = RenewalModel(load_region("botkyrka", scale), PRESETS["siloed"], 1, years=1, record_every=0).run()
        planned[scale] = model.programmes()["planned_flats"].sum() / scale
        assert len(model.world.plans.of) == 9, "every owner has enough due flats at full size"
    assert planned[0.05] == pytest.approx(planned[0.5], rel=0.15)


# --- laws


@pytest.mark.parametrize(("number", "mode"), numbers(5, 12))
def test_rows_of_programmes_add_up_in_random_worlds(number: int, mode: Any) -> None:
    one = random_world(number, mode, years=4)
    model = one.model()
    begun: list[tuple[int, float]] = []
    see(model.world, begun)
    model.run()
    frame = model.programmes()
    for year, rows in frame.groupby("year"):
        assert rows["begun_flats"].sum() <= sum(flats for when, flats in begun if when == year) + 1e-6
    assert (frame["begun_flats"] <= frame["planned_flats"] + 1e-6).all(), "nothing is begun that was not planned"
    assert ((frame["cause"] == "none") == (frame["begun_flats"] >= frame["planned_flats"] - 1e-6)).all()
    assert (frame["target_year"] >= frame["year"]).all() and (frame["slipped_years"] >= 0.0).all()
    assert np.isfinite(frame[["planned_flats", "begun_flats", "finished_flats", "slipped_years"]]).all(axis=None)


def see(world: World, begun: list[tuple[int, float]]) -> None:
    """Note all that goes on site, calendar year and flats to scale."""
    count = world.tallies.count

    def counted(tally: Any, where: Any, weights: Any = None) -> None:
        if tally.name == "BEGUN":
            begun.append((2011 + world.quarter // 4, float(np.sum(weights))))
        count(tally, where, weights)

    world.tallies.count = counted  # type: ignore[method-assign]


def test_what_was_planned_and_begun_are_outcomes(plant: Plant) -> None:
    p = PLANTED.replace(OPEN)
    model = RenewalModel(plant(), PRESETS["siloed"], 1, parameters=p, levers=Levers.checked(**CHEAP), years=4).run()
    curves, frame = model.curves(), model.programmes()
    assert curves["planned_flats"].sum() / 4 == pytest.approx(frame["planned_flats"].sum())
    assert curves["begun_flats"].sum() / 4 == pytest.approx(frame["begun_flats"].sum())
