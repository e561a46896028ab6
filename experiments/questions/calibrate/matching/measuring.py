"""Points measured in parallel and kept: a stopped calibration goes on where it was, a finished run is not repeated."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engine.experiment import Experiment
from experiments.engine.many import each
from experiments.engine.progress import Progress, duration, tell
from experiments.engine.records import Record, pack_numbers, unpack_numbers
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.validate.measuring.ensemble import Ensemble, measured

Array = NDArray[Any]


@dataclass(frozen=True)
class Job:
    """One point in one replicate's random-number world."""

    ensemble: Ensemble
    seed: int
    digest: str


@dataclass(frozen=True)
class Measurer:
    """Measures targets at parameter values. ``waves``: how many calls there will be at most, for the estimate."""

    experiment: Experiment
    ensemble: Ensemble
    space: Space
    targets: tuple[Target, ...]
    seeds: tuple[int, ...]
    waves: int = 1

    def __call__(self, values: Array) -> Array:
        """Parameter values, a row a point, to points x seeds x targets. Raises RunError where a run fails."""
        jobs = [self._job(row, seed) for row in values.tolist() for seed in self.seeds]
        pending = [job for job in jobs if self.experiment.kept(job.digest) is None]
        execution = self.experiment.execution
        with Progress(len(jobs), len(jobs) - len(pending), execution.show_progress) as progress:
            for record in each(execution, partial(_perform, names=self._names), pending):
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
            tell(
                f"up to {count:,} measurements ({self.waves} waves of {len(values)} points, {len(self.seeds)} seeds) "
                f"of {world.region} at scale {world.scale:g}, {world.years} years: about "
                f"{duration(count * record.seconds / at_once)} on {at_once} workers, 1 MB on disk"
            )

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(target.name for target in self.targets)

    def _job(self, row: Sequence[float], seed: int) -> Job:
        changes = {**self.ensemble.parameters, **dict(zip(self.space.names, row, strict=True))}
        there = replace(self.ensemble, parameters=changes)
        return Job(there, seed, there.identity(seed, self._names))

    def _numbers(self, digest: str) -> Array:
        record = self.experiment.kept(digest)
        assert record is not None, "every job has just been measured"
        return unpack_numbers(record.ends)


def _perform(job: Job, names: Sequence[str]) -> Record:
    job.ensemble.check_identity(job.digest, job.seed, names)
    started = time.perf_counter()
    found = measured(job.ensemble, job.seed)
    return Record(job.digest, ends=pack_numbers([found[name] for name in names]), seconds=time.perf_counter() - started)
