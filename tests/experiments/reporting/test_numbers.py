"""Numbers, amounts and accounts as a person reads them."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.analysis.intervals import Interval
from experiments.reporting.accounts import ACCOUNTS, stored
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import amount, short
from experiments.reporting.quantity import quantity_of
from sim import SamspelError


def test_money_is_shown_in_thousands_a_flat_and_a_table_without_the_account_is_told() -> None:
    quantity = quantity_of("npv_housing_companies_closing", 10)
    runs = pd.DataFrame({"npv_housing_companies_closing": [1.5e6]})
    assert quantity.of(runs).tolist() == [150.0] and quantity.unit == "kSEK a flat"
    with pytest.raises(SamspelError, match=r'hold no "npv_housing_companies_closing"; .* run them again'):
        quantity.of(pd.DataFrame({"npv_state": [1.0]}))


def test_an_unknown_outcome_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match='did you mean "npv_society"'):
        quantity_of("npv_socity", 10)


def test_numbers_have_three_digits_and_amounts_their_interval() -> None:
    assert (short(1234.5), short(-0.012345), short(0)) == ("1,234", "−0.0123", "0")
    assert amount(Interval(2.0, 1.0, 3.0, 5), "MSEK") == "+2.0 MSEK (1.0 to 3.0)"


def test_a_column_in_one_unit_has_one_precision_from_its_typical_interval() -> None:
    column = [Interval(mean, mean - half, mean + half, 9) for mean, half in ((1.0, 0.2), (20.0, 8.0), (300.0, 90.0))]
    assert places_of(column) == 1
    assert places_of([Interval(0.0312, float("nan"), float("nan"), 1)]) == 3, "without intervals, from sizes"
    assert places_of([]) == 0


def test_an_account_is_shown_where_it_is_stored() -> None:
    assert stored(ACCOUNTS, ()) == ()
    columns = {"npv_state", "npv_housing_companies"}
    assert [account.name for account in stored(ACCOUNTS, columns)] == ["npv_housing_companies", "npv_state"]
    assert all(len(account.brief) <= 36 for account in ACCOUNTS), "short labels fit a narrow place"
