"""Local worker processes: how they start, stop, and end when nobody is left to work for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import BaseContext

SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def default_jobs() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_one_thread() -> None:
    """Keep numerical libraries to one thread each; takes effect in processes started after this call."""
    for name in SINGLE_THREAD:
        os.environ.setdefault(name, "1")


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """A pool whose processes have been started; only the parent answers to Ctrl-C."""
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_serve)
    try:
        with _undisturbed():
            pool.submit(_leave_stopping_to_parent)
    except KeyboardInterrupt:
        pool.shutdown(wait=True)  # one that is merely dropped ends at some time during the interpreter's own end
        raise
    return pool


@contextmanager
def _undisturbed() -> Iterator[None]:
    # A worker whose start is cut off halfway would come up as an orphan and complain on the terminal.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    kept = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in kept:
        signal.signal(sign, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for sign, handler in kept.items():
            signal.signal(sign, handler)
    if came:
        raise KeyboardInterrupt


def _serve() -> None:
    _leave_stopping_to_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _leave_stopping_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for ever for something to do.
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _context() -> BaseContext:
    # Not fork: the parent has threads (Arrow), and a forked child may wait for ever on a lock of theirs.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload(["experiments.engine.workers"])
    return context
