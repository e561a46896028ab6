"""Finished runs on disk while an experiment is under way: Parquet parts, one row a run, written atomically.

A part is written to a temporary name, forced to disk and renamed, so that whatever ends the process leaves
whole parts behind. Parts of one generation are merged when there are many: 100,000 runs lie in a few dozen files.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.records import Record

SECONDS = 10.0
MOST_HELD = 64 << 20
MERGE_AT = 16
GROUP_RUNS, GROUP_BYTES = 64, 8 << 20
LARGEST_MERGED = 256 << 20
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("digest", "error")]
    + [(name, pa.binary()) for name in ("ends", "curves", "money")]
    + [(name, pa.float64()) for name in ("seconds", "peak_mb")]
)


class Parts:
    """Records by digest, in a folder of parts and, for at most some seconds, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # A part gets its name only once it is whole on the disk: what still has the other one was being written when
        # the machine stopped.
        for unfinished in folder.glob("*.tmp"):
            unfinished.unlink()
        self._where: dict[str, tuple[Path, int]] = {}
        self._held: dict[str, Record] = {}
        self._passing: dict[str, Record] = {}
        self._errors: dict[str, str] = {}
        self._since, self._bytes, self._serial = 0.0, 0, 0
        self._groups: OrderedDict[tuple[Path, int], dict[str, Record]] = OrderedDict()
        for path in sorted(folder.glob("part-*.parquet")):
            self._index(path)

    def __contains__(self, digest: str) -> bool:
        """Whether a run has ended, well or not."""
        return digest in self._where or digest in self._held or digest in self._passing

    def __len__(self) -> int:
        return len(self._where) + len(self._held)

    def add(self, record: Record) -> None:
        """Keep a record; it reaches the disk with the next `flush`. A record known already is left as it is."""
        # A passing error (a lost worker) must not count as the run's own: kept in memory, it is tried again next time.
        if record.passing:
            self._passing[record.digest] = record
            return
        if record.digest in self:
            return
        if not self._held:
            self._since = time.monotonic()
        self._held[record.digest] = record
        if record.error:
            self._errors[record.digest] = record.error
        self._bytes += record.size

    def get(self, digest: str) -> Record:
        """The record of a run that has ended."""
        if digest in self._held:
            return self._held[digest]
        if digest in self._passing:
            return self._passing[digest]
        place = self._where[digest]
        if place not in self._groups:
            rows = pq.ParquetFile(place[0]).read_row_group(place[1]).to_pylist()
            self._groups[place] = {row["digest"]: Record(**row) for row in rows}
            # A few groups are enough: tables are written in the order of the design, nearly that of the parts.
            if len(self._groups) > 8:
                self._groups.popitem(last=False)
        self._groups.move_to_end(place)
        return self._groups[place][digest]

    def flush_if_due(self) -> None:
        """Write what has waited for ten seconds, or has become large."""
        if self._held and (time.monotonic() - self._since > SECONDS or self._bytes > MOST_HELD):
            self.flush()

    def flush(self) -> None:
        """Write everything held, as a new part."""
        if not self._held:
            return
        self._index(self._write(0, iter(self._held.values())))
        self._held, self._bytes = {}, 0
        self._merge()

    def _merge(self) -> None:
        generations: dict[int, list[Path]] = {}
        for path in sorted(self.folder.glob("part-*.parquet")):
            if path.stat().st_size < LARGEST_MERGED:
                generations.setdefault(int(path.stem.split("-")[1]), []).append(path)
        for generation, paths in sorted(generations.items()):
            if len(paths) >= MERGE_AT:
                merged = self._write(generation + 1, _records(paths))
                self._groups.clear()
                self._index(merged)
                for path in paths:
                    path.unlink()
                # Merging may fill the next generation; each run is rewritten once a generation, so log n times.
                return self._merge()

    def _write(self, generation: int, records: Iterator[Record]) -> Path:
        self._serial += 1
        path = self.folder / f"part-{generation}-{self._serial:06d}.parquet"
        unfinished = path.with_suffix(".tmp")
        # Records are compressed numbers that no two share: dictionaries and statistics would only cost time.
        with pq.ParquetWriter(unfinished, SCHEMA, use_dictionary=False, write_statistics=False) as writer:
            for group in _grouped(records):
                writer.write_table(pa.Table.from_pylist([_row(record) for record in group], SCHEMA))
        # First the contents, then the name, then the folder: after a power cut there is a whole part or none.
        make_durable(unfinished)
        unfinished.replace(path)
        make_durable(self.folder)
        return path

    def _index(self, path: Path) -> None:
        self._serial = max(self._serial, int(path.stem.split("-")[2]))
        file = pq.ParquetFile(path)
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group, columns=["digest", "error"]).to_pydict()
            self._where |= dict.fromkeys(rows["digest"], (path, group))
            self._errors |= {name: error for name, error in zip(rows["digest"], rows["error"], strict=True) if error}

    def errors(self, digests: Sequence[str]) -> dict[str, str]:
        """What is told of those of these runs that failed."""
        found = {**self._errors, **{one.digest: one.error for one in self._passing.values()}}
        return {digest: found[digest] for digest in digests if digest in found}

    def noted(self, digests: Sequence[str]) -> list[tuple[float, float]]:
        """Seconds and peak memory of these runs."""
        wanted, found = set(digests), []
        for path in {path for path, _ in self._where.values()}:
            table = pq.read_table(path, columns=["digest", "seconds", "peak_mb"]).to_pydict()
            rows = zip(table["digest"], table["seconds"], table["peak_mb"], strict=True)
            found += [(seconds, peak) for digest, seconds, peak in rows if digest in wanted]
        return found


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


def _row(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name != "passing"}


def _records(paths: Sequence[Path]) -> Iterator[Record]:
    for path in paths:
        file = pq.ParquetFile(path)
        for group in range(file.num_row_groups):
            yield from (Record(**row) for row in file.read_row_group(group).to_pylist())


def _grouped(records: Iterator[Record]) -> Iterator[list[Record]]:
    group: list[Record] = []
    for record in records:
        group.append(record)
        if len(group) >= GROUP_RUNS or sum(one.size for one in group) >= GROUP_BYTES:
            yield group
            group = []
    if group:
        yield group
