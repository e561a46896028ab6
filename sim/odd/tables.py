"""Each table of ``ODD.md`` as Markdown, from the declarations in the code that it shows."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cache
from inspect import getdoc, getmembers, isfunction
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim import scope
from sim.inputs.collaboration import PRESETS
from sim.inputs.levers import Levers
from sim.inputs.parameters import load_parameters
from sim.inputs.region_rows import BuilderRow, CountyFile, InjectionRow, LandlordRow, MunicipalityRow, NeighbourhoodRow
from sim.inputs.seeds_folder import seeds_folder
from sim.odd.state import AGENTS, MARKETS, MEMORY, WORKS, Described
from sim.randomness import Decision
from sim.recording.outcomes import OUTCOMES, Outcome, purse_name
from sim.rules.income import Pay
from sim.rules.training import Programme
from sim.schedule import PHASES
from sim.vocabulary import Away, EnergyLevel, Partner, Practice, Purse, Site, Skill, Standard, Work
from sim.world.books import Flow
from sim.world.columns import Columns
from sim.world.state import Buildings, Neighbourhoods, Residents
from sim.world.surroundings import Regime

PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS = ("odd/", "aggregate/")  # what makes these tables, and the second model

Rows = Iterable[Sequence[object]]


def markdown(head: Sequence[str], rows: Rows) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *([_cell(x) for x in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    """A number without noise, a text without what would break the table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


def code(name: object) -> str:
    """A name as code."""
    return f"`{name}`"


# --- where in the code


@cache
def sources() -> dict[str, str]:
    """Source of every module of the model by its path in the package, such as rules/bids."""
    paths = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if not name.startswith(_OTHERS)}


@cache
def _index(before: str) -> dict[str, list[str]]:
    """Modules by the name that they use after a word and a dot, such as p.heat_price."""
    found: dict[str, list[str]] = {}
    for module, source in sources().items():
        for name in sorted(set(re.findall(rf"\b{before}\.(\w+)", source))):
            found.setdefault(name, []).append(module)
    return found


def users(before: str, name: str) -> str:
    """Modules that use a parameter (``p``), a draw (``Decision``) or a question (``scope``), as code."""
    return ", ".join(map(code, _index(before).get(name, [])))


# --- the tables


def _input(pattern: dict[str, Any]) -> str:
    """Whether a pattern's number is an input, with the levers that decide it."""
    where = pattern.get("evidence_where", {})
    own = str(pattern["input"])
    return f"yes; {own} if " + ", ".join(f"{code(k)} is {v}" for k, v in where.items()) if where else own


def _patterns() -> str:
    patterns = tomllib.loads((seeds_folder() / "patterns.toml").read_text(encoding="utf-8"))
    rows = ((key, x["name"], x["sentence"], x["strength"], _input(x)) for key, x in patterns.items())
    return markdown(("", "pattern", "in words", "strength", "an input?"), rows)


def _columns(table: type[Columns]) -> str:
    rows = ((code(name), c.unit, c.dtype, c.meaning) for name, c in table.declared().items())
    return markdown(("column", "unit", "kept as", "meaning"), rows)


def _described(kinds: dict[str, Described]) -> str:
    rows = ((kind, code(name), *words) for kind, names in kinds.items() for name, words in names.items())
    return markdown(("of", "variable", "unit", "meaning"), rows)


def _codes() -> str:
    words: tuple[type[Enum], ...] = (Work, Skill, Programme, Pay, Site, Away, Standard, EnergyLevel, Regime, Purse)
    rows = ((code(w.__name__), ", ".join(f"{x.value} {x.name.lower().replace('_', ' ')}" for x in w)) for w in words)
    return markdown(("word", "codes"), rows)


def _presets() -> str:
    def partners(who: Iterable[Partner]) -> str:
        return ", ".join(x.value.replace("_", " ") for x in Partner if x in who) or "–"

    needs = ("*it needs*", "", *(partners(x.needs) for x in Practice), "")
    rows: list[Sequence[object]] = [
        (code(name), partners(c.partners), *(f"{c.settings()[x]:g}" for x in Practice), c.by_commitment)
        for name, c in PRESETS.items()
    ]
    head = ("preset", "partners beside the housing company", *(x.words for x in Practice))
    return markdown((*head, "by commitment"), [*rows, needs])


