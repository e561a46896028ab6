"""`samspel validate`: empirical patterns; what the model reproduces, and what it misses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click
import pandas as pd

from experiments.design.arms import BASELINE, FOCUS, choose_arms
from experiments.design.asked import Asked
from experiments.design.kept_set import kept_set
from experiments.design.members import Members, own_numbers
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.engine.design import replicate_seed
from experiments.engine.experiment import Experiment
from experiments.engine.progress import tell
from experiments.questions.question import Answer, Question
from experiments.questions.validate.departures import aggregate_by_arm
from experiments.questions.validate.figures import draw
from experiments.questions.validate.measuring.ensemble import TABLE, Ensemble, measure_all
from experiments.questions.validate.measuring.patterns import Pattern, load_patterns
from experiments.questions.validate.measuring.score import board, score
from experiments.questions.validate.result import (
    AGGREGATE,
    KEY,
    SCOREBOARD,
    STAGE,
    Validated,
    headline,
    read,
    verdicts,
    write_patterns,
)
from experiments.questions.validate.words import said, sections, table, title
from sim import Levers, SamspelError, load_parameters
from sim.errors import unknown

HELP = """Does the model reproduce what is known to have happened?

Measures empirical patterns with ranges from the literature (seeds/patterns.toml) and negative controls on many seeds:
silos, silos with training clauses, joint appraisal, full collaboration, and their twins. A test passes where the
runs lie inside the range, is near within 1.5 times of it, and is missed otherwise; what the model has nothing for
counts as a miss. Numbers that are inputs of the model are marked: only what emerges is evidence. Misses do not
change the exit status. Beside it stands the same as difference equations without agents, in the first ten members of
the set of parameters that is not ruled out, each with its own parameters.
"""
MOST = 10  # members of the set in which the aggregate benchmark is compared: the band needs no more


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, patterns that do not exist."""
    chosen(asked.options["pattern"])
    if not asked.options["pattern"]:
        _members(asked)
    if asked.shocks:
        raise SamspelError("shocks: validate measures surroundings as they are drawn; expected a configuration without")


def run(asked: Asked, experiment: Experiment) -> None:
    """Measure every seed, score, and run both arms for the comparison with the aggregate benchmark."""
    levers = Levers(**split_settings(asked.settings, "--set")[1])
    patterns = tuple(pattern.under(levers) for pattern in chosen(asked.options["pattern"]))
    seeds = [replicate_seed(asked.seed, replicate) for replicate in range(1, asked.replicates + 1)]
    if experiment.execution.show_progress is not False:
        at_once = min(experiment.execution.at_once, len(seeds))
        tell(f"{len(seeds)} seeds, up to five runs each, {at_once} at a time")
    measures = measure_all(experiment, ensemble_of(asked, patterns), seeds)
    measures.to_parquet(experiment.folder / TABLE, index=False)
    write_patterns(experiment.folder, patterns)
    board(score(patterns, measures)).to_csv(experiment.folder / SCOREBOARD, index=False)
    if not asked.options["pattern"]:
        _beside(asked, experiment)


def _beside(asked: Asked, experiment: Experiment) -> None:
    """Silos and coordination through the engine in as many members of the set as there are seeds (at most ten), each
    once and with random numbers of its own, and the benchmark with the parameters of each."""
    points, members = _members(asked)
    experiment.note(options=dict(asked.options) | {KEY: members.about()})
    once = replace(asked, replicates=1, arms=choose_arms((BASELINE, FOCUS), {}))
    experiment.run(own_numbers(once.design(points, curves=True), asked.seed, 1), stage=STAGE)
    parameters, levers = split_settings(asked.settings)
    known, frames = load_parameters().replace(parameters), []
    for number, point in enumerate(points, 1):
        there = aggregate_by_arm(
            (BASELINE, FOCUS), asked.years, asked.place, known.replace(dict(point)), Levers(**levers)
        )
        frames += [frame.assign(arm=arm, replicate=number) for arm, frame in there.items()]
    pd.concat(frames, ignore_index=True).to_parquet(experiment.folder / AGGREGATE, index=False)


def _members(asked: Asked) -> tuple[list[dict[str, float]], Members]:
    """The members in which the benchmark is compared; what is set stays as it was set. Raises SamspelError where
    nothing is left in which they differ, or they weigh nothing."""
    known = kept_set()
    members = Members.first(known, min(asked.replicates, MOST, len(known)))
    names = [name for name in known.names if name not in asked.settings]
    if not names:
        raise SamspelError("--set: sets all that members of the set differ in; expected some of it, or --pattern")
    if not members.weights.sum() > 0:
        raise SamspelError(f"--replicates: the first {len(members)} members of the set weigh nothing; expected more")
    return [{name: point[name] for name in names} for point in known.points(len(members))], members


def chosen(names: tuple[str, ...]) -> tuple[Pattern, ...]:
    """The patterns of these names, or all. Raises SamspelError for a name that does not exist."""
    patterns = load_patterns()
    known = {pattern.key for pattern in patterns}
    for name in names:
        if name not in known:
            raise unknown("pattern", name, known, "--pattern")
    return tuple(pattern for pattern in patterns if not names or pattern.key in names)


def ensemble_of(asked: Asked, patterns: tuple[Pattern, ...]) -> Ensemble:
    """What all seeds of a question share."""
    parameters, levers = split_settings(asked.settings, "--set")
    names = tuple(pattern.key for pattern in patterns)
    known: dict[str, Any] = dict(levers)
    return Ensemble(asked.region, asked.scale, asked.years, parameters, known, names)


QUESTION: Question[Validated] = Question(
    answer=Answer(
        kind="validate",
        read=read,
        title=title,
        said=said,
        sections=sections,
        headline=headline,
        draw=draw,
        adds=verdicts,
        table=table,
    ),
    help=HELP,
    usual=Defaults("stockholm-county", 1.0, 20, "results/validate"),
    quick={"scale": 0.1, "replicates": 3},
    options=(
        click.option("--pattern", "pattern", multiple=True, metavar="NAME", help="Only these, such as P5 or C1."),
    ),
    run=run,
    check=check,
)
