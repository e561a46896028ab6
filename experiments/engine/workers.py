"""Where work goes: this process, local processes that are replaced one by one when they die, or any executor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Protocol

from experiments.engine.design import Task
from experiments.engine.identity import source_digest
from experiments.engine.pool import use_one_thread, worker_pool
from experiments.engine.records import Record
from experiments.engine.runs import perform
from sim import SamspelError


class Workers(Protocol):
    """Takes chunks of at most `most` tasks, and at most `capacity` chunks at a time."""

    capacity: int
    most: int

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Start a chunk."""

    def lost(self, future: Future[list[Record]]) -> None:
        """The worker of this chunk has died; another takes its place."""

    def ended(self, future: Future[list[Record]]) -> None:
        """The chunk is done."""

    def close(self) -> None:
        """End all workers."""


class Here:
    """This process: a chunk is done when `submit` returns."""

    capacity, most = 1, 1

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Do a chunk."""
        future: Future[list[Record]] = Future()
        try:
            future.set_result(perform_all(tasks))
        except MemoryError as error:
            future.set_exception(error)
        return future

    def lost(self, future: Future[list[Record]]) -> None:
        """Nobody to lose."""

    def ended(self, future: Future[list[Record]]) -> None:
        """Nothing to note."""

    def close(self) -> None:
        """Nothing to end."""


class Processes:
    """Local processes, each an executor of its own: one that dies takes nothing with it but its chunk."""

    most = 50

    def __init__(self, jobs: int) -> None:
        use_one_thread()
        self.capacity = jobs
        self._all: list[Executor] = []
        self._free: list[Executor] = []
        self._busy: dict[Future[list[Record]], Executor] = {}

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Start a chunk in a free process."""
        worker = self._free.pop() if self._free else self._start()
        try:
            future = worker.submit(perform_all, tasks)
        except RuntimeError:  # it died while it was idle
            self._forget(worker)
            worker = self._start()
            future = worker.submit(perform_all, tasks)
        self._busy[future] = worker
        return future

    def lost(self, future: Future[list[Record]]) -> None:
        """Let the dead process go; the next chunk gets a new one."""
        self._forget(self._busy.pop(future))

    def ended(self, future: Future[list[Record]]) -> None:
        """The process is free."""
        self._free.append(self._busy.pop(future))

    def close(self) -> None:
        """End all processes, after the runs in their hands."""
        for worker in self._all:
            worker.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> Executor:
        self._all.append(worker_pool(1))
        return self._all[-1]

    def _forget(self, worker: Executor) -> None:
        worker.shutdown(wait=False)
        self._all.remove(worker)


class AnyExecutor:
    """Any `concurrent.futures.Executor`, such as a cluster's, which looks after its own workers."""

    most = 50

    def __init__(self, executor: Executor, capacity: int, close: Callable[[], object] = lambda: None) -> None:
        self.capacity, self.executor, self._close = capacity, executor, close

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Send a chunk, with the version of the model that it is meant for."""
        return self.executor.submit(perform_there, tasks, source_digest())

    def lost(self, future: Future[list[Record]]) -> None:
        """The executor's own affair."""

    def ended(self, future: Future[list[Record]]) -> None:
        """Nothing to note."""

    def close(self) -> None:
        """Let go of the executor."""
        self._close()


def perform_all(tasks: Sequence[Task]) -> list[Record]:
    """Records of all runs of some tasks."""
    return [record for task in tasks for record in perform(task)]


def perform_there(tasks: Sequence[Task], source: str) -> list[Record]:
    """The same on another machine. Raises SamspelError where that has another version of the model."""
    if source_digest() != source:
        raise SamspelError(
            "--cluster: a worker has another version of samspel, numpy or mesa than this machine; "
            "install the same on both"
        )
    return perform_all(tasks)
