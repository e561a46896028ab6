"""A region at a tenth of its size tells the same story."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from experiments.design.arms import NAMED_ARMS
from experiments.design.plan import treatments_of
from experiments.engine.design import World, make_design
from experiments.engine.experiment import Execution, Experiment
from experiments.reporting.numbers import headlines


def signs(folder: Path, scale: float, replicates: int) -> pd.Series:
    """Sign of each headline's difference at the end, coordinated minus siloed; 0 where its interval covers zero."""
    treatments = treatments_of([NAMED_ARMS[name] for name in ("siloed", "coordinated")], {})
    design = make_design(World("botkyrka", scale, 20, detail=False, curves=False), treatments, replicates, seed=1)
    with Experiment(folder, "test", ["test"], Execution(jobs=2, show_progress=False)) as experiment:
        results = experiment.run(design)
        found = {}
        for name in headlines():
            (part,) = results.pairs(name, "coordinated", "siloed").intervals()
            found[name] = 0 if not part.distinguishable else 1 if part.mean > 0 else -1
    return pd.Series(found)


def test_the_signs_of_the_headlines_survive_a_scale_of_a_tenth(tmp_path: Path) -> None:
    whole, tenth = signs(tmp_path / "whole", 1.0, 4), signs(tmp_path / "tenth", 0.1, 12)
    both = (whole != 0) & (tenth != 0)
    assert both.sum() >= 4, "too few differences to compare"
    assert (whole[both] == tenth[both]).all(), pd.DataFrame({"whole": whole, "tenth": tenth})
