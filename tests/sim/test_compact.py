"""The compact forms, grows and breaks: who joins, waits, rides free or leaves, and why.

The world is planted: three towns with a company and an estate of four houses each; Hope and Dare want a compact, Wary
does not. Nobody sees more than there is, and majorities do not change.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import PRESETS, Levers, Region, RenewalModel, load_region
from sim.inputs.collaboration import REGIONAL, Collaboration
from sim.phases.planning.compact import convene
from sim.rules.commitment import drive_of_term
from sim.world.books import Flow
from sim.world.world import World
from tests.laws import run_lawfully

from .conftest import Differences
from .planted import PLANTED
from .test_deals import ORIGIN, TABLES, county

TOWNS = {"Hope": 1.0, "Dare": 1.0, "Wary": 0.0}  # drive, and courage
HOPE, DARE, WARY = range(3)
PLACE = TABLES["neighbourhoods"] | {"flats": 120, "flats_per_building": 30.0, "built_from": 1950, "built_to": 1952}
PLAIN = {
    "perception_spread": 0.0, "majority_drive_spread": 0.0, "commitment_pressure": 0.0, "commitment_downturn": 0.0,
    "budget_cyclicality": 0.0, "cofunding_share": 1.0, "compact_quorum": 0.5, "meetings_per_staff": 10.0,
    "news_chance": 0.0, "appraisal_error": 0.0, "refusal": 0.0, "entry_intercept": 10.0, "price_ceiling": 5.0,
    "appeal_chance": 0.0, "bid_spread": 0.0, "crew_slack": 0.1, "organisation_start": 1.0, "forced_condition": 0.0,
    "due_condition": 0.8, "ltv_cap": 1.0, "programme_least": 10.0, "pilot_years": 0.0, "programme_share": 1.0,
    "negotiation_look": 0.0, "package_design": 0.0,
    "compact_hope": 0.0, "commitment_drive": 3.0, "convener_weight": 0.0,
}  # fmt: skip
POOLING = Collaboration("pooling", partners=REGIONAL, pooled_procurement=1.0, by_commitment=True)
LEVERS = {"works_cost_factor": 0.2, "county_drive": 1.0, "municipal_sales": False}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """The three towns and one builder in each."""
    folder = tmp_path_factory.mktemp("planted") / "towns"
    folder.mkdir()
    estates = [{"neighbourhood": f"{name} estate", "municipality": name} for name in TOWNS]
    rows: dict[str, list[dict[str, object]]] = {
        "neighbourhoods": [PLACE | one for one in estates],
        "municipalities": [
            TABLES["municipalities"]
            | {"company_loan_to_value": 0.3, "municipality": name, "drive": drive, "courage": drive}
            for name, drive in TOWNS.items()
        ],
        "builders": [TABLES["builders"] | {"builder": f"Firm {name}", "municipality": name} for name in TOWNS],
    }  # fmt: skip
    for name, lines in rows.items():
        write(folder / f"{name}.csv", [line | ORIGIN for line in lines])
    head = ["landlord", "municipality", "neighbourhoods", "required_yield", "strategy", *ORIGIN]
    (folder / "landlords.csv").write_text(",".join(head) + "\n", encoding="utf-8")
    (folder / "region.toml").write_text(county(), encoding="utf-8")
    return load_region(folder, 1.0)


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def planted(region: Region, collaboration: Collaboration = POOLING, years: int = 8, **changes: Any) -> RenewalModel:
    """The three towns, before the first quarter."""
    levers = Levers.checked(**LEVERS | {n: changes.pop(n) for n in list(changes) if n in Levers.model_fields})
    p = PLANTED.replace(PLAIN | changes)
    return RenewalModel(region, collaboration, 1, parameters=p, levers=levers, years=years)


def run(region: Region, collaboration: Collaboration = POOLING, years: int = 8, **changes: Any) -> RenewalModel:
    """A run of them, lawful in every quarter."""
    model = planted(region, collaboration, years, **changes)
    assert run_lawfully(model) == []
    return model


def steps(model: RenewalModel, town: str) -> list[tuple[int, str, str]]:
    """Year, result and reason of what one town did about the compact."""
    talks = model.talks()
    mine = talks[(talks.partner == "compact") & (talks.municipality == town)]
    return [(int(q) // 4, r, w) for q, r, w in zip(mine.quarter, mine.result, mine.reason, strict=True)]


def inside(model: RenewalModel) -> list[bool]:
    return [m.committed_to_compact for m in model.municipalities]


# --- joining


# A site costs so much to set up that what is bought together is cheaper; what there is to see decides.
DEAR_SITES = {"lot_setup": 5e5, "trust_gain": 0.0, "compact_staff": 1e4, "commitment_gain": 1.0, "waiting_worth": 0.0}


def test_a_town_joins_once_it_has_seen_its_neighbours_gain_and_not_where_it_hears_of_nothing(towns: Region) -> None:
    seeing = run(towns, **DEAR_SITES)
    deaf = run(towns, **DEAR_SITES | {"commitment_hearsay": 0.0})
    for model in (seeing, deaf):
        assert steps(model, "Hope")[0] == steps(model, "Dare")[0] == (0, "agreed", "joins")
        assert steps(model, "Wary")[0] == (0, "refused", "not_worth_it")
        assert model.world.compact.advantage > 0.0, "joint lots are cheaper"
    joined = [year for year, result, _ in steps(seeing, "Wary") if result == "agreed"]
    assert joined and joined[0] >= 1
    assert [result for _, result, _ in steps(deaf, "Wary") if result == "agreed"] == []


def test_what_others_show_is_worth_waiting_for_to_the_timid_and_not_to_the_brave(towns: Region) -> None:
    model = planted(towns, perception_spread=0.05, waiting_worth=5.0, commitment_gain=1.0)
    world, before = settled(model, [True, True, False], gain=1.0)
    convene(world)
    assert steps(model, "Wary")[before:] == [(1, "refused", "waits")] and not inside(model)[WARY]
    brave = planted(towns, perception_spread=0.05, waiting_worth=0.0, commitment_gain=1.0)
    convene(settled(brave, [True, True, False], gain=1.0)[0])
    assert inside(brave)[WARY]


def settled(model: RenewalModel, members: list[bool], gain: float) -> tuple[World, int]:
    """A year later, with these in a compact that acts and everybody in the belief that it brings so much per krona; the
    world, and the steps that Wary has taken so far."""
    while model.quarter < 4:
        model.step()
    world = model.world
    for m, member in zip(model.municipalities, members, strict=True):
        m.committed_to_compact, m.trust = member, 0.5
        m.budget = 1e9
    world.compact.acts, world.compact.spilt, world.compact.talk_rate = True, 0.0, 0.0
    world.compact.volume[:] = 1e7
    world.compact.belief[:] = (gain + 1.0) * world.p.compact_staff / 1e7
    return world, len(steps(model, "Wary"))


# --- riding free


def test_a_town_rides_free_where_it_gets_enough_from_outside(towns: Region) -> None:
    found = {}
    for spilt in (0.0, 0.5):
        model = planted(towns, commitment_gain=1.0, waiting_worth=0.0)
        world, before = settled(model, [True, True, False], gain=2.0)
        world.compact.spilt = spilt
        convene(world)
        found[spilt] = steps(model, "Wary")[before:]
        assert inside(model) == [True, True, spilt == 0.0] or spilt > 0.0
    assert found == {0.0: [(1, "agreed", "joins")], 0.5: [(1, "refused", "rides_free")]}


def test_firms_that_practise_on_joint_lots_are_cheaper_for_those_outside(towns: Region) -> None:
    wary = {"commitment_hearsay": 0.0, "trust_gain": 0.0, "forgetting": 0.0}
    spilt = {cost: run(towns, **wary, learning_cost=cost).world.compact.spilt for cost in (0.07, 0.0)}
    assert spilt[0.07] > 0.0 == spilt[0.0]


# --- leaving


WITHHELD = {  # tenants refuse, so that what was announced is not begun: a promise among members that is broken
    "refusal": 1.0, "refusal_rise": 0.01, "refusal_most": 1.0, "tribunal_grants": 0.0, "commitment_gain": 0.0,
    "trust_asymmetry": 6.0, "commitment_cost": 1.6, "commitment_drive": 0.3, "commitment_inertia": 0.0,
    "trust_start": 0.6,
}  # fmt: skip


def test_a_town_leaves_after_broken_promises_and_stays_where_trust_is_frozen(towns: Region) -> None:
    model = run(towns, **WITHHELD)
    frozen = run(towns, **WITHHELD | {"trust_gain": 0.0})
    assert steps(model, "Hope")[0] == steps(frozen, "Hope")[0] == (0, "agreed", "joins")
    left = [step for step in steps(model, "Hope") if step[1] in ("withdrawn", "broken")]
    assert left and left[0][2] == "trust_lost"
    assert model.municipalities[HOPE].trust < 0.6
    assert [step for step in steps(frozen, "Hope") if step[1] != "agreed"] == [] and inside(frozen)[HOPE]


def test_a_town_without_money_for_the_joint_staff_leaves(towns: Region) -> None:
    rich = towns.municipalities.investment_slack_sek
    poor = replace(towns.municipalities, investment_slack_sek=np.array([rich[0], rich[1] * 1e-6, rich[2]]))
    model = run(replace(towns, municipalities=poor), years=3, compact_quorum=0.0)
    assert (0, "refused", "no_budget") in steps(model, "Dare") and not inside(model)[DARE]
    model = planted(towns, compact_quorum=0.0)
    world, _ = settled(model, [True, True, False], gain=4.0)
    model.municipalities[DARE].budget = 0.0
    convene(world)
    assert steps(model, "Dare")[-1] == (1, "withdrawn", "no_budget")


def test_a_majority_without_drive_leaves_what_the_one_before_has_joined(towns: Region) -> None:
    model = planted(towns, commitment_gain=0.0, trust_gain=0.0, commitment_inertia=0.0)
    world, _ = settled(model, [True, True, False], gain=0.0)
    convene(world)
    assert inside(model)[HOPE] and inside(model)[DARE]
    tame = replace(world.region.municipalities, drive=np.array([1.0, 0.0, 0.0]), courage=np.array([1.0, 0.0, 0.0]))
    world.region = replace(world.region, municipalities=tame)
    convene(world)
    assert steps(model, "Dare")[-1] == (1, "withdrawn", "new_majority") and not inside(model)[DARE]


def test_majorities_differ_in_drive_from_the_second_term_on(towns: Region) -> None:
    draws = np.array([-9.0, 0.0, 9.0])
    p = PLANTED
    assert list(drive_of_term(np.full(3, 0.5), draws, p)) == [0.0, 0.5, 1.0]
    by_drive = {"commitment_gain": 0.0, "trust_gain": 0.0, "commitment_inertia": 0.0, "commitment_drive": 0.3}
    idle = by_drive | {"renovation": False}
    changing, same = (run(towns, years=24, majority_drive_spread=spread, **idle) for spread in (1.0, 0.0))
    assert {why for town in TOWNS for _, _, why in steps(changing, town)} >= {"new_majority"}
    assert "new_majority" not in {why for town in TOWNS for _, _, why in steps(same, town)}


# --- the county council


@pytest.mark.parametrize("nothing", [{"county_staff": 0.0}, {"county_drive": 0.0}])
def test_without_drive_or_staff_of_the_county_nobody_is_called_and_there_is_no_compact(
    towns: Region, nothing: dict[str, float]
) -> None:
    model = run(towns, years=3, **nothing)
    assert model.curves().members.max() == 0.0 and model.talks().empty
    assert model.books.history[:, Flow.COORDINATION_MUNICIPALITIES.row].sum() == 0.0


def test_staff_of_the_county_costs_money_and_limits_who_is_called_and_served(towns: Region) -> None:
    costs, called = {}, {}
    for staff in (0.0, 0.5, 2.0):
        model = run(towns, years=1, county_staff=staff, meetings_per_staff=2.0)
        costs[staff] = float(model.books.history[:, Flow.COORDINATION_COUNTY.row].sum())
        called[staff] = len(model.talks())
    assert costs == {staff: pytest.approx(staff * model.p.county_staff_pay) for staff in costs}
    assert called == {0.0: 0, 0.5: 1, 2.0: 3}


# --- harm


def test_a_compact_with_costs_and_without_gains_loses_money_and_breaks_with_its_cause(towns: Region) -> None:
    idle = {
        "renovation": False, "commitment_gain": 2.0, "commitment_drive": 0.5, "compact_hope": 0.5, "trust_gain": 0.0,
        "commitment_inertia": 0.0, "compact_staff": 1e5,
    }  # fmt: skip
    model, alone = run(towns, **idle), run(towns, **idle, county_staff=0.0)
    members = model.curves().members.to_numpy()
    assert members[0] >= 2.0 and members[-1] == 0.0
    ends = [step for town in TOWNS for step in steps(model, town) if step[1] in ("withdrawn", "broken")]
    assert {why for _, _, why in ends} == {"gains_fell"}
    assert {result for _, result, _ in ends} == {"withdrawn", "broken"}
    nets = [float(one.curves().net_municipalities.sum()) for one in (model, alone)]
    paid = float(model.books.history[:, Flow.COORDINATION_MUNICIPALITIES.row].sum())
    assert paid > 0.0 and nets[0] == pytest.approx(nets[1] - paid)


def test_a_compact_that_falls_below_its_quorum_is_broken_for_all_in_that_year(towns: Region) -> None:
    model = planted(towns, commitment_gain=1.0, compact_quorum=1.0, commitment_inertia=0.0)
    world, _ = settled(model, [True, True, True], gain=4.0)
    world.compact.belief[DARE] = -1.0
    model.municipalities[DARE].trust = 0.0
    convene(world)
    assert not any(inside(model)) and not world.compact.acts
    assert steps(model, "Dare")[-1][:2] == (1, "withdrawn")
    cause = steps(model, "Dare")[-1][2]
    assert steps(model, "Wary")[-1] == steps(model, "Hope")[-1] == (1, "broken", cause)


# --- nothing


def test_where_nobody_decides_about_a_compact_nothing_of_it_happens(towns: Region, differences: Differences) -> None:
    silent = [run(towns, PRESETS["siloed"], years=3, county_staff=staff) for staff in (0.0, 50.0)]
    assert differences(*silent) == {}
    assert silent[1].curves().members.isna().all() and silent[1].talks().empty


def test_members_differ_over_seeds_and_time_and_are_neither_always_all_nor_none(tiny_region: Region) -> None:
    """What was: in emergent all were in from the first year, and without drive nobody ever was."""
    found = []
    for drive in (0.0, 0.5):
        same = replace(tiny_region.municipalities, drive=np.full(4, drive))
        region = replace(tiny_region, municipalities=same)
        for seed in range(1, 4):
            model = RenewalModel(region, PRESETS["emergent"], seed, years=8, record_every=4).run()
            found.append(model.curves().members.to_numpy())
    members = np.array(found)
    assert members[:, 0].max() < 4.0, "not all from the first year"
    assert members[:3].max() > 0.0, "somebody joins for the gain alone"
    assert len({tuple(row) for row in members}) > 3
    assert 0.0 < members.mean() < 4.0 and (np.diff(members, axis=1) < 0.0).any()
