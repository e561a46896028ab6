"""What a better home is worth to whom, and to a closed county."""

from __future__ import annotations

import numpy as np
import pytest

from sim import Parameters, load_parameters
from sim.rules.homes import Wishes, left_by_all, seen, takes, wish

INCOMES = np.array([4_000.0, 9_000.0, 18_000.0, 30_000.0, 45_000.0])
ORDINARY_TASTE = np.full(5, 1.0 - np.exp(-1.0))  # the draw at which taste is the mean
HOUSEHOLDS, ESTATES, FULL = 400_000, 1_000, 500


def parameters(**changes: float) -> Parameters:
    return load_parameters().replace(changes)


@pytest.mark.parametrize("elasticity", [0.0, 0.6, 1.3])
def test_an_ordinary_income_wishes_for_the_stated_mean_at_every_elasticity(elasticity: float) -> None:
    p = parameters(home_worth_income=elasticity)
    u = np.random.default_rng(1).random(HOUSEHOLDS)
    assert wish(np.full(HOUSEHOLDS, p.home_worth_at), u, p).mean() == pytest.approx(p.home_worth_midi, rel=0.01)


@pytest.mark.parametrize("elasticity", [0.0, 0.6, 1.3])
def test_a_tenth_more_income_raises_a_wish_by_the_elasticity(elasticity: float) -> None:
    p = parameters(home_worth_income=elasticity, income_floor=500.0)
    more = wish(1.1 * INCOMES, ORDINARY_TASTE, p) / wish(INCOMES, ORDINARY_TASTE, p)
    assert more == pytest.approx(1.1**elasticity)


def test_a_household_takes_what_is_no_worse_than_its_next_offer_whatever_the_rounding() -> None:
    extra = np.full(7, 0.1)
    assert takes(np.linspace(0.0, 5_000.0, 7), np.full(7, 1.6), extra, np.full(7, 1.6), np.full(7, extra.mean())).all()
    wishes = np.array([100.0, 1_000.0])
    none, full, dear = np.zeros(2), np.full(2, 1.6), np.full(2, 900.0)
    assert takes(wishes, full, dear, none, none).tolist() == [False, True]
    assert takes(wishes, none, none, full, dear).tolist() == [True, False]


def county(share: float, sorted_: float) -> tuple[Parameters, np.ndarray, Wishes]:
    """A county of households that differ in taste only, and what their wishes are measured by."""
    p = parameters(home_worth_income=0.0, home_worth_elsewhere=share, home_worth_elsewhere_sorted=sorted_)
    wishes = wish(np.full(HOUSEHOLDS, 20_000.0), np.random.default_rng(1).random(HOUSEHOLDS), p)
    return p, wishes, seen(wishes, 1.0, p)


def of_estates(worth: np.ndarray, wishes: np.ndarray, by: Wishes, p: Parameters) -> float:
    """The line of the estates' households, SEK/month: what they say less what they leave to others."""
    return float(
        (worth * wishes).sum()
        - p.home_worth_maxi * left_by_all(len(wishes), wishes.sum(), np.maximum(wishes - by.marginal, 0.0).sum(), by, p)
    )


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
def test_where_all_sort_fully_a_full_flat_is_worth_what_the_marginal_household_gains(share: float) -> None:
    p, wishes, by = county(share, 1.0)
    rng = np.random.default_rng(2)
    first = np.argsort(-wishes)
    elsewhere = round(share * (HOUSEHOLDS - ESTATES))  # homes of full standard there
    whole = p.home_worth_maxi * np.cumsum(wishes[first])
    # Counted over everybody: full homes go to those who wish for them most, here or there.
    gain = whole[elsewhere + FULL - 1] - (whole[elsewhere - 1] if elsewhere else 0.0)
    before = rng.choice(first[elsewhere:], ESTATES, replace=False)
    full = rng.choice(first[: elsewhere + FULL], FULL, replace=False)
    basic = rng.choice(first[elsewhere + FULL :], ESTATES - FULL, replace=False)
    after = np.concatenate([full, basic])
    worth = np.where(np.arange(ESTATES) < FULL, p.home_worth_maxi, 0.0)
    line = of_estates(worth, wishes[after], by, p) - of_estates(np.zeros(ESTATES), wishes[before], by, p)
    assert line == pytest.approx(gain, rel=0.03)


def test_where_homes_elsewhere_go_by_lot_the_line_is_what_the_county_gains_too() -> None:
    p, wishes, by = county(0.5, 0.0)
    first = np.argsort(-wishes)

    def whole(estates: np.ndarray, worth: np.ndarray) -> float:
        """Everybody's worth: homes elsewhere are as good for whoever happens to live in them."""
        there = np.ones(HOUSEHOLDS, dtype=bool)
        there[estates] = False
        return float((worth * wishes[estates]).sum() + 0.5 * there.sum() * p.home_worth_maxi * wishes[there].mean())

    lot = np.random.default_rng(3).choice(HOUSEHOLDS, ESTATES, replace=False)
    chosen = np.concatenate([first[:FULL], first[FULL - ESTATES :]])  # those who wish for most, and for least
    basic, worth = np.zeros(ESTATES), np.where(np.arange(ESTATES) < FULL, p.home_worth_maxi, 0.0)
    gain = whole(chosen, worth) - whole(lot, basic)
    line = of_estates(worth, wishes[chosen], by, p) - of_estates(basic, wishes[lot], by, p)
    assert line == pytest.approx(gain, rel=0.03)


def test_the_gain_by_a_full_flat_dwindles_as_homes_elsewhere_are_full_while_what_occupants_say_stays() -> None:
    gains, said = [], []
    for share in (0.0, 0.2, 0.4, 0.6, 0.8):
        p, wishes, by = county(share, 1.0)
        full = np.sort(wishes)[-90_400:]  # the 22.6 % who wish for most say 2,600 SEK a month
        said.append(p.home_worth_maxi * full.mean())
        gains.append(of_estates(np.full(len(full), p.home_worth_maxi), full, by, p) / len(full))
        gains[-1] -= p.home_worth_maxi * by.above  # what a household that wishes for less would bring as well
    assert said == pytest.approx([2_588.0] * 5, rel=0.02)
    assert gains[0] == pytest.approx(said[0]) and np.all(np.diff(gains) < 0.0) and gains[-1] < 0.1 * gains[0]
