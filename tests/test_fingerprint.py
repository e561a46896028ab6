"""The numbers of a handful of runs, so that a change of the house's layout can show that it changed nothing else.

Made from what users can rely on (the model's own methods and the command line), not from where things lie. The
numbers stand in fingerprint.json, written by: make numbers
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from sim import Collaboration, Dated, Levers, RenewalModel, load_parameters, load_region
from sim.inputs.seeds_folder import seeds_folder
from sim.world.books import Flow

FILE = Path(__file__).with_name("fingerprint.json")
CLOSE = 1e-9  # of the sum of sizes: processors differ in the last bits of exp, log and pow

# Everybody pays for everybody, so that every kind of flow occurs.
GENEROUS = {
    "haggling": 0.0, "confidence_start": 1.0, "confidence_learning": 0.0, "housing_health_effect": 0.11,
    "agreement_years_municipality": 40.0, "agreement_years_county": 40.0, "free_window": 40.0,
    "cofunding_share": 1.0, "county_budget": 5e9, "state_budget": 5e9,
    "compact_capacity": 5000.0, "negotiation_fixed": 1000.0, "budget_cyclicality": 0.0, "co2_price": 5.0,
}  # fmt: skip
SELLING = {"ltv_cap": 0.45, "sale_chance": 1.0, "sale_shortfall": 0.0}
REFUSING = {"refusal": 1.0, "tribunal_grants": 0.2, "condition_decline": 0.02}

# name: preset, parameters, levers
# Interest that rents do not cover: some owners are rescued, lenders lose with others.
OWING = {
    "interest_rate": 0.08, "loan_margin": 0.05, "distress_loan_to_value": 0.5, "distress_cover": 3.0,
    "distress_years": 1.0, "forced_sale_discount": 0.9, "injection_chance": 0.5,
}  # fmt: skip
RUNS: dict[str, tuple[str, dict[str, float], dict[str, Any]]] = {
    "siloed": ("siloed", {}, {"grant_rate": Dated(0.5, 2013, 2019), "grant_energy_only": False}),
    "local": ("local", REFUSING, {"standard_choice": "tenants", "basic_right_share": 0.3}),
    "regional": ("regional", {}, {"leaving": "low-incomes", "entry": "lot-size"}),
    "national": ("national", {"cost_energy_medium": 30_000.0, "rehousing_from": 0.5}, {"framework_packages": 9}),
    "emergent": (
        "emergent",
        {},
        {
            "rents_follow": "cost",
            "landlords_maximise": "resale",
            "participation_reveals": "loud",
            "leaving": "low-incomes-stay",
        },
    ),
    "generous": ("national", GENEROUS, {"leaving": "no-gradient", "destinations": "ties"}),
    "selling": (
        "national",
        {**GENEROUS, **SELLING},
        {
            "entry": "order-books",
            "participation_reveals": "nothing",
            "home_worth_of": "marginal",
            "insecurity_moves": "diffuses",
            "places_go_to": "newcomers",
        },
    ),
    "forced": (
        "regional",
        {"cost_energy_deep": 20_000.0},
        {
            "standard_choice": "forced",
            "forced_standard": "maxi",
            "grant_rate": Dated(0.3, 2013, 2019),
            "carbon_levy": 1.0,
        },
    ),
    "cash": (
        "siloed",
        SELLING,
        {
            "landlords_maximise": "cash-return",
            "leaving": "disturbance",
            "refused_for": "home",
            "long_spells": "select",
            "destinations": "queue",
        },
    ),
    "spreadsheet": (
        "local",
        {"cost_midi": 200_000.0},
        {
            "standard_choice": "forced",
            "forced_standard": "midi",
            "additionality": "full",
            "vacancies": "fixed",
            "turnover_renovation": False,
        },
    ),
    "distress": ("siloed", OWING, {}),
    "ageing": ("siloed", {}, {"renovation": False, "municipal_sales": False}),
}
ARMS = "siloed,coordinated,siloed-same-money,coordinated-triple-cost,local,national,emergent"
EPISODE = str(seeds_folder() / "episodes" / "joint-buying.toml")
SMALL = ["--region", "botkyrka", "--scale", "0.02", "--seed", "7", "--jobs", "1"]
COMMANDS: dict[str, list[str]] = {
    "compare": ["compare", *SMALL, "--years", "4", "--replicates", "2", "--arms", ARMS],
    "sweep": ["sweep", "trust_start=0.1:0.9:2", *SMALL, "--years", "3", "--replicates", "2"],
    "frontier": ["sweep", "cost_factor=0:6:2", "boom_demand=1:1.4:2", *SMALL, "--years", "3", "--replicates", "2"],
    "factorial": ["factorial", *SMALL, "--years", "2", "--replicates", "2", "--outcome", "employment"],
    "rivals": [
        "rivals", "--over", "default", *SMALL, "--years", "2", "--replicates", "2", "--rivalry", "leaving",
        "--rivalry", "entry",
    ],
    "sensitivity": [
        "sensitivity", *SMALL, "--years", "2", "--trajectories", "1", "--base", "4", "--top", "2",
        "--parameters", "heat_price,tuning_rate,rent_yield",
    ],
    "discover": ["discover", *SMALL, "--years", "2", "--runs", "24", "--outcome", "rent"],
    "validate": ["validate", *SMALL, "--years", "6", "--replicates", "2"],
    "calibrate": [
        "calibrate", *SMALL, "--years", "8", "--replicates", "1", "--points", "10", "--waves", "2",
        "--parameters", "tuning_rate,excess_move", "--patterns", "P3", "--headlines", "0", "--members", "4",
        "--member-seeds", "1",
    ],
    "screen": ["screen", *SMALL, "--years", "3", "--points", "20", "--parameters", "tuning_rate,excess_move"],
    "recover": [
        "recover", *SMALL[2:], "--years", "12", "--points", "10", "--later", "10", "--truths", "2",
        "--parameters", "tuning_rate,excess_move", "--patterns", "P3",
    ],
    "hindcast": ["hindcast", EPISODE, *SMALL[2:], "--years", "6", "--replicates", "2", "--over", "default"],
}  # fmt: skip


@cache
def finished(name: str) -> RenewalModel:
    """One of the runs, twelve years long."""
    preset, parameters, levers = RUNS[name]
    region = load_region("botkyrka", scale=0.05)
    same_money = finished("generous").cofunding() if name == "cash" else None
    model = RenewalModel(
        region, Collaboration.preset(preset), seed=3, parameters=load_parameters().replace(parameters),
        levers=Levers.checked(**levers), years=12, same_money=same_money, events=True,
    )  # fmt: skip
    return model.run()


def tables_of_run(name: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """What a run recorded: outcomes of all areas, flows by kind and quarter, single events."""
    model = finished(name)
    yield "curves", model.curves(detail=True)
    yield "flows", pd.DataFrame(model.books.history.sum(axis=2), columns=[str(flow) for flow in Flow])
    yield "cofunding", pd.DataFrame(model.cofunding().reshape(12, -1)).rename(columns=str)
    assert model.events is not None
    yield "moves", model.events.moves()
    yield "works", model.events.works()
    yield "tenders", model.events.tenders()


def ask(command: list[str], folder: Path) -> Path:
    """Run a command; figures are left to the test that opens them all."""
    assert status([*command, "--no-figures", "--out", str(folder)]) == 0
    return folder


def tables_in(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """All tables that a command wrote."""
    for file in sorted(folder.iterdir()):
        if file.suffix in (".parquet", ".csv"):
            yield file.name, pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)


def fingerprint(tables: Iterator[tuple[str, pd.DataFrame]]) -> dict[str, dict[str, list[float]]]:
    """Of every number column: how many are known, their sum, the sum of their sizes, and a sum weighted by row.
    Seconds are left out."""
    found: dict[str, dict[str, list[float]]] = {}
    for name, table in tables:
        weights = (np.arange(len(table)) * 37 % 101 + 1) / 101
        found[name] = {}
        for column in table.select_dtypes(["number", "bool"]).columns.drop("seconds", errors="ignore"):
            values = table[column].to_numpy(np.float64)
            known = np.where(np.isfinite(values), values, 0.0)
            sums = (known.sum(), np.abs(known).sum(), (known * weights).sum())
            found[name][str(column)] = [int(np.isfinite(values).sum()), *(float(f"{x:.13g}") for x in sums)]
    return found


def differing(found: dict[str, dict[str, list[float]]], known: dict[str, dict[str, list[float]]]) -> list[str]:
    """What of the known numbers is not found any more."""
    lines = [f"{table}: is gone" for table in known.keys() - found.keys()]
    for table in known.keys() & found.keys():
        for column, (count, total, sizes, weighted) in known[table].items():
            now = found[table].get(column)
            if now is None or now[0] != count:
                lines.append(f"{table}, {column}: known values {count} -> {now and now[0]}")
            elif max(abs(now[1] - total), abs(now[3] - weighted)) > CLOSE * sizes + 1e-12:
                lines.append(f"{table}, {column}: sum {total} -> {now[1]}, weighted {weighted} -> {now[3]}")
    return lines


def known_numbers() -> dict[str, Any]:
    """The stored fingerprint."""
    numbers: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return numbers


@pytest.mark.parametrize("name", RUNS)
def test_a_run_has_the_numbers_that_it_had(name: str) -> None:
    assert differing(fingerprint(tables_of_run(name)), known_numbers()["runs"][name]) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_writes_the_numbers_that_it_wrote(name: str, asked_small: Callable[[str], Path]) -> None:
    assert differing(fingerprint(tables_in(asked_small(name))), known_numbers()["commands"][name]) == []


def test_the_runs_build_train_move_pay_and_refuse() -> None:
    models = [finished(name) for name in RUNS]
    events = [model.events for model in models if model.events is not None]
    flows = np.sum([np.abs(model.books.history).sum(axis=(0, 2)) for model in models], axis=0)
    assert (flows > 0).all(), "every kind of flow is booked in some run"
    works = pd.concat([one.works() for one in events])
    assert set(works["standard"]) == {1, 2, 3} and set(works["energy_level"]) == {0, 1, 2}
    assert works["private"].any() and not works["private"].all()
    tenders = pd.concat([one.tenders() for one in events])
    assert tenders["joint"].any() and not tenders["awarded"].all() and (tenders["bids"] == 0).any()
    moves = pd.concat([one.moves() for one in events])
    assert moves["caused"].any() and not moves["caused"].all()
    assert finished("local").events is not finished("ageing").events
    assert len(finished("ageing").events.works()) == 0, "who may not renovate does not"  # type: ignore[union-attr]
    curves = pd.concat([model.curves() for model in models])
    for outcome in ("placements", "service_jobs", "delay", "side_payments", "single_bid_share", "moves_caused"):
        assert curves[outcome].fillna(0.0).gt(0.0).any(), outcome
    used = [model.collaboration for model in models]
    assert any(one.by_commitment for one in used)


def test_a_change_of_one_number_in_a_thousand_million_is_seen() -> None:
    table = pd.DataFrame({"x": np.linspace(1.0, 2.0, 50), "y": np.ones(50)})
    known = fingerprint(iter([("t", table)]))
    assert differing(known, known) == []
    assert differing(fingerprint(iter([("t", table.assign(x=table["x"].iloc[::-1].to_numpy()))])), known)
    assert differing(fingerprint(iter([("t", table * (1 + 1e-8))])), known)
    assert differing(fingerprint(iter([("t", table.assign(y=np.nan))])), known)


def _write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "runs": {name: fingerprint(tables_of_run(name)) for name in RUNS},
            "commands": {name: fingerprint(tables_in(ask(COMMANDS[name], Path(folder) / name))) for name in COMMANDS},
        }
    text = json.dumps(found, separators=(",", ":")).replace('},"', '},\n"').replace('],"', '],\n"')
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
    sys.exit(0)
