"""`samspel discover`: many runs over all that is uncertain, and the box in which coordination loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from experiments.questions.question import Question, closing, collaboration_option, question_of, question_options

if TYPE_CHECKING:
    import pandas as pd

    from experiments.engine.design import Design
    from experiments.engine.frames import Tables
    from experiments.reporting.quantity import Quantity

HELP = """When does coordination lose?

Draws all uncertain parameters from their whole plausible ranges (a Latin hypercube), each draw with random
numbers of its own, runs silos and coordination in each, and looks for the box in which coordination loses most
often (PRIM of the EMA workbench): in words, with how many losses it holds, how often coordination loses inside,
and whether it is found again on half of the runs.
"""
QUICK = {"scale": 0.02, "years": 6, "runs": 200}
OFF = "siloed"

# What the surroundings turned out to be, the same in both arms: chance draws it, nobody in the model moves it.
SURROUNDINGS = {
    "mean_construction_cycle": "other construction over the years",
    "mean_heat_price": "heat price over the years",
    "mean_interest": "real interest over the years",
}


@click.command(help=HELP, short_help="When coordination loses: a box in the uncertainty, in words.")
@question_options("results/discover", replicates=1, scale=0.1)
@collaboration_option
@click.option("--runs", type=click.IntRange(20), default=1200, show_default=True, help="Pairs of runs.")
@click.option("--outcome", metavar="NAME", default=None, help="What is lost; see samspel list outcomes.")
@click.option(
    "--find", type=click.Choice(["loses", "gains"]), default="loses", show_default=True, help="The box to look for."
)
@click.pass_context
def discover(context: click.Context, /, **_: Any) -> int:
    """The command."""
    question, own = question_of(context, QUICK)
    return run_discover(question, own["runs"], own["outcome"], own["find"], own["on"])


def run_discover(
    question: Question, runs: int, outcome: str | None = None, find: str = "loses", on: str = "coordinated"
) -> int:
    """Run, search and write; returns the exit status. Raises SamspelError."""
    from experiments.analysis.prim import check_box, find_box, load_prim
    from experiments.questions.discover.figures import draw_discover
    from experiments.questions.discover.words import Found, answer, sections
    from experiments.reporting.quantity import TOGETHER, quantity_of

    load_prim()
    quantity = quantity_of(outcome or TOGETHER, question.flats)
    design = discover_design(question, runs, on)
    with question.experiment("discover") as experiment:
        experiment.note(on=on, runs=runs, outcome=quantity.name, find=find)
        experiment.announce(design)
        pairs = paired_inputs(experiment.run(design), quantity, on)
        inputs = pairs.drop(columns="difference")
        worth = pairs["difference"].to_numpy() * (-1 if quantity.better < 0 else 1)
        cases = worth < 0 if find == "loses" else worth > 0
        box = find_box(inputs, cases)
        check = check_box(box, inputs, cases) if box.limits else None
        found = Found(quantity, find, pairs, cases, box, check)
        pairs.assign(case=cases, inside=box.holds(inputs)).to_csv(experiment.folder / "pairs.csv", index=False)
        draw_discover(found, f"{question.title}, {len(pairs):,} pairs of runs", experiment.folder)
        sections(question, experiment, found)
    return closing(question, experiment, answer(found))


def discover_design(question: Question, runs: int, on: str = "coordinated") -> Design:
    """A Latin hypercube over all uncertain parameters that are not set, each point with random numbers of its own."""
    from experiments.engine.sampling import latin_hypercube, plausible_ranges

    ranges = {name: span for name, span in plausible_ranges().items() if name not in question.settings}
    return question.design([OFF, on], latin_hypercube(ranges, runs, question.seed), own=True)


def paired_inputs(tables: Tables, quantity: Quantity, on: str = "coordinated") -> pd.DataFrame:
    """One row a point: its parameters by name, the surroundings as they turned out, and `difference`, the mean over
    replicates of `on` less siloed. Pairs of which a half failed are left out."""
    runs, names = tables.good, list(tables.design.varied)
    runs = runs.assign(value=quantity.of(runs))
    keys = ["point", "replicate"]
    off = runs[runs["arm"] == OFF].set_index(keys)
    treated = runs[runs["arm"] == on].set_index(keys)["value"]
    off = off.assign(difference=treated - off["value"]).dropna(subset=["difference"])
    chosen = off[[*(f"set_{name}" for name in names), *SURROUNDINGS, "difference"]]
    means: pd.DataFrame = chosen.groupby("point").mean().reset_index(drop=True)
    # An outcome may have a parameter's name, so that settings lose their prefix only here.
    return means.rename(columns=lambda name: str(name).removeprefix("set_"))
