"""Bytes of a TOML file as tables, with the same letters and limits as tables have."""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

from sim.inputs.files import read_bytes
from sim.inputs.problems import Problem, clip, refused, stop_if
from sim.inputs.text import decoded, hidden, look, tidy

DEEPEST = 20
LARGEST = 2**63  # TOML promises no larger whole number
_DIGITS = re.compile(r"([0-9](?:_?[0-9]){29})(?:_?[0-9]){1000,}")
_TOKEN = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^']|'(?!''))*'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*"
    r"|[\[{]|[\]}]|\.|[^\s\w.\[\]{}-]",
    re.DOTALL,
)


def read_toml(path: Path, file: str, expected: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The tables of a file, and what was assumed to read it. `expected`: what is missing where it is. Raises
    InputError."""
    return read_toml_text(file, read_bytes(path, file, f"cannot be read (no such file); expected {expected}"))


def read_toml_text(file: str, content: bytes) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The tables of a TOML file, and notes on what was assumed to read it. Keys are in one form, and no text holds
    what cannot be seen. Raises InputError."""
    text, notes = decoded(file, content)
    if _depth(text) > DEEPEST:
        raise refused(file, f"tables or lists more than {DEEPEST} deep; expected a flat file")
    try:
        tables = tomllib.loads(text)
    # Not only TOMLDecodeError: a number of five thousand digits is a plain ValueError.
    except (ValueError, RecursionError, OverflowError) as error:
        shorter = _DIGITS.sub(r"\1", text)
        if not isinstance(error, tomllib.TOMLDecodeError) and shorter != text:
            return read_toml_text(file, shorter.encode())  # still too large, and so refused with its key
        raise refused(file, f"not valid TOML: {clip(error, 200)}{_bare_letters(text, str(error))}") from None
    problems: list[Problem] = []
    tables = _tidied(file, tables, "", problems)
    stop_if(problems)
    return tables, (f"{file}: read as {', '.join(notes)}",) if notes else ()


def _bare_letters(text: str, said: str) -> str:
    """What to do where a key with letters beyond a-z stands without quotes, which TOML does not take."""
    found = re.search(r"at line (\d{1,9})", said)
    line = next(islice(text.splitlines(), int(found[1]) - 1, None), "") if found else ""
    bare = re.search(r"[\w-]*[^\W\x00-\x7f][\w-]*", re.sub(r"\"[^\"]*\"|'[^']*'", "", line))
    return f'; a key such as {clip(bare[0])} needs quotes: "{clip(bare[0])}"' if bare else ""


def _tidied(file: str, value: Any, where: str, problems: list[Problem]) -> Any:
    """The same value with keys in one form; what is wrong with keys, texts and numbers is added to the problems."""
    if isinstance(value, dict):
        return _table(file, value, where, problems)
    if isinstance(value, list):
        return [_tidied(file, one, where, problems) for one in value]
    if isinstance(value, str) and (what := hidden(value)):
        problems.append(Problem(file, what, column=where, word="key"))
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        what = "a whole number beyond all measure; expected 64 bits at most, some 18 digits"
        problems.append(Problem(file, what, column=where, word="key"))
    return value


def _table(file: str, table: dict[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    tidied: dict[str, Any] = {}
    taken: dict[str, str] = {}
    for key, value in table.items():
        name = tidy(key)
        place = f"{where}.{name}" if where else name
        if what := hidden(key):
            problems.append(Problem(file, what, column=where, word="key"))
        elif (other := taken.setdefault(look(name), key)) != key:
            what = f'looks like the key "{clip(other)}"; expected names that differ in more than case or form'
            problems.append(Problem(file, what, column=place, word="key"))
        tidied[name] = _tidied(file, value, place, problems)
    return tidied


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
