"""`samspel plot`: stored results drawn again, chosen outcomes and arms, without running anything."""

from __future__ import annotations

from pathlib import Path

import click

HELP = """Draw stored results again, without running anything.

Without options all figures of the comparison in FOLDER are drawn. With --outcome or --area only the curves
and differences of these outcomes are, of this neighbourhood, municipality or region.
"""


@click.command(help=HELP, short_help="Draw stored results again, without running.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--outcome", "outcomes", multiple=True, metavar="NAME", help="An outcome to draw; may be repeated.")
@click.option("--arms", default="", metavar="A,B,…", help="Arms to draw, separated by commas.  [all]")
@click.option("--area", metavar="NAME", help="A neighbourhood or municipality instead of the region.")
@click.option("--out", type=click.Path(path_type=Path), help="Where figures go.  [FOLDER/figures]")
def plot(folder: Path, outcomes: tuple[str, ...], arms: str, area: str | None, out: Path | None) -> None:
    """The command."""
    from experiments.engine.pool import default_jobs
    from experiments.engine.results import Results
    from experiments.engine.store import FIGURES
    from experiments.questions.compare.draw import draw_all

    chosen = [name.strip() for name in arms.split(",") if name.strip()]
    for file in draw_all(Results(folder), out or folder / FIGURES, chosen, outcomes, area, default_jobs()):
        click.echo(file)