def _scope() -> str:
    found = [(name, f) for name, f in getmembers(scope, isfunction) if f.__module__ == scope.__name__]
    questions = [(name, f) for name, f in found if not name.startswith("_")]
    rows = ((code(name), getdoc(f), users("scope", name) or code("scope")) for name, f in questions)
    return markdown(("question", "answer", "asked in"), rows)


def _parameters() -> str:
    rows = (
        (code(name), x.value, x.unit, _range(x.plausible), _range(x.bounds), x.grade, x.note, x.source,
         users("p", name))
        for name, x in load_parameters().records.items()
    )  # fmt: skip
    return markdown(
        ("parameter", "value", "unit", "plausible", "bounds", "grade", "meaning", "source", "read in"), rows
    )


def _grades() -> str:
    grades = Counter(x.grade for x in load_parameters().records.values())
    return markdown(("grade", "parameters"), [*sorted(grades.items()), ("all", grades.total())])


def _range(ends: tuple[float, float]) -> str:
    return " to ".join(map(_cell, ends))


def _levers() -> str:
    schema = Levers.model_json_schema()["properties"]
    rows = ((code(name), _values(x), x["default"], x["description"]) for name, x in schema.items())
    return markdown(("lever", "values", "default", "meaning"), rows)


def _values(field: dict[str, object]) -> str:
    """What a lever may be."""
    if "enum" in field:
        return ", ".join(map(str, field["enum"]))  # type: ignore[call-overload]
    if field["type"] == "boolean":
        return "yes, no"
    upper = f" to {field['maximum']:g}" if "maximum" in field else " or more"
    return f"{field['type']}, {field.get('minimum', '-')}{upper}"


def _schedule() -> str:
    rows = ((i, x.name, code(x.advance.__module__), x.who, x.reads, x.writes) for i, x in enumerate(PHASES, 1))
    return markdown(("", "phase", "module", "who acts", "reads", "writes"), rows)


def _decisions() -> str:
    rows = ((code(x.name), x.value, users("Decision", x.name)) for x in Decision)
    return markdown(("draw", "name in the key", "drawn in"), rows)


def _flows() -> str:
    rows = (
        (code(x), purse_name(x.payer), purse_name(x.payee), x.cause, "yes" if x.job else "", x.use.value) for x in Flow
    )
    return markdown(("flow", "payer", "payee", "cause", "from work", "made or used"), rows)


def _outcomes() -> str:
    areas = {"all": "all", "municipality": "municipality, region", "region": "region"}
    better = {1: "more", -1: "less", 0: ""}
    rows = ((code(x.name), x.unit, _meaning(x), areas[x.level], better[x.better]) for x in OUTCOMES)
    return markdown(("outcome", "unit", "meaning", "for", "better"), rows)


def _meaning(outcome: Outcome) -> str:
    return f"{outcome.meaning}; none when {outcome.missing}" if outcome.missing else outcome.meaning


def _seeds() -> str:
    tables: dict[str, type[BaseModel]] = {"neighbourhoods.csv": NeighbourhoodRow, "municipalities.csv": MunicipalityRow,
              "builders.csv": BuilderRow, "landlords.csv": LandlordRow, "injections.csv": InjectionRow,
              "region.toml": CountyFile}  # fmt: skip
    rows = (
        (code(file), code(name), field.description or "a figure with unit, evidence and source")
        for file, model in tables.items()
        for name, field in model.model_fields.items()
    )
    return markdown(("table", "column", "what is taken"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "residents": lambda: _columns(Residents),
    "buildings": lambda: _columns(Buildings),
    "neighbourhoods": lambda: _columns(Neighbourhoods),
    "agents": lambda: _described(AGENTS),
    "markets": lambda: _described(MARKETS),
    "works": lambda: _described(WORKS),
    "memory": lambda: markdown(("variable", "unit", "meaning"), ((code(k), *v) for k, v in MEMORY.items())),
    "patterns": _patterns,
    "codes": _codes,
    "schedule": _schedule,
    "presets": _presets,
    "scope": _scope,
    "seeds": _seeds,
    "decisions": _decisions,
    "levers": _levers,
    "grades": _grades,
    "parameters": _parameters,
    "flows": _flows,
    "outcomes": _outcomes,
}
