"""One function on many inputs, here, in local processes or on a cluster: for work that is no run of a design."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from contextlib import contextmanager
from typing import TypeVar

from experiments.engine.cluster import cluster_workers
from experiments.engine.dispatch import TICK, is_death
from experiments.engine.experiment import Execution
from experiments.engine.pool import Pool, worker_pool
from experiments.engine.ready import compile_unless_ready
from experiments.engine.runs import RunError

Input = TypeVar("Input")
Output = TypeVar("Output")


def each(execution: Execution, function: Callable[[Input], Output], inputs: Sequence[Input]) -> Iterator[Output]:
    """What a function gives for each input, as it comes. Function, inputs and outputs travel between processes. Raises
    StartError or RunError where a worker cannot begin or is lost, and whatever the function raises."""
    at_once = min(execution.at_once, len(inputs))
    compile_unless_ready()
    if execution.cluster is None and at_once <= 1:
        yield from map(function, inputs)
        return
    with _executor(execution, at_once) as executor:
        running = {executor.submit(function, one) for one in inputs}
        while running:
            done, running = wait(running, timeout=TICK, return_when=FIRST_COMPLETED)
            if not done and isinstance(executor, Pool):
                executor.check()
            yield from (future.result() for future in done)


@contextmanager
def _executor(execution: Execution, at_once: int) -> Iterator[Executor]:
    if execution.cluster is None:
        with worker_pool(at_once) as pool:
            yield pool
        return
    workers = cluster_workers(execution.cluster, execution.jobs)
    try:
        yield workers.executor
    except BaseException as error:
        if not is_death(error):
            raise
        raise RunError(
            f"--cluster {execution.cluster}: a worker was lost, perhaps for want of memory ({error})"
        ) from None
    finally:
        workers.close()
