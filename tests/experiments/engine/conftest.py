"""Designs small enough to run many times."""

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

QUIET = Execution(jobs=1, show_progress=False)


def small(
    *arms: str, replicates: int = 2, points: Sequence[Mapping[str, Any]] = ({},), years: int = 1, **changes: Any
) -> Design:
    """A design of one-year runs of 680 flats."""
    treatments = treatments_of(choose_arms(arms or ("siloed", "coordinated"), {}), {})
    return make_design(World("botkyrka", 0.02, years, False, **changes), treatments, replicates, 1, points=points)


def run(out: Path, design: Design, execution: Execution = QUIET) -> Results:
    """Run a design into a folder; its results, which read themselves from there."""
    with Experiment(out, "test", ["test"], execution) as experiment:
        results = experiment.run(design)
    return results


def fingerprints(folder: Path, pattern: str = "*.parquet") -> dict[str, str]:
    """Digests of files."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob(pattern))}
