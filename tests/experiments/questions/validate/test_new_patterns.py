"""P17 to P20 on frames made by hand whose answer is known: what passes, what fails, and where nothing can be said."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.questions.validate.measuring import debts, estates, joint_buying, participants
from experiments.questions.validate.measuring.patterns import load_patterns
from experiments.questions.validate.measuring.score import judged, verdict
from sim import load_parameters
from sim.vocabulary import Site

P = load_parameters()
PRICES = 403.70 / 314.20  # of 2023 over those of 2012


def verdicts_of(key: str, found: dict[str, float]) -> dict[str, str]:
    """Verdicts on the scored tests of a pattern."""
    tests = next(pattern for pattern in load_patterns() if pattern.key == key).tests
    return {t.measure: verdict(t, judged(t, np.array([found[t.measure]]))) for t in tests if t.scored}


# --- P17

WHO, OVER = np.array([3, 8, 9, 17, 20, 21, 22, 23, 24, 39]), np.full(10, 2)


def in_work(first_year: int, later: int) -> np.ndarray:
    """Bits of forty households over seven years: so many of the ten who had a place work in the year after it, and so
    many from then on; all others always do."""
    bits = np.ones((28, 40), dtype=bool)
    bits[:, WHO] = False
    bits[2:6, WHO[:first_year]] = True
    bits[6:, WHO[:later]] = True
    return np.packbits(bits, axis=1)


def test_a_place_that_helps_for_a_year_before_others_catch_up_passes() -> None:
    found = participants.followed(in_work(3, 5), in_work(1, 5), WHO, OVER)
    assert found == pytest.approx({
        "first_year": 20.0, "years_five_six": 0.0, "others_first_year": 0.1, "others_years_five_six": 0.5,
        "person_years": 0.2,
    })  # fmt: skip
    assert verdicts_of("P17", found | {"person_years": 0.4}) == dict.fromkeys(found, "pass")


def test_a_place_that_helps_for_ever_or_nobody_without_one_ever_working_misses() -> None:
    found = participants.followed(in_work(8, 8), in_work(0, 0), WHO, OVER)
    assert found["person_years"] == pytest.approx(0.8 * 6.0)
    assert set(verdicts_of("P17", found).values()) == {"miss"}


def test_what_becomes_of_fewer_than_ten_tells_nothing() -> None:
    found = participants.followed(in_work(8, 8), in_work(0, 0), WHO[:9], OVER[:9])
    assert all(math.isnan(value) for value in found.values())


# --- P18


def companies(growth: float, years: int = 13) -> np.ndarray:
    """Two companies that owe 40 % of 2012's value, of which one sells half of its flats for nothing; by 2023 debt a
    flat has grown by this factor, in money without inflation."""
    debt, value, flats = np.array([200.0, 200.0]), np.array([500.0, 500.0]), np.array([1000.0, 1000.0])
    quarters = np.repeat(np.array([debt, value, flats])[None], 4 * years, axis=0)
    quarters[-1] = debt * growth * np.array([1.0, 0.5]), value * 3.0, flats * np.array([1.0, 0.5])
    return quarters


def test_debt_that_keeps_its_nominal_level_passes_whatever_was_sold_and_whatever_values_did() -> None:
    found = debts.after_years(companies(1.0 / PRICES), 2011)
    assert found == pytest.approx({"debt": 1.0, "loan_to_value": 0.4})
    assert verdicts_of("P18", found) == {"debt": "pass", "loan_to_value": "pass"}


@pytest.mark.parametrize("growth", [0.3, 2.0])
def test_debt_that_is_paid_off_or_doubles_misses(growth: float) -> None:
    found = debts.after_years(companies(growth), 2011)
    assert found["debt"] == pytest.approx(growth * PRICES)
    assert verdicts_of("P18", found) == {"debt": "miss", "loan_to_value": "miss"}


def test_before_the_end_of_2023_and_without_debt_or_flats_there_is_nothing_to_say() -> None:
    nobody = companies(1.0) * 0.0
    for found in (debts.after_years(companies(1.0, 12), 2011), debts.after_years(companies(1.0), 2014),
                  debts.after_years(nobody, 2011)):  # fmt: skip
        assert all(math.isnan(value) for value in found.values())
        assert set(verdicts_of("P18", found).values()) == {"not measured"}


# --- P19

HOUSES = pd.DataFrame(
    {"owner": 0, "estate": np.repeat(np.arange(5), 8), "flats": 50, "condition": np.repeat(np.linspace(0.2, 0.6, 5), 8)}
)
ORDER = np.random.default_rng(1).permutation(len(HOUSES))


def starts(houses: np.ndarray) -> pd.DataFrame:
    """Two houses a year in this order."""
    return pd.DataFrame({"house": houses, "quarter": np.arange(len(houses)) * 2})


def test_one_estate_after_the_other_the_worst_first_is_concentrated_and_in_order() -> None:
    found = estates.together(HOUSES, starts(np.arange(len(HOUSES))))
    assert found["concentration"] > 3.0 and found["order"] == pytest.approx(1.0)
    assert verdicts_of("P19", found)["concentration"] == "pass"
    assert estates.together(HOUSES, starts(np.arange(len(HOUSES))[::-1]))["order"] == pytest.approx(-1.0)


def test_a_company_that_has_come_through_two_of_its_five_estates_is_concentrated_and_the_others_come_last() -> None:
    found = estates.together(HOUSES, starts(np.arange(16)))
    assert found["concentration"] > 3.0 and 0.8 < found["order"] < 1.0
    assert estates.together(HOUSES, starts(np.arange(24, 40)))["order"] < 0.0


def test_houses_in_random_order_are_not_concentrated_on_the_average_and_those_in_turn_less_than_that() -> None:
    shuffles = np.random.default_rng(2).permuted(np.tile(np.arange(len(HOUSES)), (200, 1)), axis=1)
    found = [estates.together(HOUSES, starts(one))["concentration"] for one in shuffles]
    assert np.mean(found) == pytest.approx(1.0, abs=0.03)
    in_turn = estates.together(HOUSES, starts(np.arange(len(HOUSES)).reshape(5, 8).T.ravel()))
    assert in_turn["concentration"] < 1.0 and verdicts_of("P19", in_turn)["concentration"] == "miss"


def test_what_is_expected_of_random_order_is_the_mean_over_orders_whatever_the_houses_sizes() -> None:
    sizes = HOUSES.assign(flats=20 + 15 * HOUSES["estate"])
    shuffles = np.random.default_rng(3).permuted(np.tile(np.arange(len(HOUSES)), (200, 1)), axis=1)
    found = [estates.together(sizes, starts(one))["concentration"] for one in shuffles]
    assert np.mean(found) == pytest.approx(1.0, abs=0.03)


def test_companies_with_fewer_than_four_estates_or_ten_starts_tell_nothing_and_count_for_nothing() -> None:
    few = starts(ORDER[:9])
    three = HOUSES.assign(estate=HOUSES["estate"] % 3)
    for found in (estates.together(HOUSES, few), estates.together(three, starts(ORDER)),
                  estates.together(HOUSES, starts(ORDER[:0]))):  # fmt: skip
        assert all(math.isnan(value) for value in found.values())
        assert verdicts_of("P19", found)["concentration"] == "not measured"
    both = pd.concat([HOUSES, three.assign(owner=1)], ignore_index=True)
    all_starts = pd.concat([starts(ORDER), starts(ORDER + len(HOUSES))])
    assert estates.together(both, all_starts) == estates.together(HOUSES, starts(ORDER))


def test_a_house_begins_when_it_comes_to_be_on_site_and_once_for_every_time() -> None:
    idle, told, on = Site.IDLE, Site.ANNOUNCED, Site.ON_SITE
    site = np.array([[idle, on], [told, on], [on, idle], [on, on]])
    assert estates.begun(site).to_numpy().tolist() == [[1, 0], [0, 2], [1, 3]]


def test_what_waits_is_what_plans_leave_unbegun_over_what_is_begun() -> None:
    rows = [
        ("A", "x", 2011, 100.0, 50.0),
        ("A", "y", 2011, 0.0, 30.0),
        ("A", "x", 2012, 50.0, 60.0),
        ("B", "x", 2011, 9.0, 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["owner", "estate", "year", "planned_flats", "begun_flats"])
    assert estates.delay(frame, ["A"]) == pytest.approx(20.0 / 140.0)
    assert math.isnan(estates.delay(frame.iloc[:0], ["A"])) and math.isnan(estates.delay(frame, ["C"]))


# --- P20


def tenders(calm: float, hot: float, lots: int = 12) -> pd.DataFrame:
    """Joint lots that cost so much less than own ones, in calm and in hot quarters, and what must not count."""
    joint = pd.DataFrame({"joint": True, "flats": np.tile([100, 50], lots), "own_price_per_flat": 1000.0})
    joint["other_demand"] = np.repeat([1.0, P.boom_demand], lots)
    joint["price_per_flat"] = 1000.0 * (1.0 + np.where(joint["other_demand"] > 1.0, hot, calm))
    joint["joint"] = joint["joint"].astype(bool)
    alone = joint.assign(joint=False, price_per_flat=1.0)
    no_bid, no_own = joint.assign(price_per_flat=np.nan), joint.assign(own_price_per_flat=np.nan)
    slump = joint.assign(other_demand=P.slump_demand, price_per_flat=5000.0)
    return pd.concat([joint, alone, no_bid, no_own, slump], ignore_index=True)


def test_joint_lots_that_are_cheaper_in_calm_quarters_alone_pass() -> None:
    found = joint_buying.calm_and_hot(tenders(-0.10, 0.02), P)
    assert found == pytest.approx({"calm_less_hot": -12.0, "calm": -10.0})
    assert verdicts_of("P20", found) == {"calm_less_hot": "pass"}


def test_joint_lots_as_cheap_in_hot_quarters_miss() -> None:
    found = joint_buying.calm_and_hot(tenders(-0.20, -0.20), P)
    assert found["calm"] == pytest.approx(-20.0) and verdicts_of("P20", found) == {"calm_less_hot": "miss"}


def test_a_handful_of_joint_lots_tells_nothing() -> None:
    found = joint_buying.calm_and_hot(tenders(-0.10, 0.02, lots=4), P)
    assert math.isnan(found["calm_less_hot"]) and verdicts_of("P20", found) == {"calm_less_hot": "not measured"}
