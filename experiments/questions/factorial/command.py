"""`samspel factorial`: every combination of practices on the same random numbers, and what each practice carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, question_of, question_options

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.analysis.intervals import Interval
    from experiments.analysis.shapley import Order
    from experiments.engine.design import Design
    from experiments.engine.frames import Tables
    from experiments.reporting.quantity import Quantity

HELP = """Which practice carries the gain?

Runs all combinations of the six practices (64 with national partners), each in the same random-number worlds,
and shares what all of them gain together fairly among them: exact Shapley values, for every purse and headline
outcome, with bootstrap intervals over replicates; what each adds first and last, which need each other, and
the best order to take them up in.
"""
QUICK = {"region": "botkyrka", "scale": 0.02, "years": 6, "replicates": 4}


@dataclass(frozen=True)
class Shares:
    """How one quantity divides among practices. share, first, last: one interval a practice; pairs: one a pair
    (None on the diagonal); total: of all practices together; means: of every coalition."""

    quantity: Quantity
    share: tuple[Interval, ...]
    first: tuple[Interval, ...]
    last: tuple[Interval, ...]
    pairs: tuple[tuple[Interval | None, ...], ...]
    total: Interval
    order: Order
    means: NDArray[Any]


@click.command(help=HELP, short_help="All combinations of practices: which one carries the gain.")
@question_options("results/factorial", replicates=16, scale=0.1, region="stockholm-county")
@click.option(
    "--partners",
    type=click.Choice(["national", "regional"]),
    default="national",
    show_default=True,
    help="Who is at the table; regional partners leave out the state, and free state money with it.",
)
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="Only these; see samspel list outcomes.")
@click.pass_context
def factorial(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    return run_factorial(question, own["partners"], own["outcomes"])


def run_factorial(question: Question, partners: str = "national", outcomes: tuple[str, ...] = ()) -> int:
    """Run, analyse and write; returns the exit status. Raises SamspelError."""
    from experiments.questions.factorial.figures import draw_factorial
    from experiments.questions.factorial.words import answer, sections
    from experiments.reporting.numbers import headlines
    from experiments.reporting.quantity import purse_accounts, quantities_of

    names = outcomes or (*purse_accounts(), *(name for name in headlines() if name != "resources"))
    quantities = quantities_of(names, question.flats)
    players = acting(partners)
    design = factorial_design(question, partners)
    with question.experiment("factorial") as experiment:
        experiment.note(partners=partners, practices=list(players), outcomes=list(names))
        experiment.announce(design)
        tables = experiment.run(design)
        found = [shares_of(tables, players, quantity) for quantity in quantities]
        write_shares(found, players, experiment.folder / "shapley.csv")
        draw_factorial(found, players, f"{question.title}, {found[0].total.count} replicates", experiment.folder)
        sections(question, experiment, found, players, partners)
    return closing(question, experiment, answer(found, players))


def acting(partners: str) -> tuple[str, ...]:
    """The practices that can act with these partners (a preset's name)."""
    from sim import Collaboration
    from sim.inputs.collaboration import NEEDS
    from sim.vocabulary import Practice

    table = Collaboration.preset(partners).partners
    return tuple(str(practice) for practice in Practice if NEEDS[practice] <= table)


def factorial_design(question: Question, partners: str) -> Design:
    """All combinations of the practices that can act, as points of one arm that has these partners."""
    from experiments.design.arms import Arm
    from experiments.engine.sampling import factorial as combinations

    off = dict.fromkeys(acting(partners), 0.0)
    arm = Arm("practices", "Practices", f"practices of a point, with {partners} partners", partners, off)
    return question.design([arm], combinations({name: [0.0, 1.0] for name in acting(partners)}))


def coalition_values(tables: Tables, players: tuple[str, ...], quantity: Quantity) -> NDArray[Any]:
    """The quantity by coalition (bit i: player i takes part) and replicate; replicates with a failed run are left
    out."""
    import numpy as np

    runs = tables.good
    mask = sum((runs[f"set_{name}"].to_numpy(np.int64) << bit for bit, name in enumerate(players)), np.int64(0))
    frame = runs[["replicate"]].assign(mask=mask, value=quantity.of(runs))
    table = frame.pivot(index="mask", columns="replicate", values="value").dropna(axis=1, how="any")
    values: NDArray[Any] = table.to_numpy(np.float64)
    if values.shape[0] != 1 << len(players) or not values.shape[1]:
        from sim import SamspelError

        raise SamspelError("factorial: in every replicate a run failed; nothing can be shared out")
    return values


def shares_of(tables: Tables, players: tuple[str, ...], quantity: Quantity) -> Shares:
    """How a quantity divides among the practices."""
    from experiments.analysis import shapley as exact

    values = coalition_values(tables, players, quantity)
    together = exact.interactions(values)
    n = len(players)

    def intervals(samples: NDArray[Any]) -> tuple[Interval, ...]:
        return tuple(exact.bootstrap(one) for one in samples)

    pairs = tuple(tuple(None if i == j else exact.bootstrap(together[i, j]) for j in range(n)) for i in range(n))
    means = values.mean(axis=1)
    sign = -1 if quantity.better < 0 else 1
    return Shares(
        quantity,
        intervals(exact.shapley(values)),
        intervals(exact.first(values)),
        intervals(exact.last(values)),
        pairs,
        exact.bootstrap(values[-1] - values[0]),
        exact.best_order(sign * means),
        means - means[0],
    )


def write_shares(found: list[Shares], players: tuple[str, ...], path: Any) -> None:
    """All shares as a table: one row a quantity and practice."""
    import pandas as pd

    rows = []
    for shares in found:
        for index, name in enumerate(players):
            row: dict[str, Any] = {"outcome": shares.quantity.name, "unit": shares.quantity.unit_of_difference}
            row["practice"] = name
            for kind in ("share", "first", "last"):
                value: Interval = getattr(shares, kind)[index]
                row |= {kind: value.mean, f"{kind}_low": value.low, f"{kind}_high": value.high}
            rows.append(row)
    pd.DataFrame(rows).to_csv(path, index=False)
