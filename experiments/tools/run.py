"""`samspel run`: a design of one's own, or one of earlier results once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.design.options import execution_of, execution_options

if TYPE_CHECKING:
    from experiments.engine.experiment import Experiment
    from experiments.engine.frames import Tables

HELP = """Run a design: arms × values of parameters, levers and practices × replicates.

DESIGN is a TOML file, or a folder of results, whose design runs again.
"""
EPILOG = """\b
A design has the settings of a comparison (samspel compare --help), and what varies:
  region = "botkyrka"
  scale = 0.1
  replicates = 5
  select = ["siloed", "coordinated"]
  [vary]
  training = [0.0, 0.5, 1.0]                        # values, or a range
  grant_rate = { from = 0.0, to = 0.5, steps = 6 }
  [sample]                                          # instead of every combination
  method = "latin-hypercube"                        # or factorial, sobol, morris, saltelli
  n = 100
Points of your own: points = "points.csv", a column a setting and a row a point.
"""


@click.command(help=HELP, short_help="Run a design of your own.", epilog=EPILOG)
@click.argument("design", type=click.Path(path_type=Path))
@click.option("--out", default="results/run", show_default=True, metavar="FOLDER", help="Where results go.")
@execution_options
@click.pass_context
def run(context: click.Context, /, design: Path, out: str, jobs: int | None, cluster: str | None, fresh: bool) -> int:
    """The command."""
    from experiments.engine.pool import use_one_thread

    use_one_thread()
    from experiments.design.own_design import read_own_design
    from experiments.engine.experiment import Experiment

    read, settings = read_own_design(design)
    command = ["samspel", *(context.obj or ())]
    with Experiment(Path(out), "run", command, execution_of(jobs, cluster, fresh)) as experiment:
        if settings is not None:
            experiment.note(seed=settings.seed, set=settings.set)
        experiment.announce(read)
        tables = experiment.run(read)
        (experiment.folder / "summary.md").write_text(_summary(experiment, tables, command), encoding="utf-8")
    if experiment.failures:
        click.echo(experiment.failure_words(), err=True)
    click.echo(f"Written to {out}: runs, curves, design, manifest and summary")
    return experiment.exit_status


def _summary(experiment: Experiment, tables: Tables, command: list[str]) -> str:
    from sim import OUTCOMES

    design, runs = tables.design, tables.good
    world = design.world
    head = f"# {len(design.runs):,} runs of {world.region} at scale {world.scale:g}, {world.years} years"
    varied = ", ".join(design.varied) or "nothing but the arms"
    parts = [head, f"    {' '.join(command)}", f"Varied: {varied}. Means of the last year over all runs of an arm:"]
    headlines = [outcome for outcome in OUTCOMES if outcome.headline and outcome.name in runs]
    means = runs.groupby("arm", sort=False)[[outcome.name for outcome in headlines]].mean()
    rows = [f"| Outcome | {' | '.join(means.index)} |", f"| --- |{' ---: |' * len(means)}"]
    for outcome in headlines:
        values = " | ".join(f"{value:.4g}" for value in means[outcome.name])
        rows.append(f"| {outcome.label} ({outcome.unit}) | {values} |")
    return "\n\n".join(part for part in (*parts, "\n".join(rows), experiment.failure_words()) if part) + "\n"
