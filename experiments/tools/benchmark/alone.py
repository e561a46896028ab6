"""One measurement in a process of its own, so that nothing before it counts: one request in, one answer out, as JSON.

    python alone.py '{"what": "run", "region": "stockholm-county", "copies": 1, ...}'

It asks nothing of samspel but what a user may ask, and takes it from wherever the interpreter finds it: so the same
file measures an earlier commit.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

SMALL = ("botkyrka", 0.02)  # of which a warming run is made, which loads or compiles what runs need
EARLY = 5  # of so many parts of all models the first is not looked at: pools and caches fill


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What was measured, by name; times in seconds, memory in MB."""
    measures: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        "run": _run,
        "models": _models,
        "machine": _machine,
        "draws": _draws,
        "start": _start,
        "sweep": _sweep,
    }
    return measures[request["what"]](request)


def yardstick() -> float:
    """Seconds for a fixed piece of work of the kinds that runs consist of, the middle of nine: passages over columns,
    small arrays and Python objects. By it times of different machines and hours can be compared, roughly."""
    import numpy as np

    column = np.linspace(-3.0, 3.0, 80_000)
    groups = np.repeat(np.arange(800), 100)
    few = np.linspace(0.0, 1.0, 14)

    def work() -> None:
        for _ in range(4):
            chance = 1.0 / (1.0 + np.exp(-column))
            np.bincount(groups, chance * (column > 0.1), minlength=800)
        for _ in range(1_500):
            np.maximum(few * 0.5, 0.1).sum()
        counts: dict[int, float] = {}
        for i in range(15_000):
            counts[i % 97] = counts.get(i % 97, 0.0) + 0.5 * i

    return statistics.median(_seconds(work) for _ in range(9))


def copied(region: Any, times: int) -> Any:
    """A region with its places, owners, firms and budgets so many times over, and the county around it as much
    larger; what the region's owners are injected stays with the first."""
    if times == 1:
        return region
    towns, owners = len(region.municipalities), len(region.landlords)
    county = region.county
    larger = ("county_population", "county_labour_force", "construction_workers")
    return replace(
        region,
        name=f"{region.name}-times-{times}",
        title=f"{region.title}, {times} times",
        digest=f"{region.digest}-{times}",
        neighbourhoods=_table(
            region.neighbourhoods, times, {"municipality_index": towns, "landlord_index": owners, "x": 1e3}
        ),
        municipalities=_table(region.municipalities, times, {}),
        builders=_table(region.builders, times, {"municipality_index": towns}),
        landlords=_table(region.landlords, times, {"municipality_index": towns}),
        county=replace(county, **{name: getattr(county, name) * times for name in larger}),
    )


def _table(table: Any, times: int, steps: dict[str, float]) -> Any:
    """The rows of a table so many times over; columns in `steps` grow by that much from one copy to the next, where
    they name something."""
    import numpy as np

    found: dict[str, Any] = {}
    for field in fields(table):
        column = getattr(table, field.name)
        if isinstance(column, tuple):
            marks = [f" {i + 1}" if field.name == "name" and i else "" for i in range(times)]
            found[field.name] = tuple(f"{text}{mark}" for mark in marks for text in column)
            continue
        step = steps.get(field.name, 0)
        parts = [np.where(column >= 0, column + i * step, column) if step else column for i in range(times)]
        found[field.name] = np.concatenate(parts).astype(column.dtype)
        found[field.name].flags.writeable = False
    return type(table)(**found)


# --- requests ---------------------------------------------------------------------------------------------------------


def _run(request: dict[str, Any]) -> dict[str, Any]:
    """One run: building, each phase, and what is left, which is recording (s of processor time); memory."""
    started = time.process_time()
    from sim import Collaboration, RenewalModel, load_region, schedule

    imports = time.process_time() - started
    region = copied(load_region(request["region"], request["scale"]), request["copies"])
    asked = Collaboration.preset(request["preset"])
    RenewalModel(load_region(*SMALL), asked, 1, years=2).run()
    gc.collect()
    before = yardstick()
    spent: defaultdict[str, float] = defaultdict(float)
    wall, cpu = time.perf_counter(), time.process_time()
    model = RenewalModel(region, asked, 1, years=request["years"])
    spent["building the model"] = time.process_time() - cpu
    schedule.PHASES = tuple(replace(phase, advance=_timed(phase, spent)) for phase in schedule.PHASES)
    model.run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    spent["recording and the rest"] = cpu - sum(spent.values())
    return {
        "flats": region.total_flats, "quarters": 4 * request["years"], "spent": dict(spent), "cpu": cpu, "wall": wall,
        "imports": imports, "yardstick": (before + yardstick()) / 2, "peak": _peak(),
        "bytes": _touched(model, region, asked, RenewalModel),
    }  # fmt: skip


