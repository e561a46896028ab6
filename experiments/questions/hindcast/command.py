"""`samspel hindcast`: an episode of the past as a file: what runs foretell, beside what was observed."""

from __future__ import annotations

import json
from dataclasses import replace

import click

from experiments.design.asked import Asked
from experiments.design.options import Defaults
from experiments.engine.experiment import Experiment
from experiments.questions.hindcast.episode.checking import check_measures
from experiments.questions.hindcast.episode.model import About
from experiments.questions.hindcast.episode.reading import read_episode, settings_of
from experiments.questions.hindcast.episode.schema import schema
from experiments.questions.hindcast.figures import draw
from experiments.questions.hindcast.result import EPISODE, TOLD, Hindcast, as_data, headline, read, write_data
from experiments.questions.hindcast.words import document, said, sections, table, title
from experiments.questions.question import Answer, Question
from sim.inputs.files import read_bytes

HELP = """Does the model foretell what happened elsewhere, or before?

FILE is an episode (TOML): what happened, the region and how it was changed, arms with practices, levers and dates, and
measures, each with what was observed. Runs the arms, paired on common random numbers, and tells for each measure the
interval of nine runs in ten, whether the observed number lies inside, how far outside, and how "no change" would have
done.
Examples are in seeds/episodes; experiments/QUESTIONS.md tells how to write one.
"""


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, measures that no run can tell."""
    check_measures(_episode(asked), asked)


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
    design = asked.design(curves=True, detail=True, events=events)
    experiment.announce(design)
    experiment.run(design)
    found = read(experiment.folder)
    write_data(experiment.folder, found)
    (experiment.folder / TOLD).write_text(document(found), encoding="utf-8")


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
    usual=Defaults("botkyrka", 0.1, 10, "results/hindcast", arms=lambda _: (), file=settings_of),
    quick={"scale": 0.05, "replicates": 3},
    options=(
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
