"""How long a design will take and how much disk: measured on the first two years of one of its runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.engine.design import Design, Run, Task
from experiments.engine.packed_tables import pack_tables
from experiments.engine.progress import duration
from experiments.engine.records import pack_curves, pack_numbers
from experiments.engine.runs import end_names, model_of

QUARTERS = 8
GROWTH = 1.25  # later quarters have more projects and trainees to look after
START_SECONDS = 2.0
END_SECONDS = 0.01  # to reduce and store a run


@dataclass(frozen=True)
class Estimate:
    """What an experiment will take. seconds: on the workers at hand. bytes: of the results on disk."""

    runs: int
    pending: int
    seconds: float
    bytes: float
    per_run: float

    def words(self, design: Design, jobs: int) -> str:
        """One line for a person."""
        world = design.world
        done = f" ({self.runs - self.pending:,} of them done)" if self.pending < self.runs else ""
        where = f"{Path(world.region).name} at scale {world.scale:g}, {world.years} years"
        if not self.pending:
            return f"{self.runs:,} runs of {where}: all of them done before"
        workers = f"{jobs} worker{'s' * (jobs > 1)}"
        return f"{self.runs:,} runs{done} of {where}: about {duration(self.seconds)} on {workers}, {_mb(self.bytes)}"


def estimate(design: Design, pending: Sequence[Run], runs: int, more: int, jobs: int) -> Estimate:
    """Measure one run of the design, the one with the most partners, and multiply. `more` runs follow later."""
    if not pending:
        return Estimate(runs, 0, 0.0, 0.0, 0.0)
    per_run, size = _measured(design, max(pending, key=lambda run: len(run.treatment.collaboration.partners)))
    count = len(pending) + more
    seconds = START_SECONDS * (jobs > 1) + count * per_run / jobs
    return Estimate(runs + more, count, seconds, (runs + more) * size, per_run)


def _measured(design: Design, run: Run) -> tuple[float, float]:
    from sim.mesa_rows.rows import forget

    world = design.world
    unpaid = {} if run.treatment.same_money_as is None else {run.treatment.same_money_as: None}
    started = time.perf_counter()
    model = model_of(Task(world, (run,)), run, unpaid)  # type: ignore[arg-type]
    built = time.perf_counter()
    quarters = min(QUARTERS, world.years * 4)
    for _ in range(quarters):
        model.step()
    stepped = time.perf_counter()
    packed = 0
    if world.curves:
        packed = len(pack_curves(model.curves(detail=world.detail))) + len(
            pack_tables(model.tables() | model.event_tables())
        )
    forget(model)
    share = world.years * 4 / quarters
    seconds = built - started + (stepped - built) * share * GROWTH + END_SECONDS
    return seconds, packed * share + len(pack_numbers([0.0] * len(end_names())))


def _mb(size: float) -> str:
    return f"{size / 1e9:.1f} GB on disk" if size > 1e9 else f"{max(1, round(size / 1e6))} MB on disk"
