"""Ways in which TOML and JSON come to harm: values, keys, tables, and what stands at the root."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from . import odd
from .spoil import Spoilt, file


def toml(rng: Random, contents: bytes) -> Spoilt:
    """A TOML file: values, keys, tables; now and then its bytes."""
    if rng.random() < 0.25:
        return file(rng, contents)
    lines = contents.decode().splitlines()
    places = [n for n, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    place = rng.choice(places)
    key, _, value = (part.strip() for part in lines[place].partition("="))
    how = rng.choice(("value", "value", "value", "value", "gone", "twice", "renamed", "nested", "table", "dotted"))
    new = odd.toml(rng)
    changes = {
        "value": [f"{key} = {new}"],
        "gone": [],
        "twice": [lines[place], lines[place]],
        "renamed": [f"{json.dumps(odd.text(rng), ensure_ascii=False)} = {value}"],
        "nested": [f"{key} = {{ value = {value} }}"],
        "table": [f"[{key}]", f"value = {value}"],
        "dotted": [f"{'.'.join('a' * 3000)} = {value}"],
    }
    lines[place : place + 1] = changes[how]
    said = f"{key}: {how}, {changes[how][0][:80] if changes[how] else ''}"
    text = "\n".join(lines) + "\n"
    unplaced = len(new) > 4000  # of numbers and lists without end the parser says no line
    heads = [line.strip("[]") for line in lines[:place] if line.startswith("[")]
    names = (
        ((key, *heads[-1:], f"line {place + 1}", f"line {place + 2}"),)
        if how in ("value", "twice", "nested") and not unplaced
        else ()
    )
    return Spoilt(said, text.encode("utf-8", errors="surrogatepass"), names, refused=how == "twice")


def json_(rng: Random, contents: bytes) -> Spoilt:
    """A JSON file: a value anywhere in it, or its root; now and then its bytes."""
    if rng.random() < 0.3:
        return file(rng, contents)
    if rng.random() < 0.2:
        root = rng.choice(
            ("[1]", "null", "1", '"x"', "{}", "[]", "NaN", "[" * 100_000, '{"a":' * 3000 + "1" + "}" * 3000)
        )
        return Spoilt(f"the root is {root[:20]}", root.encode(), refused=True)
    tree = json.loads(contents)
    node: Any = tree
    path: list[str] = []
    while isinstance(node, dict | list) and node and (rng.random() < 0.8 or not path):
        parent, key = node, rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        node, path = parent[key], [*path, str(key)]
    new = rng.choice((None, [], {}, "", -1, 1e308, float("nan"), 10**400, True, [1], {"a": 1}, odd.text(rng)))
    if rng.random() < 0.3:
        del parent[key]
    else:
        parent[key] = new
    how = f"{'.'.join(path)} is {str(new)[:60]!r}, or gone"
    return Spoilt(how, json.dumps(tree, ensure_ascii=False).encode("utf-8", errors="surrogatepass"))
