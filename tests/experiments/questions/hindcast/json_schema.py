"""As much of JSON Schema as the schema of an episode needs: what does not fit, by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),),
    "integer": (int,), "number": (int, float),
}  # fmt: skip
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "enum", "examples",
    "exclusiveMinimum", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "oneOf",
    "pattern", "prefixItems", "properties", "required", "title", "type", "ge", "le",
}  # fmt: skip


def misfits(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What of a value a schema does not allow."""
    if unknown := set(schema) - KNOWN:
        yield f"{where}: the schema says {unknown}, which nobody here understands"
    if "$ref" in schema:
        yield from misfits(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, where)
    for key in ("anyOf", "oneOf"):
        if key in schema and all([*misfits(value, one, whole, where)] for one in schema[key]):
            yield f"{where}: fits none of {key}"
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        yield f"{where}: {value!r} is none of those known"
    kind = schema.get("type")
    if kind is not None and (not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool))):
        yield f"{where}: {value!r} is no {kind}"
    elif isinstance(value, dict):
        yield from _table(value, schema, whole, where)
    elif isinstance(value, list):
        yield from _list(value, schema, whole, where)
    elif kind in ("integer", "number") and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value} is out of bounds"


def _table(value: Mapping[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> Iterator[str]:
    yield from (f"{where}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    for name, one in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", True))
        if inner is False:
            yield f"{where}.{name}: unknown"
        elif inner is not True:
            yield from misfits(one, inner, whole, f"{where}.{name}")


def _list(value: list[Any], schema: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> Iterator[str]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{where}: {len(value)} entries"
    first = schema.get("prefixItems", [])
    for number, one in enumerate(value):
        inner = first[number] if number < len(first) else schema.get("items", {})
        yield from misfits(one, inner, whole, f"{where}[{number}]")
