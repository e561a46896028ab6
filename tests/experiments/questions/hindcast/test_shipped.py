"""Every episode that comes with samspel runs over the set, and what its format must be able to say acts in the runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import status
from experiments.engine.results import Results
from sim.inputs.seeds_folder import seeds_folder

NAMES = [path.stem for path in sorted((seeds_folder() / "episodes").glob("*.toml"))]
Ran = Callable[[str], Path]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """An episode by its name, run in two members at a small scale."""
    place = tmp_path_factory.mktemp("shipped")

    @cache
    def run(name: str) -> Path:
        file = str(seeds_folder() / "episodes" / f"{name}.toml")
        command = ["hindcast", file, "--members", "2", "--scale", "0.02", "--jobs", "1", "--no-figures"]
        assert status([*command, "--out", str(place / name)]) == 0
        return place / name

    return run


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_in_members_and_over_what_was_possible_and_every_measure_is_scored(name: str, ran: Ran) -> None:
    data: dict[str, Any] = json.loads((ran(name) / "hindcast.json").read_text(encoding="utf-8"))
    assert data["over"]["members"] == 2 and sum(data["counts"].values()) == len(data["measures"])
    assert not data["failed_runs"]
    for one in data["measures"]:
        assert len(one["predicted"]["values"]) == 2, "one number a member"


def quarters(results: Results, outcome: str, arm: str) -> Any:
    """An outcome of the region: members × quarters."""
    return results.paths(outcome, arm)[:, 0, :, 0]


def test_a_grant_programme_has_conditions_and_dates(ran: Ran) -> None:
    results = Results(ran("energy-grant"))
    levers = {one.arm: one.levers for one in results.design.treatments}
    assert {"grant_least_saving", "grant_own_funding", "grant_start_within"} <= set(levers["conditions"])
    dated = levers["conditions"]["grant_rate"]
    assert (dated.value, dated.from_year, dated.to_year) == (0.3, 2013, 2017)
    same = [np.array_equal(quarters(results, "rent", arm)[:, :8], quarters(results, "rent", "siloed")[:, :8])
            for arm in ("conditions", "without")]  # fmt: skip
    assert same == [True, True], "before 2013 nobody is granted anything"


def test_a_company_lets_tenants_choose_and_another_decides(ran: Ran) -> None:
    results = Results(ran("tenants-choose"))
    levers = {one.arm: dict(one.levers) for one in results.design.treatments}
    assert levers == {"choice": {"standard_choice": "tenants"}, "owners": {}}


def test_an_estate_in_distress_gets_capital(ran: Ran) -> None:
    results = Results(ran("estate-with-capital"))
    paid = (
        quarters(results, "owner_injections", "capital")[:, 4] - quarters(results, "owner_injections", "siloed")[:, 4]
    )
    assert (paid > 0.0).all(), "in the first quarter of 2012"


def test_rents_are_capped(ran: Ran) -> None:
    works = Results(ran("rent-cap")).table("works")
    rises = (works["rent_after"] / works["rent_before"] - 1.0).groupby(works["run"].str.split("/").str[1]).max()
    assert rises["capped"] <= 0.15 + 1e-9 < rises["siloed"]


def test_a_practice_is_left_out_or_stopped_midway(ran: Ran) -> None:
    results = Results(ran("places-that-stop"))
    places = results.table("places")
    arms = places["run"].str.split("/").str[1]
    assert set(arms) == {"stopped", "kept"}, "silos ask for none"
    assert places[arms == "stopped"]["start"].max() < places[arms == "kept"]["start"].max()
    strengths = {one.arm: one.collaboration.settings() for one in Results(ran("money-and-people")).design.treatments}
    assert strengths["money"]["local_presence"] == 0.0 and strengths["stops"]["local_presence"].to_year == 2017
