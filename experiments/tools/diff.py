"""`samspel diff`: what differs between two folders of results, of any kind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from experiments.design.option_types import NumberRange
from experiments.engine.checksums import DamageError, damage, known_sums
from experiments.engine.layout import INPUTS, MANIFEST
from experiments.engine.manifest import Manifest, read_manifest
from experiments.engine.reading import frame_of, hurt
from experiments.tools.files import differing_files

HELP = """Say what differs between two folders of results, of any kind: inputs, versions and all stored tables.

Rows of tables with runs are matched by the run's name, quarter, area, owner, estate and year where that tells them
apart, others by their order. Exit status 0 where all
numbers are the same, 1 where something differs; a table, a design or an input that is missing, damaged or cannot be
read is a difference.
"""
SILENT = {"made", "command", "files", "failed", "stages", "sources", "seals"}
KEYS = ("run", "quarter", "area_kind", "area", "owner", "estate", "year")
NO_NUMBERS = {"digest", "checksum", "seconds"}  # they may differ where all numbers are the same
MOST = 15
LEAST = 1e-18  # what differs at all differs by so much
TABLES = (".parquet", ".csv", ".json")


@click.command(help=HELP, short_help="Compare two folders of results.")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--tolerance", type=NumberRange(min=0), default=0.0, help="Relative difference to overlook.  [0]")
def diff(first: Path, second: Path, tolerance: float) -> int:
    """The command."""
    made = [read_manifest(folder) for folder in (first, second)]
    dumped = [one.model_dump(mode="json", by_alias=True) for one in made]
    inputs = list(differing_inputs(dumped[0], dumped[1]))
    names = sorted(_tables(first, made[0]) | _tables(second, made[1]))
    lines = [line for name in names for line in differing_table(name, first, second, tolerance)]
    for name in sorted((_others(first) | _others(second)) - set(names)):
        harmed, others = differing_files(name, first, second)
        lines += harmed
        inputs += others
    for line in [*_shortened(inputs, "inputs"), *lines]:
        click.echo(line)
    if not inputs and not lines:
        click.echo("The same inputs and the same numbers.")
    return 1 if lines else 0


def differing_inputs(first: Any, second: Any, at: str = "") -> Iterator[str]:
    """Lines on keys of two manifests that differ; dates, durations and commands do not count."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in sorted({*first, *second}):
            if at or key not in SILENT:
                place = f"{at}.{key}" if at else key
                yield from differing_inputs(first.get(key, "–"), second.get(key, "–"), place)
    elif _by_name(first) and _by_name(second):
        yield from differing_inputs(_by_name(first), _by_name(second), at)
    elif first != second:
        yield f"{at}: {_brief(first)} | {_brief(second)}"


