"""Owners' loans and surplus: debt stays in its band, surplus leaves by rule, the backlog makes nobody short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.phases.finance.loans import result
from sim.rules.loans import dividend, leaving, loan_rate, repayment, shortfall
from sim.vocabulary import Purse
from sim.world.books import FINANCING, INCIDENCE, USES, Flow, Use
from tests.laws import run_lawfully
from tests.worlds import random_world

Make = Callable[..., RenewalModel]
P = load_parameters()


def run(arm: str, seed: int = 1, scale: float = 0.1, years: int = 13, **levers: Any) -> RenewalModel:
    region = load_region("botkyrka", scale)
    return RenewalModel(
        region, Collaboration.preset(arm), seed, levers=Levers.checked(**levers), years=years, record_every=0
    )


# --- the rules


def test_surplus_leaves_only_where_debt_and_decided_works_are_below_what_is_kept() -> None:
    surplus, value = np.array([10.0, 10.0, 10.0, -5.0]), np.full(4, 100.0)
    debt, committed = np.array([20.0, 36.0, 50.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.0])
    assert leaving(surplus, debt, committed, value, P.replace({"company_ltv_kept": 0.4})) == pytest.approx(
        [10.0, 4.0, 0.0, 0.0]
    )
    assert leaving(surplus, debt, np.full(4, 15.0), value, P)[0] == pytest.approx(5.0)


def test_a_dividend_is_at_most_half_of_the_profit_but_for_integration() -> None:
    greedy = {"dividend": 50_000.0, "dividend_exempt": 0.0}
    one = (np.array([1e9]), np.array([1000.0]), np.array([10e6]))
    assert dividend(*one, P.replace(greedy)) == pytest.approx([5e6])
    assert dividend(*one, P.replace(greedy | {"dividend_exempt": 1.0})) == pytest.approx([10e6])
    assert dividend(*one, P) == pytest.approx([P.dividend * 1000.0])
    assert dividend(np.array([1e5]), *one[1:], P) == pytest.approx([1e5]), "no more than what leaves"
    assert dividend(*one[:2], np.array([-1.0]), P) == 0.0


def test_loans_are_dearer_beyond_the_cap_and_never_below_nothing() -> None:
    plain = P.interest_rate + P.loan_margin
    assert loan_rate(P.interest_rate, np.array([0.0, 0.7]), P) == pytest.approx(plain)
    assert plain < loan_rate(P.interest_rate, 0.9, P) < loan_rate(P.interest_rate, 4.0, P)
    assert loan_rate(P.interest_rate, 1e6, P) == pytest.approx(plain + P.loan_dearer_most)


def test_a_landlord_moves_toward_its_loan_to_value_from_both_sides() -> None:
    half = P.replace({"landlord_loan_to_value": 0.5, "landlord_repayment": 0.02})
    assert repayment(np.array([60.0, 50.0, 40.0, 0.0]), np.full(4, 100.0), half) == pytest.approx([0.3, 0.0, -0.2, 0.0])
    assert repayment(50.1, 100.0, half) == pytest.approx(0.1)


def test_the_shortfall_is_what_money_does_not_reach() -> None:
    assert shortfall(50.0, 200.0) == 0.75 and shortfall(300.0, 200.0) == 0.0 == shortfall(-5.0, 0.0)
    assert shortfall(-5.0, 10.0) == 1.0


# --- what comes of them


@pytest.mark.parametrize("arm", ["siloed", "regional"])
def test_debt_a_flat_is_about_level_and_loan_to_value_at_2012s_values_in_its_band(arm: str) -> None:
    model = run(arm, scale=0.5)
    companies = model.municipalities

    def each(name: str) -> float:
        return float(sum(getattr(x, name) for x in companies) / sum(x.flats for x in companies))

    then, value = each("debt"), each("value")
    model.run()
    consumer_prices = 1.2  # of 2023 over those of 2012, roughly
    assert 0.8 <= each("debt") * consumer_prices / then <= 1.4
    assert 0.3 <= each("debt") / value <= 0.5
    assert 0.1 < companies[0].loan_to_value < 0.5


def test_private_landlords_loan_to_value_stays_near_what_they_keep_to() -> None:
    model = run("siloed", years=30).run()
    together = sum(x.debt for x in model.landlords) / sum(x.value for x in model.landlords)
    assert together == pytest.approx(P.landlord_loan_to_value, abs=0.1)


def test_hardly_a_company_is_short_of_what_it_can_begin() -> None:
    short = []
    for arm in ("siloed", "regional"):
        model = run(arm, years=20)
        while model.quarter < model.quarters:
            model.step()
            if model.quarter % 4 == 1:
                short += [x.short > 0.0 for x in model.municipalities]
    assert np.mean(short) < 0.1


@pytest.mark.parametrize("number", range(4))
def test_a_company_without_debt_goes_on_without_and_its_surplus_leaves(number: int) -> None:
    model = random_world(number, "plausible", years=3).model()
    for x in model.world.owners:
        x.debt = 0.0
    assert run_lawfully(model) == []


def test_dividends_are_never_more_than_the_law_allows(make: Make) -> None:
    greedy = {"dividend": 50_000.0, "dividend_exempt": 0.0}
    model = make("siloed", years=6, region=load_region("botkyrka", 0.1), parameters=greedy)
    paid = 0.0
    while model.quarter < model.quarters:
        model.step()
        dividends = model.books.of(Flow.DIVIDENDS, model.quarter - 1)
        if model.quarter % 4 == 0:
            allowed = 0.5 * np.maximum(result(model.world), 0.0)
            assert (dividends <= allowed + 1.0).all()
        else:
            assert not dividends.any()
        paid += float(dividends.sum())
    assert paid > 0.0


def test_dividends_stay_in_society_and_new_building_elsewhere_is_financing() -> None:
    assert INCIDENCE[Flow.DIVIDENDS.row, Purse.MUNICIPALITIES] == 1.0 and USES[Use.INSIDE][Flow.DIVIDENDS.row]
    assert FINANCING[Flow.OTHER_INVESTMENT.row] and not FINANCING[Flow.DIVIDENDS.row]


def test_profit_knows_interest_but_neither_works_nor_sales(make: Make) -> None:
    model = make("siloed", years=1, region=load_region("botkyrka", 0.05)).run()
    books, before = model.world.books, result(model.world)
    books.pay(Flow.WORKS_COMPANIES, 1e9, 0)
    books.pay(Flow.SALES, 1e9, 0)
    assert np.array_equal(result(model.world), before)
    books.pay(Flow.INTEREST_COMPANIES, 5.0, 0)
    assert result(model.world)[0] == pytest.approx(before[0] - 5.0)
