"""A run that computes what cannot be has failed, is told like any other that failed, and takes nothing with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.engine.experiment import Experiment
from sim.phases import closing
from sim.world.world import World

from .conftest import QUIET, small


def test_a_run_without_a_number_where_there_must_be_one_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = closing._price_level

    def spoilt(world: World) -> None:
        usual(world)
        if world.quarter == 2 and world.collaboration.name == "regional":
            world.price_index = np.nan

    monkeypatch.setattr(closing, "_price_level", spoilt)
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        results = experiment.run(small(replicates=1))
    assert experiment.exit_status == 1
    failed = results.runs[results.runs["arm"] == "coordinated"]
    said = "OutcomeError: outcome price_index of botkyrka in quarter 2: the model computed nan; expected 0 or more"
    assert said in failed["error"].iloc[0] and said in results.made.failed["coordinated/1"]
    assert failed["price_index"].isna().all() and results.runs["price_index"].notna().sum() == 1
