"""How safe a place is: what moves it, what presence adds, what goes next door."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_parameters
from sim.rules.calm import Conditions, calm_level, damage, lift, near, next_calm, wave
from sim.rules.moving import insecurity_push
from sim.rules.reputation import told_by_news
from sim.rules.rivals.insecurity import INSECURITY

P = load_parameters()
START = np.array([0.4, 0.9, 1.0])
USUAL = Conditions(*(np.full(3, share) for share in (0.4, 0.15, 0.1, 0.2)))
NONE = np.zeros(3)


def test_under_the_conditions_of_the_start_a_place_stays_as_it_is() -> None:
    level = calm_level(USUAL, USUAL, START, P)
    assert level.tolist() == START.tolist() and next_calm(START, level, NONE, NONE, P).tolist() == START.tolist()


@pytest.mark.parametrize("name", Conditions._fields)
def test_idle_people_turnover_empty_flats_and_worn_buildings_each_take_calm_and_give_it_back(name: str) -> None:
    worse, better = (USUAL._replace(**{name: getattr(USUAL, name) + change}) for change in (0.1, -0.1))
    lost = START - calm_level(worse, USUAL, START, P)
    assert np.allclose(lost, 0.1 * getattr(P, f"calm_{name}")) and (lost > 0.0).all()
    assert np.allclose(calm_level(better, USUAL, START, P), START + lost)
    closed = P.replace({f"calm_{name}": 0.0})
    assert calm_level(worse, USUAL, START, closed).tolist() == START.tolist()


def test_half_of_the_distance_is_gone_after_the_half_life_both_ways_and_sooner_up_with_presence() -> None:
    quarters = int(4 * P.calm_half_life)
    for now, level in ((0.4, 0.8), (0.8, 0.4)):
        alone = present = np.array([now])
        for _ in range(quarters):
            alone, present = (
                next_calm(x, np.array([level]), np.array([there]), np.zeros(1), P)
                for x, there in ((alone, 0.0), (present, 1.0))
            )
        assert alone[0] == pytest.approx(0.6)
        assert present[0] > 0.65 if level > now else present[0] == alone[0]


def test_presence_makes_up_for_a_share_of_what_is_missing_and_for_nothing_where_all_is_calm() -> None:
    lifted = lift(START, np.ones(3), P)
    assert np.allclose(lifted, P.presence_calm * np.array([0.6, 0.1, 0.0])) and lifted[2] == 0.0
    assert lift(START, NONE, P).tolist() == [0.0, 0.0, 0.0]
    assert lift(np.array([1.2]), np.ones(1), P)[0] == 0.0, "a place cannot be calmer than calm"


def test_waves_come_oftener_where_less_is_calm_never_where_all_is_and_cost_nothing_on_average() -> None:
    u = np.random.default_rng(1).uniform(size=(200_000, 2))
    for calm, mean in ((0.4, 0.0), (1.0, 0.0)):
        now = np.full(len(u), calm)
        moved = wave(now, now, *u.T, P)
        assert moved.mean() == pytest.approx(mean, abs=2e-4) and (moved == 0.0).all() == (calm == 1.0)
    struck = wave(np.full(len(u), 0.4), np.ones(len(u)), *u.T, P) < 0.0
    assert struck.mean() == pytest.approx(0.6 * P.incident_chance, abs=0.005)
    larger = wave(np.full(len(u), 0.4), np.ones(len(u)), *u.T, P.replace({"incident_size": 0.1}))
    assert (larger[struck] < wave(np.full(len(u), 0.4), np.ones(len(u)), *u.T, P)[struck]).all()


def test_calm_stays_between_nothing_and_one() -> None:
    ends = next_calm(np.array([0.01, 0.99]), np.array([-5.0, 9.0]), np.ones(2), np.array([-1.0, 1.0]), P)
    assert ends.tolist() == [0.0, 1.0]


# --- next door

TOWNS, FLATS = np.array([0, 0, 1]), np.array([100, 300, 50])


def test_without_a_map_neighbours_are_those_of_the_municipality() -> None:
    nobody = np.full((3, 3), np.nan)
    felt = near(nobody, TOWNS, FLATS, P)
    assert felt.tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    four = near(np.full((3, 3), np.nan), np.zeros(3, dtype=np.int64), FLATS, P)
    assert np.allclose(four.sum(axis=1), 1.0) and four[0, 1] == pytest.approx(6 * four[0, 2])


def test_on_a_map_near_places_feel_more_and_far_ones_hardly_anything() -> None:
    x = np.array([0.0, 1.0, 20.0])
    felt = near(np.abs(x[:, None] - x[None, :]), TOWNS, FLATS, P)
    assert felt[0, 1] == pytest.approx(np.exp(-1 / P.neighbour_tiles)) and felt[2].sum() < 1e-4
    assert (felt.sum(axis=1) <= 1.0).all() and (np.diag(felt) == 0.0).all()


@pytest.mark.parametrize("there", [0.0, 0.5, 1.0])
def test_what_is_displaced_is_felt_by_somebody_and_diffusion_is_its_mirror_image(there: float) -> None:
    lifted, presence, flats = np.array([0.1, 0.0, 0.0]), np.array([1.0, there, 0.0]), FLATS.astype(float)
    felt = near(np.full((3, 3), np.nan), TOWNS, FLATS, P)
    moved = INSECURITY["displaces"](lifted, presence, flats, felt, P)
    assert -(moved.change * flats).sum() + moved.outside == pytest.approx(P.calm_moved * 0.1 * 100)
    assert (moved.change <= 0.0).all() and (moved.change[1] == 0.0) == (there == 1.0)
    spread = INSECURITY["diffuses"](lifted, presence, flats, felt, P)
    assert np.allclose(spread.change, -moved.change) and spread.outside == 0.0
    stays = INSECURITY["stays"](lifted, presence, flats, felt, P)
    assert not stays.change.any() and stays.outside == 0.0


# --- what calm does


def test_at_full_calm_nobody_leaves_for_insecurity_nothing_is_damaged_and_news_are_as_ever() -> None:
    assert insecurity_push(START, P)[2] == 0.0 and damage(START, P)[2] == 0.0
    assert (np.diff(insecurity_push(START, P)) < 0.0).all() and (np.diff(damage(START, P)) < 0.0).all()
    u = np.random.default_rng(2).uniform(size=(50_000, 3))
    usual, worse, better = (told_by_news(*u.T, np.full(len(u), lost), P) for lost in (0.0, 0.3, -0.3))
    for one, sign in ((worse, 1), (better, -1)):
        changed = usual != one
        assert changed.any() and (np.sign((usual - one)[changed]) == sign).all(), "only bad news, more or fewer"
    closed = P.replace({"news_incidents": 0.0})
    assert np.array_equal(told_by_news(*u.T, np.full(len(u), 0.3), closed), usual)
