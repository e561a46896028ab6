"""`samspel rerun`: one run of stored results once more, in this process, for a debugger or a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from experiments.engine.design import Design, Run, Task
    from experiments.engine.records import Record

HELP = """Repeat one run in this process and say what came of it.

RUN is a run's name in the table of runs, such as coordinated/3 or 17/siloed/1, or the start of its digest.
A run that fails shows its whole traceback. Start it under a debugger with:
python -m pdb -m experiments rerun RUN
"""


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
@click.pass_context
def rerun(context: click.Context, /, run: str, results: Path) -> None:
    """The command."""
    from experiments.engine.pool import use_one_thread

    use_one_thread()
    from experiments.engine.identity import digests
    from experiments.engine.runs import attempt

    design, stored = find_run(results, run)
    chosen = design.runs[stored["position"]]
    task = _with_partner(design, chosen)
    same = digests(design)[chosen.position] == stored["digest"]
    click.echo(f"{chosen.id}: seed {chosen.seed}, digest {stored['digest']}")
    if not same:
        click.echo("note: the model or its inputs have changed since; numbers may differ", err=True)
    record = attempt(task)[-1]
    click.echo(told(record, stored["ends"]))


def find_run(results: Path, name: str) -> tuple[Design, dict[str, Any]]:
    """The design that holds a run, and what is stored of it: position, digest, ends. Raises SamspelError."""
    from experiments.engine.frames import read_tables
    from experiments.engine.runs import end_names
    from sim import SamspelError
    from sim.errors import unknown

    stages = [path.stem.removeprefix("runs").removeprefix("-") for path in sorted(results.glob("runs*.parquet"))]
    if not stages:
        raise SamspelError(f"{results}: holds no runs; expected a folder that samspel wrote")
    known: list[str] = []
    for stage in stages:
        tables = read_tables(results, stage)
        runs = tables.runs
        found = runs.index[(runs["run"] == name) | (runs["digest"].str.startswith(name) & (len(name) >= 8))]
        if len(found):
            row = runs.loc[found[0]]
            names = [end for end in end_names() if end in runs]
            stored = {"position": int(found[0]), "digest": row["digest"], "ends": row[names].to_dict()}
            return tables.design, stored
        known += runs["run"].tolist()
    raise unknown("run", name, known if len(known) < 1000 else known[:20], str(results))


def _with_partner(design: Design, chosen: Run) -> Task:
    from experiments.engine.design import Task

    task = next(task for task in design.tasks() if chosen in task.runs)
    first = [task.runs[0]] if chosen.treatment.same_money_as else []
    return Task(task.world, (*first, chosen))


def told(record: Record, stored: dict[str, Any]) -> str:
    """Whether the run came out as stored, in words."""
    import numpy as np

    from experiments.engine.records import unpack_numbers
    from experiments.engine.runs import end_names

    now = dict(zip(end_names(), unpack_numbers(record.ends).tolist(), strict=True))
    differing = [name for name, value in stored.items() if not np.array_equal(now[name], value, equal_nan=True)]
    took = f"went well in {record.seconds:.2f} s"
    if not differing:
        return f"{took}; all {len(stored)} end outcomes are as stored"
    first = differing[0]
    such = f"such as {first}: {now[first]:g}, stored {stored[first]:g}"
    return f"{took}; {len(differing)} of {len(stored)} end outcomes differ, {such}"
