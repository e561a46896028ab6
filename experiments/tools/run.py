"""`samspel run`: a design of one's own, or one of earlier results once more."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.design.options import execution_of, execution_options
from experiments.design.own_design import read_own_design
from experiments.design.plan import split_settings
from experiments.engine.experiment import Experiment
from experiments.engine.manifest import describe_parameters
from experiments.questions.designed.answer import ANSWER
from experiments.questions.run import conclude, failed, printed, status_of

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
@click.option("--figures/--no-figures", default=True, help="Draw figures, or leave it to samspel plot.")
@execution_options
@click.pass_context
def run(
    context: click.Context, /, design: Path, out: str, figures: bool, jobs: int | None, cluster: str | None, fresh: bool
) -> int:
    """The command."""
    read, settings = read_own_design(design)
    command = ("samspel", *(context.obj or ()))
    with Experiment(Path(out), "run", command, execution_of(jobs, cluster, fresh)) as experiment:
        if settings is not None:
            experiment.note(seed=settings.seed, set=dict(settings.set))
            experiment.note(**describe_parameters(split_settings(settings.set, "--set")[0]))
        experiment.announce(read)
        experiment.run(read)
        found = conclude(ANSWER, experiment, figures)
    for line in printed(ANSWER, found):
        click.echo(line)
    for line in failed(found):
        click.echo(line, err=True)
    click.echo(f"Written to {out}: summary.md, summary.json, {'figures/, ' * figures}tables, design and manifest")
    return status_of(found)
