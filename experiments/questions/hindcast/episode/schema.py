"""The JSON schema of an episode's file, with names of parameters, levers, outcomes and regions for an editor."""

from __future__ import annotations

from typing import Any

from experiments.questions.hindcast.episode.model import Episode
from experiments.questions.hindcast.episode.whats import WHATS
from sim import PRESETS, Levers, load_parameters
from sim.inputs.dated import EARLIEST, FROM, LATEST, TO
from sim.inputs.region import shipped_regions
from sim.inputs.shocks import Series
from sim.vocabulary import Partner, Practice

DRAFT = "https://json-schema.org/draft/2020-12/schema"
YEAR = {"type": "integer", "minimum": EARLIEST, "maximum": LATEST}

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema: of pydantic's model, with what may be set and chosen by name in its places."""
    made = Episode.model_json_schema()
    arm = made["$defs"]["ArmTable"]["properties"]
    settable = {"type": "object", "properties": _settable(), "additionalProperties": False}
    made["properties"]["set"] = arm["set"] = settable
    made["properties"]["shocks"] = {"type": "object", "properties": _shocks(), "additionalProperties": False}
    for practice in Practice:
        strength = {"type": "number", "minimum": 0, "maximum": 1, "description": f"strength of {practice.words}"}
        arm[str(practice)] = _dated(strength, "strength")
    arm["preset"]["enum"] = list(PRESETS)
    arm["partners"]["anyOf"][0]["items"]["enum"] = list(map(str, Partner))
    what = made["$defs"]["Measure"]["properties"]["what"]
    what["oneOf"] = [{"const": name, "description": f"{one.meaning} ({one.unit})"} for name, one in WHATS.items()]
    what.pop("enum", None)
    made["properties"]["region"]["examples"] = list(shipped_regions())
    return {"$schema": DRAFT, **made}


def _settable() -> Schema:
    """Every parameter, and every lever, which may have calendar years of its own, with what it takes."""
    kept = ("type", "enum", "minimum", "maximum", "default", "description")
    levers = Levers.model_json_schema()["properties"]
    known = {name: _dated({key: field[key] for key in kept if key in field}) for name, field in levers.items()}
    for name, record in load_parameters().records.items():
        low, high = record.bounds
        about = f"{record.note} ({record.unit}); {load_parameters().values[name]:g}"
        known[name] = {"type": "number", "minimum": low, "maximum": high, "description": about}
    return known


def _shocks() -> Schema:
    """Every series that can be set, by calendar year."""
    return {
        str(one): {
            "type": "object",
            "additionalProperties": {"type": "number", "minimum": one.least, "maximum": one.most},
            "description": f"{one.meaning} ({one.unit}), by calendar year",
        }
        for one in Series
    }


def _dated(value: Schema, key: str = "value") -> Schema:
    """A value by itself, or in a table with its calendar years."""
    years = {FROM: YEAR, TO: YEAR}
    table = {"type": "object", "properties": {key: value, **years}, "required": [key], "additionalProperties": False}
    return {"anyOf": [value, table], "description": value["description"]}
