"""How a local worker begins. It is run by its path, so that nothing in the working folder stands in for it.

Before its first run a worker shows what it has imported. Where that is not what its parent computes with, or cannot be
imported at all, it reports this and ends. Given as globals: `expected`, the parent's own origin, and `report`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from importlib import import_module
from multiprocessing import connection

REFUSED = 3
FROM_TERMINAL = ("SIGINT", "SIGHUP")


def _begin(expected: Mapping[str, str], report: connection.Connection) -> None:
    for name in FROM_TERMINAL:  # only the parent answers to Ctrl-C and to a terminal that is closed
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if reason := _unlike(expected):
        report.send(f"worker process {os.getpid()} cannot begin: {reason}")
        os._exit(REFUSED)


def _unlike(expected: Mapping[str, str]) -> str:
    """Why this process must not compute; empty where it may."""
    wanted = " and ".join(f"{name} from {expected[name]}" for name in ("sim", "experiments"))
    try:
        # Whichever packages of these names there are, with whatever in them.
        found = {name: os.path.realpath(str(import_module(name).__file__)) for name in ("sim", "experiments")}
        if other := [name for name, path in found.items() if path != expected[name]]:
            return f"it imported {' and '.join(f'{name} from {found[name]}' for name in other)}; expected {wanted}"
        from experiments.engine.identity import origin
        from sim import RenewalModel  # noqa: F401 - all of the model

        source = origin()["source"]
    except BaseException as error:
        last = traceback.format_exception_only(error)[-1].strip()
        known = (f"{name} from {sys.modules[name].__file__}" for name in ("sim", "experiments") if name in sys.modules)
        return f"{last} (it imported {' and '.join(known) or 'nothing of samspel'}; expected {wanted})"
    if source != expected["source"]:
        return (
            f"it imported a source with digest {source} from {found['sim']}; expected {expected['source']}, which "
            "this command began with: the source was changed meanwhile; run the command again"
        )
    return ""


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for ever for something to do.
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


if "report" in globals():
    _begin(globals()["expected"], globals()["report"])
