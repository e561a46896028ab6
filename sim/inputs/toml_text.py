"""Bytes of a TOML file as tables, with the same letters and limits as tables have."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from sim.inputs.problems import clip, refused
from sim.inputs.text import decoded

DEEPEST = 20
_TOKEN = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^']|'(?!''))*'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*"
    r"|[\[{]|[\]}]|\.|[^\s\w.\[\]{}-]",
    re.DOTALL,
)


def read_toml_text(file: str, content: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The tables of a TOML file, and notes on what was assumed to read it. Raises InputError."""
    text, notes = decoded(file, content)
    if _depth(text) > DEEPEST:
        raise refused(file, f"tables or lists more than {DEEPEST} deep; expected a flat file")
    try:
        tables = tomllib.loads(text)
    # Not only TOMLDecodeError: a number of five thousand digits is a plain ValueError.
    except (ValueError, RecursionError, OverflowError) as error:
        raise refused(file, f"not readable as TOML: {clip(error, 200)}") from None
    return tables, (f"{file}: read as {', '.join(notes)}",) if notes else ()


def _depth(text: str) -> int:
    """How deep tables and lists go at most, whether by brackets or by names divided by points."""
    deepest = brackets = points = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in "[{":
            brackets, points = brackets + 1, 0
        elif token in "]}":
            brackets = max(brackets - 1, 0)
        elif token == ".":
            points += 1
        elif token[0] not in "\"'":
            points = 0
        deepest = max(deepest, brackets + points)
    return deepest
