"""The JSON schema of an episode's file, with names of parameters, levers, outcomes and regions for an editor."""

from __future__ import annotations

from typing import Any

from experiments.questions.hindcast.episode.model import Episode
from experiments.questions.hindcast.episode.whats import WHATS
from sim import PRESETS, Levers, load_parameters
from sim.inputs.region import shipped_regions
from sim.vocabulary import Partner, Practice

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema: of pydantic's model, with what may be set and chosen by name in its places."""
    made = Episode.model_json_schema()
    values = _settable()
    arm = made["$defs"]["ArmTable"]["properties"]
    for table in (made["properties"], arm):
        table["set"] = _set(table["set"], values)
    for practice in Practice:
        arm[str(practice)]["description"] = f"strength of {practice.words}, 0 to 1"
    arm["preset"]["enum"] = list(PRESETS)
    arm["partners"]["anyOf"][0]["items"]["enum"] = list(map(str, Partner))
    what = made["$defs"]["Measure"]["properties"]["what"]
    what["oneOf"] = [{"const": name, "description": f"{one.meaning} ({one.unit})"} for name, one in WHATS.items()]
    what.pop("enum", None)
    made["properties"]["region"]["examples"] = list(shipped_regions())
    return {"$schema": DRAFT, **made}


def _set(table: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """A table of settings in which every name is known; a value stands alone, or in whatever else it takes."""
    other = table.get("additionalProperties")
    more = [other] if isinstance(other, dict) and other else []
    properties = {name: {"anyOf": [value, *more], "description": value["description"]} if more else value
                  for name, value in values.items()}  # fmt: skip
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _settable() -> dict[str, Any]:
    """Every parameter and lever, with what it takes."""
    levers = Levers.model_json_schema()["properties"]
    kept = ("type", "enum", "minimum", "maximum", "default", "description")
    known = {name: {key: field[key] for key in kept if key in field} for name, field in levers.items()}
    for name, record in load_parameters().records.items():
        low, high = record.bounds
        about = f"{record.note} ({record.unit}); {load_parameters().values[name]:g}"
        known[name] = {"type": "number", "minimum": low, "maximum": high, "description": about}
    return known
