"""`samspel validate`: does the model reproduce what is known to have happened?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from experiments.design.options import JOBS, world_options
from experiments.questions.question import QUICK as QUICK_HELP
from experiments.questions.question import Command, Question, question_of

if TYPE_CHECKING:
    from experiments.questions.validate.measuring.ensemble import Ensemble
    from experiments.questions.validate.measuring.patterns import Pattern

HELP = """Does the model reproduce what is known to have happened?

Measures empirical patterns with ranges from the literature (seeds/patterns.toml) and negative controls on many seeds:
silos, silos with training clauses, shared calculations, full collaboration, and their twins. A test passes where the
runs lie inside the range, is near within 1.5 times of it, and is missed otherwise; what the model has nothing for
counts as a miss. Numbers that are inputs of the model are marked: only what emerges is evidence. Misses do not
change the exit status.
"""
QUICK = {"region": "botkyrka", "scale": 1.0, "years": 20, "replicates": 4}
SCOREBOARD, MEASURES = "scoreboard.csv", "measures.parquet"


def validate_options(command: Command) -> Command:
    """The options of questions, without those of a cluster and of continuing: it is all done in minutes."""
    add: tuple[Callable[[Command], Command], ...] = (
        click.option("--quick", is_flag=True, help=QUICK_HELP),
        click.option("--pattern", "patterns", multiple=True, metavar="NAME", help="Only these, such as P5 or C1."),
        click.option("--jobs", type=int, help=JOBS),
        world_options("stockholm-county", 1.0, 30, 20, "results/validate"),
    )
    for option in add:
        command = option(command)
    return command


@click.command(help=HELP, short_help="Empirical patterns: what the model reproduces, and what it misses.")
@validate_options
@click.pass_context
def validate(context: click.Context, /, **_: Any) -> int:
    """The command."""
    context.params |= {"cluster": None, "fresh": False}
    question, own = question_of(context, QUICK)
    return run_validate(question, own["patterns"])


def run_validate(question: Question, names: tuple[str, ...] = ()) -> int:
    """Run, score and write; returns the exit status, 0 also where patterns are missed. Raises SamspelError."""
    from experiments.engine.design import replicate_seed
    from experiments.engine.progress import Progress
    from experiments.questions.validate.aggregate_beside import beside_agents
    from experiments.questions.validate.figures import draw_scoreboard
    from experiments.questions.validate.measuring.ensemble import measure_all
    from experiments.questions.validate.measuring.score import board, score
    from experiments.questions.validate.words import printed, sections

    patterns = chosen(names)
    ensemble = ensemble_of(question, patterns)
    seeds = [replicate_seed(question.seed, replicate) for replicate in range(1, question.replicates + 1)]
    jobs = question.execution.at_once
    with question.experiment("validate") as experiment:
        experiment.note(**described(question, patterns, seeds))
        click.echo(f"{len(seeds)} seeds, up to five runs each, {min(jobs, len(seeds))} at a time", err=True)
        with Progress(len(seeds), 0, question.execution.show_progress) as progress:
            measures = measure_all(ensemble, seeds, jobs, lambda: progress.add(1, 0))
        found = score(patterns, measures)
        measures.to_parquet(experiment.folder / MEASURES, index=False)
        board(found).to_csv(experiment.folder / SCOREBOARD, index=False)
        draw_scoreboard(found, f"{question.title}, {len(seeds)} seeds", experiment.folder)
        benchmark = "" if names else beside_agents(question, experiment)
        sections(question, experiment, found, benchmark)
    click.echo(printed(found, len(seeds)))
    click.echo(f"\nWritten to {question.out}: summary.md, {SCOREBOARD}, {MEASURES}, figures/ and manifest")
    return 0


def chosen(names: tuple[str, ...]) -> tuple[Pattern, ...]:
    """The patterns of these names, or all. Raises SamspelError for a name that does not exist."""
    from experiments.questions.validate.measuring.patterns import load_patterns
    from sim.errors import unknown

    patterns = load_patterns()
    known = {pattern.key for pattern in patterns}
    for name in names:
        if name not in known:
            raise unknown("pattern", name, known, "--pattern")
    return tuple(pattern for pattern in patterns if not names or pattern.key in names)


def ensemble_of(question: Question, patterns: tuple[Pattern, ...]) -> Ensemble:
    """What all seeds of a question share."""
    from experiments.design.plan import split_settings
    from experiments.questions.validate.measuring.ensemble import Ensemble

    parameters, levers = split_settings(question.settings, "--set")
    names = tuple(pattern.key for pattern in patterns)
    return Ensemble(question.region, question.scale, question.years, parameters, levers, names)


def described(question: Question, patterns: tuple[Pattern, ...], seeds: list[int]) -> dict[str, Any]:
    """For the manifest: the region, the years, seeds and patterns."""
    place = question.place
    return {
        "region": {"name": place.name, "title": place.title, "scale": place.scale, "digest": place.digest},
        "flats": place.total_flats,
        "first_year": 2011,
        "years": question.years,
        "quarters": question.years * 4,
        "seeds": seeds,
        "patterns": [pattern.key for pattern in patterns],
    }
