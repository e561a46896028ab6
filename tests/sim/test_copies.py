"""A model that is pickled or copied goes on as if nothing had happened, and so does the one that it was made of."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np
import pytest

from sim import PRESETS, Neighbourhood, Region, RenewalModel, Resident, load_parameters
from tests.sim.conftest import plain

Copy = Callable[[RenewalModel], RenewalModel]

LIVELY = {"clause_places": 2.0, "haggling": 0.0, "confidence_start": 1.0, "condition_decline": 0.02}
COPIES: dict[str, Copy] = {"pickled": lambda model: pickle.loads(pickle.dumps(model)), "copied": copy.deepcopy}
EVERY_COPY = pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)


def made(region: Region, preset: str = "regional", **more: object) -> RenewalModel:
    """A lively run of three years."""
    parameters = load_parameters().replace(LIVELY)
    return RenewalModel(region, PRESETS[preset], 3, parameters=parameters, years=3, events=True, **more)  # type: ignore[arg-type]


@EVERY_COPY
@pytest.mark.parametrize(("after", "preset"), [(0, "siloed"), (1, "emergent"), (7, "national"), (12, "regional")])
def test_a_copy_goes_on_to_the_same_bytes(tiny_region: Region, copied: Copy, after: int, preset: str) -> None:
    model = made(tiny_region, preset)
    for _ in range(after):
        model.step()
    other = copied(model)
    assert other.quarter == other.steps == after and other.running == model.running
    before = plain(model.world)
    other.run()
    assert plain(model.world) == before, "the copy shares nothing with the model"
    model.run()
    assert plain(other.world) == plain(model.world)
    assert other.recorder.data.tobytes() == model.recorder.data.tobytes()
    assert other.curves(detail=True).equals(model.curves(detail=True)) and other.seed == model.seed
    assert other.events.moves().equals(model.events.moves())  # type: ignore[union-attr]


@EVERY_COPY
def test_a_copys_agents_are_its_own(tiny_region: Region, copied: Copy) -> None:
    model = made(tiny_region)
    model.step()
    other = copied(model)
    assert other.agents_by_type[Resident][3].model is other and other.agents_by_type[Neighbourhood][0].model is other
    assert all(agent.model is other for agent in other.agents)
    assert list(other.agents.get("unique_id")) == list(model.agents.get("unique_id"))
    other.agents_by_type[Resident][3].health = 0.123
    assert model.residents.health[3] != 0.123 == other.residents.health[3]


@EVERY_COPY
def test_an_agent_that_joins_a_copy_gets_an_id_of_its_own(tiny_region: Region, copied: Copy) -> None:
    model = made(tiny_region)
    ids = set(model.agents.get("unique_id"))
    other = copied(model)
    assert mesa.Agent(other).unique_id not in ids
    assert mesa.Agent(model).unique_id not in ids


@EVERY_COPY
def test_a_data_collector_comes_along_with_its_lambdas(tiny_region: Region, copied: Copy) -> None:
    model, least = made(tiny_region), 0.5
    model.datacollector = mesa.DataCollector(  # type: ignore[attr-defined]
        model_reporters={"Quarter": "quarter", "Content": lambda m: float((m.residents.satisfaction > least).mean())},
        agenttype_reporters={Neighbourhood: {"Reputation": "reputation"}},
    )
    other = copied(collected(model))
    one, two = (collected(each).datacollector for each in (model, other))  # type: ignore[attr-defined]
    assert one is not two
    assert one.get_model_vars_dataframe().equals(two.get_model_vars_dataframe())
    places = [each.get_agenttype_vars_dataframe(Neighbourhood) for each in (one, two)]
    assert places[0].equals(places[1]) and len(places[0]) == 2 * len(model.neighbourhoods)


def collected(model: RenewalModel) -> RenewalModel:
    """The model a quarter later, with a row collected."""
    model.step()
    model.datacollector.collect(model)  # type: ignore[attr-defined]
    return model


def test_a_pickled_model_goes_on_in_another_process(tiny_region: Region, tmp_path: Path) -> None:
    model = made(tiny_region)
    model.step()
    (tmp_path / "model.pickle").write_bytes(pickle.dumps(model))
    code = (
        "import pickle, sys\n"
        "model = pickle.load(open(sys.argv[1], 'rb')).run()\n"
        "open(sys.argv[1], 'wb').write(model.recorder.data.tobytes())\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "model.pickle")], check=True, timeout=120)
    there = np.frombuffer((tmp_path / "model.pickle").read_bytes())
    assert there.tobytes() == model.run().recorder.data.tobytes()
