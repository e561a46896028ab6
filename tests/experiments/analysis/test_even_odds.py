"""Where the odds are even along one setting, from the gains of members of a set."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.even_odds import profile

VALUES = np.array([0.0, 10.0])
ALIKE = np.ones(3)


def test_the_odds_are_even_where_the_middle_member_neither_gains_nor_loses() -> None:
    found = profile(VALUES, np.array([[-9.0, -4.0, 1.0], [1.0, 6.0, 11.0]]), ALIKE)  # each rises by one a unit
    assert found is not None
    (even,) = found.even()
    assert even.at == pytest.approx(4.0) and even.rising
    assert found.share(3.9) == pytest.approx(1 / 3) and found.share(4.1) == pytest.approx(2 / 3)
    assert (found.band(5.0).low, found.band(5.0).mean, found.band(5.0).high) == pytest.approx((-4.0, 1.0, 6.0))


def test_members_that_weigh_more_move_it() -> None:
    gains = np.array([[-9.0, -4.0, 1.0], [1.0, 6.0, 11.0]])
    heavy = profile(VALUES, gains, np.array([5.0, 1.0, 1.0]))
    assert heavy is not None and heavy.even()[0].at == pytest.approx(9.0)
    none = profile(VALUES, gains, np.array([0.0, 1.0, 1.0]))  # whoever fits nothing does not count
    assert none is not None and none.gains.shape == (2, 2)


def test_what_turns_nowhere_within_what_was_tried_has_no_such_value() -> None:
    found = profile(VALUES, np.array([[2.0, 3.0], [1.0, 1.0]]), np.ones(2))
    assert found is not None and found.even() == [] and found.share(10.0) == 1.0


def test_values_may_come_in_any_order_and_a_member_that_failed_is_left_out() -> None:
    gains = np.array([[6.0, np.nan, 6.0], [-4.0, 1.0, -4.0], [1.0, 2.0, 1.0]])
    found = profile(np.array([10.0, 0.0, 5.0]), gains, ALIKE)
    assert found is not None and found.values.tolist() == [0.0, 5.0, 10.0] and found.gains.shape == (3, 2)
    assert found.even()[0].at == pytest.approx(4.0)
    assert profile(VALUES, np.full((2, 3), np.nan), ALIKE) is None
