"""The disk that an experiment needs, and what is told where it does not suffice."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil, floor
from pathlib import Path

from sim import SamspelError

LARGE = 1e9
CANNOT = "cannot be written: "


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """An error of the system that does not say which file it is about says so: on a full disk, few do."""
    try:
        yield
    except OSError as error:
        if error.filename is not None and not isinstance(error.filename, int):
            raise
        number = error.errno or _number_in(str(error))
        said = os.strerror(number) if number else str(error).splitlines()[0]
        raise OSError(number or errno.EIO, f"{CANNOT}{said}", str(path)) from error


def _number_in(text: str) -> int:
    # Arrow puts the number into its text only.
    return errno.ENOSPC if "No space left" in text else 0


def check_room(folder: Path, size: float, target: Path) -> None:
    """Refuse, with a SamspelError, what cannot fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise SamspelError(
            f"--out {target}: finished runs and results take about {amount(size, ceil)} while they are made, and "
            f"{amount(free, floor)} are free on that disk; choose another --out, or ask for less: fewer --replicates, "
            "points or --years"
        )


def amount(size: float, rounded: Callable[[float], int] = round) -> str:
    """Bytes in the unit that fits. `rounded`: up for what is needed and down for what there is, where one is told not
    to suffice for the other: two amounts that differ must not read the same."""
    if size >= LARGE:
        return f"{rounded(size / 1e8) / 10:.1f} GB"
    return f"{whole} MB" if (whole := rounded(size / 1e6)) else f"{rounded(size / 1e3)} kB"
