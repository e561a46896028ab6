"""The disk that an experiment needs, and what is told where it does not suffice."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim import SamspelError

LARGE = 1e9


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
        raise OSError(number or errno.EIO, f"cannot be written: {said}", str(path)) from error


def _number_in(text: str) -> int:
    # Arrow puts the number into its text only.
    return errno.ENOSPC if "No space left" in text else 0


def check_room(folder: Path, size: float, target: Path) -> None:
    """Refuse, with a SamspelError, what cannot fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if size > free:
        raise SamspelError(
            f"--out {target}: finished runs and results take about {amount(size)} while they are made, and "
            f"{amount(free)} are free on that disk; choose another --out, or ask for less: fewer --replicates, points "
            "or --years"
        )


def amount(size: float) -> str:
    """Bytes in the unit that fits."""
    return f"{size / 1e9:.1f} GB" if size >= LARGE else f"{max(1, round(size / 1e6))} MB"
