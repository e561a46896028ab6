"""Many seeds measured, in this process or in parallel ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.engine.pool import worker_pool
from experiments.engine.runs import RunError, parameters_of, region_of
from experiments.questions.validate.measuring.measures import measure
from sim import Levers, SamspelError


@dataclass(frozen=True)
class Ensemble:
    """What all seeds share: the region and its scale, the years, settings, and the patterns that are wanted."""

    region: str
    scale: float
    years: int
    parameters: Mapping[str, float]
    levers: Mapping[str, Any]
    patterns: tuple[str, ...]


def measured(ensemble: Ensemble, seed: int) -> dict[str, float]:
    """The measures of one seed, and how long they took. Raises RunError where a run fails."""
    started = time.perf_counter()
    region, parameters = region_of(ensemble.region, ensemble.scale), parameters_of(ensemble.parameters)
    levers = Levers.checked(**ensemble.levers)
    try:
        found = measure(region, parameters, seed, ensemble.patterns, ensemble.years, levers)
    except (MemoryError, SamspelError):
        raise
    except Exception as error:
        raise RunError(f"validate: seed {seed} failed: {type(error).__name__}: {error}") from error
    return {"seed": float(seed), "seconds": time.perf_counter() - started, **found}


def measure_all(
    ensemble: Ensemble, seeds: Sequence[int], jobs: int, done: Callable[[], object] = lambda: None
) -> pd.DataFrame:
    """One row a seed, in the order of the seeds; `done` is called after each. Raises RunError where one fails."""
    found: dict[int, dict[str, float]] = {}
    for seed, row in _here(ensemble, seeds) if jobs == 1 else _parallel(ensemble, seeds, min(jobs, len(seeds))):
        found[seed] = row
        done()
    return pd.DataFrame([found[seed] for seed in seeds]).astype({"seed": "int64"})


def _here(ensemble: Ensemble, seeds: Sequence[int]) -> Iterator[tuple[int, dict[str, float]]]:
    return ((seed, measured(ensemble, seed)) for seed in seeds)


def _parallel(ensemble: Ensemble, seeds: Sequence[int], jobs: int) -> Iterator[tuple[int, dict[str, float]]]:
    pool: Executor = worker_pool(jobs)
    try:
        futures = {pool.submit(measured, ensemble, seed): seed for seed in seeds}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenExecutor:
        raise RunError("validate: a worker process was ended from outside, perhaps for want of memory") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
