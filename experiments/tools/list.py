"""`samspel list`: what can be set, chosen and read, with units and meaning."""

from __future__ import annotations

from collections.abc import Callable

import click

from experiments.design.arms import NAMED_ARMS
from experiments.reporting.numbers import MINUS, headlines, practice_words
from experiments.reporting.tables import wrapped_table
from sim import OUTCOMES, Collaboration, Levers, load_parameters, load_region
from sim.inputs.collaboration import PRESETS
from sim.inputs.region import shipped_regions
from sim.inputs.shocks import Series
from sim.vocabulary import Practice

HELP = """Show what can be set, chosen and read: parameters, levers, arms, presets, regions, outcomes and shocks.

Without a TOPIC everything is shown. Parameters and levers are what --set takes; regions what --region takes;
arms what --arms takes; presets what an arm of a configuration file starts from; outcomes what plot --outcome
takes; shocks the series that a configuration file may set in a calendar year.
"""

TOPICS = ("regions", "arms", "presets", "levers", "parameters", "outcomes", "shocks")


@click.command("list", help=HELP, short_help="Show what can be set, chosen and read.")
@click.argument("topic", type=click.Choice(TOPICS), required=False)
def list_(topic: str | None) -> None:
    """The command."""
    shown = (topic,) if topic else TOPICS
    parts = [f"{name.upper()}\n{listing(name)}" if len(shown) > 1 else listing(name) for name in shown]
    click.echo("\n\n".join(parts))


def listing(topic: str) -> str:
    """The table of one topic."""
    makers: dict[str, Callable[[], str]] = {
        "regions": _regions,
        "arms": _arms,
        "presets": _presets,
        "levers": _levers,
        "parameters": _parameters,
        "outcomes": _outcomes,
        "shocks": _shocks,
    }
    return makers[topic]()


def _regions() -> str:
    regions = [load_region(name) for name in shipped_regions()]
    rows = [
        [r.name, f"{r.total_flats:,}", str(len(r.neighbourhoods)), str(len(r.municipalities)), r.title] for r in regions
    ]
    return wrapped_table(["region", "flats", "neighbourhoods", "municipalities", "title"], rows)


def _arms() -> str:
    rows = [[arm.name, arm.preset, arm.same_money_as or "", arm.meaning] for arm in NAMED_ARMS.values()]
    return wrapped_table(["arm", "preset", "money of", "meaning"], rows)


def _presets() -> str:
    def cell(collaboration: Collaboration, practice: Practice) -> str:
        strength = collaboration.strength(practice)
        return "–" if strength == 0 else "on" if strength == 1 else f"{strength:g}"

    presets = list(PRESETS.values())
    heads = [_practice(str(practice)) for practice in Practice]
    rows = [[head, *(cell(p, practice) for p in presets), ""] for head, practice in zip(heads, Practice, strict=True)]
    table = wrapped_table(["practice", *(p.name for p in presets), ""], rows)
    partners = [[p.name, ", ".join(sorted(p.partners)).replace("_", " ") or "none"] for p in presets]
    note = (
        "Practices of the emergent preset act only where partners have committed.\n"
        "In a configuration file a practice is a share from 0 to 1, in all years or in calendar years, both included:\n"
        "training = { strength = 1.0, from_year = 2013, to_year = 2016 }. Its years are settings of their own where\n"
        "designs vary and sweeps run: training.from_year, training.to_year."
    )
    return f"{table}\n\n{wrapped_table(['preset', 'partners beside the housing company'], partners)}\n{note}"


def _practice(name: str) -> str:
    """A practice in words, with the key that sets it where that is another word."""
    words = practice_words(name)
    return words if words.replace(" ", "_") == name else f"{words} ({name})"


def _levers() -> str:
    rows = [[name, _plain(field.default), field.description or ""] for name, field in Levers.model_fields.items()]
    note = (
        "A lever may hold in calendar years, both included, and has its default in others. In a file:\n"
        "grant_rate = { value = 0.3, from_year = 2014, to_year = 2018 }. On the command line:\n"
        "--set grant_rate=0.3 --set grant_rate.from_year=2014 --set grant_rate.to_year=2018."
    )
    return f"{wrapped_table(['lever', 'default', 'meaning'], rows)}\n{note}"


def _parameters() -> str:
    rows = []
    for name, record in load_parameters().records.items():
        low, high = record.plausible
        meaning = f"{record.note} [{record.unit}; {record.grade}]".strip()
        rows.append([name, _plain(record.value), f"{_plain(low)} to {_plain(high)}", meaning])
    return wrapped_table(["parameter", "value", "plausible", "meaning [unit; evidence]"], rows)


def _outcomes() -> str:
    headline = headlines()
    rows = [[("* " if o.name in headline else "  ") + o.name, o.unit, o.level, o.meaning] for o in OUTCOMES]
    note = (
        "* headline outcomes: in tables and figures. all: region, municipalities and neighbourhoods.\n"
        "Questions also take accounts, present values: npv_society (the headline), its lines npv_society_LINE,\n"
        "npv_BUDGET (cash) and npv_OWNER_closing (an owner's own view)."
    )
    return f"{wrapped_table(['  outcome', 'unit', 'recorded for', 'meaning'], rows)}\n{note}"


def _shocks() -> str:
    rows = [[str(one), one.unit, f"{_plain(one.least)} to {_plain(one.most)}", one.meaning] for one in Series]
    note = (
        "A series is set in the first quarter of a calendar year, in all arms, and goes on from there. In a file:\n"
        "[shocks.heat_price]\n2014 = 0.9"
    )
    return f"{wrapped_table(['series', 'unit', 'bounds', 'meaning'], rows)}\n{note}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}".replace("-", MINUS)
    return str(value)
