"""An experiment: one or more designs run into one folder of results, continued where it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from experiments.engine.checksums import KEY, file_sum
from experiments.engine.design import Design
from experiments.engine.design_file import write_design
from experiments.engine.disk import CANNOT, check_room, writing
from experiments.engine.dispatch import Dispatch
from experiments.engine.earlier import take_over
from experiments.engine.estimate import Estimate, estimate
from experiments.engine.finals import write_curves, write_runs, write_tables
from experiments.engine.identity import digests
from experiments.engine.inputs import TABLES, store_inputs
from experiments.engine.layout import FIGURES, MANIFEST, SUMMARY, figures_of, files_of
from experiments.engine.manifest import (
    Clock,
    Manifest,
    SourceMade,
    describe_design,
    describe_parameters,
    describe_stage,
    versions,
    write_manifest,
)
from experiments.engine.need import check_memory
from experiments.engine.parts import Parts
from experiments.engine.pending import pending_tasks
from experiments.engine.pool import begin_server, default_jobs
from experiments.engine.progress import Progress, tell
from experiments.engine.ready import compile_unless_ready, make_ready
from experiments.engine.records import Record
from experiments.engine.results import Results, row_tables, table_name
from experiments.engine.runs import RunError
from experiments.engine.settings import describe_settings
from experiments.engine.signals import held_off
from experiments.engine.store import Workplace
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

    @property
    def processes(self) -> int:
        """Worker processes on this machine; none where this process runs everything, or a cluster does."""
        return 0 if self.cluster is not None or self.at_once == 1 else self.at_once


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
        self._sums: dict[str, str] = {}
        self._held: dict[tuple[str, float], SourceMade] = {}
        self._per_run: float | None = None

    def __enter__(self) -> Experiment:
        self._place.open(self.execution.fresh)
        try:
            self._parts = Parts(self._place.parts)
        except BaseException:
            self._place.leave(keep=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._stop(error)
            return
        try:
            with writing(self._place.target):
                # What a question has written besides runs and curves can be told from what is damaged later, too.
                self._sums |= {name: file_sum(self.folder / name) for name in self._others()}
                self.write_manifest()
                self._place.finish()
        except BaseException as unfinished:
            self._stop(unfinished)
            raise
        for results in self._given:
            results.folder = self._place.target

    def _stop(self, error: BaseException) -> None:
        """Leave, keeping what is finished and telling of it, which no further signal cuts short."""
        with held_off():
            self._leave(error)

    def _leave(self, error: BaseException) -> None:
        lost = ""
        try:
            self._parts.flush()
        except OSError as full:
            lost = f" (the latest {CANNOT}{(full.strerror or str(full)).removeprefix(CANNOT)})"
        if isinstance(error, OSError) and error.filename is None:
            error.strerror = error.strerror or str(error)
            error.filename = str(self._place.target)
        kept = self._parts.written
        self._place.leave(keep=self._parts.went_well > 0)
        if not self._parts.went_well:
            return
        said = f"{kept:,} finished run{'s' * (kept > 1)} kept{lost}: the same command goes on from there"
        if isinstance(error, KeyboardInterrupt):
            raise StoppedError(f"stopped; {said}")
        error.add_note(f"; {said}")

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
        """Say on stderr how many runs there will be, where, how long they take, how much disk, and how much memory
        where it is much. `more`: runs of later stages, of the same size. Raises SamspelError where disk or memory is
        too small, before any model is made."""
        found = self._identified(design)
        names = dict(zip(found, design.runs, strict=True))
        pending = [run for digest, run in names.items() if digest not in self._parts]
        words = check_memory(design, len(design.runs) + more, self.execution.processes) if pending else ""
        if pending:
            self._make_ready()
        guess = estimate(design, pending, len(names), more, self.execution.at_once)
        self._per_run = guess.per_run or None
        if self.execution.show_progress is not False:
            tell(guess.words(design, self.execution.at_once))
        if guess.pending:
            # Parts of what is pending and all tables lie on the disk at the same time.
            size = guess.bytes * (1 + guess.pending / guess.runs)
            check_room(self._place.folder, size, self._place.target)
            if words and self.execution.show_progress is not False:
                tell(words)
        return guess

    def run(self, design: Design, stage: str = "") -> Results:
        """Run what is not finished yet and write the design's tables into the folder. Raises RunError where no run at
        all goes well; what fails otherwise is left out and told."""
        found = self._identified(design)
        self._finish(design, found)
        runs, curves = (self.folder / table_name(kind, stage) for kind in ("runs", "curves"))
        others = row_tables(self.folder, design.world.tables, stage)
        write_runs(runs, design, found, self._parts.get)
        if design.world.curves:
            write_curves(curves, design, found, self._parts.get)
            # Stages are there for a question's own sake, which can tell nothing from tables without a row.
            write_tables(others, design, found, self._parts.get, empty=not stage)
        self._sums |= {path.name: file_sum(path) for path in (runs, curves, *others.values()) if path.is_file()}
        with writing(self.folder):
            write_design(self.folder, design, stage)
        self._stages[stage] = design
        errors = self._parts.errors(found)
        failed = [(run, digest) for run, digest in zip(design.runs, found, strict=True) if digest in errors]
        self._failed[stage] = [Failure(run.id, run.seed, errors[digest]) for run, digest in failed]
        self._clock.noted(self._parts.noted(sorted(self._taken)))  # of all stages
        self.write_manifest()
        if len(failed) == len(design.runs):
            raise RunError(f"all {len(failed)} runs failed; the first: {self._failed[stage][0].error}")
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

    def hold_inputs(self, region: str, scale: float) -> None:
        """Keep in the results what they are made from, once: a region's tables, and all parameters. Raises
        SamspelError where the tables are others by now."""
        if (region, scale) not in self._held:
            with writing(self.folder):
                self._held[region, scale] = store_inputs(self.folder, region, scale)

    def _others(self) -> list[str]:
        """Files to be told from damaged ones, by their names in the folder, beside those that have been summed."""
        names = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}
        told = {name for name in names if name in (MANIFEST, SUMMARY) or name.startswith(f"{FIGURES}/")}
        return sorted(names - told - set(self._sums))

    def write_manifest(self) -> None:
        """Write manifest.json as things stand."""
        designs = list(self._stages.values())
        main = self._stages.get("", designs[0] if designs else None)
        known = describe_parameters({}) | ({} if main is None else describe_design(main)) | self._about
        varied = describe_settings(name for design in designs for name in design.varied)
        known["settings"] = varied | known.get("settings", {})
        # Results that run again name the originals that they were made from at first.
        sources = known.pop("sources", ())
        region = () if any(one.kind == TABLES for one in sources) else tuple(self._held.values())[:1]
        made = Manifest(
            **known,
            sources=(*region, *sources),
            stages={stage: describe_stage(design) for stage, design in self._stages.items()},
            failed={failure.run: failure.error for failure in self.failures},
            versions=versions(),
            made=self._clock.report(self.execution.at_once) | {KEY: self._sums, FIGURES: figures_of(self.folder)},
            files=files_of(self.folder),
        )
        with writing(self.folder):
            write_manifest(self.folder, made)

    def _identified(self, design: Design) -> list[str]:
        self.hold_inputs(design.world.region, design.world.scale)
        found = digests(design)
        new = set(found) - self._taken
        if new and not self.execution.fresh and self._place.target.is_dir():
            take_over(self._place.target, new, self._parts)
        self._taken |= new
        return found

    def _finish(self, design: Design, found: list[str]) -> None:
        tasks = pending_tasks(design, found, self._parts)
        unique = set(found)
        done = sum(digest in self._parts for digest in unique)
        if not tasks:
            return
        compile_unless_ready()
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

    def _make_ready(self) -> None:
        """Nobody is to wait for the compiler, or an estimate to measure it; workers get ready meanwhile."""
        compile_unless_ready()
        if self.execution.processes:
            begin_server()
        make_ready()

    def _workers(self) -> Workers:
        if self.execution.cluster is not None:
            from experiments.engine.cluster import cluster_workers

            return cluster_workers(self.execution.cluster, self.execution.jobs)
        return Here() if self.execution.at_once == 1 else Processes(self.execution.at_once)
