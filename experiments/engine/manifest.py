"""What a result was made from, with which versions, and how long it took."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.value import discount_rate
from experiments.engine.design import Design
from experiments.engine.runs import peak_memory_mb, region_of

if TYPE_CHECKING:
    from experiments.design.plan import Plan

PACKAGES = ("samspel", "numpy", "mesa", "pandas", "pyarrow", "scipy", "matplotlib", "pydantic")
START_YEAR = 2011


class Clock:
    """When an experiment was made, and what is known of its runs: seconds, and memory of their processes."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.seconds: list[float] = []
        self.worker_peak_mb = 0.0

    def noted(self, runs: Sequence[tuple[float, float]]) -> None:
        """Remember the seconds and peak memory of runs; of runs taken over from earlier results none are known."""
        self.seconds = [seconds for seconds, _ in runs if not math.isnan(seconds)]
        self.worker_peak_mb = max((peak for _, peak in runs), default=0.0)

    def report(self, jobs: int) -> dict[str, Any]:
        """Durations, dates and memory, for the manifest."""
        now = datetime.now(UTC)
        total = sum(self.seconds)
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "finished": now.isoformat(timespec="seconds"),
            "seconds": round((now - self.started).total_seconds(), 2),
            "seconds_per_run": round(total / max(1, len(self.seconds)), 3),
            "seconds_of_all_runs": round(total, 2),
            "jobs": jobs,
            "peak_memory_of_a_run_mb": round(self.worker_peak_mb),
            "peak_memory_here_mb": round(peak_memory_mb()),
        }


def describe_design(design: Design) -> dict[str, Any]:
    """What a design runs, without anything that differs from one execution to the next."""
    world = design.world
    region = region_of(world.region, world.scale)
    return {
        "region": {"name": region.name, "title": region.title, "scale": region.scale, "digest": region.digest},
        "flats": region.total_flats,
        "first_year": START_YEAR,
        "years": world.years,
        "quarters": world.years * 4,
        "runs": len(design.runs),
        "points": len({run.point for run in design.runs}),
        "replicates": design.replicates,
        "varied": list(design.varied),
        "arms": [treatment.arm for treatment in design.treatments],
    }


def describe(plan: Plan, notes: Sequence[str] = ()) -> dict[str, Any]:
    """The inputs of a comparison, without anything that differs from one execution to the next."""
    settings, region = plan.settings, plan.region
    places = zip(region.neighbourhoods.name, region.neighbourhoods.municipality_index, strict=True)
    return {
        "kind": "compare",
        "region": {
            "name": region.name,
            "title": region.title,
            "scale": region.scale,
            "digest": region.digest,
        },
        "flats": region.total_flats,
        "municipality_of": {name: region.municipalities.name[index] for name, index in places},
        "first_year": START_YEAR,
        "years": settings.years,
        "quarters": settings.years * 4,
        "replicates": settings.replicates,
        "seed": settings.seed,
        "shared_seeds": settings.shared_seeds,
        "seeds": {run.id: run.seed for run in plan.design.runs},
        "record": settings.record,
        "discount_rate": discount_rate(plan.parameters.values),
        "parameters": {"digest": plan.parameters.digest, "changed": plan.parameters.changed()},
        "set": settings.set,
        "notes": [*plan.notes, *notes],
        "arms": [_arm(plan, index) for index in range(len(plan.arms))],
    }


def versions() -> dict[str, Any]:
    """Versions of everything that numbers may depend on, and the vector instructions that numpy found."""
    found: dict[str, Any] = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed (run from a checkout)"
    config: Any = np.show_config(mode="dicts")
    found["numpy_dispatch"] = config.get("SIMD Extensions", {})
    return found


def _arm(plan: Plan, index: int) -> dict[str, Any]:
    arm, treatment = plan.arms[index], plan.design.treatments[index]
    collaboration = asdict(treatment.collaboration)
    collaboration["partners"] = sorted(str(partner) for partner in collaboration["partners"])
    return {
        "name": arm.name,
        "label": arm.label,
        "meaning": arm.meaning,
        "preset": arm.preset,
        "same_money_as": arm.same_money_as,
        "collaboration": collaboration,
        "parameters": dict(treatment.parameters),
        "levers": dict(treatment.levers),
    }
