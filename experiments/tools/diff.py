"""`samspel diff`: what differs between two folders of results, of any kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from experiments.engine.manifest import read_manifest

HELP = """Say what differs between two folders of results, of any kind: inputs, versions and all stored tables.

Rows of tables with runs are matched by the run's name, quarter and area, others by their order. Exit status 0 where all
numbers are the same, 1 where something differs; a table that is missing or cannot be read is a difference.
"""
SILENT = {"made", "command", "files", "failed", "stages", "sources", "seals"}
KEYS = ("run", "quarter", "area_kind", "area")
NO_NUMBERS = {"digest", "seconds"}  # they may differ where all numbers are the same
MOST = 15


@click.command(help=HELP, short_help="Compare two folders of results.")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--tolerance", type=click.FloatRange(min=0), default=0.0, help="Relative difference to overlook.  [0]")
def diff(first: Path, second: Path, tolerance: float) -> int:
    """The command."""
    made = [read_manifest(folder) for folder in (first, second)]
    dumped = [one.model_dump(mode="json", by_alias=True) for one in made]
    inputs = list(differing_inputs(dumped[0], dumped[1]))
    names = sorted({*_tables(first), *_tables(second), *(n for one in made for n in one.files if _is_table(n))})
    lines = [line for name in names for line in differing_table(name, first, second, tolerance)]
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
    elif first != second:
        yield f"{at}: {_brief(first)} | {_brief(second)}"


def differing_table(name: str, first: Path, second: Path, tolerance: float) -> list[str]:
    """Lines on what differs in one table of both folders."""
    missing = [folder for folder in (first, second) if not (folder / name).is_file()]
    if len(missing) == 2:
        return [f"{name}: missing in both, though their manifests name it"]
    if missing:
        return [f"{name}: only in {second if missing[0] == first else first}"]
    frames = []
    for folder in (first, second):
        try:
            frames.append(_read(folder / name))
        except (OSError, ValueError) as error:
            return [f"{name}: cannot be read in {folder} ({_brief(str(error))})"]
    return _differing(name, (frames[0], frames[1]), (first, second), tolerance)


def differing_columns(first: pd.DataFrame, second: pd.DataFrame, tolerance: float) -> list[tuple[str, int, float]]:
    """Columns that differ between tables with the same rows: name, in how many rows, and the largest relative
    difference, largest first; infinite where one is known and the other is not, or for text. NaN equals NaN."""
    found: list[tuple[str, int, float]] = []
    for name in first.columns.intersection(second.columns):
        if name in NO_NUMBERS:
            continue
        apart = _apart(first[name], second[name])
        if count := int((apart > tolerance).sum()):
            found.append((str(name), count, float(apart.max())))
    return sorted(found, key=lambda one: -one[2])


def _apart(first: pd.Series[Any], second: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """How far two columns lie apart, row by row, relative to the larger."""
    if not (pd.api.types.is_numeric_dtype(first) and pd.api.types.is_numeric_dtype(second)):
        same = [str(a) == str(b) for a, b in zip(first, second, strict=True)]
        return np.where(same, 0.0, np.inf)
    a, b = (column.to_numpy(np.float64) for column in (first, second))
    with np.errstate(invalid="ignore"):  # an infinite number minus itself
        size = np.maximum(np.abs(a), np.abs(b))
        relative = np.abs(a - b) / np.where(size > 0, size, 1.0)
    equal = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(equal, 0.0, np.where(np.isfinite(relative), relative, np.inf))


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
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def _tables(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if _is_table(path.name)]


def _is_table(name: str) -> bool:
    return name.endswith((".parquet", ".csv"))


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
