"""One function on many inputs, here, in local processes or on a cluster: for work that is no run of a design."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

from experiments.engine.cluster import cluster_workers
from experiments.engine.experiment import Execution
from experiments.engine.pool import worker_pool
from experiments.engine.runs import RunError
from experiments.engine.workers import AnyExecutor

Input = TypeVar("Input")
Output = TypeVar("Output")


def each(execution: Execution, function: Callable[[Input], Output], inputs: Sequence[Input]) -> Iterator[Output]:
    """What a function gives for each input, as it comes. Function, inputs and outputs travel between processes. Raises
    RunError where a worker ends from outside, and whatever the function raises."""
    at_once = min(execution.at_once, len(inputs))
    if execution.cluster is None and at_once <= 1:
        yield from map(function, inputs)
        return
    with _workers(execution, at_once) as workers:
        try:
            for future in as_completed([workers.executor.submit(function, one) for one in inputs]):
                yield future.result()
        except BrokenExecutor:
            raise RunError("a worker process was ended from outside, perhaps for want of memory") from None


@contextmanager
def _workers(execution: Execution, at_once: int) -> Iterator[AnyExecutor]:
    if execution.cluster is not None:
        workers = cluster_workers(execution.cluster, execution.jobs)
    else:
        pool = worker_pool(at_once)
        workers = AnyExecutor(pool, at_once, lambda: pool.shutdown(wait=True, cancel_futures=True))
    try:
        yield workers
    finally:
        workers.close()
