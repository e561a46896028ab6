"""The memory of this machine: what is free, and refusing what would fill it before it is made.

psutil is no dependency of ours (only of Dask), and knows nothing of limits that SLURM and containers set by cgroups.
"""

from __future__ import annotations

from contextlib import suppress
from math import ceil, floor
from pathlib import Path

from experiments.engine.disk import amount
from sim import SamspelError

RUN = 8_000.0  # bytes of a run in a design and in the table of runs, where that is read
POINT, SETTING = 300.0, 100.0  # of a point, and each value in it, before there is a design

PROC = Path("/proc")
GROUPS = Path("/sys/fs/cgroup")


def check_runs(count: int, what: str) -> None:
    """Refuse, with a SamspelError, more runs than this machine can hold, before any is made."""
    _check(count * RUN, f"{what}: {count:,} runs", "ask for fewer points, arms or --replicates")


def check_points(count: int, settings: int) -> None:
    """Refuse, with a SamspelError, more points than this machine can hold, before any is made."""
    _check(count * (POINT + settings * SETTING), f"design: {count:,} points", "ask for fewer points, or values of each")


def _check(size: float, what: str, advice: str) -> None:
    if size > (free := available()):
        raise SamspelError(
            f"{what} need about {amount(size, ceil)} of memory, and this machine has {amount(free, floor)} free; "
            f"{advice}"
        )


def available() -> float:
    """Bytes of memory that this process and its workers may still use; without end where the system does not tell."""
    found = [float("inf")]
    with suppress(OSError, ValueError, IndexError):
        lines = (PROC / "meminfo").read_text().splitlines()
        found += [float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
    for group, names in _groups():
        with suppress(OSError, ValueError):  # "max" is no limit
            found.append(float((group / names[0]).read_text()) - _used(group, names[1]))
    return max(0.0, min(found))


def _used(group: Path, name: str) -> float:
    """What a group uses, without files that are kept in memory as long as nobody needs it."""
    kept = 0.0
    with suppress(OSError, ValueError, IndexError):
        for line in (group / "memory.stat").read_text().splitlines():
            if line.split()[0] in ("inactive_file", "total_inactive_file"):
                kept = float(line.split()[1])
    return max(0.0, float((group / name).read_text()) - kept)


def _groups() -> list[tuple[Path, tuple[str, str]]]:
    """This process's control groups, those around them too, and the names of their limit and use: both versions."""
    second, first = ("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")
    found = {GROUPS: second, GROUPS / "memory": first}
    with suppress(OSError, ValueError):
        for line in (PROC / "self" / "cgroup").read_text().splitlines():
            _, kinds, path = line.split(":", 2)
            if kinds and "memory" not in kinds.split(","):
                continue
            top = GROUPS / "memory" if kinds else GROUPS
            place = top / path.strip("/")
            found |= {group: first if kinds else second for group in (place, *place.parents) if top in group.parents}
    return list(found.items())
