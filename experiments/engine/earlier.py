"""Runs of finished results, taken over where the same folder is asked for more. Only what holds its checksum is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.engine.checksums import CHECKSUM, HALF, NO_CURVES, brief, curves_sum, is_damaged, rows_hold, warn
from experiments.engine.parts import Parts
from experiments.engine.records import KEYS, Record, pack_curves, pack_numbers
from experiments.engine.runs import end_names
from sim import OUTCOMES


@dataclass(frozen=True)
class Known:
    """What the table of runs has of one run: its digest, its end outcomes, and the checksum of its curves."""

    digest: str
    ends: bytes
    curves: str


def take_over(folder: Path, wanted: set[str], parts: Parts) -> None:
    """Add to `parts` the runs of finished results that are wanted and went well. Tables of another version are as good
    as none. What is damaged is told on stderr and left out, so that it is computed again."""
    for path in sorted(folder.glob("runs*.parquet")):
        missing = {digest for digest in wanted if digest not in parts}
        if missing:
            _take_tables(path, path.with_name(path.name.replace("runs", "curves", 1)), missing, parts)


def _take_tables(path: Path, curves: Path, wanted: set[str], parts: Parts) -> None:
    hurt: list[str] = []
    lost, before = 0, len(parts)
    for table in (path, curves):
        try:
            if table.is_file() and is_damaged(table):
                hurt.append(f"{table}: damaged, or changed since samspel wrote it")
        except OSError as error:
            hurt.append(f"{table}: cannot be read ({error.strerror})")
    known: dict[str, Known] = {}
    try:
        known, lost = _known(path, wanted)
    except Exception as error:  # a damaged file may raise anything
        hurt = hurt or [f"{path}: cannot be read ({brief(error)})"]
    for record in _records(curves, known):
        parts.add(record)
        parts.flush_if_due()
    lost += sum(digest not in parts for digest in known)
    if lost and not hurt:
        hurt = [f"{path}: damaged, or changed since samspel wrote it"]
    if hurt:
        kept = len(parts) - before
        found = f", and {lost:,} of its runs do not hold" if lost else ""
        warn(f"{'; '.join(hurt)}{found}; {kept:,} runs of it hold and are kept, all others are computed again")


def _known(path: Path, wanted: set[str]) -> tuple[dict[str, Known], int]:
    """Wanted runs that hold their checksum, by digest, and how many rows do not hold it."""
    file = pq.ParquetFile(path, page_checksum_verification=True)
    if not {"digest", CHECKSUM} <= set(file.schema_arrow.names):
        return {}, 0
    found: dict[str, Known] = {}
    lost = 0
    for group in range(file.num_row_groups):
        try:
            table = file.read_row_group(group)
            holds = rows_hold(table)
        except Exception:  # the other groups may hold
            lost += file.metadata.row_group(group).num_rows
            continue
        lost += holds.count(False)
        table = table.filter(pa.array(holds)).filter(pc.is_null(pc.field("error")))
        found |= {one.digest: one for one in _rows(table.filter(pc.field("digest").isin(list(wanted))))}
    return found, lost


def _rows(table: pa.Table) -> Iterator[Known]:
    ends = table.select(list(end_names())).to_pandas().to_numpy()
    sums = table[CHECKSUM].to_pylist()
    for digest, row, text in zip(table["digest"].to_pylist(), ends, sums, strict=True):
        yield Known(digest, pack_numbers(row), text[HALF:])


def _records(path: Path, known: dict[str, Known]) -> Iterator[Record]:
    without = [one for one in known.values() if one.curves == NO_CURVES]
    yield from (Record(one.digest, ends=one.ends) for one in without)
    if len(without) == len(known) or not path.is_file():
        return
    by_sum: dict[str, list[Known]] = {}
    for one in known.values():
        by_sum.setdefault(one.curves, []).append(one)
    for packed in _packed_curves(path):
        # Runs that came out alike may stand in for one another.
        for one in by_sum.pop(curves_sum(packed), ()):
            yield Record(one.digest, ends=one.ends, curves=packed)


def _packed_curves(path: Path) -> Iterator[bytes]:
    columns = [*KEYS, *(outcome.name for outcome in OUTCOMES)]
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except Exception:  # a damaged file may raise anything
        return
    for group in range(file.num_row_groups):
        try:
            frame = file.read_row_group(group, columns=["run", *columns]).to_pandas()
            packed = [pack_curves(rows[columns]) for _, rows in frame.groupby("run", sort=False)]
        except Exception:  # the other groups may hold
            continue
        yield from packed
