"""The one runner: announce, run, read, write, draw, print, exit status. The same reading tells stored results again."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.options import asked_of, asked_options
from experiments.engine.experiment import Experiment
from experiments.engine.layout import FIGURES
from experiments.engine.need import check_model
from experiments.engine.progress import tell
from experiments.engine.results import Results
from experiments.engine.stored import asked_again
from experiments.questions.drawing import draw_all, failures
from experiments.questions.question import Answer, Question
from experiments.reporting.names import one_line, terminal
from experiments.reporting.numbers import PURPOSE
from experiments.reporting.summary import QUICK, failed_figures_words, failed_words, write_data, write_summary
from sim import SamspelError

WIDTH = 100


def command_of(question: Question[Any]) -> click.Command:
    """A question as a command of the command line."""

    @click.command(question.answer.kind, help=question.help, epilog=question.epilog or None)
    @asked_options(question.usual)
    @click.pass_context
    def command(context: click.Context, /, **_: Any) -> int:
        asked = asked_of(context, question.usual, question.quick)
        other = question.instead(asked.options, asked.given)
        if other is not None:
            return ask(other, asked_of(context, other.usual, other.quick))
        return ask(question, asked)

    made: click.Command = command
    for option in question.options:
        made = option(made)
    return made


def ask(question: Question[Any], asked: Asked, show: Callable[[str], None] = click.echo) -> int:
    """Run what a question asks, write all of its results, and print the answer; returns the exit status: 1 where a run
    or a figure failed. Raises SamspelError, or RunError where no run went well."""
    question.check(asked)
    check_model(asked.place, asked.years, asked.execution.processes)
    design = question.design(asked) if question.design is not None else None
    if asked.quick:
        show(QUICK)
    for note in (*asked.notes(), *asked_again(asked.folder, question.answer.kind, asked.region)):
        tell(f"note: {note}")
    with asked.experiment(question.answer.kind) as experiment:
        experiment.hold_inputs(asked.region, asked.scale)
        if design is not None:
            experiment.announce(design)
            experiment.run(design)
        elif question.run is not None:
            question.run(asked, experiment)
        found = conclude(question.answer, experiment, asked.figures)
    with written_to(asked.out):
        for line in printed(question.answer, found):
            show(line)
        for line in failed(found):
            tell(line)
        show(f"Written to {asked.out}: summary.md, summary.json, {'figures/, ' * asked.figures}tables and manifest")
    return _after(question, asked, found, show) or status_of(found)


@contextmanager
def written_to(out: object) -> Iterator[None]:
    """Results stand, and the answer is printed. Where it cannot be, it is told that they do."""
    try:
        yield
    except OSError as error:
        error.add_note(f"; the results are written, to {out}")
        raise


def _after(question: Question[Any], asked: Asked, found: Any, show: Callable[[str], None]) -> int:
    """What a question does once its results stand; 1 where they do not allow it."""
    try:
        told = question.after(asked, found)
    except SamspelError as error:
        tell(f"samspel: {error}")
        return 1
    if told:
        show(told)
    return 0


def conclude(answer: Answer[Any], experiment: Experiment, figures: bool) -> Any:
    """Read what was run, and write figures and summary beside it. Called inside the experiment."""
    experiment.write_manifest()
    if figures:
        drawn = draw_all(experiment.folder, experiment.folder / FIGURES, jobs=experiment.execution.at_once)
        experiment.note(failed_figures=failures(drawn))
        experiment.write_manifest()
    found = answer.read(experiment.folder)
    made = found.results.made
    told = (*answer.first(found), *answer.said(found))
    write_summary(experiment.folder, made, answer.title(found), told, answer.sections(found))
    write_data(experiment.folder, made, answer.headline(found), answer.adds(found))
    found.results.folder = experiment.target
    return found


def printed(answer: Answer[Any], found: Any) -> list[str]:
    """What the terminal shows: what was run, what is told before all else, a table where there is one, the answer."""
    table = answer.table(found)
    first, said = (
        [f"{textwrap.fill(terminal(line), WIDTH, break_long_words=False)}\n" for line in lines]
        for lines in (answer.first(found), answer.said(found))
    )
    head = textwrap.fill(one_line(found.results.made.title), WIDTH)
    return [f"{head}\n{PURPOSE}.\n", *first, *([table + "\n"] if table else []), *said]


def failed(found: Any) -> list[str]:
    """What failed, in lines: how many runs and which, with how to repeat the first of them, and figures."""
    results, told = found.results, []
    if results.made.failed:
        first = next(iter(results.made.failed))
        told = [f'{failed_words(results.made)} Repeat it with "samspel rerun {first} --results {results.folder}".']
    if results.made.failed_figures:
        told.append(f'{failed_figures_words(results.made)} "samspel plot {results.folder}" tries again.')
    return told


def status_of(found: Any) -> int:
    """The exit status of results that stand: 0, or 1 where a run or a figure failed."""
    return 1 if found.results.made.failed or found.results.made.failed_figures else 0


def results_of(question: Question[Any], asked: Asked) -> Results:
    """Ask from Python, without printing; the results as they stand afterwards."""
    ask(question, asked, show=lambda _: None)
    return Results(asked.folder)
