"""The disk and the memory that an experiment needs, and what is told where they do not suffice."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from experiments.engine.runs import end_names, peak_memory_mb
from sim import OUTCOMES, SamspelError

LARGE = 1e9
QUARTERS = 4
COPIES = 2  # of a table, while it is read
GROUPS = Path("/sys/fs/cgroup")


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


def check_memory(runs: int) -> None:
    """Refuse, with a SamspelError, a design whose table of runs cannot be held: whatever reads the results has to."""
    size, there = COPIES * runs * 8.0 * len(end_names()), available()
    if size > there:
        raise SamspelError(
            f"{runs:,} runs: to read their table takes about {amount(size)} of memory, and {amount(there)} are "
            "available; ask for less: fewer --replicates or points"
        )


def memory_words(runs: int, years: int, curves: bool, jobs: int) -> str:
    """What is said of memory where much is needed: by the workers at once, and by what reads the results. Call it after
    this process has made a model like those that will run."""
    one = peak_memory_mb() * 1e6
    if one != one:
        return ""
    table = runs * 8.0 * (len(end_names()) + (years * QUARTERS * len(OUTCOMES) if curves else 0))
    needed, there = (jobs + (jobs > 1)) * one + table, available()
    if needed < LARGE and needed < there / 2:
        return ""
    words = f"about {amount(needed)} of memory, {amount(one)} a worker and {amount(table)} for the results"
    if needed <= there:
        return words
    return f"{words}; only {amount(there)} are available: try fewer --jobs or a smaller --scale"


def available() -> float:
    """Bytes of memory that this process and its workers may still use; without end where the system does not tell."""
    found = [float("inf")]
    with suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text().splitlines()
        found += [float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
    with suppress(OSError, ValueError):
        used = float((GROUPS / "memory.current").read_text())
        found.append(float((GROUPS / "memory.max").read_text()) - used)
    return max(0.0, min(found))


def amount(size: float) -> str:
    """Bytes in the unit that fits."""
    return f"{size / 1e9:.1f} GB" if size >= LARGE else f"{max(1, round(size / 1e6))} MB"
