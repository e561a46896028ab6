"""`samspel run`: a design of one's own, or one of earlier results once more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.design.options import execution_of, execution_options
from experiments.design.own_design import read_own_design
from experiments.design.plan import split_settings
from experiments.engine.dates import named, plain
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.inputs import source_of
from experiments.engine.layout import MANIFEST
from experiments.engine.manifest import Manifest, SourceMade, describe_parameters
from experiments.engine.progress import tell
from experiments.engine.runs import region_of
from experiments.engine.stored import asked_again, open_results
from experiments.questions.designed.answer import ANSWER
from experiments.questions.run import conclude, failed, printed, status_of, written_to
from sim.inputs.toml_text import read_toml

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
    made, notes = _opened(design)
    read, settings = read_own_design(design)
    assumed = (
        ()
        if settings is None
        else (*settings.notes, *region_of(read.world.region, read.world.scale).notes, *read.notes())
    )
    for note in (*notes, *asked_again(Path(out), "run", read.world.region), *assumed):
        tell(f"note: {note}")
    command = ("samspel", *(context.obj or ()))
    with Experiment(Path(out), "run", command, execution_of(jobs, cluster, fresh)) as experiment:
        if settings is not None:
            experiment.note(seed=settings.seed, set=plain(settings.set) | named(settings.shocks), notes=assumed)
            experiment.note(**describe_parameters(split_settings(settings.set, "--set")[0]), sources=_sources(design))
        else:
            parameters, levers = _shared(read, "parameters"), _shared(read, "levers")
            sources = () if made is None else made.sources
            experiment.note(
                set=plain(parameters | levers) | named(read.world.shocks),
                **describe_parameters(parameters),
                sources=sources,
            )
        experiment.announce(read)
        experiment.run(read)
        found = conclude(ANSWER, experiment, figures)
    with written_to(out):
        for line in printed(ANSWER, found):
            click.echo(line)
        for line in failed(found):
            tell(line)
        click.echo(f"Written to {out}: summary.md, summary.json, {'figures/, ' * figures}tables, design and manifest")
    return status_of(found)


def _opened(design: Path) -> tuple[Manifest | None, list[str]]:
    """The manifest of results whose design runs again, and what has changed since they were made. Raises SamspelError
    where they are damaged."""
    folder = design if design.is_dir() else design.parent
    stored = design.is_dir() or (design.name.startswith("design") and (folder / MANIFEST).is_file())
    return open_results(folder) if stored else (None, [])


def _sources(design: Path) -> tuple[SourceMade, ...]:
    """The files that a design of one's own was read from."""
    points = read_toml(design, str(design), "a design")[0].get("points")
    more = () if points is None else (source_of("table of points", design.parent / str(points)),)
    return (source_of("design", design), *more)


def _shared(design: Design, kind: str) -> dict[str, Any]:
    """What all arms of a design set alike: its parameters, or its levers."""
    first, *others = (dict(getattr(treatment, kind)) for treatment in design.treatments)
    return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}
