"""`samspel hindcast`: an episode of the past as a file: what runs foretell, beside what was observed."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from experiments.design.asked import Asked
from experiments.design.members import DEFAULT, SET
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.engine.experiment import Experiment
from experiments.questions.hindcast.episode.checking import check_measures
from experiments.questions.hindcast.episode.model import About
from experiments.questions.hindcast.episode.reading import read_episode, settings_of
from experiments.questions.hindcast.episode.schema import schema
from experiments.questions.hindcast.figures import draw
from experiments.questions.hindcast.over import KEY, PRIOR, Plan, plan_of
from experiments.questions.hindcast.result import EPISODE, TOLD, Hindcast, as_data, headline, read, write_data
from experiments.questions.hindcast.words import document, said, sections, table, title
from experiments.questions.question import Answer, Question
from sim.inputs.files import read_bytes

HELP = """Does the model foretell what happened elsewhere, or before?

FILE is an episode (TOML): what happened, the region and how it was changed, arms with practices, levers and dates, and
measures, each with what was observed. Runs the arms, paired on common random numbers, in members of the set of
parameters that is not ruled out, weighted by fit, and as often with the same parameters drawn over all that was thought
possible of them before. Tells for each measure the interval of nine tenths of the set, whether the observed number lies
inside, how far outside, whether the interval is narrower than before, and how "no change" would have done.
Examples are in seeds/episodes; experiments/QUESTIONS.md tells how to write one.
"""
OVER_HELP = (
    "set: each replicate is a member of the set that is not ruled out, with as many runs over the plausible ranges of "
    "the parameters that it varies beside them; default: all with the default parameters, whose interval is that of "
    "chance alone."
)


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, measures that no run can tell, and members that there are not."""
    check_measures(_episode(asked), asked)
    plan_of(asked)


def _episode(asked: Asked) -> About:
    assert asked.config is not None, "an episode is a file"
    return read_episode(asked.config)


def run(asked: Asked, experiment: Experiment) -> None:
    """Run the arms, keep the episode beside them, and score its measures."""
    episode = _episode(asked)
    if not isinstance(episode.region, str):
        experiment.note(sources=replace(asked, made_by=str(asked.config)).sources())
    (experiment.folder / EPISODE).write_bytes(read_bytes(asked.config, str(asked.config)))  # type: ignore[arg-type]
    events = any(one.kind.events or one.kind.source == "work" or one.per == "place" for one in episode.measure)
    plan = plan_of(asked)
    if plan is None:
        design = asked.design(curves=True, detail=True, events=events)
        experiment.announce(design)
        experiment.run(design)
    else:
        _over_set(replace(asked, replicates=1), plan, events, experiment)
    found = read(experiment.folder)
    write_data(experiment.folder, found)
    (experiment.folder / TOLD).write_text(document(found), encoding="utf-8")


def _over_set(asked: Asked, plan: Plan, events: bool, experiment: Experiment) -> None:
    """A run of every arm in each member, and in each point of the prior; a member and its point share a seed."""
    members, prior = (
        asked.design(points, curves=True, detail=True, events=events, own_numbers=True)
        for points in (plan.members, plan.prior)
    )
    notes = (*asked.notes(), *plan.notes)
    experiment.note(options=dict(asked.options) | {KEY: plan.over.about()}, replicates=1, notes=notes)
    experiment.announce(members, more=len(prior.runs))
    experiment.run(members)
    experiment.run(prior, stage=PRIOR)


def _show_schema(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
        context.exit()


QUESTION: Question[Hindcast] = Question(
    answer=Answer(
        kind="hindcast",
        read=read,
        title=title,
        said=said,
        sections=sections,
        headline=headline,
        draw=draw,
        adds=lambda found: {"hindcast": {"counts": as_data(found)["counts"]}},
        table=table,
    ),
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 20, "results/hindcast", arms=lambda _: (), file=settings_of),
    quick={"scale": 0.05, "replicates": 3},
    options=(
        click.option(
            "--over",
            type=click.Choice([SET, DEFAULT]),
            default=SET,
            show_default=True,
            help=OVER_HELP,
        ),
        click.option("--members", type=WholeRange(1), help="With --over set: so many.  [as many as replicates]"),
        click.option(
            "--schema",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_schema,
            help="Print the JSON schema of an episode, for an editor.",
        ),
    ),
    run=run,
    check=check,
)
