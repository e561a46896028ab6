"""JSON read back: what is too large, too deep or no JSON is told with the file, what does not fit with its key."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Never, TypeVar

from pydantic import BaseModel, ValidationError

from sim import SamspelError
from sim.inputs.problems import clip

MOST_BYTES = 50_000_000  # a manifest names every run that failed
DEEPEST = 20
LONGEST_NUMBER = 400

M = TypeVar("M", bound=BaseModel)


def read_json(path: Path, expected: str) -> Any:
    """What a file says. `expected`: what it should be, for a message. Raises SamspelError."""
    return parsed(path, read_text(path, expected), expected)


def read_model(path: Path, model: type[M], expected: str) -> M:
    """A file as a model. Raises SamspelError, with the first key that does not fit."""
    text = read_text(path, expected)
    parsed(path, text, expected)
    return validated(path, text, model)


def parsed(path: Path, text: str, expected: str) -> Any:
    """The same of a text that has been read already. Raises SamspelError."""
    try:
        found = json.loads(
            text, parse_int=_whole, parse_float=_finite, parse_constant=_no_number, object_pairs_hook=_unique
        )
    except RecursionError:
        raise _too_deep(path, expected) from None
    except ValueError as error:
        raise SamspelError(f"{path}: not readable as JSON ({clip(error, 200)}); expected {expected}") from None
    if _depth(found) > DEEPEST:
        raise _too_deep(path, expected)
    return found


def validated(path: Path, text: str, model: type[M]) -> M:
    """A text of JSON as a model, with numbers as numbers and text as text. Raises SamspelError."""
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise SamspelError(explained(str(path), error)) from None


def explained(where: str, error: ValidationError) -> str:
    """What pydantic found, in a line: where, the first key that does not fit, what is there, what was expected."""
    found = error.errors(include_url=False)
    first = found[0]
    key = clip(".".join(map(str, first["loc"])), 120)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    if first["type"] == "json_invalid":
        return f"{where}: {clip(first['msg'], 200)}"
    if first["type"] == "missing":
        return f"{where}: key {key}: missing{more}"
    such = f"key {key}: got {shown(first['input'])}" if key else f"got {shown(first['input'])}"
    return f"{where}: {such}; {clip(first['msg'], 200)}{more}"


def shown(value: Any) -> str:
    """A value for a message, however large it is."""
    if isinstance(value, dict | list | tuple):
        return f"{'a table' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    return clip(json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) or value is None else value)


def read_text(path: Path, expected: str) -> str:
    """A file's text, if it is not too large. Raises SamspelError."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise SamspelError(f"{path}: {size:,} bytes; expected {expected}, {MOST_BYTES:,} bytes at most")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SamspelError(f"{path}: not UTF-8 text (at byte {error.start:,}); expected {expected}") from None
    except OSError as error:
        raise SamspelError(f"{path}: cannot be read ({error.strerror or error}); expected {expected}") from None


def _too_deep(path: Path, expected: str) -> SamspelError:
    return SamspelError(f"{path}: lists or tables more than {DEEPEST} deep; expected {expected}")


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text):,} digits")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{clip(text)} is too large a number")
    return number


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number")


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"key {clip(twice)} stands twice")
    return found


def _depth(value: Any) -> int:
    """How deep lists and tables go; goes no deeper than matters."""
    depth, inside = 0, [value]
    while inside and depth <= DEEPEST:
        depth += 1
        inside = [
            one
            for outer in inside
            if isinstance(outer, dict | list)
            for one in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth
