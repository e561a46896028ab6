"""Experiments of a second or two, and what is compared of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.design.arms import choose_arms
from experiments.design.plan import treatments_of
from experiments.engine.design import Design, World, make_design
from experiments.engine.experiment import Execution, Experiment
from experiments.engine.results import Results

ROOT = Path(__file__).parents[3]
QUIET = Execution(jobs=1, show_progress=False)
SWEEP = ["sweep", "cost_factor=0:6:2", "--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "2"]
SWEEP += ["--no-figures"]


def design_of(
    *arms: str, replicates: int = 2, points: Sequence[Mapping[str, Any]] = ({},), years: int = 1, **changes: Any
) -> Design:
    """A design of one-year runs of 680 flats."""
    treatments = treatments_of(choose_arms(arms or ("siloed", "coordinated"), {}), {})
    return make_design(World("botkyrka", 0.02, years, False, **changes), treatments, replicates, 1, points=points)


def run_into(out: Path, design: Design, execution: Execution = QUIET) -> Results:
    """Run a design into a folder and read it from there."""
    with Experiment(out, "run", ["samspel", "run"], execution) as experiment:
        experiment.run(design)
    return Results(out)


def sums(folder: Path) -> dict[str, str]:
    """Digests of all tables in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


def same_tables(found: Path, expected: Path) -> None:
    """Both folders hold the same bytes."""
    assert sums(found) == sums(expected) != {}
