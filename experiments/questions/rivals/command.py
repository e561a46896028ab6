"""`samspel rivals`: rival rules: which findings hold under every reading of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.options import Defaults
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.sampling import factorial
from experiments.questions.question import Answer, Question
from experiments.questions.rivals.figures import draw
from experiments.questions.rivals.result import SIGNS, Rivals, adds, default_outcomes, headline, read
from experiments.questions.rivals.rules import asked as asked_of
from experiments.questions.rivals.rules import rivalries, rules_of
from experiments.questions.rivals.words import said, sections, title
from experiments.reporting.numbers import listed
from experiments.reporting.quantity import quantities_of
from sim import SamspelError

MOST = 100  # combinations that are run unless somebody asks for more

HELP = f"""Do the findings survive other readings of the evidence?

Where evidence disagrees, the model carries rival rules: {listed([asked_of(name) for name in rivalries()])}.
Runs them in two arms, paired on common random numbers, and reports the sign of each finding under each: which findings
hold under all rules, which flip, which rule flips them, and by how much each rule moves the verdict. All combinations
are run where there are at most {MOST}, as with --rivalry; else one rule is replaced at a time.
"""


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, arms, settings, replicates and outcomes that give no sign."""
    if len(asked.arms) != 2:
        count = len(asked.arms)
        raise SamspelError(f"rivals: {count} arm{'s' * (count != 1)}; expected two to compare, such as "
                           "--arms siloed,coordinated")  # fmt: skip
    for name in chosen(asked):
        if name in asked.settings:
            raise SamspelError(f"--set {name}: all its rules are run; leave it out, or name others with --rivalry")
    if asked.replicates < 2:
        raise SamspelError("rivals: one replicate gives no interval and no sign; expected --replicates 2 or more")
    quantities_of(asked.options["outcome"] or default_outcomes(), 1)


def chosen(asked: Asked) -> list[str]:
    """The rivalries that were asked about: all of them by default."""
    names = asked.options["rivalry"]
    return [name for name in rivalries() if not names or name in names]


def points_of(names: Sequence[str], one_at_a_time: bool) -> list[dict[str, Any]]:
    """Every combination of the rules of these rivalries, or only those in which one rule at most is replaced; the first
    is the model as it stands."""
    rules = {name: rules_of(name) for name in names}
    if not one_at_a_time:
        return factorial(rules)
    own: dict[str, Any] = {name: found[0] for name, found in rules.items()}
    return [own, *(own | {name: rule} for name, found in rules.items() for rule in found[1:])]


def few(names: Sequence[str], asked_for: bool | None) -> bool:
    """Whether one rule is replaced at a time: as was asked for, or where there are too many combinations."""
    return prod(len(rules_of(name)) for name in names) > MOST if asked_for is None else asked_for


def design(asked: Asked) -> Design:
    """The combinations in both arms, on the same random numbers."""
    names = chosen(asked)
    return asked.design(points_of(names, few(names, asked.options["one_at_a_time"])))


def run(asked: Asked, experiment: Experiment) -> None:
    """Run the combinations and keep the signs as a table."""
    plan = design(asked)
    experiment.announce(plan)
    experiment.run(plan)
    read(experiment.folder).table().to_csv(experiment.folder / SIGNS, index=False)


QUESTION: Question[Rivals] = Question(
    answer=Answer(
        kind="rivals", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw, adds=adds
    ),
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 5, "results/rivals", arms=lambda _: ("siloed", "coordinated")),
    quick={"scale": 0.02, "replicates": 4, "one_at_a_time": True},
    options=(
        click.option(
            "--rivalry",
            "rivalry",
            type=click.Choice(rivalries()),
            multiple=True,
            help="Replace only these rules; may be repeated.  [all of them]",
        ),
        click.option(
            "--one-at-a-time/--all-combinations",
            "one_at_a_time",
            default=None,
            help=f"Replace one rule at a time, or run all combinations.  [all, of up to {MOST}]",
        ),
        click.option("--outcome", "outcome", multiple=True, metavar="NAME", help="Only these; may be repeated."),
    ),
    run=run,
    check=check,
)
