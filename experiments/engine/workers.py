"""Where work goes: this process, local processes that are replaced one by one when they die, or any executor."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Protocol

from experiments.engine.design import Task
from experiments.engine.identity import inputs_digest, origin
from experiments.engine.pool import LESS, Pool, StartError, unreachable, use_one_thread, worker_pool
from experiments.engine.records import Record
from experiments.engine.runs import perform
from experiments.engine.signals import undisturbed
from sim import SamspelError

STARTS = 3


class Workers(Protocol):
    """Takes chunks of at most `most` tasks, and at most `capacity` chunks at a time."""

    capacity: int
    most: int

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Start a chunk."""

    def lost(self, future: Future[list[Record]]) -> str:
        """The worker of this chunk is lost, and another takes its place; says how it ended, as far as known. Raises
        StartError where it refused to begin."""

    def ended(self, future: Future[list[Record]]) -> None:
        """The chunk is done."""

    def check(self) -> None:
        """Nothing has come for a while. Raises StartError where nothing can come any more."""

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

    def lost(self, future: Future[list[Record]]) -> str:
        """Nobody to lose."""
        return ""

    def ended(self, future: Future[list[Record]]) -> None:
        """Nothing to note."""

    def check(self) -> None:
        """A chunk is done at once."""

    def close(self) -> None:
        """Nothing to end."""


class Processes:
    """Local processes, each an executor of its own: one that dies takes nothing with it but its chunk."""

    most = 50

    def __init__(self, jobs: int) -> None:
        use_one_thread()
        self.capacity = jobs
        self._all: list[Pool] = []
        self._free: list[Pool] = []
        self._busy: dict[Future[list[Record]], Pool] = {}

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Start a chunk in a free process. Raises StartError where none can be started."""
        inputs, ending = _inputs(tasks), ""
        for _ in range(STARTS):
            worker = self._free.pop() if self._free else self._start()
            try:
                future = worker.submit(perform_alike, tasks, inputs)
            except BrokenExecutor:  # it died while it was idle
                ending = self._forget(worker)
                continue
            self._busy[future] = worker
            return future
        raise StartError(f"a worker process {ending}, {STARTS} times in a row; try fewer --jobs, or --jobs 1")

    def lost(self, future: Future[list[Record]]) -> str:
        """Let the dead process go; the next chunk gets a new one. Raises StartError where it was out of reach."""
        ending = self._forget(self._busy.pop(future))
        if reason := unreachable(future):
            raise StartError(f"a worker process is out of reach: {reason}, perhaps for want of memory; {LESS}")
        return ending

    def ended(self, future: Future[list[Record]]) -> None:
        """The process is free."""
        self._free.append(self._busy.pop(future))

    def check(self) -> None:
        """Look at every process."""
        for worker in self._all:
            worker.check()

    def close(self) -> None:
        """End all processes, after the runs in their hands; at once where this is interrupted. Raises KeyboardInterrupt
        then, when all have ended."""
        with undisturbed(self._abandon):
            for worker in self._all:
                worker.shutdown(wait=True, cancel_futures=True)

    def _abandon(self) -> None:
        for worker in self._all:
            worker.abandon()

    def _start(self) -> Pool:
        self._all.append(worker_pool(1))
        return self._all[-1]

    def _forget(self, worker: Pool) -> str:
        worker.shutdown(wait=True)
        self._all.remove(worker)
        if reason := worker.refusal():
            raise StartError(reason)
        return worker.ending()


class AnyExecutor:
    """Any `concurrent.futures.Executor`, such as a cluster's, which looks after its own workers."""

    most = 50

    def __init__(self, executor: Executor, capacity: int, close: Callable[[], object] = lambda: None) -> None:
        self.capacity, self.executor, self._close = capacity, executor, close

    def submit(self, tasks: Sequence[Task]) -> Future[list[Record]]:
        """Send a chunk, with the version of the model that it is meant for."""
        return self.executor.submit(perform_there, tasks, origin(), _inputs(tasks))

    def lost(self, future: Future[list[Record]]) -> str:
        """The executor's own affair."""
        return ""

    def ended(self, future: Future[list[Record]]) -> None:
        """Nothing to note."""

    def check(self) -> None:
        """The executor's own affair."""

    def close(self) -> None:
        """Let go of the executor."""
        self._close()


def perform_all(tasks: Sequence[Task]) -> list[Record]:
    """Records of all runs of some tasks."""
    return [record for task in tasks for record in perform(task)]


def perform_alike(tasks: Sequence[Task], inputs: Sequence[str]) -> list[Record]:
    """The same in a process that may have read other tables. Raises SamspelError where it has."""
    for task, expected in zip(tasks, inputs, strict=True):
        if inputs_digest(task.world.region, task.world.scale) != expected:
            raise SamspelError(
                f"{myself()} read other tables of {task.world.region}, or other parameters, than this command began "
                "with; expected the same: changed meanwhile? Run the command again"
            )
    return perform_all(tasks)


def perform_there(tasks: Sequence[Task], expected: Mapping[str, str], inputs: Sequence[str]) -> list[Record]:
    """The same on another machine. Raises SamspelError where that has another version of the model."""
    if reason := unlike(expected):
        raise SamspelError(f"--cluster: {reason}")
    return perform_alike(tasks, inputs)


def unlike(expected: Mapping[str, str]) -> str:
    """How this process differs from one of that origin on another machine; empty where it does not."""
    mine = origin()
    if mine["source"] == expected["source"]:
        return ""
    return (
        f"{myself()} has another version of samspel, numpy, numba or mesa, with digest {mine['source']} (sim from "
        f"{mine['sim']}); expected {expected['source']}, as here (sim from {expected['sim']}): install the same on both"
    )


def myself() -> str:
    """This process, for a message to another one."""
    return f"worker process {os.getpid()} on {platform.node()}"


def _inputs(tasks: Sequence[Task]) -> list[str]:
    return [inputs_digest(task.world.region, task.world.scale) for task in tasks]
