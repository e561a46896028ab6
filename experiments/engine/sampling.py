"""Points to run at: every combination, or samples of ranges. Samplers are those of scipy and SALib.

All raise SamspelError for more points than this machine can hold.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from experiments.engine.memory import check_points
from sim import SamspelError, load_parameters
from sim.errors import unknown

Range = tuple[float, float]
Point = dict[str, Any]
Array = NDArray[Any]


def factorial(values: Mapping[str, Sequence[Any]]) -> list[Point]:
    """Every combination of the values; the first name changes slowest."""
    check_points(math.prod(map(len, values.values())), len(values))
    return [dict(zip(values, combination, strict=True)) for combination in itertools.product(*values.values())]


def spaced(low: float, high: float, steps: int) -> list[float]:
    """Values at equal distances, both ends included."""
    if steps < 2:
        raise SamspelError(f"a range of {steps} values: expected two or more")
    check_points(steps, 1)
    return [round(float(value), 12) for value in np.linspace(low, high, steps)]


def latin_hypercube(ranges: Mapping[str, Range], n: int, seed: int) -> list[Point]:
    """n points, one in each n-th of every range."""
    check_points(n, len(ranges))
    return _scaled(qmc.LatinHypercube(len(ranges), rng=seed).random(n), ranges)


def sobol_sequence(ranges: Mapping[str, Range], n: int, seed: int) -> list[Point]:
    """n points of a scrambled Sobol' sequence, the next power of two of them drawn."""
    check_points(n, len(ranges))
    drawn = qmc.Sobol(len(ranges), rng=seed).random_base2(max(0, (n - 1).bit_length()))
    return _scaled(drawn[:n], ranges)


def problem(ranges: Mapping[str, Range]) -> dict[str, Any]:
    """The ranges as SALib wants them."""
    bounds = [list(map(float, one)) for one in ranges.values()]
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": bounds}


def morris(ranges: Mapping[str, Range], trajectories: int, seed: int, levels: int = 4) -> list[Point]:
    """Trajectories that change one setting at a time: trajectories × (settings + 1) points."""
    from SALib.sample import morris as sampler

    check_points(trajectories * (len(ranges) + 1), len(ranges))

    return points(sampler.sample(problem(ranges), trajectories, num_levels=levels, seed=seed), ranges)


def saltelli(ranges: Mapping[str, Range], n: int, seed: int, second_order: bool = False) -> list[Point]:
    """Points for Sobol' indices: n × (settings + 2), or n × (2 settings + 2) with second order; n a power of two."""
    from SALib.sample import sobol as sampler

    check_points(n * ((1 + second_order) * len(ranges) + 2), len(ranges))

    return points(sampler.sample(problem(ranges), n, calc_second_order=second_order, seed=seed), ranges)


def points(sample: Array, names: Iterable[str]) -> list[Point]:
    """Rows of a matrix as points."""
    keys = list(names)
    return [dict(zip(keys, row, strict=True)) for row in np.asarray(sample, np.float64).tolist()]


def matrix(sampled: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Array:
    """Points as rows of a matrix, for the analyses of SALib."""
    return np.array([[point[name] for name in names] for point in sampled], np.float64)


def plausible_ranges(names: Iterable[str] | None = None) -> dict[str, Range]:
    """The plausible ranges of these parameters, or of all whose range is wider than a point."""
    records = load_parameters().records
    chosen = [name for name, record in records.items() if record.uncertain] if names is None else list(names)
    for name in chosen:
        if name not in records:
            raise unknown("parameter", name, records)
    return {name: records[name].plausible for name in chosen}


def _scaled(sample: Array, ranges: Mapping[str, Range]) -> list[Point]:
    low, high = np.array(list(ranges.values()), np.float64).T
    return points(low + sample * (high - low), ranges)
