"""Points measured in parallel and kept: a stopped calibration goes on where it was, a finished run is not repeated."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engine.design import replicate_seed
from experiments.engine.experiment import Experiment
from experiments.engine.many import each
from experiments.engine.progress import Progress, duration, tell
from experiments.engine.records import Record, pack_numbers, unpack_numbers
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
    """Measures targets at parameter values, every run on a seed of its own. names: of what is measured."""

    experiment: Experiment
    ensemble: Ensemble
    space: Space
    names: tuple[str, ...]
    root: int

    def __call__(self, values: Array, before: int = 0, seeds: int = 1) -> Array:
        """Parameter values, a row a point, to points x seeds x names. before: runs that have had their seeds already.
        Raises RunError where a run fails."""
        jobs = [
            self._job(row, replicate_seed(self.root, before + 1 + place * seeds + k))
            for place, row in enumerate(values.tolist())
            for k in range(seeds)
        ]
        pending = [job for job in jobs if self.experiment.kept(job.digest) is None]
        execution = self.experiment.execution
        with Progress(len(jobs), len(jobs) - len(pending), execution.show_progress) as progress:
            for record in each(execution, partial(_perform, names=self.names), pending):
                self.experiment.keep(record)
                progress.add(1, 0)
        found = [self._numbers(job.digest) for job in jobs]
        return np.array(found).reshape(len(values), seeds, len(self.names))

    def announce(self, values: Array, most: int) -> None:
        """Say how many runs there will be at most and how long they take, measured on the first point."""
        execution, job = self.experiment.execution, self._job(values[0].tolist(), replicate_seed(self.root, 1))
        record = self.experiment.kept(job.digest) or _perform(job, self.names)
        self.experiment.keep(record)
        if execution.show_progress is not False:
            world, at_once = self.ensemble, execution.at_once
            tell(
                f"up to {most:,} measurements of {world.region} at scale {world.scale:g}, {world.years} years: about "
                f"{duration(most * record.seconds / at_once)} on {at_once} workers, 1 MB on disk"
            )

    def _job(self, row: Sequence[float], seed: int) -> Job:
        changes = {**self.ensemble.parameters, **dict(zip(self.space.names, row, strict=True))}
        there = replace(self.ensemble, parameters=changes)
        return Job(there, seed, there.identity(seed, self.names))

    def _numbers(self, digest: str) -> Array:
        record = self.experiment.kept(digest)
        assert record is not None, "every job has just been measured"
        return unpack_numbers(record.ends)


def _perform(job: Job, names: Sequence[str]) -> Record:
    job.ensemble.check_identity(job.digest, job.seed, names)
    started = time.perf_counter()
    found = measured(job.ensemble, job.seed)
    return Record(job.digest, ends=pack_numbers([found[name] for name in names]), seconds=time.perf_counter() - started)
