"""Tasks on processes: results come back in design order, whatever the number of workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from tqdm import tqdm

from experiments.engine.design import Design, Task
from experiments.engine.runs import RunError, RunResult, perform

AHEAD = 3
BAR = "{n_fmt}/{total_fmt} runs |{bar}| {elapsed} gone, {remaining} left"
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def execute(design: Design, jobs: int, show_progress: bool | None = None) -> Iterator[RunResult]:
    """Results of all runs in the order of the design; `jobs` 1 stays in this process.

    show_progress: True or False, or None for "where a person is watching". Raises RunError.
    """
    tasks = design.tasks()
    finished = _in_process(tasks) if jobs == 1 else _on_workers(tasks, jobs)
    waiting: dict[int, RunResult] = {}
    tqdm.monitor_interval = 0
    disable = None if show_progress is None else not show_progress
    with tqdm(total=len(design.runs), disable=disable, dynamic_ncols=True, bar_format=BAR) as bar:
        position = 0
        for results in finished:
            bar.update(len(results))
            waiting.update((result.run.position, result) for result in results)
            while position in waiting:
                yield waiting.pop(position)
                position += 1


def default_jobs() -> int:
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_one_thread() -> None:
    """Keep numerical libraries to one thread each; takes effect in processes started after this call."""
    for name in SINGLE_THREAD:
        os.environ.setdefault(name, "1")


def _in_process(tasks: Sequence[Task]) -> Iterator[list[RunResult]]:
    for task in tasks:
        yield perform(task)


def _on_workers(tasks: Sequence[Task], jobs: int) -> Iterator[list[RunResult]]:
    use_one_thread()
    chunk = max(1, min(20, len(tasks) // (jobs * 8)))
    chunks = [tasks[start : start + chunk] for start in range(0, len(tasks), chunk)]
    pool = worker_pool(min(jobs, len(chunks)))
    try:
        yield from _in_order(pool, chunks, AHEAD * jobs)
    except BrokenProcessPool:
        raise RunError(
            "a worker process was ended from outside, perhaps for want of memory; try fewer --jobs"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, chunks: Sequence[Sequence[Task]], ahead: int) -> Iterator[list[RunResult]]:
    # Only `ahead` chunks are under way at a time, so that finished results never pile up in memory.
    running: deque[Future[list[RunResult]]] = deque()
    for tasks in chunks:
        running.append(pool.submit(_perform_all, tasks))
        if len(running) > ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _perform_all(tasks: Sequence[Task]) -> list[RunResult]:
    return [result for task in tasks for result in perform(task)]


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """A pool whose processes have been started; only the parent answers to Ctrl-C."""
    pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=_leave_stopping_to_parent)
    with _undisturbed():
        pool.submit(_leave_stopping_to_parent)
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


def _leave_stopping_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _context() -> BaseContext:
    # Not fork: the parent has threads (Arrow), and a forked child may wait for ever on a lock of theirs.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload(["experiments.engine.runs"])
    return context
