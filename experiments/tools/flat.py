"""`samspel flat`: one renovated flat, of each kind: what it costs and brings, and to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pandas as pd

from experiments.design.option_types import Number
from experiments.design.plan import split_settings
from experiments.design.settings import parse_assignments
from experiments.reporting.numbers import number
from experiments.reporting.tables import markdown_table, text_table
from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.errors import SamspelError, unknown
from sim.recording.one_flat import OneFlat, Parties, due_buildings, one_flat
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.vocabulary import EnergyLevel, Standard
from sim.world.kinds import THIRDS

HELP = """One renovated flat, of each kind, to whom.

For each of the nine renovations: what it costs, what the rent rises by and what the standard is worth to those who live
there, what its owner sees, what it saves, and who gains and loses by it in present value, against leaving the building
until its pipes force the basic renovation. Computed by the model's own rules for the buildings that are due when the
region's first year opens; nothing is run.
"""
WORDS = {Standard.MINI: "basic", Standard.MIDI: "intermediate", Standard.MAXI: "full"}
ENERGY = {"none": "", "medium": " + medium energy", "deep": " + deep energy"}
# Columns by name: their heading, and by how much to divide.
FIRST = {
    "cost": ("cost", 1e3),
    "own_value": ("own value", 1e3),
    "market_gain": ("market", 1e3),
    "rent_rise": ("rent", 1.0),
    "worth": ("worth", 1.0),
    **{f"worth_{third}": (third, 1.0) for third in THIRDS},
    "kwh": ("kWh", 1.0),
    "co2": ("kg CO2", 1.0),
}
PARTIES = {
    "tenant": "tenant", "owner": "owner", "builders": "builders", "municipality": "town", "county_council": "county",
    "state": "state", "climate": "climate", "public_funds": "funds", "society": "society",
}  # fmt: skip
BESIDE = (
    "kSEK: cost, what it is worth to its owner at the return that it asks, and what it adds to market value. SEK a",
    "month: the rise of the rent, and what the standard is worth to the household in the middle and on average in the",
    "lowest, middle and highest income third. A year: heat and carbon dioxide saved.",
)
BELOW = (
    "Against leaving the building until its pipes force the basic renovation; both go on for ever. Society is the sum",
    "of the others. Tenant: worth minus rent and disturbance, after support. Owner: at society's rate of interest.",
    "Town, county, state: taxes minus support. Climate: carbon dioxide beyond the heat price. Funds: what raising",
    "public money costs. Without clauses, grants, payments of partners and moves. It foretells nothing of an estate.",
)


@click.command(help=HELP, short_help="One renovated flat, of each kind, to whom.")
@click.option("--region", metavar="NAME|PATH", default="stockholm-county", show_default=True,
              help="A region of ours or a folder of yours.")  # fmt: skip
@click.option("--neighbourhood", metavar="NAME", help="Its buildings alone.  [all of the region]")
@click.option("--standard", type=click.Choice(list(WORDS.values())), help="This standard alone.  [all three]")
@click.option("--scale", type=Number(), default=1.0, show_default=True, help="Share of the region to look at.")
@click.option("--set", "set_", multiple=True, metavar="NAME=VALUE", help="Set a parameter or lever.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, amounts in SEK.")
@click.option("--csv", "csv", type=click.Path(path_type=Path), help="Also write the table, amounts in SEK.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
def flat(region: str, neighbourhood: str | None, standard: str | None, scale: float, set_: tuple[str, ...],
         as_json: bool, csv: Path | None, markdown: bool) -> None:  # fmt: skip
    """The command."""
    found, where = looked_at(region, neighbourhood, scale, parse_assignments(set_))
    table = table_of(found)
    if standard is not None:
        table = table[table["standard"] == standard]
    if csv is not None:
        table.to_csv(csv, index=False)
    if as_json:
        about = {"region": region, "neighbourhood": neighbourhood, "flats": found.flats}
        click.echo(json.dumps(about | {"options": table.to_dict("records")}, indent=2))
        return
    for line in told(table, where, markdown):
        click.echo(line)
    if csv is not None:
        click.echo(f"\nWritten to {csv}")


def looked_at(region: str, neighbourhood: str | None, scale: float, settings: Mapping[str, Any]) -> tuple[OneFlat, str]:
    """The table for a region's due buildings, and what was looked at in words. Raises SamspelError."""
    parameters, levers = split_settings(settings, "--set")
    read = load_region(region, scale)
    names = [str(name) for name in read.neighbourhoods.name]
    if neighbourhood is not None and neighbourhood not in names:
        raise unknown("neighbourhood", neighbourhood, names)
    p = load_parameters().replace(parameters)
    model = RenewalModel(
        read, Collaboration.preset("siloed"), 1, parameters=p, levers=Levers.checked(**levers), years=1
    )
    rows = due_buildings(model.world, None if neighbourhood is None else names.index(neighbourhood))
    if len(rows) == 0:
        raise SamspelError(f"{neighbourhood or region}: has no building at this scale; expected a larger --scale")
    found = one_flat(model.world, rows)
    what = f"{number(found.flats, 0)} flats in {number(len(rows), 0)} buildings"
    return found, f"{neighbourhood or read.title}: mean over {what}"


def table_of(found: OneFlat) -> pd.DataFrame:
    """One row an option, SEK a flat (rent and worth a month)."""
    columns: dict[str, Any] = {
        "standard": [WORDS[Standard(one)] for one in STANDARDS],
        "energy": [EnergyLevel(one).name.lower() for one in LEVELS],
    }
    thirds = {f"worth_{third}": found.worth_of_thirds[i] for i, third in enumerate(THIRDS)}
    columns |= {name: thirds[name] if name in thirds else getattr(found, name) for name in FIRST}
    columns |= {one.name: getattr(found.parties, one.name) for one in fields(Parties)}
    return pd.DataFrame(columns | {"society": found.parties.society})


def told(table: pd.DataFrame, where: str, markdown: bool = False) -> list[str]:
    """The two tables and how to read them."""
    layout = markdown_table if markdown else text_table
    kinds = zip(table["standard"], table["energy"], strict=True)
    names = [f"{standard}{ENERGY[str(energy)]}" for standard, energy in kinds]
    first = {words: table[key] / by for key, (words, by) in FIRST.items()}
    second = {words: table[key] / 1e3 for key, words in PARTIES.items()}
    return [
        f"One renovated flat. {where}.",
        "",
        layout(["what it costs and brings", *first], _rows(names, first)),
        "",
        *BESIDE,
        "",
        layout(["who gains, kSEK", *second], _rows(names, second)),
        "",
        *BELOW,
    ]


def _rows(names: Sequence[str], columns: Mapping[str, Any]) -> list[list[str]]:
    cells = [[number(float(x), 0) for x in column] for column in columns.values()]
    return [[name, *row] for name, row in zip(names, zip(*cells, strict=True), strict=True)]
