"""What is stored can be told from what has been damaged since: checksums of records, of rows of the tables, of files.

A row of the table of runs has a `checksum` in two halves: the first covers all other cells of the row, its digest among
them, and the second half; the second covers the run's curves and the rows of its other tables. The manifest has one of
each whole table.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b, file_digest
from pathlib import Path

import numpy as np
import pyarrow as pa

from experiments.engine.json_file import read_json
from experiments.engine.layout import MANIFEST
from experiments.engine.progress import tell
from experiments.engine.records import unsqueezed
from sim import SamspelError
from sim.errors import computing

CHECKSUM = "checksum"
HALF = 16
NO_CURVES = "-" * HALF
KEY = "checksums"  # below `made` in the manifest
# What Arrow and pandas raise on files with all kinds of damage: every bit of small ones was tried. A want of memory is
# not among it.
_ARROW = (pa.ArrowKeyError, pa.ArrowTypeError, pa.ArrowIndexError, pa.ArrowNotImplementedError, pa.ArrowCapacityError)
_LIBRARY = (OSError, ValueError, *_ARROW)


class DamageError(Exception):
    """What is stored cannot be read, or is not as it was written; in few words."""


@contextmanager
def damage() -> Iterator[None]:
    """What a library raises while it reads a file becomes DamageError. Only around its own calls: from anything else
    the same is an error of ours."""
    try:
        yield
    except _LIBRARY as error:
        raise DamageError(brief(error)) from error


def warn(text: str) -> None:
    """Say on stderr what a person should know although the work goes on."""
    tell(f"warning: {text}")


# --- rows and curves --------------------------------------------------------------------------------------------------


@computing()
def kept_sum(curves: bytes, tables: bytes) -> str:
    """The checksum of a run's packed curves and tables, whatever they were compressed with; dashes where no curves were
    kept."""
    if not curves:
        return NO_CURVES
    state = blake2b(digest_size=HALF // 2)
    for piece in (unsqueezed(packed) if packed else b"" for packed in (curves, tables)):
        state.update(struct.pack("<Q", len(piece)))
        state.update(piece)
    return state.hexdigest()


@computing()
def row_sums(table: pa.Table, kept: list[str]) -> list[str]:
    """Checksums of the rows of a table of runs, given those of what was kept beside (`kept_sum`). Raises DamageError
    for columns that are neither numbers nor text, or have one name: no such table has any."""
    names = [name for name in table.column_names if name != CHECKSUM]
    if len(set(names)) < len(names):
        raise DamageError("two columns of one name")
    kinds = {name: table.schema.field(name).type for name in names}
    for name, kind in kinds.items():
        if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_string(kind)):
            raise DamageError(f"column {name} is {kind}")
    numbers = [name for name in names if pa.types.is_floating(kinds[name])]
    with damage():  # text may be none
        columns = [table[name].to_pylist() for name in names if name not in numbers]
    head = blake2b(json.dumps([(name, str(kinds[name])) for name in names]).encode(), digest_size=HALF // 2)
    values = np.array([table[name].to_numpy() for name in numbers], "<f8").reshape(len(numbers), table.num_rows).T
    values[np.isnan(values)] = np.nan
    cells = list(zip(*columns, kept, strict=True))
    found: list[str] = []
    for row, text in zip(np.ascontiguousarray(values), cells, strict=True):
        state = head.copy()
        state.update(json.dumps(text, ensure_ascii=False).encode())
        state.update(row)
        found.append(state.hexdigest() + text[-1])
    return found


@computing()
def rows_hold(table: pa.Table) -> list[bool]:
    """Whether each row of a table of runs is as it was written. Raises DamageError where it cannot be such a table."""
    if table.column_names.count(CHECKSUM) != 1 or not pa.types.is_string(table.schema.field(CHECKSUM).type):
        raise DamageError("no checksums of its rows")
    with damage():
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


def brief(error: BaseException) -> str:
    """An error in few words."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:200]
