"""`samspel screen`: which uncertain parameters the patterns and the gain of coordination answer to."""

from __future__ import annotations

import click

from experiments.design.asked import Asked
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.design.uncertain import varied_ranges
from experiments.engine.experiment import Experiment
from experiments.engine.sampling import plausible_ranges
from experiments.engine.settings import describe_settings
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.space import Space, latin_hypercube
from experiments.questions.calibrate.matching.targets import names_of
from experiments.questions.question import Answer, Question
from experiments.questions.screen.figures import draw
from experiments.questions.screen.result import HEADLINE, Screened, headline, read, verdicts, write
from experiments.questions.screen.words import said, sections, title
from experiments.questions.validate.measuring.ensemble import Ensemble
from experiments.questions.validate.measuring.patterns import load_patterns
from sim import SamspelError

HELP = """Which uncertain parameters do the patterns, and the gain of coordination, answer to?

Draws all uncertain parameters from their whole plausible ranges at once (a Latin hypercube), each point on a seed of
its own, and measures every pattern and the headline account in it. A parameter that no measure answers to, straight
or turning round in the middle, is cleared: calibration need not vary it. False discoveries are controlled, and what
a parameter does in corners only is not seen.
"""


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, parameters that cannot be screened, and shocks."""
    if asked.shocks:
        raise SamspelError("shocks: patterns are those of surroundings as drawn; expected a configuration without")
    if not varied_ranges(asked):
        raise SamspelError("--parameters: all of them are set; expected one or more to vary")


def run(asked: Asked, experiment: Experiment) -> None:
    """Measure every point, and look what answers to what."""
    space = Space.of(varied_ranges(asked))
    parameters, levers = split_settings(asked.settings, "--set")
    experiment.note(options=dict(asked.options) | {"uncertain": len(plausible_ranges())})
    experiment.note(settings=describe_settings(space.names))
    patterns = load_patterns()
    everything = (*(pattern.key for pattern in patterns), HEADLINE.partition(".")[0])
    ensemble = Ensemble(asked.region, asked.scale, asked.years, parameters, dict(levers), everything)
    measurer = Measurer(experiment, ensemble, space, (HEADLINE, *names_of(patterns)), asked.seed)
    unit = latin_hypercube(space.size, asked.options["points"], asked.seed)
    values = space.values(unit)
    measurer.announce(values, len(values))
    write(experiment.folder, space, unit, measurer.names, measurer(values)[:, 0])


QUESTION: Question[Screened] = Question(
    answer=Answer(
        kind="screen", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw, adds=verdicts
    ),
    help=HELP,
    usual=Defaults("stockholm-county", 1.0, 1, "results/screen"),
    quick={"scale": 0.01, "points": 24, "parameters": "tuning_rate,excess_move,cost_midi,use_value_midi,history_shape"},
    options=(
        click.option("--parameters", metavar="A,B,…", help="Screen these only.  [all uncertain ones]"),
        click.option("--points", type=WholeRange(20), default=600, show_default=True, help="Points of the sample."),
    ),
    run=run,
    check=check,
)
