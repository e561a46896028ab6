"""Points measured in parallel and kept: a stopped calibration goes on where it was, a finished run is not repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from experiments.engine.experiment import Experiment
from experiments.engine.identity import source_digest
from experiments.engine.pool import worker_pool
from experiments.engine.progress import Progress, duration
from experiments.engine.records import Record, pack_numbers, unpack_numbers
from experiments.engine.runs import RunError, region_of
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.validate import measuring
from experiments.questions.validate.measuring.ensemble import Ensemble, measured

Array = NDArray[Any]


class Calibration(Experiment):
    """An experiment that also keeps measured points among its finished runs."""

    def __enter__(self) -> Calibration:
        super().__enter__()
        return self

    def kept(self, digest: str) -> Record | None:
        """What was measured before under this identity, if anything."""
        return self._parts.get(digest) if digest in self._parts else None

    def keep(self, record: Record) -> None:
        """Keep a measured point; it reaches the disk within seconds."""
        self._parts.add(record)
        self._parts.flush_if_due()


@dataclass(frozen=True)
class Job:
    """One point in one replicate's random-number world."""

    ensemble: Ensemble
    seed: int
    digest: str


@dataclass(frozen=True)
class Measurer:
    """Measures targets at parameter values. ``waves``: how many calls there will be at most, for the estimate."""

    experiment: Calibration
    ensemble: Ensemble
    space: Space
    targets: tuple[Target, ...]
    seeds: tuple[int, ...]
    waves: int = 1

    def __call__(self, values: Array) -> Array:
        """Parameter values, a row a point, to points x seeds x targets. Raises RunError where a run fails."""
        jobs = [self._job(row, seed) for row in values.tolist() for seed in self.seeds]
        pending = [job for job in jobs if self.experiment.kept(job.digest) is None]
        with Progress(len(jobs), len(jobs) - len(pending), self.experiment.execution.show_progress) as progress:
            for record in self._measured(pending):
                self.experiment.keep(record)
                progress.add(1, 0)
        found = [self._numbers(job.digest) for job in jobs]
        return np.array(found).reshape(len(values), len(self.seeds), len(self.targets))

    def announce(self, values: Array) -> None:
        """Say how many runs there are and how long they take, measured on the first point."""
        execution, count = self.experiment.execution, len(values) * len(self.seeds) * self.waves
        job = self._job(values[0].tolist(), self.seeds[0])
        record = self.experiment.kept(job.digest) or _perform(job, self._names)
        self.experiment.keep(record)
        if execution.show_progress is not False:
            world, at_once = self.ensemble, execution.at_once
            click.echo(
                f"up to {count:,} measurements ({self.waves} waves of {len(values)} points, {len(self.seeds)} seeds) "
                f"of {world.region} at scale {world.scale:g}, {world.years} years: about "
                f"{duration(count * record.seconds / at_once)} on {at_once} workers, 1 MB on disk",
                err=True,
            )

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(target.name for target in self.targets)

    def _job(self, row: Sequence[float], seed: int) -> Job:
        changes = {**self.ensemble.parameters, **dict(zip(self.space.names, row, strict=True))}
        there = replace(self.ensemble, parameters=changes)
        return Job(there, seed, _identity(there, seed, self._names))

    def _numbers(self, digest: str) -> Array:
        record = self.experiment.kept(digest)
        assert record is not None, "every job has just been measured"
        return unpack_numbers(record.ends)

    def _measured(self, jobs: Sequence[Job]) -> Iterator[Record]:
        at_once = min(self.experiment.execution.at_once, len(jobs))
        if at_once <= 1:
            yield from (_perform(job, self._names) for job in jobs)
            return
        yield from _parallel(jobs, at_once, self._names)


def _parallel(jobs: Sequence[Job], at_once: int, names: Sequence[str]) -> Iterator[Record]:
    pool: Executor = worker_pool(at_once)
    try:
        for future in as_completed([pool.submit(_perform, job, names) for job in jobs]):
            yield future.result()
    except BrokenExecutor:
        raise RunError("calibrate: a worker process was ended from outside, perhaps for want of memory") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _perform(job: Job, names: Sequence[str]) -> Record:
    started = time.perf_counter()
    found = measured(job.ensemble, job.seed)
    return Record(job.digest, ends=pack_numbers([found[name] for name in names]), seconds=time.perf_counter() - started)


def _identity(ensemble: Ensemble, seed: int, names: Sequence[str]) -> str:
    """Everything that determines the numbers of a measured point."""
    region = region_of(ensemble.region, ensemble.scale)
    known: Mapping[str, Any] = asdict(ensemble) | {"region": region.digest, "seed": seed, "names": list(names)}
    text = json.dumps(known, sort_keys=True) + source_digest() + _measures_digest()
    return sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _measures_digest() -> str:
    """A fingerprint of what measures, and of the parameters' own values."""
    from sim import load_parameters

    state = sha256(load_parameters().digest.encode())
    for path in sorted(Path(measuring.__file__).parent.glob("*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()
