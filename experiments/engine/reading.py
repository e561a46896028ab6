"""How files of finished results are read: each is checked against the checksum that the manifest beside it has of it.

Whatever reads a table, a design or other data out of a folder of results does it here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.checksums import CHECKSUM, DamageError, damage, file_sum, known_sums, rows_hold
from sim import SamspelError
from sim.errors import DefectError, computing

ANEW = "ask for the same again, and what does not hold is computed anew"


def hurt(path: Path, folder: Path | None = None) -> str:
    """What is wrong with a file of finished results, in words; empty where it is as the manifest in their folder says
    (the file's own, where none is named), or that does not know it. Reads it once, at the speed of the disk, as long as
    neither changes."""
    results = path.parent if folder is None else folder
    expected = known_sums(results).get(path.relative_to(results).as_posix())
    try:
        if not os.path.lexists(path):
            return "is gone" if expected else ""
        if not path.is_file():
            return "is not a file that can be read"
        stamp = path.stat()
        state = (stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
        good = expected is None or _sum_once(path, state) == expected
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if good else "damaged, or changed since samspel wrote it: its checksum does not hold"


@lru_cache(maxsize=256)
def _sum_once(path: Path, state: tuple[int, int, int]) -> str:
    return file_sum(path)


def check(path: Path) -> None:
    """Raises SamspelError where a file of finished results is gone, cannot be read, or has been damaged or changed
    since it was written. One that the manifest does not know is believed, but for a table of runs: its rows tell."""
    said = hurt(path)
    if not said and path.match("runs*.parquet") and path.name not in known_sums(path.parent) and path.is_file():
        with reading(path):
            said = "" if _rows_hold(path) else "damaged, or changed since samspel wrote it"
    if said:
        raise SamspelError(f"{path}: {said}; {ANEW}")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """A table that cannot be read is told as one SamspelError that names it. Whatever else is raised is ours, and so
    is that where the checksum of the whole file holds."""
    try:
        with computing():
            yield
    except DamageError as error:
        if path.name in known_sums(path.parent) and not hurt(path):
            raise DefectError(f"{path}: cannot be read though its checksum holds ({error})") from error
        raise SamspelError(f"{path}: cannot be read ({error})") from None


def is_stored(path: Path) -> bool:
    """Whether results hold a file. Raises SamspelError where they should, and as `check` does."""
    check(path)
    return path.is_file()


def _rows_hold(path: Path) -> bool:
    file = open_table(path)
    if CHECKSUM not in file.schema_arrow.names:
        return True  # an earlier version's
    return all(all(rows_hold(read_rows(file, group))) for group in range(file.num_row_groups))


def open_table(path: Path) -> pq.ParquetFile:
    """A Parquet file whose pages are checked as they are read. Raises DamageError."""
    _refuse_what_is_no_file(path)
    with damage():
        return pq.ParquetFile(path, page_checksum_verification=True)


def read_rows(file: pq.ParquetFile, group: int, columns: Sequence[str] | None = None) -> pa.Table:
    """A row group. Raises DamageError."""
    with damage():
        return file.read_row_group(group, columns=columns)


def _refuse_what_is_no_file(path: Path) -> None:
    # A pipe would be waited for, and a folder taken for a table in pieces.
    if not path.is_file():
        raise DamageError("not a file")


def read_columns(path: Path) -> list[str]:
    """Names of the columns of a stored Parquet table. Raises SamspelError as `check` does."""
    check(path)
    with reading(path):
        return [str(name) for name in open_table(path).schema_arrow.names]


def read_parquet(
    path: Path, columns: Sequence[str] | None = None, where: tuple[str, str] | None = None
) -> pd.DataFrame:
    """A stored Parquet table, or those of its columns and the rows whose column `where[0]` is `where[1]`. Raises
    SamspelError as `check` does."""
    check(path)
    with reading(path):
        return frame_of(path, columns, where)


def read_csv(path: Path) -> pd.DataFrame:
    """A stored CSV table. Raises SamspelError as `check` does."""
    check(path)
    with reading(path), damage():
        return pd.read_csv(path)


def frame_of(path: Path, columns: Sequence[str] | None = None, where: tuple[str, str] | None = None) -> pd.DataFrame:
    """A Parquet table as it is, whatever the manifest says. Raises DamageError."""
    _refuse_what_is_no_file(path)
    filters = None if where is None else [(where[0], "=", where[1])]
    names = None if columns is None else list(columns)
    with damage():
        table = pq.read_table(path, columns=names, filters=filters, page_checksum_verification=True)
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)  # what pandas wrote there has no checksum
    return frame
