"""`samspel compare`: arms side by side on the same random numbers, with tables and figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from experiments.design.options import WIDTH, WIDTH_HELP, execution_of, execution_options, replicates_or_auto

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.design.plan import Plan
    from experiments.design.settings import Settings
    from experiments.engine.experiment import Execution, Experiment
    from experiments.engine.precision import Precision
    from experiments.engine.results import Results

MOST_REPLICATES = 200

HELP = """Run arms side by side and say what differs, how surely, who pays and who gains.

By default the county at 1:1 over thirty years, ten times: siloed, coordinated, siloed with the coordinated
arm's money, and coordinated at triple cost of coordination. All arms of a replicate meet the same random
numbers, so their difference is due to the arm alone.

Writes runs.parquet, curves.parquet, manifest.json, summary.md and figures/ to --out when everything is done.
Stopped halfway, the same command goes on where it was: a finished run is never computed twice.
"""

EPILOG = """\b
A configuration file holds the same settings, and arms of your own:
  region = "botkyrka"
  replicates = 20
  select = ["siloed", "coordinated", "no-training"]   # which arms to run
  [set]
  grant_rate = 0.3
  [arms.no-training]
  preset = "regional"
  training = 0.0
The command line overrules the file.
"""


@dataclass(frozen=True)
class Aim:
    """How well real resources are to be known (`width` of the interval by the mean), and whether replicates
    are added until they are, for at most some `minutes`."""

    width: float = WIDTH
    auto: bool = False
    minutes: float | None = None


@click.command(help=HELP, short_help="Run arms side by side: what differs, who pays, who gains.", epilog=EPILOG)
@click.option("--region", metavar="NAME|PATH", help="A region of ours or a folder of yours.  [stockholm-county]")
@click.option("--scale", type=float, help="Share of the region to simulate, 0 to 1; 1 is people 1:1.  [1.0]")
@click.option("--years", type=int, help="Years from 2011.  [30]")
@click.option(
    "--replicates",
    type=replicates_or_auto,
    metavar="NUMBER|auto",
    help='Random-number worlds, each met by every arm; "auto" adds more until real resources are known well.  [10]',
)
@click.option("--width", type=click.FloatRange(0, min_open=True), default=WIDTH, show_default=True, help=WIDTH_HELP)
@click.option("--minutes", type=click.FloatRange(0), help="How long --replicates auto may go on.  [no limit]")
@click.option("--arms", metavar="A,B,…", help="Arms to run, separated by commas; see samspel list arms.")
@click.option("--seed", type=int, help="Root of all random numbers.  [1]")
@click.option("--shared-seeds/--own-seeds", help="Arms share random numbers, or each has its own (a check).  [shared]")
@click.option("--record/--no-record", help="Store neighbourhoods and municipalities beside the region.  [record]")
@click.option("--figures/--no-figures", default=True, help="Draw figures, or leave it to samspel plot.  [figures]")
@click.option(
    "--out",
    metavar="FOLDER",
    help="Where results go; an earlier result there is replaced.  [results/compare]",
)
@click.option("--set", "set_", multiple=True, metavar="NAME=VALUE", help="Set a parameter or lever; may be repeated.")
@click.option("--config", type=click.Path(path_type=Path), help="A configuration file (TOML).")
@execution_options
@click.pass_context
def compare(context: click.Context, /, config: Path | None, figures: bool, **given: Any) -> None:
    """The command; values are read from the context, to tell what was given from what was not."""
    from experiments.engine.pool import use_one_thread

    use_one_thread()
    from experiments.design.plan import make_plan
    from experiments.design.settings import read_settings
    from experiments.reporting.summary import print_table

    plan = make_plan(read_settings(config, _given(context)))
    for note in plan.notes:
        click.echo(f"note: {note}", err=True)
    execution = execution_of(plan.jobs, given["cluster"], given["fresh"])
    aim = Aim(given["width"], given["replicates"] == "auto", given["minutes"])
    results = run_comparison(plan, ["samspel", *(context.obj or ())], figures, execution, aim)
    click.echo(print_table(results))
    click.echo(f"\nWritten to {plan.out}: summary.md, {'figures/, ' * figures}runs, curves and manifest")


def compare_settings(settings: Settings, figures: bool = True) -> Results:
    """Run a comparison from Python, afresh, and read it back. Raises SamspelError or RunError."""
    from experiments.design.plan import make_plan
    from experiments.engine.experiment import Execution

    execution = Execution(settings.jobs, fresh=True, show_progress=False)
    return run_comparison(make_plan(settings), ["compare_settings"], figures, execution)


def run_comparison(
    plan: Plan, command: Sequence[str], figures: bool = True, execution: Execution | None = None, aim: Aim = Aim()
) -> Results:
    """Run a plan and write all of its results, or none; what is finished stays for the next time. Returns the
    results as read back."""
    from experiments.engine.experiment import Execution, Experiment
    from experiments.engine.manifest import describe
    from experiments.engine.results import Results
    from experiments.engine.store import FIGURES, SUMMARY
    from experiments.questions.compare.draw import draw_all
    from experiments.reporting.summary import write_summary

    with Experiment(plan.out, "compare", command, execution or Execution(plan.jobs), strict=True) as experiment:
        plan, precision = _replicated(experiment, plan, aim)
        experiment.note(**describe(plan, [precision.words("what is gained in real resources, with end value")]))
        experiment.write_manifest()
        results = Results(experiment.folder)
        if figures:
            draw_all(results, experiment.folder / FIGURES, jobs=plan.jobs)
        write_summary(results, experiment.folder / SUMMARY)
    return Results(plan.out)


def _replicated(experiment: Experiment, plan: Plan, aim: Aim) -> tuple[Plan, Precision]:
    """Run the plan, with as many replicates as are asked for or as are needed; the plan as it was run."""
    import numpy as np

    from experiments.analysis.intervals import Interval, interval
    from experiments.design.arms import baseline_of, focus_of
    from experiments.design.plan import with_replicates
    from experiments.engine.frames import Tables
    from experiments.engine.precision import replicate_until
    from experiments.reporting.quantity import RESOURCES, quantity_of

    account = quantity_of(RESOURCES, 1)
    names = tuple(arm.name for arm in plan.arms)
    focus = focus_of(names)

    def measured(tables: Tables) -> Interval:
        if focus is None:
            return interval(account.of(tables.runs))
        pairs = [tables.paired(part, focus, baseline_of(names))["difference"].to_numpy() for part in account.parts]
        return interval(np.sum(pairs, axis=0))

    first = plan.settings.replicates
    tables, precision = replicate_until(
        experiment,
        lambda count: with_replicates(plan, count).design,
        measured,
        aim.width,
        start=first,
        most=max(first, MOST_REPLICATES) if aim.auto else first,
        minutes=aim.minutes,
    )
    return with_replicates(plan, tables.design.replicates), precision


def _given(context: click.Context) -> dict[str, Any]:
    """What was given on the command line, by the keys of the settings."""
    from experiments.design.settings import parse_assignments

    given: dict[str, Any] = {}
    for name, value in context.params.items():
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            given[name] = value
    for name in ("config", "figures", "fresh", "cluster", "width", "minutes"):
        given.pop(name, None)
    if given.get("replicates") == "auto":
        del given["replicates"]
    if "arms" in given:
        given["select"] = tuple(name.strip() for name in given.pop("arms").split(",") if name.strip())
    if "set_" in given:
        given["set"] = parse_assignments(given.pop("set_"))
    return given
