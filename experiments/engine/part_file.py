"""One Parquet file of finished runs: written whole or not at all, and read with a look at every record's seal."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.checksums import DamageError, damage
from experiments.engine.disk import writing
from experiments.engine.reading import open_table, read_rows
from experiments.engine.records import Record, holds
from sim.errors import computing

GROUP_RUNS, GROUP_BYTES = 64, 8 << 20
MOST_NUMBER = 999_999_999  # of a part, or a generation of parts
NAME = re.compile(r"part-(\d{1,9})-(\d{1,9})\.parquet", re.ASCII)
_DAMAGED = "damaged since it was written"
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("digest", "error")]
    + [(name, pa.binary()) for name in ("ends", "curves", "tables", "money")]
    + [(name, pa.float64()) for name in ("seconds", "peak_mb")]
    + [("seal", pa.string())]
)


def write_part(path: Path, records: Iterator[Record]) -> list[list[str]]:
    """Write records, and return their digests by row group. Raises OSError, with the file's name, where that fails;
    then there is no such file."""
    unfinished = path.with_suffix(".tmp")
    groups: list[list[str]] = []
    try:
        with writing(path):
            # Records are compressed numbers that no two share: dictionaries and statistics would only cost time.
            with pq.ParquetWriter(
                unfinished, SCHEMA, use_dictionary=False, write_statistics=False, write_page_checksum=True
            ) as writer:
                for group in _grouped(records):
                    writer.write_table(pa.Table.from_pylist([_row(record) for record in group], SCHEMA))
                    groups.append([record.digest for record in group])
            # First the contents, then the name, then the folder: after a power cut there is a whole part or none.
            make_durable(unfinished)
            unfinished.replace(path)
            make_durable(path.parent)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return groups


def read_group(path: Path, number: int) -> list[Record]:
    """The records of a row group. Raises OSError, with the file's name, where one does not hold."""
    with _told(path):
        return _sound(_opened(path), number)


def read_part(path: Path) -> Iterator[Record]:
    """All records, group by group. Raises OSError, with the file's name, where one does not hold."""
    with _told(path):
        groups = _opened(path).num_row_groups
    for number in range(groups):
        yield from read_group(path, number)


def sound_records(path: Path) -> Iterator[Record]:
    """What holds of a damaged part."""
    with suppress(DamageError):
        file = _opened(path)
        for number in range(file.num_row_groups):
            with suppress(DamageError):  # the other groups may hold
                yield from (record for record in _rows(file, number) if _holds(record))


def examined(path: Path) -> tuple[list[dict[str, str]], str]:
    """Digests of a part's records and their errors, by row group; and what is wrong with the part, if anything is."""
    try:
        file = _opened(path)
    except DamageError as error:
        return [], f"cannot be read as a part of finished runs ({error})"
    try:
        groups = range(file.num_row_groups)
        return [{record.digest: record.error for record in _sound(file, group)} for group in groups], ""
    except DamageError as error:
        return [], f"{_DAMAGED} ({error})"


def read_noted(path: Path) -> list[tuple[str, float, float]]:
    """Digest, seconds and peak memory of the runs of a part. Raises OSError as `read_group` does."""
    with _told(path):
        file = _opened(path)
        with damage():
            table = file.read(columns=["digest", "seconds", "peak_mb"])
        noted = _cells(table)
    return [(row["digest"], row["seconds"], row["peak_mb"]) for row in noted]


def make_durable(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk itself; folders only where the system allows."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    try:
        handle = os.open(path, flags)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(path: Path) -> pq.ParquetFile:
    file = open_table(path)
    if not file.schema_arrow.equals(SCHEMA):
        raise DamageError("another schema")
    return file


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except DamageError as error:
        text = f"{_DAMAGED} ({error}); the same command computes again what does not hold"
        raise OSError(errno.EIO, text, str(path)) from None


def _row(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name != "passing"}


def _rows(file: pq.ParquetFile, number: int) -> list[Record]:
    return [Record(**row) for row in _cells(read_rows(file, number))]


def _cells(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as they were written: no cell is without a value."""
    if any(column.null_count for column in table.columns):
        raise DamageError("a cell without a value")
    with damage():  # text may be none
        rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _sound(file: pq.ParquetFile, number: int) -> list[Record]:
    records = _rows(file, number)
    if not all(_holds(record) for record in records):
        raise DamageError("a checksum does not hold")
    return records


def _holds(record: Record) -> bool:
    with computing():
        return holds(record)


def _grouped(records: Iterator[Record]) -> Iterator[Sequence[Record]]:
    group: list[Record] = []
    for record in records:
        group.append(record)
        if len(group) >= GROUP_RUNS or sum(one.size for one in group) >= GROUP_BYTES:
            yield group
            group = []
    if group:
        yield group
