"""Whatever a file of an episode says, it is read or refused with its name and a key; nothing else happens."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from experiments.questions.hindcast.episode.reading import episode_of, settings_of
from sim import SamspelError
from tests.long import spoil

from .episodes import SMALL, written

ODD: list[Any] = ["", "text", -1, 0, 1e308, 2**62, True, [], [1, 2, 3], [[]], {}, {"a": 1}, date(2011, 1, 1), "\u202e"]
FILE = "small.toml"


def places(tables: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within tables and lists."""
    steps = tables.items() if isinstance(tables, dict) else enumerate(tables) if isinstance(tables, list) else ()
    for key, value in steps:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = [*places(tomllib.loads(SMALL))]
ANYWHERE = pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))


def told(read: Callable[..., object], *given: Any) -> str | None:
    """The message with which something is refused; nothing where it is read."""
    try:
        read(*given)
    except SamspelError as error:
        return str(error)
    return None


def within(tables: Any, path: tuple[Any, ...]) -> Any:
    """The table or list that holds a place."""
    for key in path[:-1]:
        tables = tables[key]
    return tables


@ANYWHERE
def test_an_odd_value_anywhere_is_read_or_refused_by_its_key(path: tuple[Any, ...]) -> None:
    for odd in ODD:
        tables = tomllib.loads(SMALL)
        within(tables, path)[path[-1]] = odd
        said = told(episode_of, tables, FILE)
        assert said is None or (said.startswith(FILE) and "pydantic" not in said and len(said) < 2000), (odd, said)


@ANYWHERE
def test_a_key_that_is_gone_or_stands_under_another_name_is_told(path: tuple[Any, ...]) -> None:
    for name in (None, "odd name"):
        tables = tomllib.loads(SMALL)
        table = within(tables, path)
        if isinstance(table, list):
            continue
        value = table.pop(path[-1])
        if name is not None:
            table[name] = value
        said = told(episode_of, tables, FILE)
        free = name is None or path[0] in ("arms", "set", "region")  # names of its own, which are looked at later
        assert free if said is None else said.startswith(FILE), said


def test_a_spoilt_file_is_read_or_refused(tmp_path: Path) -> None:
    refused = 0
    for number in range(150):
        contents = spoil.file(Random(number), SMALL.encode()).contents
        if isinstance(contents, bytes):
            path = written(tmp_path, "")
            path.write_bytes(contents)
            said = told(settings_of, {}, path)
            assert said is None or str(path) in said, (number, said)
            refused += said is not None
    assert refused > 30
