"""What keeps points out, and which measures are hardly met together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.together import alone, hard_together, pairs

TARGETS = tuple(Target(name, 0.0, 1.0, 1.0, 1.0) for name in ("P1.a", "P1.b", "P2.a"))


def found(means: Any, waves: Any = None) -> Any:
    """Points with these means of three measures, all of the first wave."""
    values = np.array(means, np.float64)
    wave_of = np.ones(len(values), np.int64) if waves is None else np.array(waves)
    return SimpleNamespace(means=values, targets=TARGETS, wave_of=wave_of, members=range(int((wave_of == 2).sum())))


def test_the_measure_without_which_most_would_lie_inside_comes_first() -> None:
    points = found([[0.5, 0.5, 0.5], [0.5, 0.5, 2.0], [0.5, 0.5, 2.0], [2.0, 0.5, 2.0]])
    first, second = alone(points, slice(None))
    assert (first.name, first.inside, first.others) == ("P2.a", 0.25, 0.75)
    assert (second.name, second.inside, second.others) == ("P1.a", 0.75, 0.25)


def test_measures_that_exclude_each_other_are_found_and_those_that_do_not_are_not() -> None:
    a = np.linspace(0.0, 2.0, 41)
    excluding = pairs(found(np.stack([a, 2.05 - a, np.resize([0.5, 2.0], 41)], axis=1)), slice(None))
    assert [pair.names for pair in excluding] == [("P1.a", "P1.b")]
    assert excluding[0].both == 0 and excluding[0].expected == pytest.approx(21 * 20 / 41, rel=0.1)
    draws = np.random.default_rng(1).uniform(0.0, 2.0, (400, 3))
    assert pairs(found(draws), slice(None)) == []


def test_what_could_not_be_measured_keeps_nobody_out() -> None:
    assert alone(found([[np.nan, 0.5, 0.5], [0.5, 0.5, 0.5]]), slice(None)) == []


def test_members_are_told_of_apart_from_the_whole_space() -> None:
    a = np.linspace(0.0, 2.0, 41)
    means = np.concatenate([np.stack([a, 2.05 - a, np.full(41, 0.5)], axis=1), [[0.5, 3.0, 0.5], [0.5, 0.5, 0.5]]])
    said = hard_together(found(means, [1] * 41 + [2] * 2))
    assert "P1.a with P1.b (0 points" in said and "Of members" in said and "50.0 %" in said
    assert "no two measures exclude each other" in hard_together(found([[0.5, 0.5, 0.5]] * 50))
