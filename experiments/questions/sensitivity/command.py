"""`samspel sensitivity`: which uncertain parameters the gain of coordination depends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, collaboration_option, question_of, question_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.analysis.sobol import Effect, Index
    from experiments.engine.frames import Tables
    from experiments.reporting.quantity import Quantity

HELP = """What does the gain of coordination depend on?

First a screening of all uncertain parameters (Morris), then shares of the variance (Sobol') for those that
matter most; both of the paired difference between coordinated and siloed, not of how things are in either.
With intervals, and with what smaller samples would have said.
"""
QUICK = {"scale": 0.02, "years": 4, "trajectories": 1, "base": 8, "top": 4}
OFF = "siloed"

Range = tuple[float, float]


@dataclass(frozen=True)
class Response:
    """What one quantity's difference responds to. indices: by number of base points, the last from all;
    mean, spread: of the difference over the points of the second stage."""

    quantity: Quantity
    effects: Sequence[Effect]
    indices: Mapping[int, Sequence[Index]]
    mean: float
    spread: float

    @property
    def final(self) -> Sequence[Index]:
        """The indices from the whole sample, largest total first."""
        return self.indices[max(self.indices)] if self.indices else ()


@click.command(help=HELP, short_help="Which parameters the gain of coordination depends on.")
@question_options("results/sensitivity", replicates=1, scale=0.1)
@collaboration_option
@click.option("--trajectories", type=click.IntRange(1), default=2, show_default=True, help="Morris: ways through.")
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="Parameters of the second stage.")
@click.option(
    "--base", type=click.IntRange(4), default=32, show_default=True, help="Sobol': base points, a power of 2."
)
@click.option("--parameters", metavar="A,B,…", help="Screen these only.  [all uncertain ones]")
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Differences to explain; may be repeated.")
@click.pass_context
def sensitivity(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    names = [name.strip() for name in (own.pop("parameters") or "").split(",") if name.strip()]
    return run_sensitivity(question, names=names, **own)


def run_sensitivity(
    question: Question,
    trajectories: int,
    top: int,
    base: int,
    outcomes: Sequence[str] = (),
    names: Sequence[str] = (),
    on: str = "coordinated",
) -> int:
    """Run both stages, analyse and write; returns the exit status. Raises SamspelError."""
    from experiments.questions.sensitivity.figures import draw_sensitivity
    from experiments.questions.sensitivity.words import answer, sections
    from experiments.reporting.quantity import RESOURCES, TOGETHER, quantities_of
    from sim import SamspelError

    if base & (base - 1):
        raise SamspelError(f"--base: got {base}; expected a power of two, such as {1 << base.bit_length()}")
    quantities = quantities_of(outcomes or (TOGETHER, RESOURCES), question.flats)
    ranges = screened_ranges(question, names)
    top = min(top, len(ranges))
    with question.experiment("sensitivity") as experiment:
        from experiments.engine.sampling import morris, saltelli

        experiment.note(on=on, trajectories=trajectories, top=top, base=base, outcomes=[q.name for q in quantities])
        first = question.design([OFF, on], morris(ranges, trajectories, question.seed))
        experiment.announce(first, more=2 * base * (top + 2) * question.replicates)
        effects = screening(experiment.run(first, stage="morris"), quantities, ranges, question.seed)
        chosen = {name: ranges[name] for name in strongest_of(effects.values(), top)}
        second = question.design([OFF, on], saltelli(chosen, base, question.seed))
        tables = experiment.run(second)
        found = [response(tables, quantity, effects[quantity.name], chosen, question.seed) for quantity in quantities]
        _write(found, experiment.folder)
        draw_sensitivity(found, question.title, experiment.folder)
        sections(question, experiment, found, len(ranges), trajectories)
    return closing(question, experiment, answer(found))


def screened_ranges(question: Question, names: Sequence[str] = ()) -> dict[str, Range]:
    """Plausible ranges of the named parameters, or of all uncertain ones that are not set. Raises SamspelError."""
    from experiments.engine.sampling import plausible_ranges
    from sim import SamspelError

    ranges = plausible_ranges(names or None)
    for name, (low, high) in ranges.items():
        if low == high:
            raise SamspelError(f"--parameters: {name} is not uncertain (its plausible range is the point {low:g})")
    return {name: span for name, span in ranges.items() if name not in question.settings}


def differences(tables: Tables, quantity: Quantity) -> NDArray[Any]:
    """The other arm less siloed at every point of the design in order, mean over replicates; NaN where runs failed."""
    runs = tables.runs.assign(value=quantity.of(tables.runs))
    by_arm = runs.pivot(index=["point", "replicate"], columns="arm", values="value")
    values: NDArray[Any] = (by_arm.drop(columns=OFF).iloc[:, 0] - by_arm[OFF]).groupby("point").mean().to_numpy()
    return values


def screening(
    tables: Tables, quantities: Sequence[Quantity], ranges: Mapping[str, Range], seed: int
) -> dict[str, list[Effect]]:
    """Morris' effects, by quantity."""
    from experiments.analysis.sobol import screen
    from experiments.engine.sampling import matrix

    values = [run.values for run in tables.design.runs if run.replicate == 1 and run.arm == OFF]
    points = matrix(values, list(ranges))
    return {q.name: screen(points, differences(tables, q), ranges, seed) for q in quantities}


def strongest_of(effects: Iterable[Sequence[Effect]], most: int) -> list[str]:
    """The parameters with the largest effects on any quantity, each effect by the largest on the same quantity."""
    reached: dict[str, float] = {}
    for found in effects:
        largest = max((effect.size for effect in found), default=0.0) or 1.0
        for effect in found:
            reached[effect.name] = max(reached.get(effect.name, 0.0), effect.size / largest)
    return sorted(reached, key=lambda name: -reached[name])[:most]


def response(
    tables: Tables, quantity: Quantity, effects: Sequence[Effect], ranges: Mapping[str, Range], seed: int
) -> Response:
    """One quantity's effects and indices."""
    import numpy as np

    from experiments.analysis.sobol import convergence

    values = differences(tables, quantity)
    spread = (float(np.nanmean(values)), float(np.nanstd(values)))
    return Response(quantity, effects, convergence(values, ranges, seed), *spread)


def _write(found: Sequence[Response], folder: Any) -> None:
    """All effects and indices as tables."""
    from dataclasses import asdict

    import pandas as pd

    def rows(parts: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
        return pd.DataFrame([{"outcome": name, **asdict(one)} for name, many in parts.items() for one in many])

    rows({each.quantity.name: each.effects for each in found}).to_csv(folder / "morris.csv", index=False)
    rows({each.quantity.name: each.final for each in found}).to_csv(folder / "sobol.csv", index=False)
