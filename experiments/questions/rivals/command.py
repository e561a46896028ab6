"""`samspel rivals`: rival rules: which findings hold under every reading of the evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.kept_set import kept_set
from experiments.design.members import DEFAULT, SET, check_members
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.engine.experiment import Experiment
from experiments.engine.settings import describe_settings
from experiments.questions.question import Question
from experiments.questions.rivals.answer import ANSWER, Found
from experiments.questions.rivals.combinations import MOST, asked_points, chosen
from experiments.questions.rivals.over_set import result as over_set
from experiments.questions.rivals.over_set.plan import MEMBERS, count_of, plan_of
from experiments.questions.rivals.result import SIGNS, default_outcomes, read
from experiments.questions.rivals.rules import asked as asked_of
from experiments.questions.rivals.rules import rivalries
from experiments.reporting.numbers import listed
from experiments.reporting.quantity import quantities_of
from sim import SamspelError

HELP = f"""Do the findings survive other readings of the evidence?

Where evidence disagrees, the model carries rival rules: {listed([asked_of(name) for name in rivalries()])}.
Runs them in two arms, paired on common random numbers, in members of the set of parameters that is not ruled out, each
with random numbers of its own. Reports in which share of the set each finding has its sign under each rule, by how much
each rule moves it, which rules turn it and which do not. All combinations are run where there are at most {MOST}, as
with --rivalry; else one rule is replaced at a time.
"""
OVER_HELP = (
    "set: in each of so many members of the set that is not ruled out, weighted by fit, once unless --replicates says "
    "more; default: with the default parameters alone, five replicates."
)


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, arms, settings and outcomes that give no sign."""
    if len(asked.arms) != 2:
        count = len(asked.arms)
        raise SamspelError(f"rivals: {count} arm{'s' * (count != 1)}; expected two to compare, such as "
                           "--arms siloed,coordinated")  # fmt: skip
    for name in chosen(asked.options):
        if name in asked.settings:
            raise SamspelError(f"--set {name}: all its rules are run; leave it out, or name others with --rivalry")
    quantities_of(asked.options["outcome"] or default_outcomes(), 1)


def check_over_set(asked: Asked) -> None:
    """The same over the set, and what members cannot be run with."""
    check(asked)
    if any(arm.same_money_as is not None for arm in asked.arms):
        raise SamspelError("--arms: one takes the other's money; expected two that stand by themselves")
    known = kept_set()
    check_members(asked, known, count_of(asked.options, known))


def check_at_default(asked: Asked) -> None:
    """The same with the default parameters, where replicates alone tell how sure a sign is."""
    check(asked)
    if asked.replicates < 2:
        raise SamspelError("rivals: one replicate gives no interval and no sign; expected --replicates 2 or more")


def run_over_set(asked: Asked, experiment: Experiment) -> None:
    """Run the combinations in every member and keep shares and differences as a table."""
    known = kept_set()
    design, about = plan_of(asked, known)
    experiment.note(settings=describe_settings(known.names), options=dict(asked.options) | about)
    experiment.announce(design)
    experiment.run(design)
    over_set.read(experiment.folder).table().to_csv(experiment.folder / SIGNS, index=False)


def run_at_default(asked: Asked, experiment: Experiment) -> None:
    """Run the combinations and keep the signs as a table."""
    design = asked.design(asked_points(asked.options))
    experiment.announce(design)
    experiment.run(design)
    read(experiment.folder).table().to_csv(experiment.folder / SIGNS, index=False)


def at_default(options: Mapping[str, Any], given: Collection[str]) -> Question[Found] | None:
    """The question with the default parameters, where `--over default` asks it. Raises SamspelError for members of a
    set that is not run."""
    if options["over"] != DEFAULT:
        return None
    if "members" in given:
        raise SamspelError("--members: counts members of the set; expected it together with --over set")
    return AT_DEFAULT


QUESTION: Question[Found] = Question(
    answer=ANSWER,
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 1, "results/rivals", arms=lambda _: ("siloed", "coordinated")),
    quick={"scale": 0.02, "members": 4, "one_at_a_time": True},
    options=(
        click.option(
            "--over",
            type=click.Choice([SET, DEFAULT]),
            default=SET,
            show_default=True,
            help=OVER_HELP,
        ),
        click.option("--members", type=WholeRange(1), help=f"With --over set: its first so many members.  [{MEMBERS}]"),
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
    run=run_over_set,
    check=check_over_set,
    instead=at_default,
)
AT_DEFAULT: Question[Found] = replace(
    QUESTION,
    usual=replace(QUESTION.usual, replicates=5),
    quick={"scale": 0.02, "replicates": 4, "one_at_a_time": True},
    run=run_at_default,
    check=check_at_default,
    instead=lambda _, __: None,
)
