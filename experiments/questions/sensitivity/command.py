"""`samspel sensitivity`: which uncertain parameters the gain of coordination depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.design.uncertain import varied_ranges
from experiments.engine.experiment import Experiment
from experiments.engine.sampling import morris, plausible_ranges, saltelli
from experiments.questions.question import Answer, Question
from experiments.questions.sensitivity.figures import draw
from experiments.questions.sensitivity.result import (
    DEFAULT_OUTCOMES,
    SCREENING,
    Sensitivity,
    headline,
    read,
    screening,
    strongest_of,
    verdicts,
    write_tables,
)
from experiments.questions.sensitivity.words import said, sections, title
from experiments.reporting.quantity import quantities_of
from sim import SamspelError

HELP = """What does the gain of coordination depend on?

First a screening of all uncertain parameters (Morris), then shares of the variance (Sobol') for those that
matter most; both of the paired difference between the two arms, not of how things are in either.
With intervals, and with what smaller samples would have said.

Trust and commitment act in one arm alone: samspel sensitivity --arms siloed,emergent
"""

# What a quick look screens: the twelve strongest of the default screening of all uncertain parameters (two ways
# through, scale 0.1) among those whose interval lay above the median effect. Others may matter too: it ranks roughly.
QUICK_PARAMETERS = (
    "repair_slope", "disturbance_before", "municipal_displacement", "cost_drift", "start_condition", "labour_intensity",
    "site_quarters", "saving_light", "landlord_loan_to_value", "cost_midi", "queue_gap", "crew_slack",
)  # fmt: skip


def usual_arms(_: Mapping[str, Any]) -> Sequence[str]:
    """The two whose difference is explained."""
    return ("siloed", "coordinated")


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, arms, parameters, sizes and outcomes that cannot be analysed."""
    base = asked.options["base"]
    if base & (base - 1):
        raise SamspelError(f"--base: got {base}; expected a power of two, such as {1 << base.bit_length()}")
    if len(asked.arms) != 2:
        raise SamspelError(f"--arms: got {len(asked.arms)}; expected two, of which one is compared with the other")
    if not varied_ranges(asked):
        raise SamspelError("--parameters: all of them are set; expected one or more to vary")
    quantities_of(asked.options["outcome"] or DEFAULT_OUTCOMES, 1)


def run(asked: Asked, experiment: Experiment) -> None:
    """Both stages: a screening, and the sample for shares of variance over the strongest parameters."""
    ranges, options = varied_ranges(asked), asked.options
    base, top = options["base"], min(options["top"], len(ranges))
    # Ranges and their number may differ in another version; reading the results must not depend on that.
    about = {"ranges": {name: list(span) for name, span in ranges.items()}, "uncertain": len(plausible_ranges())}
    experiment.note(options=dict(options) | about)
    first = asked.design(morris(ranges, options["trajectories"], asked.seed))
    experiment.announce(first, more=2 * base * (top + 2) * asked.replicates)
    quantities = quantities_of(options["outcome"] or DEFAULT_OUTCOMES, asked.flats)
    effects = screening(experiment.run(first, SCREENING), quantities, ranges, asked.seed)
    chosen = {name: ranges[name] for name in strongest_of(effects.values(), top)}
    experiment.run(asked.design(saltelli(chosen, base, asked.seed)))
    write_tables(read(experiment.folder), experiment.folder)


QUESTION: Question[Sensitivity] = Question(
    answer=Answer(
        kind="sensitivity",
        read=read,
        title=title,
        said=said,
        sections=sections,
        headline=headline,
        draw=draw,
        adds=verdicts,
    ),
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 1, "results/sensitivity", arms=usual_arms),
    quick={"scale": 0.01, "base": 4, "top": 3, "parameters": ",".join(QUICK_PARAMETERS)},
    options=(
        click.option("--trajectories", type=WholeRange(1), default=2, show_default=True, help="Morris: ways through."),
        click.option("--top", type=WholeRange(1), default=5, show_default=True, help="Parameters of the second stage."),
        click.option(
            "--base", type=WholeRange(4), default=32, show_default=True, help="Sobol': base points, a power of 2."
        ),
        click.option("--parameters", metavar="A,B,…", help="Screen these only.  [all uncertain ones]"),
        click.option(
            "--outcome", "outcome", multiple=True, metavar="NAME", help="Differences to explain; may be repeated."
        ),
    ),
    run=run,
    check=check,
)
