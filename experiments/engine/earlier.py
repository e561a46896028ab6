"""Runs of finished results, taken over where the same folder is asked for more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from experiments.engine.parts import Parts
from experiments.engine.records import KEYS, Record, pack_curves, pack_numbers
from experiments.engine.runs import end_names
from sim import OUTCOMES


def take_over(folder: Path, wanted: set[str], parts: Parts) -> None:
    """Add to `parts` the runs of finished results that are wanted and went well. Tables that cannot be read,
    or are of another version, are as good as none: their runs are computed."""
    for path in sorted(folder.glob("runs*.parquet")):
        curves = path.with_name(path.name.replace("runs", "curves", 1))
        try:
            _take_table(path, curves, {digest for digest in wanted if digest not in parts}, parts)
        except (OSError, ValueError, KeyError):
            continue


def _take_table(path: Path, curves: Path, wanted: set[str], parts: Parts) -> None:
    if not wanted or "digest" not in pq.read_schema(path).names:
        return
    known = pq.read_table(path, columns=["run", "digest", "error"]).to_pandas()
    known = known[known["digest"].isin(wanted) & known["error"].isna()]
    if known.empty:
        return
    packed = _packed_curves(curves, set(known["run"])) if curves.is_file() else None
    for digest, _, ends in _ends(path, set(known["run"])):
        # Both tables stand in the order of the design, so that the next curves are this run's.
        blob = b"" if packed is None else next(packed, b"")
        if packed is not None and not blob:
            return
        parts.add(Record(digest, ends=ends, curves=blob))
        parts.flush_if_due()


def _ends(path: Path, runs: set[str]) -> Iterator[tuple[str, str, bytes]]:
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        frame = file.read_row_group(group, columns=["digest", "run", *end_names()]).to_pandas()
        frame = frame[frame["run"].isin(runs)]
        values = frame[list(end_names())].to_numpy()
        for digest, run, row in zip(frame["digest"], frame["run"], values, strict=True):
            yield digest, run, pack_numbers(row)


def _packed_curves(path: Path, runs: set[str]) -> Iterator[bytes]:
    file = pq.ParquetFile(path)
    columns = [*KEYS, *(outcome.name for outcome in OUTCOMES)]
    for group in range(file.num_row_groups):
        frame: pd.DataFrame = file.read_row_group(group, columns=["run", *columns]).to_pandas()
        for run, rows in frame.groupby("run", sort=False):
            if run in runs:
                yield pack_curves(rows[columns])
