"""`samspel sweep`: one or two settings over ranges, and the frontier where coordination starts to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, collaboration_option, question_of, question_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.analysis.paired import Interval
    from experiments.engine.design import Design
    from experiments.engine.frames import Tables
    from experiments.reporting.quantity import Quantity

HELP = """How do outcomes answer to a setting, and where does coordination start to pay?

Each of one or two RANGES is NAME=LOW:HIGH or NAME=LOW:HIGH:STEPS of a parameter, a numeric lever, a practice's
strength or cost_factor; NAME alone is its plausible range. One: outcome curves with bands, of all four arms. Two:
a map of the paired difference coordinated − siloed with its zero contour.

\b
  samspel sweep trust_start=0.1:0.9
  samspel sweep cost_factor=0:6 boom_demand=1:1.4:5 --outcome npv_resources_end_value
"""
QUICK = {"scale": 0.02, "years": 6, "replicates": 3, "steps": 4}
OFF = "siloed"
DEFAULT_OUTCOMES = (
    "npv_companies_and_public", "npv_resources_end_value", "renovated_share", "employment", "rent", "energy_use",
)  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """One setting and the values that it takes."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Swept:
    """What a sweep found: its tables, axes (one or two), quantities, arms, and the arm that coordinates (`on`)."""

    tables: Tables
    axes: tuple[Axis, ...]
    quantities: tuple[Quantity, ...]
    arms: tuple[str, ...]
    on: str

    @cached_property
    def _runs(self) -> Any:
        runs = self.tables.good
        return runs.assign(**{f"quantity_{q.name}": q.of(runs) for q in self.quantities})

    def samples(self, quantity: Quantity, arm: str) -> NDArray[Any]:
        """A quantity in one arm: points × replicates, NaN where a run failed."""
        import numpy as np

        runs = self._runs[self._runs["arm"] == arm]
        table = runs.pivot(index="point", columns="replicate", values=f"quantity_{quantity.name}")
        count = int(np.prod([len(axis.values) for axis in self.axes]))
        found: NDArray[Any] = table.reindex(range(1, count + 1)).to_numpy(np.float64)
        return found

    def differences(self, quantity: Quantity) -> list[Interval]:
        """Coordinated less siloed at every point, the first axis slowest."""
        from experiments.analysis.paired import interval

        return [interval(row) for row in self.samples(quantity, self.on) - self.samples(quantity, OFF)]


@click.command(help=HELP, short_help="One or two settings over ranges; where coordination starts to pay.")
@click.argument("ranges", nargs=-1, required=True, metavar="NAME[=LOW:HIGH[:STEPS]]…")
@question_options("results/sweep", replicates=10, scale=0.1)
@collaboration_option
@click.option("--steps", type=click.IntRange(2), default=7, show_default=True, help="Values where a range names none.")
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Outcomes to show; may be repeated.")
@click.pass_context
def sweep(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    return run_sweep(question, read_axes(own["ranges"], own["steps"]), own["outcomes"], own["on"])


def run_sweep(question: Question, axes: tuple[Axis, ...], outcomes: Sequence[str] = (), on: str = "coordinated") -> int:
    """Run, draw and write; returns the exit status. Raises SamspelError."""
    from experiments.questions.sweep.figures import draw_sweep
    from experiments.questions.sweep.frontier import draw_frontier
    from experiments.questions.sweep.words import answer, sections
    from experiments.reporting.quantity import quantities_of

    quantities = tuple(quantities_of(outcomes or DEFAULT_OUTCOMES, question.flats))
    arms, on = arms_of(axes, on)
    design = sweep_design(question, axes, arms)
    with question.experiment("sweep") as experiment:
        experiment.note(swept={axis.name: list(axis.values) for axis in axes}, outcomes=[q.name for q in quantities])
        experiment.announce(design)
        swept = Swept(experiment.run(design), axes, quantities, arms, on)
        source = f"{question.title}, {question.replicates} replicates"
        (draw_sweep if len(axes) == 1 else draw_frontier)(swept, source, experiment.folder)
        sections(question, experiment, swept)
        said = answer(swept)
    return closing(question, experiment, said)


def read_axes(texts: Sequence[str], steps: int) -> tuple[Axis, ...]:
    """Ranges as given on the command line. Raises SamspelError."""
    from sim import SamspelError

    axes = tuple(_axis(text, steps) for text in texts)
    if len(axes) > 2:
        raise SamspelError(f"sweep: {len(axes)} ranges; expected one or two (samspel run takes any design)")
    if len({axis.name for axis in axes}) < len(axes):
        raise SamspelError(f'sweep: "{axes[0].name}" is swept twice; expected two settings')
    return axes


def arms_of(axes: Sequence[Axis], on: str = "coordinated") -> tuple[tuple[str, ...], str]:
    """The arms to run, and the one that coordinates: national where free state money is swept, which needs the state.
    Along one setting the four arms of a fair comparison, on a map the two whose difference it shows."""
    names = [axis.name for axis in axes]
    if on == "coordinated" and "free_state_money" in names:
        on = "national"
    if len(axes) > 1 or on != "coordinated":
        return (OFF, on), on
    others = ("siloed-same-money", *(() if "cost_factor" in names else ("coordinated-triple-cost",)))
    return (OFF, on, *others), on


def sweep_design(question: Question, axes: Sequence[Axis], arms: Sequence[str]) -> Design:
    """All combinations of the axes' values in all arms. Raises SamspelError for a value out of bounds."""
    from experiments.engine.sampling import factorial
    from sim import SamspelError

    for axis in axes:
        if axis.name in question.settings:
            raise SamspelError(f"--set {axis.name}: it is swept; leave out one of the two")
    return question.design(arms, factorial({axis.name: axis.values for axis in axes}), curves=len(axes) == 1)


def _axis(text: str, steps: int) -> Axis:
    from experiments.engine.sampling import spaced
    from sim import SamspelError

    name, equals, span = (part.strip() for part in text.partition("="))
    _known(name)
    if not equals:
        return Axis(name, tuple(spaced(*_plausible(name), steps)))
    parts = span.split(":")
    try:
        low, high, *count = (float(part) for part in parts)
        steps = int(count[0]) if count else steps
        fine = len(count) < 2 and (not count or count[0] == steps) and float("-inf") < low < high < float("inf")
    except (ValueError, OverflowError):
        fine = False
    if not fine or steps < 2:
        raise SamspelError(
            f"sweep {text}: expected NAME=LOW:HIGH or NAME=LOW:HIGH:STEPS with LOW below HIGH, 2 steps or more"
        )
    return Axis(name, tuple(spaced(low, high, steps)))


def _known(name: str) -> None:
    from experiments.engine.points import PRACTICES
    from sim import Levers, load_parameters
    from sim.errors import unknown

    known = (*load_parameters().records, *Levers.model_fields, *PRACTICES)
    if name not in known:
        raise unknown("parameter, lever or practice", name, known, "sweep")


def _plausible(name: str) -> tuple[float, float]:
    from experiments.engine.points import PRACTICES
    from experiments.engine.sampling import plausible_ranges
    from sim import Levers, SamspelError

    if name in PRACTICES:
        return (0.0, 6.0) if name == "cost_factor" else (0.0, 1.0)
    if name in Levers.model_fields:
        raise SamspelError(f"sweep {name}: a lever has no plausible range; expected {name}=LOW:HIGH")
    low, high = plausible_ranges([name])[name]
    if low == high:
        raise SamspelError(f"sweep {name}: its plausible range is the point {low:g}; expected {name}=LOW:HIGH")
    return low, high
