"""What an outcome responds to: Morris' screening and Sobol' indices, by SALib, with intervals and convergence."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Range = tuple[float, float]

RESAMPLES = 500
SHARES = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Effect:
    """Morris: the mean size of an input's elementary effects over its whole range, in units of the outcome.

    half: of the 95 % interval, NaN with a single trajectory; mean: with signs; spread: high where the effect
    depends on the other inputs.
    """

    name: str
    size: float
    half: float
    mean: float
    spread: float


@dataclass(frozen=True)
class Index:
    """Sobol': shares of the outcome's variance. first: by the input alone; total: with all its interactions;
    halves are those of 95 % intervals."""

    name: str
    first: float
    first_half: float
    total: float
    total_half: float


def screen(points: Array, outcome: Array, ranges: Mapping[str, Range], seed: int) -> list[Effect]:
    """Morris' measures, largest first. points: trajectories one after another; trajectories with a NaN in
    `outcome` are left out."""
    from SALib.analyze import morris

    kept = _whole_blocks(outcome, len(ranges) + 1)
    if not kept.any():
        return [Effect(name, *[float("nan")] * 4) for name in ranges]
    with warnings.catch_warnings():
        # A single trajectory has no spread, which numpy warns of; it is NaN then, and so is the interval.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = morris.analyze(problem_of(ranges), points[kept], outcome[kept], num_resamples=RESAMPLES, seed=seed)
    # With a single trajectory SALib resamples one number and would report a width of zero: that is no certainty.
    halves = found["mu_star_conf"] if kept.sum() > len(ranges) + 1 else [float("nan")] * len(ranges)
    columns = zip(ranges, found["mu_star"], halves, found["mu"], found["sigma"], strict=True)
    effects = [Effect(name, *(float(value) for value in values)) for name, *values in columns]
    return sorted(effects, key=lambda effect: -effect.size)


def sobol_indices(outcome: Array, ranges: Mapping[str, Range], seed: int) -> list[Index]:
    """Sobol' indices, largest total first, from outcomes at Saltelli's points in their order (without second
    order); blocks with a NaN are left out. All zero where the outcome does not vary."""
    from SALib.analyze import sobol

    kept = outcome[_whole_blocks(outcome, len(ranges) + 2)]
    # Without variance there is nothing to share out; SALib would divide by it.
    if not kept.size or np.ptp(kept) == 0:
        return [Index(name, 0.0, 0.0, 0.0, 0.0) for name in ranges]
    found = sobol.analyze(problem_of(ranges), kept, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    columns = zip(ranges, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    indices = [Index(name, *(float(value) for value in values)) for name, *values in columns]
    return sorted(indices, key=lambda index: -index.total)


def convergence(outcome: Array, ranges: Mapping[str, Range], seed: int) -> dict[int, list[Index]]:
    """The indices from a quarter, half and all of the sample, by number of base points."""
    block = len(ranges) + 2
    base = len(outcome) // block
    sizes = sorted({max(2, int(base * share)) for share in SHARES})
    return {size: sobol_indices(outcome[: size * block], ranges, seed) for size in sizes if size <= base}


def problem_of(ranges: Mapping[str, Range]) -> dict[str, Any]:
    """The ranges as SALib wants them."""
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": [list(one) for one in ranges.values()]}


def _whole_blocks(outcome: Array, block: int) -> NDArray[np.bool_]:
    """True for the rows of blocks in which nothing is missing."""
    fine = ~np.isnan(outcome).reshape(-1, block).any(axis=1)
    return np.repeat(fine, block)
