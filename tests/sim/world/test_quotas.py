"""Quotas: shares hold to within rounding in every place, whoever lives there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.randomness import Decision, Draws
from sim.world.columns import Bools, Floats
from sim.world.quotas import Classes, fill_quotas

RETIRED = 3


def filled(share: Floats, flats: list[int], occupied: Bools, employment: float = 0.6) -> tuple[Classes, Bools]:
    """Households of places that are alike: ages, sizes and cells by these shares (3, classes)."""
    k, many = len(flats), share.shape[1]
    shares = np.broadcast_to(share, (k, *share.shape)).copy()
    keys = np.concatenate([Draws(5).keys(Decision.RESIDENT_QUOTA, i) for i in range(3 * many + 1)])
    chance, mean = np.full((k, many), employment), np.full(k, employment)
    return fill_quotas(shares, np.array(flats), occupied, chance, mean, RETIRED, keys)


SHARES = np.array([[0.4, 0.3, 0.2, 0.1, 0.0, 0.0], [0.5, 0.25, 0.25, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.2, 0.1, 0.1]])


@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 3))
def test_each_place_has_its_shares_to_within_rounding_among_those_who_live_there(flats: list[int], every: int) -> None:
    occupied = np.arange(sum(flats)) % (every + 1) == 0
    classes, employed = filled(SHARES, flats, occupied)
    where = np.repeat(np.arange(len(flats)), flats)
    for place in range(len(flats)):
        here = classes[(where == place) & occupied]
        for column, share in zip(here.T, SHARES, strict=True):
            count = np.bincount(column, minlength=len(share))
            assert np.abs(count - share * len(here)).max() <= 2.0
            assert count[share == 0.0].sum() == 0
        works = (where == place) & occupied & (classes[:, 0] != RETIRED)
        assert abs(employed[works].sum() - 0.6 * works.sum()) <= 2.0
    assert not (employed & ~(occupied & (classes[:, 0] != RETIRED))).any()


def test_one_flat_more_changes_no_other_household() -> None:
    occupied = np.ones(51, dtype=bool)
    few, fewer_work = filled(SHARES, [50], occupied[:50])
    more, more_work = filled(SHARES, [51], occupied)
    assert (more[:50] == few).all() and (more_work[:50] == fewer_work).all()


@pytest.mark.parametrize(("employment", "expected"), [(0.0, 0), (1.0, 40)])
def test_nobody_or_everybody_works_where_the_table_says_so(employment: float, expected: int) -> None:
    young = np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    assert filled(young, [40], np.ones(40, dtype=bool), employment)[1].sum() == expected


def test_nobody_works_where_nobody_lives() -> None:
    classes, employed = filled(SHARES, [10, 20], np.zeros(30, dtype=bool))
    assert classes.shape == (30, 3) and not employed.any()
