"""Finished runs on disk while an experiment is under way: Parquet parts, one row a run, written atomically.

A part is written to a temporary name, forced to disk and renamed, so that whatever ends the process leaves
whole parts behind. Parts of one generation are merged when there are many: 100,000 runs lie in a few dozen files.
A record is believed where its seal holds: what a disk has damaged, or somebody else has put there, is told and
left out.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.checksums import brief, warn
from experiments.engine.disk import writing
from experiments.engine.records import Record, holds, sealed

SECONDS = 10.0
MOST_HELD = 64 << 20
MERGE_AT = 16
GROUP_RUNS, GROUP_BYTES = 64, 8 << 20
LARGEST_MERGED = 256 << 20
NAME = re.compile(r"part-(\d{1,9})-(\d{1,9})\.parquet", re.ASCII)
DAMAGED = ".damaged"
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("digest", "error")]
    + [(name, pa.binary()) for name in ("ends", "curves", "money")]
    + [(name, pa.float64()) for name in ("seconds", "peak_mb")]
    + [("seal", pa.string())]
)


class Parts:
    """Records by digest, in a folder of parts and, for at most some seconds, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # A part gets its name only once it is whole on the disk: what still has the other one was being written when
        # the machine stopped.
        for unfinished in folder.glob("*.tmp"):
            with suppress(OSError):
                unfinished.unlink()
        self._where: dict[str, tuple[Path, int]] = {}
        self._held: dict[str, Record] = {}
        self._passing: dict[str, Record] = {}
        self._errors: dict[str, str] = {}
        self._files: dict[Path, int] = {}
        self._since, self._bytes, self._serial = 0.0, 0, 0
        self._groups: OrderedDict[tuple[Path, int], dict[str, Record]] = OrderedDict()
        self._come_back()

    def __contains__(self, digest: str) -> bool:
        """Whether a run has ended, well or not."""
        return digest in self._where or digest in self._held or digest in self._passing

    def __len__(self) -> int:
        return len(self._where) + len(self._held)

    @property
    def written(self) -> int:
        """How many records are on the disk."""
        return len(self._where)

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
        self._held[record.digest] = record if record.seal else sealed(record)
        if record.error:
            self._errors[record.digest] = record.error
        self._bytes += record.size

    def get(self, digest: str) -> Record:
        """The record of a run that has ended. Raises OSError where the disk has damaged it meanwhile."""
        if digest in self._held:
            return self._held[digest]
        if digest in self._passing:
            return self._passing[digest]
        place = self._where[digest]
        if place not in self._groups:
            self._groups[place] = {record.digest: record for record in _group(*place)}
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
        """Write everything held, as a new part. Raises OSError, with the file's name, where that fails; what is
        held stays held."""
        if not self._held:
            return
        self._write(0, iter(list(self._held.values())))
        self._held, self._bytes = {}, 0
        self._merge()

    def _merge(self) -> None:
        generations: dict[int, list[Path]] = {}
        for path, generation in sorted(self._files.items()):
            if path.stat().st_size < LARGEST_MERGED:
                generations.setdefault(generation, []).append(path)
        for generation, paths in sorted(generations.items()):
            if len(paths) >= MERGE_AT:
                self._write(generation + 1, _records(paths))
                self._groups.clear()
                for path in paths:
                    del self._files[path]
                    path.unlink()
                # Merging may fill the next generation; each run is rewritten once a generation, so log n times.
                return self._merge()

    def _write(self, generation: int, records: Iterator[Record]) -> None:
        self._serial += 1
        path = self.folder / f"part-{generation}-{self._serial:06d}.parquet"
        unfinished = path.with_suffix(".tmp")
        where: dict[str, tuple[Path, int]] = {}
        try:
            with writing(path):
                # Records are compressed numbers that no two share: dictionaries and statistics would only cost time.
                with pq.ParquetWriter(
                    unfinished, SCHEMA, use_dictionary=False, write_statistics=False, write_page_checksum=True
                ) as writer:
                    for number, group in enumerate(_grouped(records)):
                        writer.write_table(pa.Table.from_pylist([_row(record) for record in group], SCHEMA))
                        where |= dict.fromkeys((record.digest for record in group), (path, number))
                # First the contents, then the name, then the folder: after a power cut there is a whole part or none.
                make_durable(unfinished)
                unfinished.replace(path)
                make_durable(self.folder)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
        self._files[path] = generation
        self._where |= where

    def _come_back(self) -> None:
        """Index what an earlier process has left. What holds of a damaged part is written again, and the part set
        aside; what no samspel wrote is left alone. Both are told."""
        damaged: list[tuple[Path, str]] = []
        for path in sorted(self.folder.glob("part-*")):
            name = NAME.fullmatch(path.name)
            if name is None:
                if path.suffix != DAMAGED:
                    warn(f"{path}: not a part that samspel wrote; left alone")
                continue
            self._serial = max(self._serial, int(name[2]))
            groups, lost = _examined(path)
            if lost:
                damaged.append((path, lost))
                continue
            self._files[path] = int(name[1])
            for number, group in enumerate(groups):
                self._where |= dict.fromkeys(group, (path, number))
                self._errors |= {digest: error for digest, error in group.items() if error}
        for path, lost in damaged:
            self._save(path, lost)

    def _save(self, path: Path, lost: str) -> None:
        before = len(self)
        for record in _sound_records(path):
            self.add(record)
            self.flush_if_due()
        self.flush()
        warn(f"{path}: {lost}; {len(self) - before:,} of its runs hold and are kept, all others are computed again")
        with suppress(OSError):
            path.rename(path.with_name(path.name + DAMAGED))

    def errors(self, digests: Sequence[str]) -> dict[str, str]:
        """What is told of those of these runs that failed."""
        found = {**self._errors, **{one.digest: one.error for one in self._passing.values()}}
        return {digest: found[digest] for digest in digests if digest in found}

    def noted(self, digests: Sequence[str]) -> list[tuple[float, float]]:
        """Seconds and peak memory of these runs."""
        wanted, found = set(digests), []
        for path in {path for path, _ in self._where.values()}:
            with _told(path):
                columns = ["digest", "seconds", "peak_mb"]
                table = pq.read_table(path, columns=columns, page_checksum_verification=True).to_pydict()
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
        with _told(path):
            groups = _opened(path).num_row_groups
        for number in range(groups):
            yield from _group(path, number)


