"""Every kind of measure against what a hand computes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from experiments.questions.hindcast.episode.whats import CURVES, EVENTS, WHATS
from experiments.questions.hindcast.measuring.rows import NUMBERS
from experiments.questions.validate.measuring.joint_buying import calm_and_hot
from sim import OUTCOMES, load_parameters

from .planted import Planted, measure, numbers

SEK = "SEK per m² and year"
BOTKYRKA, COACHED = {"owner": "Botkyrka"}, {"people": "took_a_coached_place"}
RENT = {
    ("rent", "a", "all"): [[100, 100, 100, 100, 110, 110, 130, 130], [200] * 8],
    ("rent", "b", "all"): [[100] * 8, [100] * 8],
    ("rent", "a", "Alby"): [[50] * 8, [60] * 8],
    ("flats", "a", "all"): [[40] * 8, [40] * 8],
    ("construction_cycle", "a", "all"): [[1.0, 1.0, 3.0, 3.0, 1.0, 1.0, 0.0, 0.0]] * 2,
    ("dividends", "a", "all"): [[1e6] * 4 + [3e6] * 4, [0] * 8],
    ("dividends", "b", "all"): [[0] * 8, [0] * 8],
    ("employment", "a", "all"): [[0.5] * 4 + [0.6] * 4, [0.5] * 8],
    ("sold_flats", "a", "all"): [[1, 0, 0, 2, 0, 0, 0, 4], [0] * 8],
    ("begun_flats", "a", "all"): [[8] * 4 + [4] * 4, [0] * 8],
}


@pytest.mark.parametrize(
    ("what", "unit", "keys", "expected"),
    [
        ("rent", SEK, {"year": 2011}, [100, 200]),
        ("rent", SEK, {}, [110, 200]),
        ("rent", SEK, {"years": [2012, 2012]}, [120, 200]),
        ("rent", SEK, {"how": "change"}, [20, 0]),
        ("rent", "%", {"how": "percent_change"}, [20, 0]),
        ("rent", SEK, {"over": {"neighbourhood": "Alby"}}, [50, 60]),
        ("rent", SEK, {"against": "b"}, [10, 100]),
        ("rent", "times", {"against": "b", "by": "ratio"}, [1.1, 2]),
        ("rent", "%", {"against": "b", "by": "percent"}, [10, 100]),
        ("rent", "percentage points", {"against": "b", "how": "percent_change"}, [20, 0]),
        ("rent", SEK, {"others": {"neighbourhood": "Alby"}}, [60, 140]),
        ("rent", SEK, {"over": {"market": "calm"}}, [105, 200]),
        ("rent", SEK, {"over": {"market": "calm"}, "others": {"market": "hot"}}, [5, 0]),
        ("rent", SEK, {"over": {"market": "slump"}}, [130, 200]),
        ("employment", "percentage points", {"how": "change"}, [10, 0]),
        ("dividends", "MSEK a year", {"year": 2011}, [8, 0]),
        ("dividends", "MSEK", {"how": "sum"}, [32, 0]),
        ("dividends", "kSEK a flat", {"how": "sum", "per": "flat"}, [400, 0]),
        ("dividends", "MSEK", {"how": "sum", "against": "b"}, [32, 0]),
        ("sold_flats", "flats", {"how": "sum"}, [14, 0]),
        ("sold_flats", "flats a quarter", {"year": 2011}, [1.5, 0]),
        ("begun_flats", "flats", {"how": "sum"}, [24, 0]),
        ("begun_flats", "flats a year", {}, [12, 0]),
    ],
)
def test_an_outcome_by_quarter_is_put_together_as_the_measure_says(
    what: str, unit: str, keys: dict[str, Any], expected: list[float]
) -> None:
    assert numbers(Planted(RENT), what, unit, **keys) == expected


def test_an_account_is_the_present_value_of_a_run_at_full_size() -> None:
    ends = {"npv_society": [("a", 3e6), ("a", -1e6), ("b", 1e6), ("b", 1e6)]}
    stored = Planted(RENT, ends=ends)
    assert numbers(stored, "npv_society", "MSEK") == [6, -2]
    assert numbers(stored, "npv_society", "MSEK", against="b") == [4, -4]
    assert numbers(stored, "npv_society", "kSEK a flat", per="flat") == [75, -25]


BUILT = {"building": 1, "neighbourhood": "Alby", "owner": "Botkyrka", "standard": 1, "flats": 10, "start": 1,
         "finished": 2, "cost": 3e5, "rent_before": 100.0, "rent_after": 120.0, "energy_before": 150.0,
         "energy_after": 135.0}  # fmt: skip
OTHER = BUILT | {"building": 2, "neighbourhood": "Ronna", "owner": "B", "standard": 3, "energy_level": 2, "flats": 30,
                 "start": 4, "finished": 6, "cost": 7e5, "rent_after": 160.0, "energy_after": 60.0}  # fmt: skip
MOVED = {"quarter": 1, "building": 1, "neighbourhood": "Alby", "fifth": 0, "caused": 1}
TOLD = {
    ("works", "a"): ([BUILT, OTHER], []),
    ("moves", "a"): ([MOVED, MOVED | {"caused": 0}, MOVED | {"building": 2, "quarter": 5, "fifth": 4}], []),
    ("programmes", "a"): (
        [
            {"owner": "Botkyrka", "estate": "Alby", "year": 2011, "planned_flats": 8.0, "begun_flats": 4.0},
            {"owner": "B", "estate": "Ronna", "year": 2012, "planned_flats": 6.0, "begun_flats": 6.0},
        ],
        [],
    ),
    ("payments", "a"): ([{"quarter": 5, "payee": "Botkyrka", "sek": 2e6}], []),
    ("sales", "a"): (
        [
            {"year": 2011, "seller": "Botkyrka", "estate": "Alby", "flats": 5.0, "price": 1e6, "reason": "finance"},
            {"year": 2012, "seller": "Botkyrka", "estate": "Alby", "flats": 5.0, "price": 3e6, "reason": "offer"},
        ],
        [],
    ),
    ("talks", "a"): (
        [
            {"quarter": 4, "municipality": "Botkyrka", "result": "agreed"},
            {"quarter": 5, "municipality": "Botkyrka", "result": "short"},
            {"quarter": 5, "municipality": "Södertälje", "result": "refused"},
        ],
        [],
    ),
    ("rescues", "a"): ([{"year": 2012, "owner": "B", "way": "injection", "sek": 4e6}], []),
}


@pytest.mark.parametrize(
    ("what", "unit", "keys", "expected"),
    [
        ("works.flats", "flats", {}, 80),
        ("works.flats", "flats", {"year": 2011}, 20),
        ("works.flats", "flats a year", {"how": "mean"}, 40),
        ("works.flats", "flats a year", {"how": "change"}, 40),
        ("works.flats", "flats", {"over": {"owner": "B"}}, 60),
        ("works.flats", "flats", {"over": {"municipality": "Botkyrka"}}, 20),
        ("works.flats", "flats", {"over": {"begun": [2012, 2012]}}, 60),
        ("works.flats", "flats", {"over": {"standard": "basic"}}, 20),
        ("works.cost_per_flat", "kSEK a flat", {}, 600),
        ("works.cost_per_flat", "kSEK a flat", {"over": {"neighbourhood": "Alby"}}, 300),
        ("works.cost_per_flat", "kSEK a flat", {"how": "change"}, 400),
        ("works.cost_per_flat", "times", {"over": {"owner": "B"}, "others": BOTKYRKA, "by": "ratio"}, 7 / 3),
        ("works.rent_rise", "%", {}, 50),
        ("works.rent_after", SEK, {"over": {"standard": "full"}, "others": {"standard": "basic"}}, 40),
        ("works.energy_saving", "%", {}, 47.5),
        ("works.basic_share", "%", {}, 25),
        ("works.full_share", "%", {}, 75),
        ("works.intermediate_share", "%", {}, 0),
        ("works.deep_energy_share", "%", {}, 75),
        ("works.medium_energy_share", "%", {}, 0),
        ("moves.households", "households", {}, 6),
        ("moves.caused", "households", {"over": {"income_fifth": 5}}, 2),
        ("moves.caused_share", "%", {"year": 2011}, 50),
        ("moves.households", "households", {"over": {"renovated": [2011, 2011]}}, 4),
        ("moves.households", "households", {"over": {"begun": [2012, 2012]}}, 2),
        ("programmes.planned_flats", "flats", {}, 28),
        ("programmes.begun_flats", "flats", {"over": {"owner": "B"}}, 12),
        ("programmes.begun_flats", "flats", {"over": {"municipality": "Botkyrka"}}, 8),
        ("programmes.finished_flats", "flats", {}, 0),
        ("payments.sek", "MSEK", {"year": 2012}, 4),
        ("payments.sek", "MSEK", {"over": {"owner": "B"}}, 0),
        ("sales.flats", "flats", {"over": {"reason": "finance"}}, 10),
        ("sales.price_per_flat", "kSEK a flat", {}, 400),
        ("talks.count", "talks", {"year": 2012}, 3),
        ("talks.agreed_share", "%", {"over": {"municipality": "Botkyrka"}}, 50),
        ("rescues.count", "cases", {}, 1),
        ("rescues.sek", "MSEK", {"over": {"reason": "injection"}}, 8),
    ],
)  # fmt: skip
def test_rows_that_count_are_added_up_at_full_size_or_averaged(
    what: str, unit: str, keys: dict[str, Any], expected: float
) -> None:
    first, second = numbers(Planted(RENT, TOLD), what, unit, **keys)
    assert first == pytest.approx(expected)
    adds = WHATS[what].added
    assert second == 0 if adds else math.isnan(second), "the second run has no row"


LOT = {"quarter": 1, "owners": "A; B", "joint": 1, "flats": 10, "bids": 1, "price_per_flat": 4e5,
       "own_price_per_flat": 5e5, "other_demand": 1.0}  # fmt: skip
HOT = LOT | {"flats": 30, "bids": 3, "price_per_flat": 6e5, "other_demand": 3.0}
OWN = LOT | {"joint": 0, "owners": "C", "own_price_per_flat": math.nan, "bids": 5}
TENDERS = {("tenders", "a"): ([LOT, HOT, OWN], [LOT] * 6 + [HOT] * 5)}


@pytest.mark.parametrize(
    ("what", "unit", "keys", "expected"),
    [
        ("tenders.count", "tenders", {}, 6),
        ("tenders.flats", "flats", {"over": {"owner": "B"}}, 80),
        ("tenders.bids", "bids", {}, 3),
        ("tenders.bids", "bids", {"over": {"joint": True}, "others": {"joint": False}}, -3),
        ("tenders.single_bid_share", "%", {"over": {"joint": True}}, 50),
        ("tenders.price_per_flat", "kSEK a flat", {}, 520),
        ("tenders.joint_minus_own", "%", {}, 10),
        ("tenders.joint_minus_own", "%", {"over": {"market": "calm"}}, -20),
        (
            "tenders.joint_minus_own",
            "percentage points",
            {"over": {"market": "calm"}, "others": {"market": "hot"}},
            -40,
        ),
    ],
)
def test_tenders_are_told_by_owner_by_market_and_jointly(
    what: str, unit: str, keys: dict[str, Any], expected: float
) -> None:
    assert numbers(Planted(RENT, TENDERS), what, unit, **keys)[0] == pytest.approx(expected)


def test_joint_buying_by_its_pattern_is_what_the_pattern_measures() -> None:
    stored = Planted(RENT, TENDERS)
    second = stored.rows("tenders", "a")[1]
    expected = calm_and_hot(second.assign(joint=True), load_parameters())
    found = numbers(stored, "P20 calm_less_hot", "points")
    assert math.isnan(found[0]), "two lots tell nothing"
    assert found[1] == pytest.approx(expected["calm_less_hot"]) == pytest.approx(-40)


def worked(*spells: tuple[int, int, int]) -> list[dict[str, int]]:
    """Spells of work: household, first quarter, first quarter after."""
    return [dict(zip(("household", "from_quarter", "to_quarter"), spell, strict=True)) for spell in spells]


PLACE = {"household": 1, "municipality": "Botkyrka", "neighbourhood": "Alby", "kind": "placement", "coached": 1,
         "start": 0, "end": 2, "outcome": "job", "later": 1.0}  # fmt: skip
PEOPLE = {
    ("places", "a"): (
        [
            PLACE,
            PLACE
            | {
                "household": 2,
                "kind": "hire",
                "coached": 0,
                "outcome": "out of work",
                "later": 0.0,
                "start": 5,
                "end": 6,
            },
        ],
        [PLACE | {"household": -1, "outcome": "open", "later": math.nan}],
    ),
    # Household 1 works from its place on, and without a place a year later; household 2 always; household 0 in 2012.
    ("work", "a"): (worked((1, 2, 12), (2, 0, 12), (0, 4, 8)), worked()),
    ("work", "b"): (worked((1, 6, 12), (2, 0, 12), (0, 4, 8)), worked()),
}


@pytest.mark.parametrize(
    ("unit", "keys", "expected"),
    [
        ("%", {"year": 2012}, 100 * 3 / 8),
        ("percentage points", {"how": "change"}, 100 * 0.5 / 8),
        ("person-years a household", {"how": "sum"}, (10 + 12 + 4) / 4 / 8),
        ("%", {"year": 2011, "over": {"people": "took_a_place"}}, 75),
        ("%", {"year": 2011, "over": COACHED}, 50),
        ("%", {"year": 2011, "over": {"people": "took_a_place", "kind": "hire"}}, 100),
        ("%", {"year": 2012, "over": {"people": "took_no_place"}}, 100 / 6),
        ("percentage points", {"year": 2012, "over": {"people": "took_a_place"}, "others": {"people": "took_no_place"}},
         100 - 100 / 6),
        ("percentage points", {"year": 2011, "over": COACHED, "against": "b"}, 50),
        ("percentage points", {"over": COACHED, "years_after_place": [1, 1], "against": "b"}, 100),
        ("percentage points", {"over": COACHED, "years_after_place": [1, 2], "against": "b"}, 50),
        ("person-years a household",
         {"over": COACHED, "years_after_place": [1, 2], "how": "sum", "against": "b"}, 1),
        ("%", {"over": {"people": "took_a_place"}, "years_after_place": [2, 2]}, 100),
    ],
)  # fmt: skip
def test_people_are_followed_by_calendar_year_or_from_their_place_on(
    unit: str, keys: dict[str, Any], expected: float
) -> None:
    assert numbers(Planted(RENT, PEOPLE, years=3), "people.at_work", unit, **keys)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("unit", "keys", "expected"),
    [
        ("%", {"year": 2012}, 100 * 3 / 6),
        ("percentage points", {"how": "change"}, 100 * 0.5 / 6),
        ("person-years a household", {"how": "sum"}, (10 + 12 + 4) / 4 / 6),
        ("%", {"year": 2012, "over": {"people": "of_2011"}}, 100 * 3 / 6),
        ("%", {"year": 2012, "over": {"people": "took_no_place"}}, 100 / 4),
    ],
)
def test_a_flat_in_which_nobody_lived_at_the_start_is_no_household_out_of_work(
    unit: str, keys: dict[str, Any], expected: float
) -> None:
    stored = Planted(RENT, PEOPLE, years=3, empty=(5, 7))
    assert numbers(stored, "people.at_work", unit, **keys)[0] == pytest.approx(expected)


def test_training_places_are_counted_and_told_by_how_they_ended() -> None:
    stored = Planted(RENT, PEOPLE, years=3)
    assert numbers(stored, "places.count", "places") == [4, 2]
    assert numbers(stored, "places.into_job", "%")[0] == 50
    assert numbers(stored, "places.later_at_work", "%", over={"kind": "hire"})[0] == 0
    assert numbers(stored, "places.count", "places", over={"coached": True})[0] == 2


def test_per_place_is_per_place_more_than_in_the_arm_compared_with() -> None:
    stored = Planted(RENT, PEOPLE | {("places", "b"): ([PLACE], [])})
    assert numbers(stored, "dividends", "kSEK a place", how="sum", per="place", against="b")[0] == 32e3 / 2


def test_a_trial_by_its_pattern_compares_the_same_households_from_their_coached_placement_on() -> None:
    """Twelve households work from their placement on, and without one only from its sixth year on."""
    places = [PLACE | {"household": number, "start": 0, "end": 2} for number in range(12)]
    rows = {
        ("places", "a"): (places, places[:3]),
        ("work", "a"): (worked(*((number, 2, 32) for number in range(12))), worked()),
        ("work", "b"): (worked(*((number, 22, 32) for number in range(12))), worked()),
    }
    stored = Planted(RENT, rows, years=8, flats=20)
    first, few = numbers(stored, "P17 first_year", "points", against="b")
    assert first == 100 and math.isnan(few), "three tell nothing"
    assert numbers(stored, "P17 years_five_six", "points", against="b")[0] == 50
    assert numbers(stored, "P17 others_years_five_six", "share", against="b")[0] == 0.5
    assert numbers(stored, "P17 person_years", "person-years", against="b")[0] == 5


def test_a_run_that_failed_tells_nothing() -> None:
    stored = Planted(RENT, TOLD | TENDERS | PEOPLE, years=3, fallen={"a": (False, True)})
    for what, unit in (("works.flats", "flats"), ("people.at_work", "%")):
        assert math.isnan(numbers(stored, what, unit)[1])


def test_every_event_has_its_numbers_and_every_outcome_can_be_measured() -> None:
    assert {one.name for one in EVENTS} == set(NUMBERS)
    for name, what in WHATS.items():
        if what.source not in ("people", "work"):
            assert (what.added, NUMBERS[name][1] is None) in ((True, True), (False, False)) if name in NUMBERS else True
    assert {name for name, what in WHATS.items() if what.source == CURVES} == {outcome.name for outcome in OUTCOMES}
    for outcome in OUTCOMES:
        measure(outcome.name, WHATS[outcome.name].unit)
