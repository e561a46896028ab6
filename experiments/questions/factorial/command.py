"""`samspel factorial`: all combinations of practices: which one carries the gain."""

from __future__ import annotations

import click

from experiments.design.arms import Arm
from experiments.design.asked import Asked
from experiments.design.options import Defaults
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.sampling import factorial
from experiments.questions.factorial.figures import draw
from experiments.questions.factorial.result import SHARES, Factorial, adds, default_outcomes, headline, read
from experiments.questions.factorial.words import said, sections, title
from experiments.questions.question import Answer, Question
from experiments.reporting.quantity import quantities_of
from sim import Collaboration
from sim.vocabulary import Practice


def acting(partners: str) -> tuple[str, ...]:
    """The practices that can act with these partners (a preset's name)."""
    table = Collaboration.preset(partners).partners
    return tuple(str(practice) for practice in Practice if practice.needs <= table)


HELP = f"""Which practice carries the gain?

Runs every combination of the practices that can act ({2 ** len(acting("national"))} with national partners), paired on
common random numbers, and shares what all of them do together fairly among them: exact Shapley values, for every
account and headline outcome, with bootstrap intervals over replicates; what each adds first and last, which need each
other, and the best order to take them up in.
"""


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, outcomes that do not exist."""
    quantities_of(asked.options["outcome"] or default_outcomes(), 1)


def design(asked: Asked) -> Design:
    """All combinations of the practices that can act, as points of one arm that has these partners."""
    partners = asked.options["partners"]
    practices = acting(partners)
    meaning = f"the practices of a combination, with {partners} partners"
    arm = Arm("practices", "Practices", meaning, partners, dict.fromkeys(practices, 0.0))
    return asked.design(factorial({name: [0.0, 1.0] for name in practices}), arms=[arm])


def run(asked: Asked, experiment: Experiment) -> None:
    """Run all combinations and keep the shares as a table."""
    plan = design(asked)
    experiment.announce(plan)
    experiment.run(plan)
    read(experiment.folder).table().to_csv(experiment.folder / SHARES, index=False)


QUESTION: Question[Factorial] = Question(
    answer=Answer(
        kind="factorial",
        read=read,
        title=title,
        said=said,
        sections=sections,
        headline=headline,
        draw=draw,
        adds=adds,
    ),
    help=HELP,
    usual=Defaults("stockholm-county", 0.1, 8, "results/factorial"),
    quick={"scale": 0.01, "replicates": 1},  # exact shares need every combination, so that runs are what can be saved
    options=(
        click.option(
            "--partners",
            type=click.Choice(["national", "regional"]),
            default="national",
            show_default=True,
            help="Who is at the table; regional partners leave out the state, and what needs it.",
        ),
        click.option("--outcome", "outcome", multiple=True, metavar="NAME", help="Only these; may be repeated."),
    ),
    run=run,
    check=check,
)
