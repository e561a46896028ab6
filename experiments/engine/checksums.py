"""What is stored can be told from what has been damaged since: checksums of records, of rows of the tables, of files.

A row of the table of runs has a `checksum` in two halves: the first covers all other cells of the row, its digest among
them, and the second half; the second covers the run's curves. The manifest has one of each whole table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b, file_digest
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.json_file import read_json
from experiments.engine.records import plain_curves
from experiments.engine.store import MANIFEST
from sim import SamspelError

CHECKSUM = "checksum"
HALF = 16
NO_CURVES = "-" * HALF
KEY = "checksums"  # below `made` in the manifest


def warn(text: str) -> None:
    """Say on stderr what a person should know although the work goes on."""
    click.echo(f"warning: {text}", err=True)


# --- rows and curves --------------------------------------------------------------------------------------------------


def curves_sum(packed: bytes) -> str:
    """The checksum of packed curves, whatever they were compressed with; dashes where there are none."""
    return blake2b(plain_curves(packed), digest_size=HALF // 2).hexdigest() if packed else NO_CURVES


def row_sums(table: pa.Table, curves: list[str]) -> list[str]:
    """Checksums of the rows of a table of runs, given those of their curves."""
    names = [name for name in table.column_names if name != CHECKSUM]
    kinds = {name: table.schema.field(name).type for name in names}
    numbers = [name for name in names if pa.types.is_floating(kinds[name])]
    texts = [name for name in names if name not in numbers]
    head = blake2b(json.dumps([(name, str(kinds[name])) for name in names]).encode(), digest_size=HALF // 2)
    values = np.array([table[name].to_numpy() for name in numbers], "<f8").reshape(len(numbers), table.num_rows).T
    values[np.isnan(values)] = np.nan
    cells = list(zip(*(table[name].to_pylist() for name in texts), curves, strict=True))
    found: list[str] = []
    for row, text in zip(np.ascontiguousarray(values), cells, strict=True):
        state = head.copy()
        state.update(json.dumps(text, ensure_ascii=False).encode())
        state.update(row)
        found.append(state.hexdigest() + text[-1])
    return found


def rows_hold(table: pa.Table) -> list[bool]:
    """Whether each row of a table of runs is as it was written."""
    stored = [text or "" for text in table[CHECKSUM].to_pylist()]
    found = row_sums(table, [text[HALF:] for text in stored])
    return [one == other for one, other in zip(found, stored, strict=True)]


# --- files ------------------------------------------------------------------------------------------------------------


def file_sum(path: Path) -> str:
    """The checksum of a whole file."""
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=HALF)).hexdigest()


def known_sums(folder: Path) -> Mapping[str, str]:
    """Checksums of tables by file name, as the manifest has them; none where it cannot be read."""
    try:
        found = read_json(folder / MANIFEST, "a manifest")["made"][KEY]
        return {str(name): str(value) for name, value in found.items()}
    except (SamspelError, KeyError, TypeError, AttributeError, IndexError):
        return {}


def is_damaged(path: Path) -> bool:
    """Whether a table is not as the manifest beside it says; False where the manifest does not know it."""
    expected = known_sums(path.parent).get(path.name)
    return expected is not None and expected != file_sum(path)


def verify_tables(folder: Path, stage: str = "") -> None:
    """Raises SamspelError where a table of finished results has been damaged or changed since it was written. Reads
    each table once, at the speed of the disk; where the manifest has no checksums, the rows' own are looked at."""
    known = known_sums(folder)
    for kind in ("runs", "curves"):
        path = folder / (f"{kind}-{stage}.parquet" if stage else f"{kind}.parquet")
        if not path.is_file():
            if path.name in known:
                raise SamspelError(f"{path}: is gone; ask for the same again, and it is written anew")
            continue
        with reading(path):
            good = not is_damaged(path) if path.name in known else _looks_whole(path, kind)
        if not good:
            raise SamspelError(
                f"{path}: damaged, or changed since samspel wrote it; ask for the same again, and what does not hold "
                "is computed anew"
            )


def _looks_whole(path: Path, kind: str) -> bool:
    file = pq.ParquetFile(path, page_checksum_verification=True)
    if kind == "runs" and CHECKSUM not in file.schema_arrow.names:
        return False
    groups = (file.read_row_group(group) for group in range(file.num_row_groups))
    return all(kind == "curves" or all(rows_hold(table)) for table in groups)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """What goes wrong while a table is read is told as one SamspelError that names it."""
    try:
        yield
    except SamspelError:
        raise
    except Exception as error:  # a damaged file may raise anything
        raise SamspelError(f"{path}: cannot be read ({brief(error)})") from None


def brief(error: BaseException) -> str:
    """An error in few words."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:200]
