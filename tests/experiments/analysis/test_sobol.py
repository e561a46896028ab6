"""What an outcome responds to, on Ishigami's function, whose shares of variance are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.analysis.sobol import convergence, screen, sobol_indices
from experiments.engine.sampling import matrix, morris, saltelli

RANGES = {"x1": (-np.pi, np.pi), "x2": (-np.pi, np.pi), "x3": (-np.pi, np.pi)}
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}


def ishigami(points: NDArray[Any]) -> NDArray[Any]:
    x1, x2, x3 = points.T
    result: NDArray[Any] = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return result


@pytest.fixture(scope="module")
def outcome() -> NDArray[Any]:
    return ishigami(matrix(saltelli(RANGES, 1024, 1), list(RANGES)))


def test_sobol_indices_are_the_known_ones_within_their_intervals(outcome: NDArray[Any]) -> None:
    for index in sobol_indices(outcome, RANGES, 1):
        assert index.first == pytest.approx(FIRST[index.name], abs=0.06)
        assert index.total == pytest.approx(TOTAL[index.name], abs=0.06)
        assert 0 < index.total_half < 0.15


def test_intervals_narrow_as_the_sample_grows(outcome: NDArray[Any]) -> None:
    by_size = convergence(outcome, RANGES, 1)
    assert list(by_size) == [256, 512, 1024]
    halves = [max(index.total_half for index in indices) for indices in by_size.values()]
    assert halves[0] > halves[1] > halves[2]


def test_blocks_with_a_failed_run_are_left_out(outcome: NDArray[Any]) -> None:
    holed = outcome.copy()
    holed[7] = np.nan
    assert sobol_indices(holed, RANGES, 1)[0].total == pytest.approx(0.5576, abs=0.06)


def test_an_outcome_that_never_varies_has_no_shares() -> None:
    assert {index.total for index in sobol_indices(np.ones(80), RANGES, 1)} == {0.0}


def test_morris_finds_which_inputs_matter_and_that_one_does_nothing() -> None:
    ranges = {**RANGES, "idle": (0.0, 1.0)}
    points = matrix(morris(ranges, 60, 1), list(ranges))
    effects = {effect.name: effect for effect in screen(points, ishigami(points[:, :3]), ranges, 1)}
    assert effects["idle"].size == 0 and list(effects)[-1] == "idle"
    assert min(effects[name].size for name in RANGES) > 3
    assert effects["x3"].spread > effects["x3"].size, "x3 acts only through x1"
    assert all(effects[name].half > 0 for name in RANGES)


def test_a_morris_effect_is_the_change_over_the_whole_range() -> None:
    ranges = {"a": (10.0, 20.0), "b": (0.0, 1.0)}
    points = matrix(morris(ranges, 4, 1), list(ranges))
    effects = {effect.name: effect for effect in screen(points, 3 * points[:, 0] - points[:, 1], ranges, 1)}
    assert effects["a"].size == pytest.approx(30) and effects["b"].mean == pytest.approx(-1)


def test_a_single_way_through_has_no_interval() -> None:
    points = matrix(morris(RANGES, 1, 1), list(RANGES))
    assert all(np.isnan(effect.half) for effect in screen(points, ishigami(points), RANGES, 1))
