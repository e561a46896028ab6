"""What a result was made from, with which versions, and how long it took."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analysis.value import discount_rate
from experiments.engine.runs import RunResult, peak_memory_mb

if TYPE_CHECKING:
    from experiments.plan import Plan

PACKAGES = ("samspel", "numpy", "mesa", "pandas", "pyarrow", "scipy", "matplotlib", "pydantic")
START_YEAR = 2011


class Clock:
    """What is noted of each run as it arrives: seconds, and the memory of the process that ran it."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self.seconds: list[float] = []
        self.worker_peak_mb = 0.0

    def note(self, result: RunResult) -> None:
        """Remember one run."""
        self.seconds.append(result.seconds)
        self.worker_peak_mb = max(self.worker_peak_mb, result.peak_mb)

    def report(self, jobs: int) -> dict[str, Any]:
        """Durations, dates and memory, for the manifest."""
        now = datetime.now(UTC)
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "finished": now.isoformat(timespec="seconds"),
            "seconds": round((now - self.started).total_seconds(), 2),
            "seconds_per_run": round(float(np.mean(self.seconds)), 3),
            "seconds_of_all_runs": round(float(np.sum(self.seconds)), 2),
            "jobs": jobs,
            "peak_memory_of_a_run_mb": round(self.worker_peak_mb),
            "peak_memory_here_mb": round(peak_memory_mb()),
        }


def write_manifest(path: Path, plan: Plan, command: Sequence[str], clock: Clock) -> None:
    """Write the manifest of a finished comparison; the last file to be written."""
    described = describe(plan) | {
        "command": list(command),
        "versions": versions(),
        "made": clock.report(plan.jobs),
    }
    path.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def describe(plan: Plan) -> dict[str, Any]:
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
        "notes": list(plan.notes),
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
