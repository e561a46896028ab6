"""Local worker processes: how they start, stop, and end when nobody is left to work for."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker, util
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any
from weakref import WeakSet

from experiments.engine.signals import held_off, undisturbed

SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
SAFE_PATH, MODULE_PATH = "PYTHONSAFEPATH", "PYTHONPATH"
BEGIN = str(Path(__file__).with_name("begin.py"))
SOCKET_NAME = 48  # the longest name of a socket below the folder for temporary files, with room to spare
SOCKET_PATH = 100  # systems allow 103 or 107
SHORT_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
LESS = "try fewer --jobs, a smaller --scale or fewer --replicates"


class StartError(RuntimeError):
    """Worker processes cannot start, or would compute with another model. The message says which and why."""


def default_jobs() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_one_thread() -> None:
    """Keep numerical libraries to one thread each; takes effect in processes started after this call."""
    for name in SINGLE_THREAD:
        os.environ.setdefault(name, "1")


class Pool(ProcessPoolExecutor):
    """Processes that compute with the very model that this process has imported, or report why they cannot."""

    def __init__(self, workers: int, method: str) -> None:
        from experiments.engine.identity import origin

        self._reports, report = multiprocessing.Pipe(duplex=False)
        self._started: list[BaseProcess] = []
        self._closed = False
        _open.add(self)
        self.first: Future[int] = Future()
        context = _context(method)
        given = {"expected": origin(), "report": report}
        with importing_the_same():
            _start_tracker()
            super().__init__(workers, mp_context=context, initializer=runpy.run_path, initargs=(BEGIN, given))

    def begin(self) -> None:
        """Start the first process."""
        self.first = self.submit(os.getpid)

    def check(self) -> None:
        """Raises StartError where Python's own thread for this pool has died, so that nothing comes back any more."""
        manager = getattr(self, "_executor_manager_thread", None)
        if manager is not None and not manager.is_alive() and not self._closed:
            self.abandon()
            raise StartError(
                f"a worker process is out of reach: its thread here has ended, perhaps for want of memory; {LESS}"
            )

    def abandon(self) -> None:
        """End the processes at once; Python would wait for them at its own end."""
        self._closed = True
        for process in self._started:
            if process.is_alive():
                process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, after the work in their hands; or at once, where somebody who stops the command does so
        again. Raises KeyboardInterrupt then: not before they have ended, or Python would wait for them at its end."""
        self._closed = True
        with undisturbed(self.abandon):
            super().shutdown(wait, cancel_futures=cancel_futures)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes. Raises StartError in place of what Python says where one of them was lost."""
        self.shutdown(wait=True, cancel_futures=kind is not None)
        if isinstance(error, BrokenExecutor):
            raise StartError(self.refusal() or f"a worker process {self.ending()}; {LESS}") from None

    def refusal(self) -> str:
        """What a process reported that would not or could not begin; empty where none did."""
        with suppress(EOFError, OSError):
            if self._reports.poll():
                return str(self._reports.recv())
        return ""

    def ending(self) -> str:
        """How a process ended that should not have."""
        codes = [process.exitcode for process in self._started if process.exitcode]
        # Where one is lost Python ends its brothers, with SIGTERM.
        code = min(codes, key=lambda code: code == -signal.SIGTERM, default=None)
        when = "" if self.first.done() and not self.first.exception() else " before it could begin"
        if code is None:
            return f"ended from outside{when}"
        if code > 0:
            return f"ended{when} with exit status {code}"
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
        return f"ended{when} by {name}{', perhaps for want of memory' * (name == 'SIGKILL')}"

    def _spawn_process(self) -> None:
        before = set(self._processes)
        with importing_the_same():
            super()._spawn_process()  # type: ignore[misc]
        self._started += [process for pid, process in self._processes.items() if pid not in before]


