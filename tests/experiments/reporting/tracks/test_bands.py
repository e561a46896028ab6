"""What was observed stands beside runs in one unit: money of 2011, ratios to a first year, places weighted by flats."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engine.results import Results
from experiments.reporting.tracks.bands import NO_PAIR, NOT_HERE, NOT_KEPT, NOT_THEN, Track, beside
from experiments.reporting.tracks.prices import consumer_prices, real
from experiments.reporting.tracks.series import BY_NAME
from experiments.reporting.tracks.table import Observed, Use
from experiments.reporting.tracks.table import tracks as shipped

ARM = "siloed"


def observed(series: str, area: str, year: int, value: float, use: Use = "predict", spread: float = 0.0) -> Observed:
    return Observed(series, area, year, value, value - spread, value + spread, use, "a source", "found")


def track(results: Results, *table: Observed) -> Track:
    (found,), left = beside(results, ARM, table)
    assert not left
    return found


def test_money_of_the_day_becomes_money_of_2011(results: Results) -> None:
    (dot,) = track(results, observed("rent", "Botkyrka", 2012, 1000.0, spread=10.0)).dots
    fell = consumer_prices()[2011] / consumer_prices()[2012]
    assert fell < 1 and (dot.low, dot.value, dot.high) == pytest.approx((990 * fell, 1000 * fell, 1010 * fell))
    assert real(100.0, 2023) == pytest.approx(77.1, abs=0.1)


def test_other_units_stay_as_they_are(results: Results) -> None:
    (dot,) = track(results, observed("energy_use", "Botkyrka", 2012, 149.0)).dots
    assert dot.value == 149.0


def test_runs_are_those_of_the_area_and_of_the_region_by_its_name(results: Results) -> None:
    for area, kind in (("Botkyrka", "municipality"), ("Alby", "neighbourhood"), ("botkyrka", "region")):
        found = track(results, observed("energy_use", area, 2012, 149.0))
        place = None if kind == "region" else area
        assert np.array_equal(found.values, results.yearly("energy_use", ARM, kind, place))


def test_places_observed_as_one_count_by_their_flats(results: Results) -> None:
    one, other = (results.yearly("energy_use", ARM, "neighbourhood", area) for area in ("Alby", "Storvreten"))
    flats = [results.yearly("flats", ARM, "neighbourhood", area) for area in ("Alby", "Storvreten")]
    found = track(results, observed("energy_use", "Alby;Storvreten", 2012, 149.0))
    expected = (one * flats[0] + other * flats[1]) / (flats[0] + flats[1])
    assert np.allclose(found.values, expected) and not np.allclose(found.values, (one + other) / 2)
    assert found.where == "Alby and 1 more"


def test_a_market_that_the_region_shares_is_the_region_s_wherever_it_was_observed(results: Results) -> None:
    found = track(results, observed("shortage", "Fittja", 2012, 0.4))
    assert np.array_equal(found.values, results.yearly("shortage", ARM))


def test_a_value_a_flat_is_that_of_companies_flats(results: Results) -> None:
    of = {name: results.yearly(name, ARM, "municipality", "Botkyrka")
          for name in ("value_housing_companies", "flats", "municipal_share")}  # fmt: skip
    made = BY_NAME["company_value"].of(of)
    assert np.allclose(made * of["flats"] * of["municipal_share"], of["value_housing_companies"])
    assert ((made > 1e5) & (made < 3e6)).all()  # SEK a flat


def test_against_the_first_observed_year_both_are_ratios(results: Results) -> None:
    table = [observed("company_value", "Botkyrka", year, value, spread=5e3)
             for year, value in ((2011, 500e3), (2012, 550e3))]  # fmt: skip
    found = track(results, *table)
    (dot,) = found.dots
    assert found.base == 2011 and np.allclose(found.at(2011), 1.0) and (found.start == 1.0).all()
    inflation = consumer_prices()[2012] / consumer_prices()[2011]
    assert dot.value == pytest.approx(1.1 / inflation)
    # what is not known of either number is not known of the ratio
    assert (dot.low, dot.high) == pytest.approx((545 / 505 / inflation, 555 / 495 / inflation))


def test_no_change_is_what_runs_start_with(results: Results) -> None:
    found = track(results, observed("energy_use", "Botkyrka", 2012, 149.0))
    assert np.array_equal(found.start, results.yearly("energy_use", ARM, "municipality", "Botkyrka")[:, 0])


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (observed("energy_use", "Sweden", 2012, 150.0), NOT_HERE),
        (observed("energy_use", "Rinkeby", 2012, 150.0), NOT_HERE),
        (observed("energy_use", "Botkyrka", 2007, 162.0), NOT_THEN),
        (observed("energy_use", "Botkyrka", 2022, 121.7), NOT_THEN),
        (observed("loan_to_value", "Alby", 2012, 0.4), NOT_KEPT),
        (observed("company_value", "Botkyrka", 2012, 5e5), NO_PAIR),
        (observed("population", "Botkyrka", 2012, 85e3), BY_NAME["population"].apart),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_the_reason(results: Results, one: Observed, reason: str) -> None:
    tracks, left = beside(results, ARM, [one])
    assert tracks == () and [(item.reason, item.numbers, item.areas) for item in left] == [(reason, 1, (one.area,))]


def test_without_detail_a_place_of_the_region_is_not_kept(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Results, "areas", lambda _, kind: ("botkyrka",) if kind == "region" else ())
    _, left = beside(results, ARM, [observed("rent", area, 2012, 900.0) for area in ("Alby", "Botkyrka", "Rinkeby")])
    assert [(one.reason, one.areas) for one in left] == [(NOT_KEPT, ("Alby", "Botkyrka")), (NOT_HERE, ("Rinkeby",))]


def test_every_shipped_number_is_compared_or_left_out(results: Results) -> None:
    tracks, left = beside(results, ARM)
    # Of a series against its first year, the first is what the others are told against.
    compared = sum(len(one.dots) + (one.base is not None) for one in tracks)
    assert compared + sum(one.numbers for one in left) == len(shipped()) and compared > 0
