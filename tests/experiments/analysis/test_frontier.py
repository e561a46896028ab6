"""The frontier where a difference changes its sign, on cases that can be drawn by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.analysis.frontier import crossings, pays_words, share_positive, zero_contour


def test_a_crossing_lies_where_the_straight_line_between_two_points_is_zero() -> None:
    (found,) = crossings([0.0, 2.0, 4.0], [-3.0, -1.0, 3.0])
    assert found.at == 2.5 and found.rising


def test_a_difference_may_cross_more_than_once_and_gaps_are_bridged() -> None:
    found = crossings([0.0, 1.0, 2.0, 3.0], [1.0, math.nan, -1.0, 1.0])
    assert [(zero.at, zero.rising) for zero in found] == [(1.0, False), (2.5, True)]


def test_the_contour_of_a_plane_is_its_known_line() -> None:
    x, y = [0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0]
    (line,) = zero_contour(x, y, np.array([[a + b - 2 for a in x] for b in y]))
    assert line.sum(axis=1) == pytest.approx(np.full(len(line), 2.0))


def test_there_is_no_frontier_where_one_side_always_wins() -> None:
    assert zero_contour([0, 1], [0, 1], np.ones((2, 2))) == []


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        ([-1, 1, 3], "from 0.5 up"),
        ([3, 1, -1], "up to 1.5"),
        ([1, 2, 3], "over the whole range"),
        ([-1, -2, -3], "nowhere in the range"),
        ([0, 0, 0], "nowhere distinguishable from nothing"),
        ([-1, 1, -1], "from 0.5, to 1.5"),
        ([1, -1, 1], "up to 0.5, from 1.5 and up"),
    ],
)
def test_where_it_pays_is_told_in_words(difference: list[float], words: str) -> None:
    assert pays_words([0.0, 1.0, 2.0], difference) == words


def test_the_share_of_the_grid_leaves_out_what_is_not_known() -> None:
    assert share_positive(np.array([1.0, -1.0, math.nan, 2.0])) == pytest.approx(2 / 3)