def _context(method: str) -> BaseContext:
    context = multiprocessing.get_context(method)
    # With -E the server would import from the working folder, whatever the environment says.
    trusted = sys.flags.safe_path or not sys.flags.ignore_environment
    context.set_forkserver_preload(["experiments.engine.preload"] if trusted else [])
    return context


def begin_server() -> None:
    """Let the server of later workers import what it needs while this process does something else. What goes wrong is
    told with the first worker."""
    if _methods()[0] == "forkserver":
        with suppress(OSError, EOFError), undisturbed(), importing_the_same():
            _start_tracker()
            _context("forkserver")
            forkserver.ensure_running()


_open: WeakSet[Pool] = WeakSet()


def abandon_all() -> None:
    """End at once whatever processes are left of any pool, at the end of a command."""
    with held_off():
        for pool in list(_open):
            pool.abandon()


def unreachable(future: Future[Any]) -> str:
    """Why Python's own thread for a pool has ended, as newer versions of Python tell; empty where it has not."""
    error = future.exception() if future.done() and not future.cancelled() else None
    cause = None if error is None else error.__cause__
    return "" if cause is None else str(cause).strip(" \n'\"").rpartition("\n")[2]


def worker_pool(workers: int) -> Pool:
    """A pool whose first process has been started; only the parent answers to Ctrl-C. Raises StartError."""
    reasons: list[str] = []
    for method in _methods():
        try:
            return _begun(workers, method)
        except (OSError, EOFError) as error:  # no socket, no further process
            reasons.append(str(error) or type(error).__name__)
    raise StartError(f"cannot start a worker process ({'; '.join(reasons)}); try fewer --jobs, or --jobs 1")


_proven: set[str] = set()


def _begun(workers: int, method: str) -> Pool:
    pool = Pool(workers, method)
    try:
        with undisturbed():
            pool.begin()
        if method not in _proven:  # nothing else can be done before the first worker of all is ready
            while not wait([pool.first], timeout=1.0).done:
                pool.check()
            if pool.first.exception() is None:
                _proven.add(method)
    except KeyboardInterrupt:
        pool.shutdown(wait=True)  # one that is merely dropped ends at some time during the interpreter's own end
        raise
    except BaseException:
        pool.abandon()
        raise
    if reason := pool.refusal():
        pool.shutdown(wait=True)
        raise StartError(reason)
    return pool


def _methods() -> list[str]:
    # Not fork: the parent has threads (Arrow), and a forked child may wait for ever on a lock of theirs.
    forkserver = "forkserver" in multiprocessing.get_all_start_methods() and _room_for_a_socket()
    return ["forkserver", "spawn"] if forkserver else ["spawn"]


def _room_for_a_socket() -> bool:
    """Whether the name of the server's socket is short enough, in another folder if need be."""
    for folder in (tempfile.gettempdir(), *SHORT_FOLDERS):
        if len(os.fsencode(folder)) + SOCKET_NAME <= SOCKET_PATH and os.access(folder, os.W_OK):
            kept, tempfile.tempdir = tempfile.tempdir, folder
            try:
                # Made once a process and removed at its end; later calls only look it up.
                return len(os.fsencode(util.get_temp_dir())) + SOCKET_NAME // 2 <= SOCKET_PATH
            finally:
                tempfile.tempdir = kept
    return False


def _start_tracker() -> None:
    # Python's keeper of semaphores lives until this process ends, a closed terminal notwithstanding.
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGHUP"):
        return
    kept = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        resource_tracker.ensure_running()
    finally:
        signal.signal(signal.SIGHUP, kept)


@contextmanager
def importing_the_same() -> Iterator[None]:
    """Processes started within import from where this one does: not from the working folder, which Python would put
    first, and without repeating this one's script, which may lack a guard."""
    kept = {name: os.environ.get(name) for name in (SAFE_PATH, MODULE_PATH)}
    script = sys.modules["__main__"]
    os.environ[SAFE_PATH] = "1"
    os.environ[MODULE_PATH] = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
        for name, value in kept.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
