"""`samspel compare`: arms side by side on the same random numbers, with tables and figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.engine.results import Results
    from experiments.plan import Plan
    from experiments.settings import Settings

HELP = """Run arms side by side and say what differs, how surely, who pays and who gains.

By default the county at 1:1 over thirty years, ten times: siloed, coordinated, siloed with the coordinated
arm's money, and coordinated at triple cost of coordination. All arms of a replicate meet the same random
numbers, so their difference is due to the arm alone.

Writes runs.parquet, curves.parquet, manifest.json, summary.md and figures/ to --out when everything is done.
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


@click.command(help=HELP, short_help="Run arms side by side: what differs, who pays, who gains.", epilog=EPILOG)
@click.option("--region", metavar="NAME|PATH", help="A region of ours or a folder of yours.  [stockholm-county]")
@click.option("--scale", type=float, help="Share of the region to simulate, 0 to 1; 1 is people 1:1.  [1.0]")
@click.option("--years", type=int, help="Years from 2011.  [30]")
@click.option("--replicates", type=int, help="Random-number worlds, each met by every arm.  [10]")
@click.option("--arms", metavar="A,B,…", help="Arms to run, separated by commas; see samspel list arms.")
@click.option("--seed", type=int, help="Root of all random numbers.  [1]")
@click.option("--shared-seeds/--own-seeds", help="Arms share random numbers, or each has its own (a check).  [shared]")
@click.option("--jobs", type=int, help="Parallel processes; never changes a result.  [all processors]")
@click.option("--record/--no-record", help="Store neighbourhoods and municipalities beside the region.  [record]")
@click.option("--figures/--no-figures", default=True, help="Draw figures, or leave it to samspel plot.  [figures]")
@click.option(
    "--out",
    metavar="FOLDER",
    help="Where results go; an earlier result there is replaced.  [results/compare]",
)
@click.option("--set", "set_", multiple=True, metavar="NAME=VALUE", help="Set a parameter or lever; may be repeated.")
@click.option("--config", type=click.Path(path_type=Path), help="A configuration file (TOML).")
@click.pass_context
def compare(context: click.Context, /, config: Path | None, figures: bool, **_: Any) -> None:
    """The command; values are read from the context, to tell what was given from what was not."""
    from experiments.engine.pool import use_one_thread

    use_one_thread()
    from experiments.plan import make_plan
    from experiments.settings import read_settings
    from experiments.summary import print_table

    plan = make_plan(read_settings(config, _given(context)))
    for note in plan.notes:
        click.echo(f"note: {note}", err=True)
    results = run_comparison(plan, ["samspel", *(context.obj or ())], figures)
    click.echo(print_table(results))
    click.echo(f"\nWritten to {plan.out}: summary.md, {'figures/, ' * figures}runs, curves and manifest")


def compare_settings(settings: Settings, figures: bool = True) -> Results:
    """Run a comparison from Python and read it back. Raises SamspelError or RunError."""
    from experiments.plan import make_plan

    return run_comparison(make_plan(settings), ["compare_settings"], figures, show_progress=False)


def run_comparison(
    plan: Plan, command: Sequence[str], figures: bool = True, show_progress: bool | None = None
) -> Results:
    """Run a plan and write all of its results, or none. Returns the results as read back."""
    from experiments.engine import store
    from experiments.engine.manifest import Clock, write_manifest
    from experiments.engine.pool import execute
    from experiments.engine.results import Results
    from experiments.figures.draw import draw_all
    from experiments.summary import write_summary

    clock, kept = Clock(), []
    with store.Staging(plan.out) as folder:
        with store.CurvesWriter(folder / store.CURVES) as curves:
            for result in execute(plan.design, plan.jobs, show_progress):
                curves.append(result)
                clock.note(result)
                kept.append(result.without_curves())
        store.write_runs(folder / store.RUNS, kept, plan.changed)
        write_manifest(folder / store.MANIFEST, plan, command, clock)
        results = Results(folder)
        if figures:
            draw_all(results, folder / store.FIGURES, jobs=plan.jobs)
        write_summary(results, folder / store.SUMMARY)
        write_manifest(folder / store.MANIFEST, plan, command, clock)
    return Results(plan.out)


def _given(context: click.Context) -> dict[str, Any]:
    """What was given on the command line, by the keys of the settings."""
    from experiments.settings import parse_assignments

    given: dict[str, Any] = {}
    for name, value in context.params.items():
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            given[name] = value
    for name in ("config", "figures"):
        given.pop(name, None)
    if "arms" in given:
        given["select"] = tuple(name.strip() for name in given.pop("arms").split(",") if name.strip())
    if "set_" in given:
        given["set"] = parse_assignments(given.pop("set_"))
    return given
