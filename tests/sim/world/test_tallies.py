"""Counts of a quarter: each name is one count, by neighbourhood or of the region."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from sim.world.tallies import RegionTally, Tallies, Tally


def test_rows_are_counted_where_they_are_once_or_by_weight() -> None:
    tallies = Tallies(3)
    tallies.count(Tally.MOVES, np.array([0, 2, 2]))
    tallies.count(Tally.MOVES, np.array([2]), np.array([0.5]))
    tallies.add(RegionTally.BIDS, 3.0)
    tallies.add(RegionTally.BIDS, 1.0)
    assert tallies.of(Tally.MOVES).tolist() == [1.0, 0.0, 2.5] and tallies.region(RegionTally.BIDS) == 4.0
    assert not tallies.of(Tally.IN_MOVERS).any() and tallies.region(RegionTally.TENDERS) == 0.0


def test_a_new_quarter_starts_at_nothing() -> None:
    tallies = Tallies(2)
    tallies.count(Tally.GRADUATES, np.array([1]))
    tallies.add(RegionTally.DELAY, 1.0)
    tallies.clear()
    assert not tallies.by_neighbourhood.any() and not tallies.of_region.any()


def test_they_can_be_put_away_and_taken_out_again() -> None:
    tallies = Tallies(2)
    tallies.count(Tally.DROPOUTS, np.array([0, 1, 1]))
    assert pickle.loads(pickle.dumps(tallies)).of(Tally.DROPOUTS).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("kind", [Tally, RegionTally])
def test_no_two_names_are_one_count(kind: type[Tally] | type[RegionTally]) -> None:
    assert len(kind.__members__) == len(kind)
    assert [tally.row for tally in kind] == list(range(len(kind)))
