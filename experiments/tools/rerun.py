"""`samspel rerun`: one run of stored results once more, in this process, for a debugger or a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from experiments.engine.design import Design, Run, Task
from experiments.engine.identity import digests
from experiments.engine.manifest import read_manifest
from experiments.engine.records import Record, unpack_numbers
from experiments.engine.results import Results
from experiments.engine.runs import attempt, end_names
from experiments.engine.stored import open_results
from sim import SamspelError
from sim.errors import unknown

LEAST = 8  # letters of a digest that name a run

HELP = """Repeat one run in this process and say what came of it.

RUN is a run's name in the table of runs, such as coordinated/3 or 17/siloed/1, or the start of its digest.
A run that fails shows its whole traceback. Start it under a debugger with:
python -m pdb -m experiments rerun RUN
"""


@dataclass(frozen=True)
class Stored:
    """A run of stored results: the design that it belongs to, its place there, its digest and end outcomes."""

    design: Design
    position: int
    digest: str
    ends: dict[str, float]

    @property
    def run(self) -> Run:
        """The run."""
        return self.design.runs[self.position]


@click.command(help=HELP, short_help="Repeat one run here, for debugging.")
@click.argument("run")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results/compare"),
    show_default=True,
    metavar="FOLDER",
    help="The results that hold the run.",
)
def rerun(run: str, results: Path) -> None:
    """The command."""
    for note in open_results(results)[1]:
        click.echo(f"note: {note}", err=True)
    stored = find_run(results, run)
    click.echo(f"{stored.run.id}: seed {stored.run.seed}, digest {stored.digest}")
    if digests(stored.design)[stored.position] != stored.digest:
        click.echo("note: the model, or a library that it counts with, has changed since; numbers may differ", err=True)
    record = attempt(_with_partner(stored.design, stored.run))[-1]
    click.echo(told(record, stored.ends))


def find_run(folder: Path, name: str) -> Stored:
    """What is stored of a run, in whichever of the folder's designs it is. Raises SamspelError."""
    known: list[str] = []
    for stage in read_manifest(folder).stages:
        results = Results(folder, stage)
        runs = results.runs
        found = runs.index[(runs["run"] == name) | (runs["digest"].str.startswith(name) & (len(name) >= LEAST))]
        if len(found):
            row = runs.loc[found[0]]
            names = [end for end in end_names() if end in runs]
            return Stored(results.design, int(found[0]), row["digest"], row[names].to_dict())
        known += runs["run"].tolist()
    if not known:
        raise SamspelError(f"{folder}: holds no runs; expected a folder that samspel wrote")
    raise unknown("run", name, known if len(known) < 1000 else known[:20], str(folder))


def _with_partner(design: Design, chosen: Run) -> Task:
    """The run by itself, after the one whose money it takes, if there is one."""
    task = next(task for task in design.tasks() if chosen in task.runs)
    first = [task.runs[0]] if chosen.treatment.same_money_as else []
    return Task(task.world, (*first, chosen))


def told(record: Record, stored: dict[str, float]) -> str:
    """Whether the run came out as stored, in words."""
    now = dict(zip(end_names(), unpack_numbers(record.ends).tolist(), strict=True))
    differing = [name for name, value in stored.items() if not np.array_equal(now[name], value, equal_nan=True)]
    took = f"went well in {record.seconds:.2f} s"
    if not differing:
        return f"{took}; all {len(stored)} end outcomes are as stored"
    first = differing[0]
    such = f"such as {first}: {now[first]:g}, stored {stored[first]:g}"
    return f"{took}; {len(differing)} of {len(stored)} end outcomes differ, {such}"
