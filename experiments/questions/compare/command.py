"""`samspel compare`: arms side by side: what differs, who pays, who gains."""

from __future__ import annotations

from dataclasses import replace

import click

from experiments.design.arms import DEFAULT_ARMS
from experiments.design.asked import Asked
from experiments.design.option_types import NumberRange, WholeRange
from experiments.design.options import Defaults
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.precision import WIDTH, replicate_until
from experiments.questions.compare.figures import draw
from experiments.questions.compare.result import Compared, headline, headline_interval, read, verdicts
from experiments.questions.compare.turns.varied import STAGE, plan_of
from experiments.questions.compare.words import said, sections, table, title
from experiments.questions.over.beside import KEY, first_of_all, verdict_now
from experiments.questions.over.question import question_of
from experiments.questions.question import Answer, Question
from experiments.reporting.tracks.table import tracks

MOST_REPLICATES = 200

HELP = """Run arms side by side and say what differs, how surely, who pays and who gains.

First of all it tells the verdict that comes with Samspel: in which share of all that the evidence leaves open
coordination is better, and by how much (--over set makes it anew). Its own runs, at one set of parameters, illustrate.

By default the county at 1:1 over thirty years, ten times: siloed, coordinated, siloed with the coordinated arm's money,
coordinated at triple cost of coordination, and emergent, where municipalities decide each year about a compact. Runs
are paired on common random numbers, so that a difference is due to the arm alone. Smaller runs then show at which
values of what is most uncertain (what better homes and buildings in order are worth, additionality, the cost of
coordination, carbon dioxide) the answer turns.

Stopped halfway, the same command goes on where it was: a finished run is never computed twice.
"""
EPILOG = """\b
A configuration file holds the same settings, and arms of your own:
  region = "botkyrka"
  replicates = 20
  select = ["siloed", "coordinated", "no-training"]   # which arms to run
  [set]
  grant_rate = 0.3
  [arms.no-training]
  preset = "regional"
  training = 0.0                # or in some years: { strength = 1.0, from_year = 2013, to_year = 2016 }
  [arms.no-training.set]
  grant_rate = { value = 0.3, from_year = 2014 }
The command line overrules the file.
"""
WIDTH_HELP = "How wide the 95 % interval of what society gains may be, by the size of its mean."
OVER_HELP = (
    "Run two arms (siloed and coordinated) in every member of the set of parameters that is not ruled out, each with "
    "random numbers of its own, once unless --replicates says more, into results/over: the verdict."
)
RECORD_HELP = (
    "Store neighbourhoods and municipalities as well; with --over set of the baseline alone, in runs of its own up to "
    "the last observed year, beside what was observed."
)
TURNS_HELP = (
    "Run again at other values of what is most uncertain, to find where the answer turns; with --over set in its first "
    "30 members, at a fifth of the county."
)


def run(asked: Asked, experiment: Experiment) -> None:
    """Run the arms, with as many replicates as are asked for or, with --replicates auto, as are needed; then both arms
    in question at other values of what is most uncertain."""
    tracks()  # what is wrong with the table of observed series is told before anything is run
    options = dict(asked.options) | {KEY: verdict_now().data()}
    experiment.note(options=options)
    plan = plan_of(asked) if options["turns"] else None
    experiment.note(shared_seeds=options["shared_seeds"])

    def design(replicates: int) -> Design:
        wanted = replace(asked, replicates=replicates)
        return wanted.design(curves=True, detail=options["record"], shared_seeds=options["shared_seeds"])

    start = asked.replicates
    results, _ = replicate_until(
        experiment,
        design,
        headline_interval,
        options["width"],
        start=start,
        most=max(start, MOST_REPLICATES) if options["auto"] else start,
        minutes=options["minutes"],
    )
    experiment.note(replicates=results.made.stages[""].replicates)
    if plan is not None:
        experiment.note(options=options | {"turned": plan.about()})
        experiment.announce(plan.design)
        experiment.run(plan.design, STAGE)


QUESTION: Question[Compared] = Question(
    answer=Answer(
        kind="compare",
        read=read,
        title=title,
        said=said,
        sections=sections,
        headline=headline,
        draw=draw,
        adds=verdicts,
        table=table,
        first=lambda compared: first_of_all(compared.results.made),
        views=True,
    ),
    help=HELP,
    epilog=EPILOG,
    usual=Defaults("stockholm-county", 1.0, 10, "results/compare", arms=lambda _: DEFAULT_ARMS, auto=True),
    quick={"scale": 0.03, "replicates": 5},
    options=(
        click.option("--over", metavar="set", help=OVER_HELP),
        click.option("--members", type=WholeRange(1), help="With --over set: its first so many members.  [all]"),
        click.option("--record/--no-record", default=True, help=RECORD_HELP),
        click.option(
            "--shared-seeds/--own-seeds", default=True, help="Arms share random numbers, or have their own (a check)."
        ),
        click.option("--turns/--no-turns", default=True, help=TURNS_HELP),
        click.option("--minutes", type=NumberRange(0), help="How long --replicates auto may go on.  [no limit]"),
        click.option("--width", type=NumberRange(0, min_open=True), default=WIDTH, show_default=True, help=WIDTH_HELP),
    ),
    run=run,
    instead=question_of,
)
