"""`samspel compare --over set`: two arms in every member of the set that is not ruled out, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from experiments.design.arms import BASELINE, FOCUS
from experiments.design.asked import Asked
from experiments.design.kept_set import kept_set
from experiments.design.members import SET, check_members
from experiments.design.options import Defaults
from experiments.engine.experiment import Experiment
from experiments.engine.results import Results
from experiments.engine.settings import describe_settings
from experiments.questions.over import observed
from experiments.questions.over.answer import ANSWER
from experiments.questions.over.points import design_of
from experiments.questions.over.result import MEMBERS, Distribution, table_of_members, verdict_of
from experiments.questions.over.turns.result import even_at, read_lines
from experiments.questions.over.turns.varied import STAGE, plan_of
from experiments.questions.over.verdict import made_from
from experiments.questions.question import Question
from sim import SamspelError
from sim.errors import quoted

HELP = "Run two arms in every member of the set that is not ruled out."
# Options of a comparison at one set of parameters, which mean nothing over a set of them.
OTHERS = {
    "width": "--width", "minutes": "--minutes",
    "shared_seeds": "--shared-seeds/--own-seeds",
}  # fmt: skip
OWN = ("members",)


def question_of(options: Mapping[str, Any], given: Collection[str]) -> Question[Distribution] | None:
    """This question where `--over set` asks it; None without `--over`. Raises SamspelError for anything else after
    --over, and for options that do not belong together."""
    over = options.get("over")
    if over is None:
        for name in OWN:
            if name in given:
                raise SamspelError(f"--{name}: counts members of the set; expected it together with --over set")
        return None
    if over != SET:
        raise SamspelError(f"--over: got {quoted(over)}; expected {SET}, the set of parameters that is not ruled out")
    for name, words in OTHERS.items():
        if name in given:
            raise SamspelError(f"{words}: belongs to a comparison without --over set; leave out one of the two")
    if options.get("auto"):
        raise SamspelError('--replicates: got "auto"; expected a number together with --over set')
    return QUESTION


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, arms and settings that cannot be compared over the set."""
    known = kept_set()
    if len(asked.arms) != 2:
        raise SamspelError(f"--arms: got {len(asked.arms)}; expected two, which are compared in members of the set")
    if any(arm.same_money_as is not None for arm in asked.arms):
        raise SamspelError("--arms: one takes the other's money; expected two that stand by themselves")
    check_members(asked, known, asked.options["members"])


def run(asked: Asked, experiment: Experiment) -> None:
    """Run both arms at the default parameters and in every member, each with random numbers of its own, and write the
    table of differences and the verdict; then the baseline again where and when something was observed, and the first
    members at other values of what could change the verdict."""
    known = kept_set()
    beside = observed.design_of(asked, known)
    options = dict(asked.options) | {observed.KEY: None if beside is None else beside.world.years}
    digest = made_from(asked.region, asked.scale, asked.arms, asked.settings, asked.shocks)
    experiment.note(settings=describe_settings(known.names), options=options)
    design = design_of(asked, known)
    plan = plan_of(asked, known) if asked.options["turns"] else None
    experiment.announce(design)
    results = experiment.run(design)
    members = table_of_members(results, known)
    members.to_csv(experiment.folder / MEMBERS, index=False)
    verdict = verdict_of(results, members, digest, turns_at={})
    if verdict is not None:
        verdict.write(experiment.folder)
    if beside is not None:
        experiment.announce(beside)
        experiment.run(beside, observed.STAGE)
    if plan is None:
        return
    experiment.note(options=options | {"turned": plan.about()})
    experiment.announce(plan.design)
    experiment.run(plan.design, STAGE)
    if verdict is not None:
        experiment.write_manifest()  # from which it is read, anew, what was run again
        verdict.with_turns(even_at(read_lines(Results(experiment.folder), members))).write(experiment.folder)


def usual_arms(options: Mapping[str, Any]) -> Sequence[str]:
    """Silos and coordination."""
    return (BASELINE, FOCUS)


QUESTION: Question[Distribution] = Question(
    answer=ANSWER,
    help=HELP,
    usual=Defaults("stockholm-county", 1.0, 1, "results/over", arms=usual_arms, auto=True),
    quick={"scale": 0.03, "replicates": 1, "members": 20},
    run=run,
    check=check,
)