def _timed(phase: Any, spent: defaultdict[str, float]) -> Callable[[Any], None]:
    """What a phase does, its time added to `spent`."""

    def advance(world: Any) -> None:
        started = time.process_time()
        phase.advance(world)
        spent[phase.name] += time.process_time() - started

    return advance


def _touched(model: Any, region: Any, asked: Any, make: Any) -> float:
    """Bytes of a resident's columns that a quarter reads or writes at least: each column once, and once more those in
    which anything is another after a quarter."""
    import numpy as np

    if region.total_flats > 200_000:
        return 0.0
    early = make(region, asked, 1, years=1)
    columns = early.world.residents
    before = {name: getattr(columns, name).copy() for name in columns.fields}
    early.step()
    changed = {name for name, column in before.items() if not np.array_equal(column, getattr(columns, name))}
    return float(sum(column.itemsize * (1 + (name in changed)) for name, column in before.items()))


def _models(request: dict[str, Any]) -> dict[str, Any]:
    """Memory after a part of so many small models in one process, and after all. forget: each is let go as sweeps let
    go of theirs, or is left to Python's collector, which counts objects and not bytes."""
    from sim import Collaboration, RenewalModel, load_region
    from sim.mesa_rows.rows import forget

    region, asked = load_region(*SMALL), Collaboration.preset("regional")
    early = 0.0
    for i in range(request["count"]):
        model = RenewalModel(region, asked, i, years=1).run()
        if request["forget"]:
            forget(model)
        if i + 1 == max(1, request["count"] // EARLY):
            early = _peak()
    return {"early": early, "late": _peak(), "yardstick": 0.0}


def _machine(request: dict[str, Any]) -> dict[str, Any]:
    """Copying of columns as large as the residents' of the county, and far larger: bytes read and written a second."""
    import numpy as np

    speeds = {}
    for name, size in (("near", request["bytes"]), ("far", 160_000_000)):
        source = np.ones(max(1, int(size) // 8))
        target = np.empty_like(source)
        times = max(3, int(1e9 / source.nbytes))
        seconds = max(1e-9, min(_seconds(lambda: np.copyto(target, source)) for _ in range(times)))  # noqa: B023
        speeds[name] = 2.0 * source.nbytes / seconds
    return {**speeds, "yardstick": yardstick()}


def _draws(request: dict[str, Any]) -> dict[str, Any]:
    """Seconds of one keyed draw, of many made in one passage."""
    from sim.randomness import Decision, Draws

    draws, count = Draws(1), request["count"]
    draws.stream(Decision.MOVE, 0, count)
    found = [_seconds(lambda q=q: draws.stream(Decision.MOVE, q, count)) for q in range(25)]  # type: ignore[misc]
    return {"each": min(found) / count, "yardstick": yardstick()}


def _start(request: dict[str, Any]) -> dict[str, Any]:
    """Seconds by the clock until a worker process, the first of all, has answered."""
    from experiments.engine.pool import use_one_thread, worker_pool

    use_one_thread()
    started = time.perf_counter()
    pool = worker_pool(1)
    pool.submit(os.getpid).result()
    seconds = time.perf_counter() - started
    pool.shutdown()
    return {"seconds": seconds, "yardstick": yardstick()}


def _sweep(request: dict[str, Any]) -> dict[str, Any]:
    """Seconds by the clock that workers of the engine's own take for paired runs, once all of them have run before."""
    from experiments.design.arms import NAMED_ARMS
    from experiments.design.plan import treatments_of
    from experiments.engine.design import Task, World, make_design
    from experiments.engine.dispatch import Dispatch
    from experiments.engine.identity import digests
    from experiments.engine.workers import Processes

    arms = treatments_of([NAMED_ARMS[name] for name in ("siloed", "coordinated")], {})
    world = World(request["region"], request["scale"], request["years"], detail=False)
    jobs, pairs = request["jobs"], request["pairs"]
    design = make_design(world, arms, pairs + jobs, seed=1)
    names = dict(zip((run.position for run in design.runs), digests(design), strict=True))
    tasks = [Task(world, task.runs, tuple(names[run.position] for run in task.runs)) for task in design.tasks()]
    workers = Processes(jobs)
    try:
        for future in [workers.submit([task]) for task in tasks[:jobs]]:
            future.result()
            workers.ended(future)
        started = time.perf_counter()
        runs = sum(len(records) for records in Dispatch(workers).run(tasks[jobs:]))
        seconds = time.perf_counter() - started
    finally:
        workers.close()
    return {"runs": runs, "seconds": seconds, "yardstick": yardstick()}


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of some work, s."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _peak() -> float:
    """Most memory that this process has held, MB; where Linux tells, without that of the process that started it."""
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            return next(float(line.split()[1]) / 2**10 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(answer(json.loads(sys.argv[1]))))
