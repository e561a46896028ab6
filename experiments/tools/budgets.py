"""`samspel budgets`: every budget by neighbourhood, from stored results."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from experiments.design.option_types import Whole
from experiments.engine.results import Results
from experiments.engine.stored import open_results
from experiments.reporting.numbers import number
from experiments.reporting.tables import markdown_table, text_table
from sim.errors import SamspelError, unknown

HELP = """Read what each budget nets in each neighbourhood, from stored results.

FOLDER holds results of a command that keeps outcomes by quarter, such as compare. A row is a neighbourhood, a column a
budget: million SEK a year, received minus paid without loans, mean over runs and years. With --against an arm minus
another. Neighbourhoods add up to their municipality; nothing is run.
"""
NAMES = {
    "residents": "persons",
    "housing_companies": "companies",
    "private_landlords": "landlords",
    "municipalities": "municipality",
    "county_council": "county",
    "state": "state",
}
ALL = "all"


@click.command(help=HELP, short_help="Every budget by neighbourhood, from stored results.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--arm", metavar="NAME", help="Of this arm.  [the one in question]")
@click.option("--against", metavar="NAME", help="Minus this arm, run by run.")
@click.option("--from-year", "from_year", type=Whole(), help="From this calendar year on.")
@click.option("--to-year", "to_year", type=Whole(), help="Up to this calendar year, included.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@click.option("--csv", "csv", type=click.Path(path_type=Path), help="Also write the table, SEK a year.")
def budgets(folder: Path, arm: str | None, against: str | None, from_year: int | None, to_year: int | None,
            markdown: bool, csv: Path | None) -> None:  # fmt: skip
    """The command."""
    for note in open_results(folder)[1]:
        click.echo(f"note: {note}", err=True)
    results = Results(folder)
    arm = arm or results.focus or results.baseline
    rows = years_of(results.table("budgets"), from_year, to_year)
    table = mean_of(results, rows, arm)
    if against is not None:
        table = table - mean_of(results, rows, against)
    if csv is not None:
        table.to_csv(csv)
    told = f"{arm}{f' minus {against}' if against else ''}, {rows['year'].min()} to {rows['year'].max()}"
    click.echo(f"Million SEK a year, received minus paid: {told}\n")
    headers = ["neighbourhood", *(NAMES[str(name)] for name in table)]
    cells = [[str(place), *(number(x / 1e6, 1, against is not None) for x in row)] for place, row in
             zip(table.index, table.to_numpy(), strict=True)]  # fmt: skip
    cells.append([ALL, *(number(float(x) / 1e6, 1, against is not None) for x in table.sum())])
    click.echo((markdown_table if markdown else text_table)(headers, cells))
    if csv is not None:
        click.echo(f"\nWritten to {csv}")


def years_of(rows: pd.DataFrame, first: int | None, last: int | None) -> pd.DataFrame:
    """The rows of these years. Raises SamspelError where there are none."""
    kept = rows[(rows["year"] >= (first or rows["year"].min())) & (rows["year"] <= (last or rows["year"].max()))]
    if kept.empty:
        asked = ", ".join(f"{name} {year}" for name, year in (("--from-year", first), ("--to-year", last)) if year)
        raise SamspelError(f"{asked}: no such year; expected some of {rows['year'].min()} to {rows['year'].max()}")
    return kept


def mean_of(results: Results, rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    """SEK a year by neighbourhood and budget, mean over the runs and years of an arm. Raises SamspelError."""
    if arm not in results.arms:
        raise unknown("arm", arm, results.arms, str(results.folder))
    mine = rows[rows["arm"] == arm]
    means = mine.groupby(["neighbourhood", "budget"], sort=False)["sek"].mean().unstack("budget")
    return means[list(NAMES)]
