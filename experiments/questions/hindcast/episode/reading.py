"""How an episode is read: one message for all that is wrong in it, key by key, and settings as any question's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from experiments.design.settings import told_of
from experiments.questions.hindcast.episode.changes import ROWS, ChangedRegion
from experiments.questions.hindcast.episode.model import About, Episode, Measure, Over
from experiments.questions.hindcast.episode.region import written
from sim.errors import clip, unknown
from sim.inputs.problems import InputError, Problem
from sim.inputs.toml_text import read_toml

EXPECTED = "an episode (TOML); samspel hindcast --schema tells its keys"
OUT = "results/hindcast-"
WORDS = {"what": "outcome, account or event"}
NAMED = {"over": Over, "others": Over}


def read_episode(path: Path) -> About:
    """An episode. Raises InputError, with all that is wrong in the file."""
    return _read(path)[0]


def _read(path: Path) -> tuple[About, dict[str, Any], tuple[str, ...]]:
    tables, notes = read_toml(path, str(path), EXPECTED)
    return episode_of(tables, str(path)), tables, notes


def episode_of(tables: Mapping[str, Any], file: str) -> About:
    """An episode from the tables of its file. Raises InputError."""
    try:
        return Episode.model_validate(tables)
    except ValidationError as error:
        raise InputError(_problems(error, tables, file)) from None


def settings_of(instead: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The part of an episode that are settings of any question, its region as a folder where it is changed. `instead`:
    the most of numbers in a quick look. Raises SamspelError."""
    episode, tables, notes = _read(path)
    settings = {name: value for name, value in tables.items() if name not in About.model_fields}
    region = episode.region
    settings["out"] = OUT + path.stem
    for name, most in instead.items():
        if name in settings:
            settings[name] = min(settings[name], most)
    settings["region"] = region
    if not isinstance(region, str):
        scale = float(settings.get("scale", 1.0))
        settings["region"] = str(written(region.model_dump(), str(path), scale))
    return settings, notes


def _problems(error: ValidationError, tables: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """What pydantic found, by key; of a region only what fits the way in which it is written."""
    changed = isinstance(tables.get("region"), dict)
    measured = any(one["loc"][:1] == ("measure",) and len(one["loc"]) > 1 for one in error.errors())
    misspelt = {place for one in error.errors() if (place := _meant(one, error.errors()))}
    for one in error.errors():
        where = [str(part) for part in one["loc"]]
        if one["type"] == "missing" and one["loc"] in misspelt:
            continue  # told where it stands under another name
        if measured and one["loc"] == ("measure",):
            continue  # measures that do not fit are told one by one, and not counted as none
        if where[:1] == ["region"] and len(where) > 1:
            if (where[1] == ChangedRegion.__name__) != changed:
                continue
            del where[1]
        yield _problem(one, where, tables, file)


def _meant(error: ErrorDetails, all_errors: list[ErrorDetails]) -> tuple[int | str, ...]:
    """The missing key that an unknown one beside it seems to be; nothing where there is none."""
    if error["type"] != "extra_forbidden":
        return ()
    *table, key = error["loc"]
    beside = [str(one["loc"][-1]) for one in all_errors if one["type"] == "missing" and list(one["loc"][:-1]) == table]
    near = get_close_matches(str(key), beside, n=1)
    return (*table, *near) if near else ()


def _problem(error: ErrorDetails, where: list[str], tables: Mapping[str, Any], file: str) -> Problem:
    if error["type"] == "extra_forbidden":
        known = _known(where)
        return Problem(file, str(unknown("key", where[-1], known)), column=_key(where[:-1], tables), word="key")
    if error["type"] == "together":
        limits = error["ctx"]
        return Problem(file, limits["what"], column=_key([*where, *limits["key"].split(".")], tables), word="key")
    if error["type"] == "literal_error":
        return Problem(file, _word(error, where[-1]), column=_key(where, tables), word="key")
    what = "missing; expected it" if error["type"] == "missing" else told_of(error)
    return Problem(file, what, column=_key(where, tables), word="key")


def _word(error: ErrorDetails, key: str) -> str:
    """What is told of a word that is none of those expected: the nearest, or all of a few."""
    names = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    given = error["input"]
    if not isinstance(given, str):
        return f'got {clip(given)}; expected a word, such as "{names[0]}"'
    return str(unknown(WORDS.get(key, f"word for {key}"), given, names))


def _known(where: list[str]) -> list[str]:
    """Keys of the table in which one is not known."""
    if where[0] == "measure":
        return list((Over if where[-2] in NAMED else Measure).model_fields)
    model: Any = Episode
    for part in where[:-1]:
        if model is None:
            break
        model = _inner(model, part)
    return list(model.model_fields) if model is not None else list(ROWS)


def _inner(model: Any, part: str) -> Any:
    """The model of a table within another, or of each of its tables."""
    field = getattr(model, "model_fields", {}).get(part)
    kinds = [model] if field is None else _models(field.annotation)
    return kinds[-1] if kinds else None


def _models(kind: Any) -> list[Any]:
    """The models that a kind of value is made of."""
    if hasattr(kind, "model_fields"):
        return [kind]
    return [found for one in getattr(kind, "__args__", ()) for found in _models(one)]


def _key(where: list[str], tables: Mapping[str, Any]) -> str:
    """A key as a person finds it: measures by their number, from 1 on, and their name."""
    if where[:1] != ["measure"] or len(where) < 2:
        return ".".join(where)
    number = int(where[1])
    named = tables["measure"][number]
    name = named.get("name") if isinstance(named, dict) else None
    said = f"measure {number + 1}" + (f' ("{clip(name)}")' if isinstance(name, str) else "")
    return ".".join([said, *where[2:]])


def key_of_measure(number: int, measure: Measure, *keys: str) -> str:
    """The key of a measure that could be read."""
    return ".".join([f'measure {number + 1} ("{clip(measure.name)}")', *keys])
