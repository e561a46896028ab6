"""`samspel talks`: the log of talks of stored results, for a person to read."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from experiments.design.option_types import WholeRange
from experiments.engine.results import Results
from experiments.engine.stored import open_results
from experiments.reporting.names import markdown
from experiments.reporting.tables import markdown_table, wrapped_table
from experiments.reporting.talks import agreed, counted, moves, nearest
from sim.errors import unknown

HELP = """Read who asked whom for what, who offered, and why it came to nothing.

FOLDER holds results of a command that keeps outcomes by quarter, such as compare. First come counts by arm, partner,
result and reason (means over runs; million SEK in the owner's eyes), then the deals that came closest, those that
were made, and who left a compact. Nothing is run.
"""
HEADERS = ("arm", "partner", "result", "rows a run", "MSEK asked", "MSEK short", "because")
LOG = "talks.md"


@click.command(help=HELP, short_help="Read the log of talks of stored results.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--arm", metavar="NAME", help="Of this arm alone.")
@click.option("--municipality", metavar="NAME", help="Of this municipality alone.")
@click.option("--run", metavar="NAME", help="Of this run alone, such as coordinated/3.")
@click.option("--most", type=WholeRange(1), default=10, show_default=True, help="Sentences of each kind.")
@click.option("--write/--no-write", default=False, help=f"Also write them into FOLDER/{LOG}.")
def talks(folder: Path, arm: str | None, municipality: str | None, run: str | None, most: int, write: bool) -> None:
    """The command."""
    for note in open_results(folder)[1]:
        click.echo(f"note: {note}", err=True)
    results = Results(folder)
    rows = chosen(results, arm, municipality, run)
    if rows.empty:
        click.echo("Nobody talked to anybody.")
        return
    parts = [(title, lines) for title, lines in told(rows, most) if lines]
    cells = counted(rows, {str(one): 1 if run else int(n) for one, n in results.runs["arm"].value_counts().items()})
    click.echo(wrapped_table(HEADERS, cells))
    for title, lines in parts:
        click.echo("\n".join(["", title, *(f"  {line}" for line in lines)]))
    if write:
        table = markdown_table(HEADERS, [[markdown(cell) for cell in row] for row in cells], left=3)
        text = [f"## {title}\n\n" + "\n".join(f"- {markdown(line)}" for line in lines) for title, lines in parts]
        (folder / LOG).write_text("\n\n".join(["# The log of talks", table, *text]) + "\n", encoding="utf-8")
        click.echo(f"\nWritten to {folder / LOG}")


def told(rows: pd.DataFrame, most: int) -> list[tuple[str, list[str]]]:
    """Titles and sentences."""
    return [
        ("What came closest", nearest(rows, most)),
        ("What was agreed", agreed(rows, most)),
        ("Who left a compact", moves(rows, most)),
    ]


def chosen(results: Results, arm: str | None, municipality: str | None, run: str | None) -> pd.DataFrame:
    """The rows that were asked for, with their calendar year. Raises SamspelError for a name that the results do not
    hold, or where no such table was kept."""
    rows = results.table("talks").assign(year=lambda table: results.made.first_year + table["quarter"] // 4)
    where = str(results.folder)
    known = {"arm": results.arms, "municipality": results.areas("municipality"), "run": list(results.runs["run"])}
    for kind, name in (("arm", arm), ("municipality", municipality), ("run", run)):
        if name is None:
            continue
        names = [str(one) for one in known[kind]] or sorted(set(rows[kind]))
        if name not in names:
            raise unknown(kind, name, names, where)
        rows = rows[rows[kind] == name]
    return rows
