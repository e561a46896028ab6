"""No seed is a fresh one, which the model tells; Mesa's own runner of many models gets other runs each time."""

from __future__ import annotations

import inspect
import json
from typing import Any

import mesa
import pytest

from sim import PRESETS, Region, RenewalModel, load_region

REGION = load_region("botkyrka", 0.02)


class Quick(RenewalModel):
    """A model of a user's: names no seed, and collects."""

    def __init__(self, years: int = 1, **more: Any) -> None:
        super().__init__(REGION, PRESETS["siloed"], years=years, **more)
        self.datacollector = mesa.DataCollector({"Seed": "seed", "Content": lambda m: m.residents.satisfaction.mean()})

    def step(self) -> None:
        """A quarter, and a row."""
        super().step()
        self.datacollector.collect(self)


def batch(model: type[RenewalModel], **more: Any) -> list[dict[str, Any]]:
    """Five runs by Mesa's runner, in the words of the version that is installed."""
    times: dict[str, Any] = {"iterations": 5}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        times = {"rng": [None] * 5}
    found: list[dict[str, Any]] = mesa.batch_run(model, more or {"years": [1]}, display_progress=False, **times)
    return found


def test_five_iterations_are_five_runs_that_can_be_made_again() -> None:
    rows = batch(Quick)
    assert len(rows) == 5 == len({row["Seed"] for row in rows}) == len({row["Content"] for row in rows})
    for row in rows[:2]:
        again = Quick(seed=row["Seed"]).run()
        assert again.datacollector.model_vars["Content"][-1] == row["Content"]


def test_no_seed_and_none_are_fresh_and_told(tiny_region: Region) -> None:
    models = [RenewalModel(tiny_region, PRESETS["siloed"], years=1) for _ in range(2)]
    models += [RenewalModel(tiny_region, PRESETS["siloed"], None, years=1) for _ in range(2)]
    models += [RenewalModel(tiny_region, PRESETS["siloed"], rng=None, years=1)]
    seeds = {model.seed for model in models}
    assert len(seeds) == 5 and all(type(seed) is int and 0 <= seed < 2**31 for seed in seeds)
    again = RenewalModel(tiny_region, PRESETS["siloed"], models[0].seed, years=1).run()
    assert again.recorder.data.tobytes() == models[0].run().recorder.data.tobytes()
    assert again.random.random() == models[0].random.random(), "Mesa's own random numbers too"
    assert json.dumps(again.seed)


def test_mesas_newer_name_of_a_seed_means_the_same(tiny_region: Region) -> None:
    one, other = (RenewalModel(tiny_region, PRESETS["siloed"], years=1, **name) for name in ({"seed": 5}, {"rng": 5}))
    assert one.seed == other.seed == 5
    assert one.run().recorder.data.tobytes() == other.run().recorder.data.tobytes()


@pytest.mark.skipif("rng" not in inspect.signature(mesa.batch_run).parameters, reason="Mesa's newer runner alone")
def test_seeds_that_mesas_runner_is_given_are_the_models() -> None:
    rows = mesa.batch_run(Quick, {"years": [1]}, rng=[3, 4], display_progress=False)
    assert [row["Seed"] for row in rows] == [3, 4]
