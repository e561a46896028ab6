"""What of a design is still to be computed, as tasks for workers."""

from __future__ import annotations

from typing import Any

from experiments.engine.design import Design, Run, Task
from experiments.engine.parts import Parts
from experiments.engine.records import unpack_numbers
from experiments.engine.runs import region_of

Named = tuple[Run, str]  # a run with its digest


def pending_tasks(design: Design, digests: list[str], parts: Parts) -> list[Task]:
    """Tasks for runs that have not ended, given the digests of all in the order of the design. A partner that has ended
    hands on its stored money, or runs again where that was not kept; equal runs are computed once."""
    by_position = dict(zip((run.position for run in design.runs), digests, strict=True))
    seen: set[str] = set()
    tasks: list[Task] = []
    for task in design.tasks():
        own = [(run, by_position[run.position]) for run in task.runs]
        wanted = [(run, digest) for run, digest in own if digest not in parts and digest not in seen]
        seen |= {digest for _, digest in wanted}
        if wanted:
            tasks.append(_with_money(task, own, wanted, parts))
    return tasks


def _with_money(task: Task, own: list[Named], wanted: list[Named], parts: Parts) -> Task:
    given: dict[str, Any] = {}
    partner, digest = own[0]
    if any(run.treatment.same_money_as for run, _ in wanted) and own[0] not in wanted:
        record = parts.get(digest) if digest in parts else None
        if record is not None and record.money:
            towns = len(region_of(task.world.region, task.world.scale).municipalities)
            given[partner.arm] = unpack_numbers(record.money).reshape(task.world.years, -1, towns)
        elif record is None or not record.error:
            wanted = [own[0], *wanted]
    return Task(task.world, tuple(run for run, _ in wanted), tuple(name for _, name in wanted), given)