def _by_name(value: Any) -> dict[str, Any]:
    """Tables of a list by their names, such as arms, so that what differs in one is told of it; else nothing."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) and "name" in one for one in value):
        return {}
    found = {str(one["name"]): one for one in value}
    return found if len(found) == len(value) else {}


def differing_table(name: str, first: Path, second: Path, tolerance: float) -> list[str]:
    """Lines on what differs in one table of both folders. One that is not as it was written differs, whatever it holds;
    what can be read of it is compared nevertheless."""
    there = [os.path.lexists(folder / name) for folder in (first, second)]
    if not any(there):
        return [f"{name}: missing in both, though their manifests name it"]
    if not all(there):
        return [f"{name}: only in {first if there[0] else second}"]
    lines: list[str] = []
    frames: list[pd.DataFrame] = []
    for folder in (first, second):
        if said := hurt(folder / name):
            lines.append(f"{folder / name}: {said}")
        try:
            frames.append(_read(folder / name))
        except DamageError as error:
            lines += [f"{folder / name}: cannot be read ({_brief(str(error))})"] * (not said)
    if len(frames) == 2:
        lines += _differing(name, (frames[0], frames[1]), (first, second), tolerance)
    return lines


def differing_columns(first: pd.DataFrame, second: pd.DataFrame, tolerance: float) -> list[tuple[str, int, float]]:
    """Columns that differ between tables with the same rows: name, in how many rows, and the largest relative
    difference, largest first; infinite where one is known and the other is not, or for text. NaN equals NaN."""
    found: list[tuple[str, int, float]] = []
    for name in first.columns.intersection(second.columns):
        if name in NO_NUMBERS:
            continue
        apart = _apart(first[name], second[name])
        if count := int(((apart > tolerance) | np.isinf(apart)).sum()):
            found.append((str(name), count, float(apart.max())))
    return sorted(found, key=lambda one: -one[2])


def _apart(first: pd.Series[Any], second: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """How far two columns lie apart, row by row, relative to the larger."""
    if not (pd.api.types.is_numeric_dtype(first) and pd.api.types.is_numeric_dtype(second)):
        same = [str(a) == str(b) for a, b in zip(first, second, strict=True)]
        return np.where(same, 0.0, np.inf)
    exact = first.to_numpy() == second.to_numpy()  # of whole numbers, some are alike as 64-bit floats
    a, b = (column.to_numpy(np.float64) for column in (first, second))
    with np.errstate(invalid="ignore"):  # an infinite number minus itself
        size = np.maximum(np.abs(a), np.abs(b))
        relative = np.abs(a - b) / np.where(size > 0, size, 1.0)
    apart = np.where(np.isfinite(relative), np.maximum(relative, LEAST), np.inf)
    return np.where(exact | (np.isnan(a) & np.isnan(b)), 0.0, apart)


def _differing(
    name: str, tables: tuple[pd.DataFrame, pd.DataFrame], folders: tuple[Path, Path], tolerance: float
) -> list[str]:
    (a, b), (first, second) = tables, folders
    lines = [
        f"{name}: column {column} only in {folder}"
        for one, other, folder in ((a, b, first), (b, a, second))
        for column in one.columns.difference(other.columns)
    ]
    keys = [key for key in KEYS if key in a and key in b]
    by_key = "run" in keys and not a.duplicated(keys).any() and not b.duplicated(keys).any()
    what = ("runs" if keys == ["run"] else "rows") if by_key else "rows"
    if by_key and not a[keys].equals(b[keys]):
        a, b = (frame.set_index(keys) for frame in (a, b))
        for one, other, folder in ((a, b, first), (b, a, second)):
            only = one.index.difference(other.index)
            if len(only):
                lines.append(f"{name}: {len(only)} {what} only in {folder}, such as {_named(only[0])}")
        shared = a.index.intersection(b.index)
        a, b = a.loc[shared], b.loc[shared]
    elif len(a) != len(b):
        return [*lines, f"{name}: {len(a)} rows in {first}, {len(b)} in {second}"]
    columns = differing_columns(a, b, tolerance)
    if not columns:
        return lines
    told = [f"{column}: in {count} of {len(a)} {what}, {_by(apart)}" for column, count, apart in columns]
    count = "1 column differs" if len(columns) == 1 else f"{len(columns)} columns differ"
    head = f"{name}: {count} over {len(a)} shared {what}"
    return [*lines, head, *_shortened(told, "columns")]


def _read(path: Path) -> pd.DataFrame:
    """A table as a frame. Raises DamageError."""
    if not path.is_file():
        raise DamageError("not a file")
    if path.suffix == ".json":
        return _flat(_json(path))
    if path.suffix == ".parquet":
        frame = frame_of(path)
    else:
        with damage():
            frame = pd.read_csv(path)
    if frame.columns.has_duplicates:
        raise DamageError("two columns of one name")
    return frame


def _json(path: Path) -> Any:
    with damage():
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except RecursionError as error:
            raise DamageError(str(error)) from error


def _flat(data: Any) -> pd.DataFrame:
    rows = data if isinstance(data, list) else [data]
    if not all(isinstance(row, dict) for row in rows):
        raise DamageError("neither keys nor rows of keys")
    try:
        return pd.json_normalize(rows)
    except RecursionError as error:  # keys within keys within keys
        raise DamageError(str(error)) from error


def _tables(folder: Path, made: Manifest) -> set[str]:
    """Names of the tables that are in a folder, or should be."""
    there = {path.name for path in folder.iterdir()}
    known = {name for name in known_sums(folder) if "/" not in name}
    return {name for name in there | known | set(made.files) if name.endswith(TABLES) and name != MANIFEST}


def _others(folder: Path) -> set[str]:
    """Names of all files that the manifest has checksums of, and of all that lie among the inputs."""
    there = {path.relative_to(folder).as_posix() for path in (folder / INPUTS).rglob("*") if not path.is_dir()}
    return there | set(known_sums(folder))


def _named(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _by(apart: float) -> str:
    return "not the same, or known in one only" if apart == float("inf") else f"by up to {apart:.2g} of the value"


def _shortened(lines: Sequence[str], what: str) -> list[str]:
    rest = len(lines) - MOST
    return [f"  {line}" for line in lines[:MOST]] + ([f"  … and {rest} more {what}"] if rest > 0 else [])


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
