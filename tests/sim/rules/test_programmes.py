"""The arithmetic of a programme: volume, aim, estates in turn, organisation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load_parameters
from sim.rules.programmes import aim, fits, organisation, room, shared_out, taken_in_turn, taken_up, volume_of

P = load_parameters().replace({"stage_flats": 300.0, "estates_at_once": 2.0, "programme_catch_up": 0.25})
ONE = np.zeros(4, dtype=np.int64)  # the plan of four estates


def test_a_board_sets_itself_a_time_and_the_volume_follows() -> None:
    p = P.replace({"programme_years_short": 10.0, "programme_years_long": 20.0})
    assert [volume_of(2000.0, chance, p) for chance in (0.0, 0.5, 1.0)] == pytest.approx([200.0, 2000.0 / 15.0, 100.0])
    assert volume_of(20_000.0, 0.0, p) == 600.0, "no more than the estates of a year take in series"


def test_what_falls_due_later_joins_over_the_years_that_are_left() -> None:
    p = P.replace({"programme_years_short": 5.0})
    assert taken_up(100.0, 80.0, 8.0, p) == 110.0
    assert taken_up(100.0, 80.0, 1.0, p) == 116.0, "never in less than the shortest time of a programme"
    assert taken_up(100.0, -500.0, 8.0, p) == 100.0
    assert taken_up(100.0, 1e6, 8.0, p) == 600.0


def test_a_programme_behind_its_schedule_catches_up_by_degrees() -> None:
    assert aim(100.0, 500.0, 400.0, 0.0, P) == 100.0
    assert aim(100.0, 500.0, 250.0, 0.0, P) == 125.0
    assert aim(100.0, 500.0, 250.0, 30.0, P) == 155.0, "what was too little for a building is no catching up"
    assert aim(100.0, 500.0, 520.0, 0.0, P) == 0.0


@given(st.floats(0.0, 1e6), st.lists(st.floats(0.0, 1e5), max_size=6))
def test_flats_are_shared_out_over_estates_in_turn_and_none_is_overfull(amount: float, rooms: list[float]) -> None:
    given_out = shared_out(amount, np.cumsum(rooms), np.array(rooms))
    assert (given_out >= 0.0).all() and (given_out <= np.array(rooms) + 1e-9).all()
    assert given_out.sum() == pytest.approx(min(amount, sum(rooms)), abs=1e-6)
    filled = np.flatnonzero(given_out < np.array(rooms) - 1e-6)
    assert not len(filled) or not given_out[filled[0] + 1 :].any(), "the next begins when the one before is full"


def test_begun_estates_go_on_and_those_that_are_not_worth_it_rest() -> None:
    worth, begun = np.array([False, True, True, True]), np.array([True, False, True, False])
    nothing = np.zeros(4, dtype=bool)
    assert list(taken_in_turn(ONE, worth, begun, nothing, P)) == [2, 1]
    assert list(taken_in_turn(ONE, worth, begun, nothing, P.replace({"estates_at_once": 4.0}))) == [2, 1, 3, 0]


def test_beside_a_series_a_pilot_begins_in_the_next_estate_and_in_no_other() -> None:
    one, all_worth = P.replace({"estates_at_once": 1.0}), np.ones(4, dtype=bool)
    serial = np.array([True, True, False, False])
    assert list(taken_in_turn(ONE, all_worth, serial, serial, one)) == [0, 2]
    assert list(taken_in_turn(ONE, all_worth, serial, np.zeros(4, dtype=bool), one)) == [0], "one pilot at a time"
    assert list(taken_in_turn(ONE, all_worth, serial, np.ones(4, dtype=bool), one)) == [0]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.booleans()), max_size=12), st.integers(1, 3)
)
def test_every_plan_takes_the_estates_that_it_would_take_alone(
    estates: list[tuple[int, bool, bool, bool]], at_once: int
) -> None:
    estates.sort(key=lambda estate: estate[0])
    plan, p = (
        np.array([estate[0] for estate in estates], dtype=np.int64),
        P.replace({"estates_at_once": float(at_once)}),
    )
    worth, begun, serial = (np.array([estate[i] for estate in estates], dtype=bool) for i in (1, 2, 3))
    alone = []
    for one in range(4):
        its = np.flatnonzero(plan == one)
        alone += its[taken_in_turn(plan[its], worth[its], begun[its], serial[its], p)].tolist()
    assert taken_in_turn(plan, worth, begun, serial, p).tolist() == alone


def test_a_pilot_waits_to_be_seen_and_then_stages_follow() -> None:
    p = P.replace({"pilot_flats": 40.0, "programme_overrun": 0.5})
    begun, serial = np.array([False, True, True, True]), np.array([False, False, True, True])
    largest, waiting, left = np.array([60.0, 60.0, 60.0, 700.0]), np.full(4, 10.0), np.full(4, 500.0)
    assert room(largest, waiting, left, begun, serial, p).tolist() == [40.0, 10.0, 300.0, 350.0]
    assert room(largest, waiting, np.full(4, 30.0), begun, serial, p).tolist() == [30.0, 10.0, 30.0, 30.0]


def test_an_organisation_grows_and_shrinks_with_what_is_needed() -> None:
    p = P.replace({"organisation_start": 0.02, "organisation_growth": 0.5, "organisation_shrinking": 0.1})
    assert organisation(20.0, 100.0, 1000.0, p) == 30.0
    assert organisation(20.0, 25.0, 1000.0, p) == 25.0
    assert organisation(20.0, 0.0, 1000.0, p) == 18.0
    assert organisation(0.0, 100.0, 1000.0, p) == 10.0, "from nothing it grows as that of an ordinary owner"


def test_a_building_at_the_margin_is_in_a_stage_if_most_of_it_fits() -> None:
    p = P.replace({"programme_overrun": 0.5})
    assert list(fits(np.array([40.0, 80.0, 120.0]), np.full(3, 40.0), 65.0, p)) == [True, True, False]
    assert not fits(np.array([40.0]), np.array([40.0]), 10.0, p).any()
