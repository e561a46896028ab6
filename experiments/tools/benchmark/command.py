"""How long a run takes, phase by phase; how much memory; and what a second worker is worth.

    python -m experiments.tools.benchmark.command              (or: make bench)

Machines are shared and noisy: compare ratios taken in one run, and the best of several times.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from experiments.engine.pool import default_jobs, use_one_thread

if TYPE_CHECKING:
    from sim import Region
    from sim.schedule import Phase
    from sim.world.world import World

TARGET = 250.0  # ns per resident and quarter, building and recording included
EFFICIENCY = 0.9


@click.command()
@click.option("--region", default="stockholm-county", show_default=True, help="A region of ours or a folder of yours.")
@click.option("--scale", default=1.0, show_default=True, help="Share of the region.")
@click.option("--years", default=30, show_default=True, help="Years from the start.")
@click.option("--preset", "presets", multiple=True, default=("siloed", "regional"), show_default=True, help="Which.")
@click.option("--repeats", default=3, show_default=True, help="Of so many runs the best time of each phase counts.")
@click.option("--runs", default=16, show_default=True, help="Pairs of runs for parallel efficiency; 0 leaves it out.")
def main(region: str, scale: float, years: int, presets: tuple[str, ...], repeats: int, runs: int) -> None:
    """Time runs of a region in this process, then the engine on one worker and on two."""
    use_one_thread()
    from sim import load_region

    place = load_region(region, scale)
    click.echo(f"{place.title}: {place.total_flats:,} residents, {years * 4} quarters, best of {repeats} on one core")
    columns = [_phases(place, preset, years, repeats) for preset in presets]
    click.echo(f"{'ns per resident and quarter':32s}" + "".join(f"{preset:>12s}" for preset in presets))
    for name in columns[0]:
        click.echo(f"{name:32s}" + "".join(f"{column[name]:12.1f}" for column in columns))
    sums = [sum(column.values()) for column in columns]
    click.echo(f"{f'all (aim: at most {TARGET:g})':32s}" + "".join(f"{total:12.1f}" for total in sums))
    click.echo(f"peak memory of this process: {_peak_mb():.0f} MB")
    if runs:
        _two_workers(runs)


def _phases(region: Region, preset: str, years: int, repeats: int) -> dict[str, float]:
    """Best time of building and of each phase, ns per resident and quarter."""
    from sim import Collaboration, RenewalModel, schedule
    from sim.mesa_rows.rows import forget

    best: dict[str, float] = {}
    for _ in range(repeats):
        parts = ["building the model", *(phase.name for phase in schedule.PHASES), "recording and the rest"]
        spent = dict.fromkeys(parts, 0.0)
        started = time.perf_counter()
        model = RenewalModel(region, Collaboration.preset(preset), 1, years=years)
        spent["building the model"] = time.perf_counter() - started
        watched = schedule.PHASES
        schedule.PHASES = tuple(_timed(phase, spent) for phase in watched)
        running = time.perf_counter()
        try:
            model.run()
        finally:
            schedule.PHASES = watched
        within = sum(spent.values()) - spent["building the model"]
        spent["recording and the rest"] = time.perf_counter() - running - within
        best = {name: min(seconds, best.get(name, seconds)) for name, seconds in spent.items()}
        forget(model)
        del model
        gc.collect()
    return {name: seconds * 1e9 / region.total_flats / (4 * years) for name, seconds in best.items()}


def _timed(phase: Phase, spent: dict[str, float]) -> Phase:
    """The same phase, its time added to `spent`."""

    def advance(world: World) -> None:
        started = time.perf_counter()
        phase.advance(world)
        spent[phase.name] += time.perf_counter() - started

    return replace(phase, advance=advance)


def _peak_mb() -> float:
    """Most memory that this process has used, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _two_workers(pairs: int) -> None:
    """Parallel efficiency of the engine: time on one worker over twice the time on two, in one run."""
    if default_jobs() < 2:
        click.echo("one processor only: no parallel efficiency")
        return
    times = {jobs: min(_engine_seconds(pairs, jobs) for _ in range(2)) for jobs in (1, 2)}
    efficiency = times[1] / (2.0 * times[2])
    click.echo(
        f"engine, {2 * pairs} runs of botkyrka: {times[1]:.1f} s on one worker, {times[2]:.1f} s on two: "
        f"parallel efficiency {efficiency:.2f} (aim: at least {EFFICIENCY:g})"
    )


def _engine_seconds(pairs: int, jobs: int) -> float:
    """Seconds that an experiment of paired runs takes, from starting workers to stored tables."""
    from experiments.design.arms import NAMED_ARMS
    from experiments.design.plan import treatments_of
    from experiments.engine.design import World, make_design
    from experiments.engine.experiment import Execution, Experiment

    treatments = treatments_of([NAMED_ARMS[name] for name in ("siloed", "coordinated")], {})
    design = make_design(World("botkyrka", 1.0, 30, detail=False), treatments, pairs, seed=1)
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        with Experiment(Path(folder) / "out", "benchmark", ["make bench"], Execution(jobs, show_progress=False)) as own:
            own.run(design)
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
