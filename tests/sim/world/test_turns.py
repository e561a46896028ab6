"""Rows of several groups at once come out as each group alone would, to the last bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.world.turns import Turns

GROUPS = 5
ROWS = st.lists(st.tuples(st.integers(0, GROUPS - 1), st.floats(-1e9, 1e9), st.integers(0, 3)), max_size=200)


@given(ROWS)
def test_all_groups_at_once_are_as_each_alone(rows: list[tuple[int, float, int]]) -> None:
    group = np.array([row[0] for row in rows], dtype=np.int64)
    values, key = (np.array([row[i] for row in rows], dtype=np.float64) for i in (1, 2))
    turns = Turns.of(group, GROUPS, key)
    sums, so_far, rank = turns.sum(values), turns.so_far(values), turns.rank
    for one in range(GROUPS):
        its = np.flatnonzero(group == one)
        its = its[np.argsort(key[its], kind="stable")]
        assert turns.order[turns.ends[one] - len(its) : turns.ends[one]].tolist() == its.tolist()
        assert sums[one].tobytes() == values[its].sum().tobytes()
        assert so_far[its].tolist() == np.cumsum(values[its]).tolist()
        assert rank[its].tolist() == list(range(len(its)))


def test_rows_without_a_key_keep_their_order() -> None:
    turns = Turns.of(np.array([1, 0, 1, 0]), 3)
    assert turns.order.tolist() == [1, 3, 0, 2]
    assert turns.counts.tolist() == [2, 2, 0]
    assert turns.sum(np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [10.0, 5.0, 0.0]
