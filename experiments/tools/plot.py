"""`samspel plot`: stored results of any kind drawn again, whole or as chosen, without running anything."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.engine.layout import FIGURES
from experiments.engine.manifest import add_figures
from experiments.engine.stored import open_results
from experiments.questions.drawing import draw
from experiments.questions.question import View
from sim.inputs.text import tidy

HELP = """Draw stored results again, without running anything.

Without options the figures of the results in FOLDER are drawn, whichever command wrote them. Those of compare show the
two arms in question and what the question is about: --arms all draws the curves of all arms, and neighbourhoods year by
year, --outcome all those of all outcomes. With --outcome or --area only the curves and differences of these outcomes
are drawn, of this neighbourhood, municipality or region, six a figure.
"""


@click.command(help=HELP)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="NAME", help="An outcome to draw, or all; may be repeated."
)
@click.option(
    "--arms", default="", metavar="A,B,…", help="Arms to draw, separated by commas, or all.  [the two in question]"
)
@click.option("--area", metavar="NAME", help="A neighbourhood or municipality instead of the region.")
@click.option("--out", type=click.Path(path_type=Path), help="Where figures go.  [FOLDER/figures]")
def plot(folder: Path, outcomes: tuple[str, ...], arms: str, area: str | None, out: Path | None) -> int:
    """The command; 1 where a figure could not be drawn."""
    chosen = tuple(tidy(name) for name in arms.split(",") if name.strip())
    view = View(chosen, outcomes, None if area is None else tidy(area))
    for note in open_results(folder)[1]:
        click.echo(f"note: {note}", err=True)
    target = folder / FIGURES
    drawn = draw(folder, out or target, view)
    if out is None or out.resolve() == target.resolve():
        add_figures(folder, (file.name for one in drawn for file in one.files))
    for one in drawn:
        for file in one.files:
            click.echo(file)
        if one.failed:
            click.echo(f"samspel: {one.failed}", err=True)
    return 1 if any(one.failed for one in drawn) else 0
