"""Tasks handed to workers in chunks, and handed out again where a worker died."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field

from experiments.engine.design import Task
from experiments.engine.records import Record
from experiments.engine.workers import Workers

CHUNK_SECONDS = 2.0
ATTEMPTS = 3
TICK = 1.0
DEATHS = ("KilledWorker", "CommClosedError", "FutureCancelledError", "WorkerError")

Chunk = list[Task]


@dataclass
class Dispatch:
    """Hands out tasks and gathers records. `seconds` is the mean of a task so far, or an estimate."""

    workers: Workers
    seconds: float | None = None
    _queue: deque[Task] = field(default_factory=deque)
    _suspects: deque[Task] = field(default_factory=deque)
    _tries: dict[str, int] = field(default_factory=dict)
    _running: dict[Future[list[Record]], Chunk] = field(default_factory=dict)

    def run(self, tasks: Sequence[Task]) -> Iterator[list[Record]]:
        """Records as they arrive, and an empty list every second in which none does."""
        self._queue.extend(tasks)
        while self._queue or self._suspects or self._running:
            self._hand_out()
            done, _ = wait(self._running, timeout=TICK, return_when=FIRST_COMPLETED)
            if not done:
                self.workers.check()
                yield []
            for future in done:
                yield self._gather(future, self._running.pop(future))

    def _hand_out(self) -> None:
        while len(self._running) < self.workers.capacity and (self._queue or self._suspects):
            # What was in the hands of a worker that died goes alone, so that it harms nothing else.
            chunk = [self._suspects.popleft()] if self._suspects else self._chunk()
            self._running[self.workers.submit(chunk)] = chunk

    def _chunk(self) -> Chunk:
        fitting = 1 if self.seconds is None else int(CHUNK_SECONDS / max(self.seconds, 1e-3))
        fair = len(self._queue) // (2 * self.workers.capacity)
        size = max(1, min(fitting, fair, self.workers.most))
        return [self._queue.popleft() for _ in range(min(size, len(self._queue)))]

    def _gather(self, future: Future[list[Record]], chunk: Chunk) -> list[Record]:
        try:
            records = future.result()
        except (Exception, CancelledError) as error:
            if not is_death(error):
                raise
            ending = self.workers.lost(future)
            if isinstance(error, MemoryError):
                ending = f"ran out of memory ({error})" if str(error) else "ran out of memory"
            return self._again(chunk, ending or "ended from outside, perhaps for want of memory")
        self.workers.ended(future)
        self._learn(records, len(chunk))
        return records

    def _learn(self, records: Sequence[Record], tasks: int) -> None:
        latest = sum(record.seconds for record in records) / tasks
        self.seconds = latest if self.seconds is None else 0.8 * self.seconds + 0.2 * latest

    def _again(self, chunk: Chunk, ending: str) -> list[Record]:
        given_up: list[Record] = []
        for task in chunk:
            key = task.digests[0]
            self._tries[key] = self._tries.get(key, 0) + 1
            if self._tries[key] < ATTEMPTS:
                self._suspects.append(task)
            else:
                given_up += _given_up(task, ending)
        return given_up


def is_death(error: BaseException) -> bool:
    """Whether an error says that a worker is lost, or has no memory, and not that its run failed."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, BrokenExecutor | CancelledError | MemoryError) or bool(names & set(DEATHS))


def _given_up(task: Task, ending: str) -> list[Record]:
    text = f"tried {ATTEMPTS} times, its worker process {ending}; try fewer --jobs or a smaller --scale"
    return [
        Record(digest, f"run {run.id} (seed {run.seed}) failed: {text}", seconds=0.0, passing=True)
        for run, digest in zip(task.runs, task.digests, strict=True)
    ]
