"""An experiment: one or more designs run into one folder of results, continued where it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from experiments.engine.design import Design, Task
from experiments.engine.design_file import write_design
from experiments.engine.dispatch import Dispatch
from experiments.engine.earlier import take_over
from experiments.engine.estimate import Estimate, estimate
from experiments.engine.finals import write_curves, write_runs
from experiments.engine.identity import digests
from experiments.engine.manifest import (
    Clock,
    Manifest,
    describe_design,
    describe_parameters,
    describe_stage,
    versions,
    write_manifest,
)
from experiments.engine.parts import Parts
from experiments.engine.pool import default_jobs
from experiments.engine.progress import Progress
from experiments.engine.records import Record, unpack_numbers
from experiments.engine.results import Results, table_name
from experiments.engine.runs import RunError, region_of
from experiments.engine.settings import describe_settings
from experiments.engine.store import Workplace, files_of
from experiments.engine.workers import Here, Processes, Workers


@dataclass(frozen=True)
class Execution:
    """How to run, none of which changes a result: `jobs` processes here or a `cluster`; `fresh` forgets runs
    finished before; show_progress: True, False, or None for what fits the terminal."""

    jobs: int | None = None
    cluster: str | None = None
    fresh: bool = False
    show_progress: bool | None = None

    @property
    def at_once(self) -> int:
        """Runs at a time, as far as known before anything has started."""
        return self.jobs or default_jobs()


@dataclass(frozen=True)
class Failure:
    """A run that failed: its name, its seed, and what is told of it."""

    run: str
    seed: int
    error: str


class StoppedError(RuntimeError):
    """An experiment was left before its end. The message says what is kept."""


class Experiment:
    """Use as a context: leaving it gives the results their name; on any exception finished runs stay in a
    hidden folder beside it, and the same experiment continues with them.
    """

    def __init__(self, out: Path, kind: str, command: Sequence[str], execution: Execution | None = None) -> None:
        self.execution = execution or Execution()
        self._failed: dict[str, list[Failure]] = {}
        self._given: list[Results] = []
        self._place, self._clock = Workplace(Path(out).expanduser()), Clock()
        self._about: dict[str, Any] = {"kind": kind, "command": tuple(command)}
        self._stages: dict[str, Design] = {}
        self._taken: set[str] = set()
        self._per_run: float | None = None

    def __enter__(self) -> Experiment:
        self._place.open(self.execution.fresh)
        self._parts = Parts(self._place.parts)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.write_manifest()
            self._place.finish()
            for results in self._given:
                results.folder = self._place.target
            return
        self._parts.flush()
        kept = len(self._parts)
        self._place.leave(keep=kept > len(self.failures))
        if kept and isinstance(error, KeyboardInterrupt):
            said = f"{kept:,} finished run{'s' * (kept > 1)} kept"
            raise StoppedError(f"stopped; {said}: the same command goes on from there")

    @property
    def folder(self) -> Path:
        """The results under construction."""
        return self._place.results

    @property
    def target(self) -> Path:
        """Where the results will be."""
        return self._place.target

    @property
    def failures(self) -> list[Failure]:
        """The runs that failed, stage by stage."""
        return [failure for failures in self._failed.values() for failure in failures]

    @property
    def exit_status(self) -> int:
        """0, or 1 where a run failed."""
        return 1 if self.failures else 0

    def announce(self, design: Design, more: int = 0) -> Estimate:
        """Say on stderr how many runs there will be, where, how long they take and how much disk. `more`: runs
        of later stages, of the same size."""
        found = self._identified(design)
        names = dict(zip(found, design.runs, strict=True))
        pending = [run for digest, run in names.items() if digest not in self._parts]
        guess = estimate(design, pending, len(names), more, self.execution.at_once)
        self._per_run = guess.per_run or None
        if self.execution.show_progress is not False:
            click.echo(guess.words(design, self.execution.at_once), err=True)
        return guess

    def run(self, design: Design, stage: str = "") -> Results:
        """Run what is not finished yet and write the design's tables into the folder. Raises RunError where no run at
        all goes well; what fails otherwise is left out and told."""
        found = self._identified(design)
        self._finish(design, found)
        write_runs(self.folder / table_name("runs", stage), design, found, self._parts.get)
        if design.world.curves:
            write_curves(self.folder / table_name("curves", stage), design, found, self._parts.get)
        write_design(self.folder, design, stage)
        self._stages[stage] = design
        errors = self._parts.errors(found)
        runs = [(run, digest) for run, digest in zip(design.runs, found, strict=True) if digest in errors]
        self._failed[stage] = [Failure(run.id, run.seed, errors[digest]) for run, digest in runs]
        self._clock.noted(self._parts.noted(found))
        self.write_manifest()
        if len(runs) == len(design.runs):
            raise RunError(f"all {len(runs)} runs failed; the first: {self._failed[stage][0].error}")
        self._given.append(Results(self.folder, stage))
        return self._given[-1]

    def kept(self, digest: str) -> Record | None:
        """What was finished before under this identity, if anything: a run, or work that is no run of a design."""
        return self._parts.get(digest) if digest in self._parts else None

    def keep(self, record: Record) -> None:
        """Keep finished work; it reaches the disk within seconds."""
        self._parts.add(record)
        self._parts.flush_if_due()

    def note(self, **about: Any) -> None:
        """Keep more keys in the manifest."""
        self._about |= about

    def write_manifest(self) -> None:
        """Write manifest.json as things stand."""
        designs = list(self._stages.values())
        main = self._stages.get("", designs[0] if designs else None)
        known = describe_parameters({}) | ({} if main is None else describe_design(main)) | self._about
        varied = describe_settings(name for design in designs for name in design.varied)
        known["settings"] = varied | known.get("settings", {})
        write_manifest(
            self.folder,
            Manifest(
                **known,
                stages={stage: describe_stage(design) for stage, design in self._stages.items()},
                failed={failure.run: failure.error for failure in self.failures},
                versions=versions(),
                made=self._clock.report(self.execution.at_once),
                files=files_of(self.folder),
            ),
        )

    def _identified(self, design: Design) -> list[str]:
        found = digests(design)
        new = set(found) - self._taken
        if new and not self.execution.fresh and self._place.target.is_dir():
            take_over(self._place.target, new, self._parts)
        self._taken |= new
        return found

    def _finish(self, design: Design, found: list[str]) -> None:
        tasks = self._pending(design, found)
        unique = set(found)
        done = sum(digest in self._parts for digest in unique)
        if not tasks:
            return
        workers = self._workers()
        try:
            with Progress(len(unique), done, self.execution.show_progress) as progress:
                for records in Dispatch(workers, self._per_run).run(tasks):
                    new = [record for record in records if record.digest not in self._parts]
                    for record in new:
                        self._parts.add(record)
                    self._parts.flush_if_due()
                    progress.add(len(new), sum(bool(record.error) for record in new))
        finally:
            workers.close()
        self._parts.flush()

    def _pending(self, design: Design, found: list[str]) -> list[Task]:
        """Tasks for runs that have not ended. A partner that has ended hands on its stored money, or runs again
        where that was not kept; equal runs are computed once."""
        by_position = dict(zip((run.position for run in design.runs), found, strict=True))
        seen: set[str] = set()
        tasks: list[Task] = []
        for task in design.tasks():
            own = [(run, by_position[run.position]) for run in task.runs]
            wanted = [(run, digest) for run, digest in own if digest not in self._parts and digest not in seen]
            seen |= {digest for _, digest in wanted}
            if wanted:
                tasks.append(self._with_money(task, own, wanted))
        return tasks

    def _with_money(self, task: Task, own: list[Any], wanted: list[Any]) -> Task:
        given: dict[str, Any] = {}
        partner, digest = own[0]
        if any(run.treatment.same_money_as for run, _ in wanted) and own[0] not in wanted:
            record = self._parts.get(digest) if digest in self._parts else None
            if record is not None and record.money:
                towns = len(region_of(task.world.region, task.world.scale).municipalities)
                given[partner.arm] = unpack_numbers(record.money).reshape(task.world.years, -1, towns)
            elif record is None or not record.error:
                wanted = [own[0], *wanted]
        return Task(task.world, tuple(run for run, _ in wanted), tuple(name for _, name in wanted), given)

    def _workers(self) -> Workers:
        if self.execution.cluster is not None:
            from experiments.engine.cluster import cluster_workers

            return cluster_workers(self.execution.cluster, self.execution.jobs)
        return Here() if self.execution.at_once == 1 else Processes(self.execution.at_once)
