"""`samspel rivals`: every combination of rival rules, and which findings keep their sign under all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, collaboration_option, question_of, question_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.analysis.intervals import Interval
    from experiments.engine.design import Design
    from experiments.engine.frames import Tables
    from experiments.reporting.quantity import Quantity

HELP = """Do the findings survive other readings of the evidence?

Where evidence disagrees, the model carries rival rules: who leaves at renovation, which firms bid, what asking
tenants reveals, what private landlords maximise. Runs every combination of them, siloed and coordinated in the
same random-number worlds, and reports the sign of each finding under each: which findings hold under all rules,
which flip, and which rule flips them.
"""
QUICK = {"scale": 0.02, "years": 3, "replicates": 2}
OFF = "siloed"
# What happens only while something is built is read over all years: in the last one there may be no tender.
WHILE_BUILDING = ("moves_caused", "price_index", "bids_per_tender")
RIVALRIES = ("leaving", "entry", "participation_reveals", "landlords_maximise")


@dataclass(frozen=True)
class Finding:
    """One quantity, coordinated less siloed, under every combination.

    samples: combinations × replicates; NaN where a run failed. each: the interval of every combination.
    by_rule: the interval of the mean over all combinations with a rule, by rivalry and rule; mean: over all.
    """

    quantity: Quantity
    samples: NDArray[Any]
    each: tuple[Interval, ...]
    by_rule: Mapping[str, Mapping[str, Interval]]
    mean: Interval


@click.command(help=HELP, short_help="Rival rules: which findings hold under every reading of the evidence.")
@question_options("results/rivals", replicates=5, scale=0.1)
@collaboration_option
@click.option(
    "--rivalry",
    "names",
    type=click.Choice(RIVALRIES),
    multiple=True,
    help="Replace only these rules; may be repeated.  [all of them]",
)
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Only these; see samspel list outcomes.")
@click.pass_context
def rivals(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    return run_rivals(question, own["names"], own["outcomes"], own["on"])


def run_rivals(
    question: Question, names: Sequence[str] = (), outcomes: Sequence[str] = (), on: str = "coordinated"
) -> int:
    """Run, analyse and write; returns the exit status. Raises SamspelError."""
    from experiments.questions.rivals.figures import draw_rivals
    from experiments.questions.rivals.words import answer, sections
    from experiments.reporting.quantity import quantities_of

    chosen = outcomes or headline_names()
    quantities = quantities_of(chosen, question.flats)
    points = combinations_of(question, names)
    design = rivals_design(question, points, on)
    with question.experiment("rivals") as experiment:
        experiment.note(on=on, rivalries=list(points[0]), outcomes=list(chosen))
        experiment.announce(design)
        tables = experiment.run(design)
        found = [finding_of(tables, points, quantity, on) for quantity in quantities]
        write_signs(found, points, experiment.folder / "signs.csv")
        draw_rivals(found, points, on, f"{question.title}, {question.replicates} replicates", experiment.folder)
        sections(question, experiment, found, points, on)
    return closing(question, experiment, answer(found, points, on))


def headline_names() -> tuple[str, ...]:
    """The main present values, and the headline outcomes at the end or over all years."""
    from experiments.reporting.numbers import headlines
    from experiments.reporting.quantity import purse_accounts

    kept = [name for name in headlines() if name != "resources"]
    return (*purse_accounts(), *(f"mean_{name}" if name in WHILE_BUILDING else name for name in kept))


def rules_of(name: str) -> tuple[str, ...]:
    """The rules of a rivalry, the model's own first."""
    from typing import get_args

    from sim import Levers

    field = Levers.model_fields[name]
    return tuple(sorted(get_args(field.annotation), key=lambda rule: rule != field.default))


def combinations_of(question: Question, names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every combination of the rules of these rivalries (all of them by default); the first is the model as it
    stands. Raises SamspelError where one of them is set as well, or replicates give no interval."""
    from experiments.engine.sampling import factorial
    from sim import SamspelError

    chosen = [name for name in RIVALRIES if not names or name in names]
    for name in chosen:
        if name in question.settings:
            raise SamspelError(f"--set {name}: all its rules are run; leave it out, or name others with --rivalry")
    if question.replicates < 2:
        raise SamspelError("rivals: one replicate gives no interval and no sign; expected --replicates 2 or more")
    return factorial({name: rules_of(name) for name in chosen})


def rivals_design(question: Question, points: Sequence[Mapping[str, Any]], on: str = "coordinated") -> Design:
    """All combinations in both arms, on the same random numbers."""
    return question.design([OFF, on], points)


def finding_of(
    tables: Tables, points: Sequence[Mapping[str, Any]], quantity: Quantity, on: str = "coordinated"
) -> Finding:
    """What `on` less siloed comes to in a quantity, under every combination and by rule."""
    import numpy as np

    from experiments.analysis.intervals import interval
    from experiments.engine.results import mean_of_known

    def mean(part: NDArray[Any]) -> Interval:
        return interval(mean_of_known(part, axis=0))

    runs = tables.good
    runs = runs.assign(value=quantity.of(runs)).pivot(index=["point", "replicate"], columns="arm", values="value")
    table = (runs[on] - runs[OFF]).unstack("replicate").reindex(range(1, len(points) + 1))
    samples: NDArray[Any] = table.to_numpy(np.float64)
    by_rule = {
        name: {rule: mean(samples[[point[name] == rule for point in points]]) for rule in rules_of(name)}
        for name in points[0]
    }
    each = tuple(interval(row) for row in samples)
    return Finding(quantity, samples, each, by_rule, mean(samples))


def write_signs(found: Sequence[Finding], points: Sequence[Mapping[str, Any]], path: Any) -> None:
    """All differences as a table: one row a quantity and combination."""
    import pandas as pd

    from experiments.analysis.signs import sign

    rows = []
    for finding in found:
        quantity = {"outcome": finding.quantity.name, "unit": finding.quantity.unit_of_difference}
        for point, value in zip(points, finding.each, strict=True):
            said = {"difference": value.mean, "low": value.low, "high": value.high, "sign": sign(value)}
            rows.append(quantity | dict(point) | said)
    pd.DataFrame(rows).to_csv(path, index=False)