def _group(path: Path, number: int) -> list[Record]:
    """The records of a row group. Raises OSError where one does not hold."""
    with _told(path):
        records = [Record(**row) for row in _opened(path).read_row_group(number).to_pylist()]
        if not all(holds(record) for record in records):
            raise ValueError("a checksum does not hold")
    return records


def _opened(path: Path) -> pq.ParquetFile:
    if not path.is_file():  # a pipe would be waited for
        raise ValueError("not a file")
    file = pq.ParquetFile(path, page_checksum_verification=True)
    if not file.schema_arrow.equals(SCHEMA):
        raise ValueError("another schema")
    return file


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # a damaged file may raise anything
        text = f"damaged since it was written ({brief(error)}); the same command computes again what does not hold"
        raise OSError(errno.EIO, text, str(path)) from None


def _examined(path: Path) -> tuple[list[dict[str, str]], str]:
    """Digests of a part's records and their errors, by row group; and what is wrong with the part, if anything is."""
    try:
        number = _opened(path).num_row_groups
    except Exception as error:  # a damaged file may raise anything
        return [], f"cannot be read as a part of finished runs ({brief(error)})"
    groups: list[dict[str, str]] = []
    for group in range(number):
        try:
            groups.append({record.digest: record.error for record in _group(path, group)})
        except OSError as error:
            return [], str(error.strerror).partition(";")[0]
    return groups, ""


def _sound_records(path: Path) -> Iterator[Record]:
    """What holds of a damaged part."""
    try:
        file = _opened(path)
        numbers = range(file.num_row_groups)
    except Exception:  # a damaged file may raise anything
        return
    for number in numbers:
        try:
            records = [Record(**row) for row in file.read_row_group(number).to_pylist()]
            sound = [record for record in records if holds(record)]
        except Exception:  # the other groups may hold
            continue
        yield from sound


def _grouped(records: Iterator[Record]) -> Iterator[list[Record]]:
    group: list[Record] = []
    for record in records:
        group.append(record)
        if len(group) >= GROUP_RUNS or sum(one.size for one in group) >= GROUP_BYTES:
            yield group
            group = []
    if group:
        yield group
