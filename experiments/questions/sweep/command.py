"""`samspel sweep`: one or two settings over ranges; where coordination starts to pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from experiments.design.asked import Asked
from experiments.design.option_types import WholeRange
from experiments.design.options import Defaults
from experiments.design.plan import split_settings
from experiments.design.settings import told_at
from experiments.engine.dates import DATES
from experiments.engine.design import Design
from experiments.engine.points import PRACTICES, as_taken, baseline_of, refuse_unknown
from experiments.engine.sampling import factorial, plausible_ranges, spaced
from experiments.questions.question import Answer, Question
from experiments.questions.sweep.figures import draw
from experiments.questions.sweep.result import DEFAULT_OUTCOMES, Axis, Swept, headline, read, verdicts
from experiments.questions.sweep.words import said, sections, title
from experiments.reporting.quantity import quantities_of
from sim import Levers, SamspelError
from sim.errors import clip

HELP = """How do outcomes answer to a setting, and where does coordination start to pay?

Each of one or two RANGES is NAME=LOW:HIGH or NAME=LOW:HIGH:STEPS of a parameter, a numeric lever, a practice's
strength or cost_factor; NAME alone is its plausible range. One: outcome curves with bands, of all four arms. Two:
a map of the paired difference between two arms with its zero contour. None: the cost of coordination, 0 to 6 times.

\b
  samspel sweep trust_start=0.1:0.9
  samspel sweep cost_factor=0:6 boom_demand=1:1.4:5 --outcome npv_society
"""
USUAL_RANGE = "cost_factor=0:6"
MOST_STEPS = 1000


def usual_arms(options: Mapping[str, Any]) -> Sequence[str]:
    """Along one setting the four arms of a fair comparison, on a map the two whose difference it shows; with national
    partners where free state money is swept, which needs the state."""
    swept = [axis.name for axis in read_axes(options["ranges"], options["steps"])]
    if "free_state_money" in swept:
        return ("siloed", "national")
    if len(swept) > 1:
        return ("siloed", "coordinated")
    dearer = () if "cost_factor" in swept else ("coordinated-triple-cost",)
    return ("siloed", "coordinated", "siloed-same-money", *dearer)


def check(asked: Asked) -> None:
    """Refuse, with a SamspelError, arms, ranges and outcomes that cannot be swept."""
    names = [arm.name for arm in asked.arms]
    if len(names) < 2:
        raise SamspelError(f"sweep: {len(names)} arm; expected two or more, of which one is compared with another")
    for axis in axes_of(asked):
        if axis.name in asked.settings:
            raise SamspelError(f"--set {axis.name}: it is swept; leave out one of the two")
        _check_bounds(axis)
    quantities_of(asked.options["outcome"] or DEFAULT_OUTCOMES, 1)
    baseline_of(names)


def design(asked: Asked) -> Design:
    """All combinations of the axes' values in all arms; along one setting with curves."""
    axes = axes_of(asked)
    return asked.design(factorial({axis.name: axis.values for axis in axes}), curves=len(axes) == 1)


def axes_of(asked: Asked) -> tuple[Axis, ...]:
    """The ranges that were asked for."""
    return read_axes(asked.options["ranges"], asked.options["steps"])


def read_axes(texts: Sequence[str], steps: int) -> tuple[Axis, ...]:
    """Ranges as given on the command line. Raises SamspelError."""
    axes = tuple(_axis(text, steps) for text in texts or (USUAL_RANGE,))
    if len(axes) > 2:
        raise SamspelError(f"sweep: {len(axes)} ranges; expected one or two (samspel run takes any design)")
    if len({axis.name for axis in axes}) < len(axes):
        raise SamspelError(f'sweep: "{axes[0].name}" is swept twice; expected two settings')
    return axes


def _axis(text: str, steps: int) -> Axis:
    name, equals, span = (part.strip() for part in text.partition("="))
    _known(name)
    if not equals:
        return Axis(name, tuple(spaced(*_plausible(name), steps)))
    parts = span.split(":")
    try:
        low, high, *count = (float(part) for part in parts)
        steps = int(count[0]) if count else steps
        fine = len(count) < 2 and (not count or count[0] == steps) and float("-inf") < low < high < float("inf")
        fine = fine and high - low < float("inf")
    except (ValueError, OverflowError):
        fine = False
    if not fine or steps < 2:
        raise SamspelError(
            f"sweep {clip(text)}: expected NAME=LOW:HIGH or NAME=LOW:HIGH:STEPS with LOW below HIGH, 2 steps or more"
        )
    if steps > MOST_STEPS:
        raise SamspelError(f"sweep {clip(text)}: expected {MOST_STEPS:,} steps at most")
    return Axis(name, _years(low, high, steps) if name in DATES else tuple(spaced(low, high, steps)))


def _years(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Whole years at about equal distances."""
    return tuple(dict.fromkeys(float(round(year)) for year in spaced(low, high, steps)))


def _check_bounds(axis: Axis) -> None:
    where = f"sweep {axis.name}"
    if axis.name in PRACTICES or axis.name in DATES:
        with told_at(where):
            for value in axis.values:
                as_taken(axis.name, value)
    else:
        for value in axis.values:
            split_settings({axis.name: value}, where)


def _known(name: str) -> None:
    refuse_unknown(name, "sweep")


def _plausible(name: str) -> tuple[float, float]:
    if name in PRACTICES:
        return (0.0, 6.0) if name == "cost_factor" else (0.0, 1.0)
    if name in DATES:
        raise SamspelError(f"sweep {name}: years have no plausible range; expected {name}=FIRST:LAST")
    if name in Levers.model_fields:
        raise SamspelError(f"sweep {name}: a lever has no plausible range; expected {name}=LOW:HIGH")
    low, high = plausible_ranges([name])[name]
    if low == high:
        raise SamspelError(f"sweep {name}: its plausible range is the point {low:g}; expected {name}=LOW:HIGH")
    return low, high


QUESTION: Question[Swept] = Question(
    answer=Answer(
        kind="sweep", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw, adds=verdicts
    ),
    help=HELP,
    usual=Defaults("botkyrka", 0.1, 10, "results/sweep", arms=usual_arms),
    quick={"scale": 0.02, "replicates": 3, "steps": 3},
    options=(
        click.argument("ranges", nargs=-1, metavar="[NAME[=LOW:HIGH[:STEPS]]]…"),
        click.option(
            "--steps", type=WholeRange(2, MOST_STEPS), default=7, show_default=True, help="Values of a bare range."
        ),
        click.option("--outcome", "outcome", multiple=True, metavar="NAME", help="Outcomes to show; may be repeated."),
    ),
    design=design,
    check=check,
)
