"""Runs of finished results, taken over where the same folder is asked for more. Only what holds its checksum is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.engine.checksums import (
    CHECKSUM,
    HALF,
    NO_CURVES,
    DamageError,
    damage,
    kept_sum,
    known_sums,
    rows_hold,
    warn,
)
from experiments.engine.earlier_tables import StoredTables
from experiments.engine.layout import ROW_TABLES
from experiments.engine.parts import Parts
from experiments.engine.reading import hurt, is_stored, open_table, read_rows
from experiments.engine.records import KEYS, Record, pack_curves, pack_numbers
from experiments.engine.runs import end_names
from sim import EVENT_TABLES, OUTCOMES
from sim.errors import computing

RUN_KINDS = dict.fromkeys(("digest", "error", CHECKSUM), pa.string())
CURVE_KINDS = dict.fromkeys(("run", "area", "area_kind"), pa.string()) | {"quarter": pa.int16()}


@dataclass(frozen=True)
class Known:
    """What the table of runs has of one run: its digest, its end outcomes, and the checksum of what is kept beside."""

    digest: str
    ends: bytes
    kept: str


def take_over(folder: Path, wanted: set[str], parts: Parts) -> None:
    """Add to `parts` the runs of finished results that are wanted and went well. Tables of another version are as good
    as none. What is damaged is told on stderr and left out, so that it is computed again."""
    there = {path.name for path in folder.glob("runs*.parquet")}
    for name in sorted(there | {name for name in known_sums(folder) if fnmatch(name, "runs*.parquet")}):
        missing = {digest for digest in wanted if digest not in parts}
        if missing:
            known = {other: folder / name.replace("runs", other, 1) for other in ("curves", *ROW_TABLES)}
            # Runs without events have all tables but those of events.
            others = {other: path for other, path in known.items() if other not in EVENT_TABLES or is_stored(path)}
            _take_tables(folder / name, others.pop("curves"), others, missing, parts)


def _take_tables(path: Path, curves: Path, others: Mapping[str, Path], wanted: set[str], parts: Parts) -> None:
    wrong = [f"{table}: {said}" for table in (path, curves, *others.values()) if (said := hurt(table))]
    before = len(parts)
    known: dict[str, Known] = {}
    lost = 0
    try:
        known, lost = _known(path, wanted)
    except DamageError as error:
        wrong = wrong or [f"{path}: cannot be read ({error})"]
    for record in _records(curves, others, known):
        parts.add(record)
        parts.flush_if_due()
    without = sum(digest not in parts for digest in known)
    if (lost or without) and not wrong:
        wrong = [_unlike(path if lost else curves)]
    lost += without
    if wrong:
        kept = len(parts) - before
        found = f", and {lost:,} of its runs do not hold" if lost else ""
        warn(f"{'; '.join(wrong)}{found}; {kept:,} runs of it hold and are kept, all others are computed again")


def _unlike(path: Path) -> str:
    """What is told of a table whose runs do not hold, though nothing is known to be wrong with the file."""
    if path.name in known_sums(path.parent):
        return f"{path}: as it was written, but this version of samspel makes other checksums of its runs"
    return f"{path}: damaged, or changed since samspel wrote it"


def _known(path: Path, wanted: set[str]) -> tuple[dict[str, Known], int]:
    """Wanted runs that hold their checksum, by digest, and how many rows do not hold it."""
    file = open_table(path)
    if not _has(file, RUN_KINDS | dict.fromkeys(end_names(), pa.float64())):
        return {}, 0  # another version's
    found: dict[str, Known] = {}
    lost = 0
    for group in range(file.num_row_groups):
        try:
            table = read_rows(file, group)
            with computing():
                holds = rows_hold(table)
        except DamageError:  # the other groups may hold
            lost += file.metadata.row_group(group).num_rows
            continue
        lost += holds.count(False)
        table = table.filter(pa.array(holds)).filter(pc.field("error") == "")
        with computing():
            found |= {one.digest: one for one in _rows(table.filter(pc.field("digest").isin(list(wanted))))}
    return found, lost


def _rows(table: pa.Table) -> Iterator[Known]:
    ends = table.select(list(end_names())).to_pandas().to_numpy()
    sums = table[CHECKSUM].to_pylist()
    for digest, row, text in zip(table["digest"].to_pylist(), ends, sums, strict=True):
        yield Known(digest, pack_numbers(row), text[HALF:])


def _records(path: Path, others: Mapping[str, Path], known: dict[str, Known]) -> Iterator[Record]:
    without = [one for one in known.values() if one.kept == NO_CURVES]
    yield from (Record(one.digest, ends=one.ends) for one in without)
    if len(without) == len(known) or not path.is_file():
        return
    by_sum: dict[str, list[Known]] = {}
    for one in known.values():
        by_sum.setdefault(one.kept, []).append(one)
    tables = StoredTables(others)
    for run, curves in _packed_curves(path):
        rows = tables.of(run)
        with computing():
            found = kept_sum(curves, rows)
        # Runs that came out alike may stand in for one another.
        for one in by_sum.pop(found, ()):
            yield Record(one.digest, ends=one.ends, curves=curves, tables=rows)


def _packed_curves(path: Path) -> Iterator[tuple[str, bytes]]:
    """Names of runs and their curves."""
    columns = [*KEYS, *(outcome.name for outcome in OUTCOMES)]
    try:
        file = open_table(path)
    except DamageError:
        return
    if not _has(file, CURVE_KINDS | dict.fromkeys(columns[len(KEYS) :], pa.float32())):
        return
    for group in range(file.num_row_groups):
        try:
            table = read_rows(file, group, ["run", *columns])
            with damage():
                frame = table.to_pandas()
        except DamageError:  # the other groups may hold
            continue
        if any(table[name].null_count for name in CURVE_KINDS):
            continue  # nor is this as it was written
        with computing():
            packed = [(str(run), pack_curves(rows[columns])) for run, rows in frame.groupby("run", sort=False)]
        yield from packed


def _has(file: pq.ParquetFile, kinds: Mapping[str, pa.DataType]) -> bool:
    schema = file.schema_arrow
    return all(schema.names.count(name) == 1 and schema.field(name).type == kind for name, kind in kinds.items())
