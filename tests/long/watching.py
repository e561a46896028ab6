"""What a process writes, and whom it speaks to, seen from inside by Python's audit events."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod"}
SPEAKING = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.bind"}
# Python's own, and what the operating system offers as files without their being any.
ALLOWED = ("__pycache__", "/dev/null", "/dev/shm", "/proc/self", "/dev/pts", "/dev/tty", "matplotlib", "/pymp-")

_noted: list[str] | None = None
_here = ""


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """A list that fills with what is written elsewhere than in a folder, and with whom is spoken to."""
    global _noted, _here
    _install()
    _noted, _here = [], str(folder)
    found = _noted
    try:
        yield found
    finally:
        _noted = None


def _install() -> None:
    if not _installed:
        sys.addaudithook(_heard)  # which stays for good: hence the one list that it looks at
        _installed.append(True)


_installed: list[bool] = []


def _heard(event: str, given: tuple[Any, ...]) -> None:
    if _noted is None:
        return
    if event == "open":
        path, _, flags = given
        if isinstance(flags, int) and flags & WRITING:
            _note(path)
    elif event in CHANGES:
        _note(given[0])
    elif event in SPEAKING and not isinstance(given[-1], str | bytes):  # a path is a socket of this machine
        _noted.append(f"{event} {given[1:]}")


def _note(path: Any) -> None:
    if isinstance(path, int) or _noted is None:
        return
    place = os.path.abspath(os.fsdecode(path))
    if not place.startswith(_here) and not any(part in place for part in ALLOWED):
        _noted.append(place)
