"""`samspel discover`: many runs over all that is uncertain, and the box in which coordination loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from experiments.analysis.prim import load_prim
from experiments.design.asked import Asked
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.sampling import latin_hypercube, plausible_ranges
from experiments.questions.discover.figures import draw
from experiments.questions.discover.result import Found, headline, quantity, read, verdicts, write
from experiments.questions.discover.words import said, sections, title
from experiments.questions.question import Answer, Question
from sim import SamspelError

HELP = """When does coordination lose?

Draws all uncertain parameters from their whole plausible ranges (a Latin hypercube), each draw with random
numbers of its own, runs silos and coordination in each, and looks for the box in which coordination loses most
often (PRIM of the EMA workbench): in words, with how many losses it holds, how often coordination loses inside,
and whether it is found again on half of the runs.
"""


def usual_arms(options: Mapping[str, Any]) -> Sequence[str]:
    """Silos and coordination."""
    return ("siloed", "coordinated")


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, what cannot be searched: another number of arms than two, an unknown outcome."""
    load_prim()
    if len(asked.arms) != 2:
        raise SamspelError(f"--arms: got {len(asked.arms)}; expected two, of which one loses or gains by the other")
    quantity(dict(asked.options), 1)


def design(asked: Asked) -> Design:
    """A Latin hypercube over all uncertain parameters that are not set, each point with random numbers of its own."""
    ranges = {name: span for name, span in plausible_ranges().items() if name not in asked.settings}
    return asked.design(latin_hypercube(ranges, asked.options["runs"], asked.seed), own_numbers=True)


def run(asked: Asked, experiment: Experiment) -> None:
    """Run all draws in both arms, and search."""
    drawn = design(asked)
    experiment.announce(drawn)
    write(experiment.folder, experiment.run(drawn))


QUESTION: Question[Found] = Question(
    answer=Answer(
        kind="discover", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw,
        adds=verdicts,
    ),
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 1, "results/discover", arms=usual_arms),
    quick={"scale": 0.02, "runs": 50},
    options=(
        click.option("--runs", type=WholeRange(20), default=1200, show_default=True, help="Pairs of runs."),
        click.option("--outcome", metavar="NAME", default=None, help="What is lost; see samspel list outcomes."),
        click.option(
            "--find", type=click.Choice(["loses", "gains"]), default="loses", show_default=True, help="What to find."
        ),
    ),
    run=run,
    check=check,
)  # fmt: skip
