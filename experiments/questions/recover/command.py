"""`samspel recover`: whether calibration finds parameters that are known, in worlds that are invented."""

from __future__ import annotations

import click

from experiments.design.asked import Asked
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.design.uncertain import varied_ranges
from experiments.engine.experiment import Experiment
from experiments.engine.settings import describe_settings
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.plan import load_plan, varied
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.targets import fitted_patterns, targets_of
from experiments.questions.question import Answer, Question
from experiments.questions.recover.figures import draw
from experiments.questions.recover.result import Tested, headline, options_of, read, verdicts, write
from experiments.questions.recover.words import said, sections, title
from experiments.questions.recover.worlds import recover_all
from experiments.questions.validate.command import ensemble_of
from experiments.questions.validate.measuring.patterns import Pattern
from sim import Levers, SamspelError

HELP = """Does calibration find parameters that are known?

Invents truths, drawn from the plausible ranges, runs each once, and takes what the fitted patterns come out as there
for observed. Then every truth is searched as samspel calibrate searches the real one (seeds/matching.toml), from a
first wave that all share: is the truth among what is left, how far does each parameter narrow around it, and which does
so few waves narrow in no world, even where the model is right?
"""
QUICK = {
    "scale": 0.01, "truths": 6, "points": 20, "waves": 1, "patterns": "P2,P3,P5",
    "parameters": "tuning_rate,excess_move,use_value_midi,cost_midi",
}  # fmt: skip


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, patterns and parameters that cannot be used, and shocks."""
    if asked.shocks:
        raise SamspelError("shocks: patterns are those of surroundings as drawn; expected a configuration without")
    targets_of(_patterns(asked))
    _space(asked)


def run(asked: Asked, experiment: Experiment) -> None:
    """Invent truths, observe them, and search each."""
    patterns, space, rules = _patterns(asked), _space(asked), _rules(asked)
    targets = targets_of(patterns)
    experiment.note(options=dict(asked.options) | options_of(space, rules))
    experiment.note(settings=describe_settings(space.names))
    names = tuple(target.name for target in targets)
    measurer = Measurer(experiment, ensemble_of(asked, patterns), space, names, asked.seed)
    true, seen, found = recover_all(experiment, measurer, targets, rules, asked.options["truths"])
    write(experiment.folder, space, targets, true, seen, found)


def _rules(asked: Asked) -> Rules:
    """Those of the plan, with the numbers of points and waves that were asked for."""
    options, planned = asked.options, load_plan().rules
    return Rules(
        points_first=options["points"] or planned.points_first,
        points_later=options["later"],
        waves=options["waves"],
        cut_offs=planned.cut_offs,
        share_inside=planned.share_inside,
        spare=planned.spare,
        seed=asked.seed,
    )


def _levers(asked: Asked) -> Levers:
    return Levers(**split_settings(asked.settings, "--set")[1])


def _patterns(asked: Asked) -> tuple[Pattern, ...]:
    names = (name.strip() for name in (asked.options["patterns"] or "").split(","))
    return fitted_patterns(tuple(name for name in names if name), _levers(asked))


def _space(asked: Asked) -> Space:
    ranges = varied_ranges(asked, varied(load_plan(), _levers(asked)))
    if not ranges:
        raise SamspelError("--parameters: all of them are set; expected one or more to vary")
    return Space.of(ranges)


QUESTION: Question[Tested] = Question(
    answer=Answer(
        kind="recover", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw,
        adds=verdicts,
    ),
    help=HELP,
    usual=Defaults("botkyrka", 1.0, 1, "results/recover"),
    quick=QUICK,
    options=(
        click.option("--parameters", metavar="A,B,…", help="Vary these only.  [those of seeds/matching.toml]"),
        click.option(
            "--patterns", metavar="P2,P3,…", help="Match these, of those for fitting.  [those of seeds/matching.toml]"
        ),
        click.option("--truths", type=WholeRange(1), default=20, show_default=True, help="Truths to invent."),
        click.option("--points", type=WholeRange(10), help="Points of the first wave.  [as in seeds/matching.toml]"),
        click.option(
            "--later", type=WholeRange(10), default=40, show_default=True,
            help="Points of every later wave, for each truth.",
        ),
        click.option("--waves", type=WholeRange(1, 20), default=2, show_default=True, help="Waves at most."),
    ),
    run=run,
    check=check,
)  # fmt: skip
