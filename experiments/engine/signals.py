"""What must not be cut halfway by whoever stops a command, and may do so twice."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def held_off(instead: Callable[[], object] = lambda: None) -> Iterator[list[int]]:
    """Signals that stop a command do not cut what is done within: `instead` is called for each. Gives those that came.
    Outside the main thread, which alone is interrupted, nothing happens."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def note(number: int, _: object) -> None:
        came.append(number)
        instead()

    kept = {sign: handler for sign in stopping() if (handler := signal.getsignal(sign)) not in (None, signal.SIG_IGN)}
    for sign in kept:
        signal.signal(sign, note)
    try:
        yield came
    finally:
        for sign, handler in kept.items():
            signal.signal(sign, handler)


@contextmanager
def undisturbed(instead: Callable[[], object] = lambda: None) -> Iterator[None]:
    """The same, and what came is answered afterwards. Raises KeyboardInterrupt then, or does what else was to be done
    at this signal."""
    with held_off(instead) as came:
        yield
    if came:
        handler = signal.getsignal(came[0])
        if callable(handler):
            handler(came[0], None)
        else:
            raise KeyboardInterrupt


def ignore_what_stops() -> None:
    """From here to the end of the process nothing more is stopped: it ends."""
    for sign in stopping():
        signal.signal(sign, signal.SIG_IGN)


def stopping() -> list[signal.Signals]:
    """The signals that stop a command on this system."""
    return [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
