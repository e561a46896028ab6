"""The machine in words: a figure means little without it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.engine.memory import available
from experiments.engine.pool import default_jobs

PACKAGES = ("numpy", "numba", "mesa", "pandas")


def described() -> dict[str, Any]:
    """What this machine is, and how busy it is now."""
    free = available()
    return {
        "processor": _processor(),
        "cores": default_jobs(),
        "memory_free_mb": None if free == float("inf") else round(free / 2**20),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "numpy_without": os.environ.get("NPY_DISABLE_CPU_FEATURES", ""),
        "load_before": _load(),
    }


def words(machine: Mapping[str, Any], load_after: float | None) -> str:
    """The same as a sentence or two."""
    versions = ", ".join(f"{name} {machine[name]}" for name in ("python", *PACKAGES))
    without = f", numpy without {machine['numpy_without']}" if machine["numpy_without"] else ""
    busy = ""
    if machine["load_before"] is not None and load_after is not None:
        busy = (
            f" Processes that wanted a core meanwhile, these included: {machine['load_before']:.1f} at the beginning, "
            f"{load_after:.1f} at the end."
        )
    core = f"One core of {machine['processor']} ({machine['cores']} usable)"
    return f"{core}, {machine['system']}; {versions}{without}.{busy}"


def load_now() -> float | None:
    """Processes that want a core, the mean of a minute; None where the system does not tell."""
    return _load()


def _load() -> float | None:
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _processor() -> str:
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        return f"{name} ({platform.machine()})"
    return f"{platform.processor() or 'an unnamed processor'} ({platform.machine()})"
