"""Finished runs on disk while an experiment is under way: Parquet parts, one row a run.

Whatever ends the process leaves whole parts behind. Parts of one generation are merged when there are many: 100,000
runs lie in a few dozen files. A record is believed where its seal holds: what a disk has damaged, or somebody else has
put there, is told and left out.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from experiments.engine.checksums import warn
from experiments.engine.part_file import (
    MOST_NUMBER,
    NAME,
    examined,
    read_group,
    read_noted,
    read_part,
    sound_records,
    write_part,
)
from experiments.engine.records import Record, sealed

SECONDS = 10.0
MOST_HELD = 64 << 20
MERGE_AT = 16
LARGEST_MERGED = 256 << 20
DAMAGED = ".damaged"


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

    @property
    def went_well(self) -> int:
        """How many of these are of runs that went well."""
        return len(self._where.keys() - self._errors.keys())

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
            self._groups[place] = {record.digest: record for record in read_group(*place)}
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

    def errors(self, digests: Sequence[str]) -> dict[str, str]:
        """What is told of those of these runs that failed."""
        found = {**self._errors, **{one.digest: one.error for one in self._passing.values()}}
        return {digest: found[digest] for digest in digests if digest in found}

    def noted(self, digests: Sequence[str]) -> list[tuple[float, float]]:
        """Seconds and peak memory of these runs."""
        wanted = set(digests)
        rows = (row for path in {path for path, _ in self._where.values()} for row in read_noted(path))
        return [(seconds, peak) for digest, seconds, peak in rows if digest in wanted]

    def _write(self, generation: int, records: Iterator[Record]) -> None:
        path = self._next(generation)
        while os.path.lexists(path):
            path = self._next(generation)
        self._index(path, generation, write_part(path, records))

    def _next(self, generation: int) -> Path:
        # Somebody's part of the highest number must not lead to names that are not known again.
        self._serial = self._serial % MOST_NUMBER + 1
        return self.folder / f"part-{generation}-{self._serial:06d}.parquet"

    def _index(self, path: Path, generation: int, groups: Sequence[Sequence[str]]) -> None:
        self._files[path] = generation
        for number, group in enumerate(groups):
            self._where |= dict.fromkeys(group, (path, number))

    def _merge(self) -> None:
        generations: dict[int, list[Path]] = {}
        for path, generation in sorted(self._files.items()):
            if path.stat().st_size < LARGEST_MERGED:
                generations.setdefault(generation, []).append(path)
        for generation, paths in sorted(generations.items()):
            if len(paths) >= MERGE_AT:
                self._write(min(generation + 1, MOST_NUMBER), (record for path in paths for record in read_part(path)))
                self._groups.clear()
                for path in paths:
                    del self._files[path]
                    path.unlink()
                # Merging may fill the next generation; each run is rewritten once a generation, so log n times.
                return self._merge()

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
            groups, lost = examined(path)
            if lost:
                damaged.append((path, lost))
                continue
            self._index(path, int(name[1]), [list(group) for group in groups])
            self._errors |= {digest: error for group in groups for digest, error in group.items() if error}
        for path, lost in damaged:
            self._save(path, lost)

    def _save(self, path: Path, lost: str) -> None:
        before = len(self)
        for record in sound_records(path):
            self.add(record)
            self.flush_if_due()
        self.flush()
        warn(f"{path}: {lost}; {len(self) - before:,} of its runs hold and are kept, all others are computed again")
        with suppress(OSError):
            path.rename(path.with_name(path.name + DAMAGED))
