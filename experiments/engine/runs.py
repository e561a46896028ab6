"""One task, executed: models are built, run and reduced to records that travel and are stored cheaply."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.value import discount_factors, discount_rate
from experiments.engine.design import Run, Task
from experiments.engine.packed_tables import pack_tables
from experiments.engine.records import KEYS, Record, pack_curves, pack_numbers, sealed
from sim import OUTCOMES, Levers, Parameters, Region, load_parameters, load_region
from sim.errors import DefectError

if TYPE_CHECKING:  # where a model is made: whoever reads results alone needs no Mesa
    from sim import RenewalModel

VALUED = ("net_", "jobs_", "clause_", "society")
LEFT = "value_society_left"
BUILDINGS = "value_"  # of an owner's: what its closing account adds to its cash
CLOSING = "_closing"
QUARTERS_A_YEAR = 4

Array = NDArray[Any]


class RunError(RuntimeError):
    """A run raised. The message names the run, its seed, what was raised and where."""


def perform(task: Task) -> list[Record]:
    """Execute the runs of a task in order, handing co-funding on to the arms that take another's money.

    A run that raises becomes a record with its error, and so do the runs that would take its money.
    """
    money: dict[str, Array] = dict(task.given)
    records: list[Record] = []
    for index, run in enumerate(task.runs):
        digest = task.digests[index] if task.digests else run.id
        started = time.perf_counter()
        try:
            records.append(sealed(_performed(task, run, digest, money, started)))
        except MemoryError:
            raise
        except Exception as error:
            records.append(sealed(Record(digest, _told(run, error), seconds=time.perf_counter() - started)))
    return records


def attempt(task: Task) -> list[Record]:
    """The same, but an error is raised as it is, for debugging."""
    money: dict[str, Array] = dict(task.given)
    return [_performed(task, run, run.id, money, time.perf_counter()) for run in task.runs]


def _performed(task: Task, run: Run, digest: str, money: dict[str, Array], started: float) -> Record:
    from sim.mesa_rows.rows import forget

    model = model_of(task, run, money)
    model.run()
    curves = model.curves(detail=task.world.detail)
    tables = pack_tables(model.tables() | model.event_tables()) if task.world.curves else b""
    money[run.arm] = model.cofunding()
    forget(model)
    wanted = any(other.treatment.same_money_as == run.arm for other in task.runs)
    return Record(
        digest,
        ends=pack_numbers(list(end_outcomes(run, curves).values())),
        curves=pack_curves(curves) if task.world.curves else b"",
        tables=tables,
        money=pack_numbers(money[run.arm].ravel()) if wanted else b"",
        seconds=time.perf_counter() - started,
        peak_mb=peak_memory_mb(),
    )


@lru_cache(maxsize=4)
def region_of(name: str, scale: float) -> Region:
    """A region, read once per process."""
    return load_region(name, scale)


def parameters_of(changes: Mapping[str, Any]) -> Parameters:
    """The parameters with changes applied."""
    return load_parameters().replace(dict(changes))


def model_of(task: Task, run: Run, money: Mapping[str, Array]) -> RenewalModel:
    """The model of a run, ready to start. Raises RunError where the arm whose money it takes has failed."""
    from sim import RenewalModel

    treatment, world = run.treatment, task.world
    source = treatment.same_money_as
    if source is not None and source not in money:
        raise RunError(f'no money to hand on: its partner "{source}" failed')
    return RenewalModel(
        region_of(world.region, world.scale),
        treatment.collaboration,
        run.seed,
        parameters=parameters_of(treatment.parameters),
        levers=Levers.checked(**treatment.levers),
        years=world.years,
        same_money=None if source is None else money[source],
        injections=treatment.injections,
        events=world.events,
        twins=world.events,
        shocks=world.shocks,
    )


@lru_cache(maxsize=1)
def end_names() -> tuple[str, ...]:
    """Columns of the table of runs that a run fills, in order."""
    recorded = [outcome.name for outcome in OUTCOMES]
    valued = [present_value_name(name) for name in recorded if name.startswith((*VALUED, BUILDINGS))]
    return (*recorded, *(f"mean_{name}" for name in recorded), *valued)


def present_value_name(outcome: str) -> str:
    """The column with the present value, SEK, that belongs to an outcome: of its flows; of what is left to society in
    the last quarter; for the market value of an owner's buildings, of the owner's cash with that value at the end."""
    if outcome == LEFT:
        return f"npv_{LEFT.removeprefix(BUILDINGS)}"
    if outcome.startswith(BUILDINGS):
        return f"npv_{outcome.removeprefix(BUILDINGS)}{CLOSING}"
    return f"npv_{outcome.removeprefix('net_')}"


def end_outcomes(run: Run, curves: pd.DataFrame) -> dict[str, float]:
    """One number per column of the table of runs: means over the last year and over all years, and present
    values, in the order of `end_names`."""
    region = curves[curves["area_kind"] == "region"].drop(columns=list(KEYS))
    recorded = [outcome.name for outcome in OUTCOMES]
    ends = dict(zip(recorded, _means(region[recorded].tail(QUARTERS_A_YEAR)), strict=True))
    ends |= {f"mean_{name}": value for name, value in zip(recorded, _means(region[recorded]), strict=True)}
    factors = discount_factors(len(region), discount_rate(parameters_of(run.treatment.parameters).values))
    for name in recorded:
        if name.startswith(VALUED):
            ends[present_value_name(name)] = float((region[name].to_numpy() * factors).sum())
        elif name.startswith(BUILDINGS):
            column, closing = present_value_name(name), float(region[name].iloc[-1] * factors[-1])
            ends[column] = closing + ends.get(column.removesuffix(CLOSING), 0.0)  # an owner's cash; nothing for LEFT
    # What buildings will still give and need belongs to society's total; the flows of the years alone are no account.
    ends[present_value_name("society")] += ends[present_value_name(LEFT)]
    return ends


def _means(table: pd.DataFrame) -> list[float]:
    """Means of the columns. Libraries that add up in another order would change last bits wherever they are
    installed."""
    with pd.option_context("compute.use_bottleneck", False, "compute.use_numexpr", False):
        means: list[float] = table.mean().tolist()
    return means


def _told(run: Run, error: Exception) -> str:
    return f"run {run.id} (seed {run.seed}) failed: {described(error)}"


def described(error: Exception) -> str:
    """What was raised, and where, in a line."""
    if isinstance(error, DefectError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = "/".join(frame.filename.replace("\\", "/").split("/")[-3:])
    what = " ".join(f"{type(error).__name__}: {error}".splitlines()[:1])
    return f"{what} [{place}:{frame.lineno}]"


def peak_memory_mb() -> float:
    """The largest resident memory of this process so far, in MB; NaN where the system does not tell."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
