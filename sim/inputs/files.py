"""Bytes of a user's file, if it is one and not too large: a file that cannot fit is refused before it is read."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from sim.inputs.problems import InputError, refused

MEMORY_A_ROW = 6_600  # bytes that a row takes until its runs are ready, as measured on tables of points
_CHUNK = 1 << 20
_COUNTED = 1_000_000_000  # bytes in which rows are counted, which takes a second


@dataclass(frozen=True)
class Limits:
    """How large a file may be."""

    size: int = 5_000_000  # bytes
    rows: int = 20_000
    columns: int = 1_000

    def too_many(self, rows: int, at_least: bool = False) -> str:
        """What to say of a table with too many rows, and of the memory that they would take."""
        memory = rows * MEMORY_A_ROW / 1e9
        takes = f", which would take some {memory:.2g} GB of memory" if memory >= 1 else ""
        return f"{'more than ' * at_least}{rows:,} rows{takes}; expected {self.rows:,} rows at most"

    def check_row(self, file: str, before: int, columns: int) -> None:
        """Refuse, with an InputError, a row of so many columns after so many others, if either is too many."""
        if before > self.rows:
            raise refused(file, self.too_many(self.rows, at_least=True))
        if columns > self.columns:
            raise refused(file, f"{columns:,} columns; expected {self.columns:,} at most")


USUAL = Limits()


def read_bytes(path: Path, file: str, missing: str = "missing", limits: Limits = USUAL) -> bytes:
    """A file's bytes, if it is there and not too large. Raises InputError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refused(file, "not a file; expected one")
        if status.st_size > limits.size:
            raise refused(file, _too_large(path, status.st_size, limits))
        return path.read_bytes()
    except InputError:
        raise
    except FileNotFoundError:
        raise refused(file, missing) from None
    except (OSError, ValueError) as error:
        raise refused(file, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _too_large(path: Path, size: int, limits: Limits) -> str:
    if path.suffix.lower() in (".csv", ".txt", ".tsv") and size <= _COUNTED and (rows := _lines(path)) > limits.rows:
        return limits.too_many(rows)
    return f"{size:,} bytes; expected {limits.size:,} at most"


def _lines(path: Path) -> int:
    with path.open("rb") as handle:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(_CHUNK), b""))
