"""How much memory an experiment needs, and refusing beforehand what cannot fit.

The sizes were measured on Linux with Python 3.11 and are what surely goes, not what may: the county at 1:1 with all
areas peaks at 75 MB above a bare worker, 10,000 runs with curves at 2.8 GB where they are read, 100,000 without at 0.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

from experiments.engine.design import Design
from experiments.engine.disk import amount
from experiments.engine.memory import RUN, available
from experiments.engine.runs import region_of
from sim import OUTCOMES, Region, SamspelError

WORKER = 50e6  # beyond what processes share
FLAT = 900.0  # of a model with its households, while it runs
ROW = 3_600.0  # of a quarter and area, while a run is recorded
CELL = 24.0  # of an outcome and quarter of the region's curves, where all are read
STORED = 4.0  # the same as it is stored
PLACE = 150.0  # of a run, quarter and area, where a dozen outcomes are read in all of them
SCANNED = 1.2e9  # what Arrow holds at most while it looks for some rows

TOLD = 1e9
QUARTERS = 4


@dataclass(frozen=True)
class Need:
    """Bytes of memory beside what this process has: of one run, of `workers` at once, and of results where they are
    read, when the workers are gone."""

    one: float
    workers: int
    results: float

    @property
    def running(self) -> float:
        """While runs are made."""
        return self.one + self.workers * (WORKER + self.one) if self.workers else self.one

    @property
    def most(self) -> float:
        """At the worst time."""
        return max(self.running, self.results)


def need_of(design: Design, runs: int, workers: int) -> Need:
    """What a design needs on this machine; `workers`: processes here, 0 where this process runs it."""
    world = design.world
    region = region_of(world.region, world.scale)
    areas = 1 + (len(region.neighbourhoods) + len(region.municipalities)) * world.detail
    results = runs * RUN
    if world.curves and not design.varied:  # all curves of the region are read at once
        cells = runs * world.years * QUARTERS * len(OUTCOMES)
        results += cells * CELL + min(SCANNED, 2 * cells * areas * STORED)
    elif world.curves and world.detail:  # of a design with points, those that are held against what was observed
        results += runs * world.years * QUARTERS * areas * PLACE
    return Need(_one(region, world.years, areas), workers, results)


def _one(region: Region, years: int, areas: int) -> float:
    return region.total_flats * FLAT + years * QUARTERS * areas * ROW


def check_model(region: Region, years: int, workers: int) -> None:
    """Raises SamspelError where not even one model for each worker can fit."""
    need = Need(_one(region, years, 1), workers, 0.0)
    if need.most > (free := available()):
        what = f"{region.name} at scale {region.scale:g} ({region.total_flats:,} flats), {years} years"
        raise SamspelError(_too_much(need, free, what))


def check_memory(design: Design, runs: int, workers: int) -> str:
    """Words on the memory that a design needs, where it is much. Raises SamspelError where it cannot fit."""
    need, free = need_of(design, runs, workers), available()
    if need.most <= free:
        return f"about {amount(need.most)} of memory: {_parts(need)}" if need.most > max(TOLD, free / 2) else ""
    name = Path(design.world.region).name
    what = f"{runs:,} runs of {name} at scale {design.world.scale:g}, {design.world.years} years"
    raise SamspelError(_too_much(need, free, what))


def _too_much(need: Need, free: float, what: str) -> str:
    there = f"and this machine has {amount(free, floor)} free"
    return f"memory: {what}: about {amount(need.most, ceil)} needed ({_parts(need)}), {there}; {_advice(need, free)}"


def _parts(need: Need) -> str:
    workers = f" with {need.workers} workers" if need.workers else ""
    return f"{amount(need.running)} to run{workers}, {amount(need.results)} to read the results"


def _advice(need: Need, free: float) -> str:
    if need.results > free:
        return "ask for fewer --replicates, points or --years, or for less to be recorded"
    fitting = int((free - need.one) // (WORKER + need.one))
    if need.workers and fitting >= 1:
        return f"try --jobs {fitting}"
    if need.workers and need.one <= free:
        return "try --jobs 1"
    return "try a smaller --scale or fewer --years"
