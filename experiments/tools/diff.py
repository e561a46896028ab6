"""`samspel diff`: what differs between two folders of results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

HELP = """Say what differs between two folders of results: inputs, versions, runs and numbers.

Runs are matched by name. Exit status 0 where all numbers are the same, 1 where something differs.
"""
SILENT = {"made", "command", "files", "failed", "stages"}
MOST = 15


@click.command(help=HELP, short_help="Compare two folders of results.")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--tolerance", type=click.FloatRange(min=0), default=0.0, help="Relative difference to overlook.  [0]")
@click.pass_context
def diff(context: click.Context, /, first: Path, second: Path, tolerance: float) -> int:
    """The command."""
    inputs = list(differing_inputs(_manifest(first), _manifest(second)))
    lines, same = _tables(first, second, tolerance)
    for line in _shortened(inputs, "inputs"):
        click.echo(line)
    for line in lines:
        click.echo(line)
    if not inputs and same:
        click.echo("The same inputs and the same numbers.")
    return 0 if same else 1


def differing_inputs(first: Any, second: Any, at: str = "") -> Iterator[str]:
    """Lines on keys of two manifests that differ; dates, durations and commands do not count."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in sorted({*first, *second}):
            if at or key not in SILENT:
                place = f"{at}.{key}" if at else key
                yield from differing_inputs(first.get(key, "–"), second.get(key, "–"), place)
    elif first != second:
        yield f"{at}: {_brief(first)} | {_brief(second)}"


def differing_numbers(first: pd.DataFrame, second: pd.DataFrame, tolerance: float) -> list[tuple[str, int, float]]:
    """Columns that differ between tables of the same runs: name, in how many runs, and the largest relative
    difference, largest first. NaN equals NaN."""
    import numpy as np

    found: list[tuple[str, int, float]] = []
    for name in first.select_dtypes("number").columns.intersection(second.columns):
        a, b = (frame[name].to_numpy(np.float64) for frame in (first, second))
        unknown = np.isnan(a) != np.isnan(b)
        size = np.maximum(np.abs(a), np.abs(b))
        apart = np.where(unknown, np.inf, np.nan_to_num(np.abs(a - b) / np.where(size > 0, size, 1.0)))
        if count := int((apart > tolerance).sum()):
            found.append((str(name), count, float(apart.max())))
    return sorted(found, key=lambda one: -one[2])


def _tables(first: Path, second: Path, tolerance: float) -> tuple[list[str], bool]:
    lines: list[str] = []
    names = [{path.name for path in folder.glob("runs*.parquet")} for folder in (first, second)]
    for name in sorted(names[0] ^ names[1]):
        lines.append(f"{name}: only in {first if name in names[0] else second}")
    for name in sorted(names[0] & names[1]):
        lines += _table(name, first, second, tolerance)
    return lines, not lines


def _table(name: str, first: Path, second: Path, tolerance: float) -> list[str]:
    import pandas as pd

    a, b = (pd.read_parquet(folder / name).set_index("run") for folder in (first, second))
    lines = [
        f"{name}: {len(only)} runs only in {folder}, such as {only[0]}"
        for only, folder in ((a.index.difference(b.index), first), (b.index.difference(a.index), second))
        if len(only)
    ]
    shared = a.index.intersection(b.index)
    numbers = differing_numbers(a.loc[shared], b.loc[shared], tolerance)
    if not numbers:
        return lines
    told = [
        f"{column}: in {count} of {len(shared)} runs, by up to {_percent(apart)}" for column, count, apart in numbers
    ]
    return [
        *lines,
        f"{name}: {len(numbers)} columns differ over {len(shared)} shared runs",
        *_shortened(told, "columns"),
    ]


def _percent(apart: float) -> str:
    return "known in one only" if apart == float("inf") else f"{apart:.2g} of the value"


def _shortened(lines: list[str], what: str) -> list[str]:
    rest = len(lines) - MOST
    return [f"  {line}" for line in lines[:MOST]] + ([f"  … and {rest} more {what}"] if rest > 0 else [])


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _manifest(folder: Path) -> Any:
    from sim import SamspelError

    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SamspelError(f"{folder}: holds no finished results (no manifest.json)") from None
