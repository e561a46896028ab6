"""One task, executed: models are built, run and reduced to arrays that travel cheaply between processes."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.value import discount_factors, discount_rate
from experiments.engine.design import Run, Task
from sim import OUTCOMES, Levers, Parameters, Region, RenewalModel, load_parameters, load_region
from sim.agents.rows import forget

KEYS = ("quarter", "area", "area_kind")
VALUED = ("net_", "jobs_", "clause_", "resources")
STOCKS = ("value_",)
QUARTERS_A_YEAR = 4

Array = NDArray[Any]


class RunError(RuntimeError):
    """A run raised. The message names the run, its seed, what was raised and where."""


@dataclass(frozen=True)
class RunResult:
    """What is kept of a run.

    quarter, area, area_kind: one entry a row. values: rows × outcomes, 32-bit. ends: one number per column
    of the table of runs (means over the last year, means over all years, present values).
    """

    run: Run
    quarter: Array
    area: Array
    area_kind: Array
    outcomes: tuple[str, ...]
    values: Array
    ends: Mapping[str, float]
    seconds: float
    peak_mb: float

    def without_curves(self) -> RunResult:
        """The same without its arrays: small enough to keep for every run."""
        nothing = np.empty((0, 0), np.float32)
        return replace(self, quarter=nothing, area=nothing, area_kind=nothing, values=nothing)


def perform(task: Task) -> list[RunResult]:
    """Execute the runs of a task in order, handing co-funding on to the arms that take another's money."""
    money: dict[str, Array] = {}
    results: list[RunResult] = []
    for run in task.runs:
        started = time.perf_counter()
        try:
            model = _model(task, run, money)
            model.run()
            curves = model.curves(detail=task.world.detail)
            if len(task.runs) > 1:
                money[run.arm] = model.cofunding()
            forget(model)
        except Exception as error:
            raise RunError(_told(run, error)) from error
        results.append(_result(run, curves, time.perf_counter() - started))
    return results


@lru_cache(maxsize=4)
def region_of(name: str, scale: float) -> Region:
    """A region, read once per process."""
    return load_region(name, scale)


def parameters_of(changes: Mapping[str, Any]) -> Parameters:
    """The parameters with changes applied."""
    return load_parameters().replace(dict(changes))


def _model(task: Task, run: Run, money: Mapping[str, Array]) -> RenewalModel:
    treatment, world = run.treatment, task.world
    source = treatment.same_money_as
    return RenewalModel(
        region_of(world.region, world.scale),
        treatment.collaboration,
        run.seed,
        parameters=parameters_of(treatment.parameters),
        levers=Levers.checked(**treatment.levers),
        years=world.years,
        same_money=None if source is None else money[source],
    )


def _result(run: Run, curves: pd.DataFrame, seconds: float) -> RunResult:
    outcomes = tuple(name for name in curves.columns if name not in KEYS)
    region = curves[curves["area_kind"] == "region"]
    rate = discount_rate(parameters_of(run.treatment.parameters).values)
    return RunResult(
        run=run,
        quarter=curves["quarter"].to_numpy(np.int16),
        area=curves["area"].to_numpy(object),
        area_kind=curves["area_kind"].to_numpy(object),
        outcomes=outcomes,
        values=np.asfortranarray(curves[list(outcomes)].to_numpy(np.float32)),
        ends=_ends(region, outcomes, rate),
        seconds=seconds,
        peak_mb=peak_memory_mb(),
    )


def _ends(region: pd.DataFrame, outcomes: tuple[str, ...], rate: float) -> dict[str, float]:
    headlines = [outcome.name for outcome in OUTCOMES if outcome.headline]
    last = region.tail(QUARTERS_A_YEAR)
    ends = {name: float(last[name].mean()) for name in headlines}
    ends |= {f"mean_{name}": float(region[name].mean()) for name in headlines}
    factors = discount_factors(len(region), rate)
    for name in outcomes:
        if name.startswith(VALUED):
            key = "npv_" + name.removeprefix("net_")
            ends[key] = float((region[name].to_numpy(np.float64) * factors).sum())
        elif name.startswith(STOCKS):
            ends[f"npv_{name}"] = float(region[name].iloc[-1] * factors[-1])
    return ends


def _told(run: Run, error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = "/".join(frame.filename.replace("\\", "/").split("/")[-3:])
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return f"run {run.id} (seed {run.seed}) failed: {what} [{place}:{frame.lineno}]"


def peak_memory_mb() -> float:
    """The largest resident memory of this process so far, in MB; NaN where the system does not tell."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
