"""The one runner: announce, run, read, write, draw, print, exit status. The same reading tells stored results again."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.options import asked_of, asked_options
from experiments.engine.experiment import Experiment
from experiments.engine.manifest import read_manifest
from experiments.engine.pool import default_jobs, worker_pool
from experiments.engine.results import Results
from experiments.engine.store import FIGURES
from experiments.questions.kinds import answer_of
from experiments.questions.question import Answer, Question, View
from experiments.reporting.numbers import PURPOSE
from experiments.reporting.style import house_style, save
from experiments.reporting.summary import QUICK, failed_words, write_data, write_summary
from sim import SamspelError

WIDTH = 100
EVERYTHING = View()


def command_of(question: Question[Any]) -> click.Command:
    """A question as a command of the command line."""

    @click.command(question.answer.kind, help=question.help, epilog=question.epilog or None)
    @asked_options(question.usual)
    @click.pass_context
    def command(context: click.Context, /, **_: Any) -> int:
        asked = asked_of(context, question.usual, question.quick)
        return ask(question, asked)

    made: click.Command = command
    for option in question.options:
        made = option(made)
    return made


def ask(question: Question[Any], asked: Asked, show: Callable[[str], None] = click.echo) -> int:
    """Run what a question asks, write all of its results, and print the answer; returns the exit status: 1 where a run
    failed. Raises SamspelError, or RunError where no run went well."""
    question.check(asked)
    design = question.design(asked) if question.design is not None else None
    if asked.quick:
        show(QUICK)
    for note in asked.notes():
        click.echo(f"note: {note}", err=True)
    with asked.experiment(question.answer.kind) as experiment:
        if design is not None:
            experiment.announce(design)
            experiment.run(design)
        elif question.run is not None:
            question.run(asked, experiment)
        found = conclude(question.answer, experiment, asked.figures)
    for line in printed(question.answer, found):
        show(line)
    if found.results.made.failed:
        click.echo(failed(found), err=True)
    show(f"Written to {asked.out}: summary.md, summary.json, {'figures/, ' * asked.figures}tables and manifest")
    return _after(question, asked, found, show) or experiment.exit_status


def _after(question: Question[Any], asked: Asked, found: Any, show: Callable[[str], None]) -> int:
    """What a question does once its results stand; 1 where they do not allow it."""
    try:
        told = question.after(asked, found)
    except SamspelError as error:
        click.echo(f"samspel: {error}", err=True)
        return 1
    if told:
        show(told)
    return 0


def conclude(answer: Answer[Any], experiment: Experiment, figures: bool) -> Any:
    """Read what was run, and write summary and figures beside it. Called inside the experiment."""
    experiment.write_manifest()
    found = answer.read(experiment.folder)
    made = found.results.made
    write_summary(experiment.folder, made, answer.title(found), answer.said(found), answer.sections(found))
    write_data(experiment.folder, made, answer.headline(found), answer.adds(found))
    if figures:
        draw(experiment.folder, experiment.folder / FIGURES, jobs=experiment.execution.at_once)
    found.results.folder = experiment.target
    return found


def printed(answer: Answer[Any], found: Any) -> list[str]:
    """What the terminal shows: what was run, a table where there is one, and the answer."""
    table = answer.table(found)
    said = [textwrap.fill(line.replace("**", ""), WIDTH, break_long_words=False) for line in answer.said(found)]
    head = textwrap.fill(found.results.made.title, WIDTH)
    return [f"{head}\n{PURPOSE}.\n", *([table + "\n"] if table else []), *(f"{line}\n" for line in said)]


def failed(found: Any) -> str:
    """How many runs failed and which, and how to repeat the first of them."""
    results = found.results
    first = next(iter(results.made.failed))
    return f'{failed_words(results.made)} Repeat it with "samspel rerun {first} --results {results.folder}".'


def draw(folder: Path, target: Path, view: View = EVERYTHING, jobs: int | None = None) -> list[Path]:
    """Draw stored results, all of them or what a view chooses, into `target`; returns the files. Raises SamspelError
    where the results do not hold what is asked for, or cannot be drawn in part."""
    answer, found = _read(folder)
    if not answer.views and not view.everything:
        raise SamspelError(
            f"{folder}: results of {answer.kind} are drawn whole; leave out --outcome, --arms and --area"
        )
    names = [drawing.name for drawing in answer.draw(found, view)]
    at_once = min(jobs or default_jobs(), len(names))
    if at_once <= 1:
        return [file for name in names for file in _drawn(folder, target, view, name)]
    with worker_pool(at_once) as pool:
        futures = [pool.submit(_drawn, folder, target, view, name) for name in names]
        return [file for future in futures for file in future.result()]


def _drawn(folder: Path, target: Path, view: View, name: str) -> list[Path]:
    """One figure of stored results, by name: what passes between processes is small."""
    answer, found = _read(folder)
    drawing = next(drawing for drawing in answer.draw(found, view) if drawing.name == name)
    with house_style():
        return save(drawing.make(), target, drawing.name)


def _read(folder: Path) -> tuple[Answer[Any], Any]:
    stamp = (folder / "manifest.json").stat().st_mtime_ns if (folder / "manifest.json").is_file() else 0
    return _read_once(folder, stamp)


@lru_cache(maxsize=2)
def _read_once(folder: Path, stamp: int) -> tuple[Answer[Any], Any]:
    """What a folder holds, once a process and state of the folder."""
    answer = answer_of(read_manifest(folder).kind, str(folder))
    return answer, answer.read(folder)


def results_of(question: Question[Any], asked: Asked) -> Results:
    """Ask from Python, without printing; the results as they stand afterwards."""
    ask(question, asked, show=lambda _: None)
    return Results(asked.folder)
