"""What a comparison says: who gains and pays, in which words, from which numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import Interval
from experiments.engine.results import Results
from experiments.questions.compare.answers import replies
from experiments.questions.compare.deals import deals_section
from experiments.reporting.accounts import ACCOUNT, HEADLINE, Account


def changed(results: Results, **added: float) -> Results:
    """The same results with MSEK added to columns of the coordinated arm; replicates differ by a twentieth of it."""
    other = Results(results.folder)
    runs = results.runs.copy()
    treated = runs["arm"] == "coordinated"
    for column, size in added.items():
        base = runs.loc[~treated & (runs["arm"] == "siloed"), column].to_numpy()
        runs.loc[treated, column] = base + 1e6 * size * np.linspace(0.95, 1.05, len(base))
    other.__dict__["runs"] = runs
    return other


def reply(results: Results, question: str) -> str:
    return next(one.text for one in replies(results) if one.question == question)


def msek(*bounds: float) -> Interval:
    mean, low, high = (1e6 * value for value in bounds)
    return Interval(mean, low, high, 10)


@pytest.mark.parametrize(
    ("account", "value", "said"),
    [
        (
            ACCOUNT["npv_housing_companies_closing"],
            msek(-710, -996, -424),
            "Housing companies lose 710 MSEK (95 % CI 424 to 996), counting closing property value at market prices.",
        ),
        (ACCOUNT["npv_state"], msek(20, 10, 30), "The state gains 20 MSEK (95 % CI 10 to 30)."),
        (
            HEADLINE,
            msek(-5, -20, 10),
            "Whether society gains or loses is undecided: −5 MSEK (95 % CI −20 to 10).",
        ),
        (ACCOUNT["npv_builders"], Interval(0.0, 0.0, 0.0, 4), "For builders nothing differs."),
        (
            ACCOUNT["npv_residents"],
            Interval(3e6, np.nan, np.nan, 1),
            "Residents gain 3.0 MSEK; from one replicate, so without an interval.",
        ),
    ],
)
def test_an_account_is_told_in_a_sentence_with_bounds_in_the_direction_of_its_verb(
    account: Account, value: Interval, said: str
) -> None:
    assert account.sentence(value) == said


def test_an_owner_that_gains_cash_and_loses_in_the_end_is_no_winner(results: Results) -> None:
    told = changed(
        results, npv_housing_companies=50.0, npv_housing_companies_closing=-30.0, npv_society_people=10.0
    )  # fmt: skip
    gains, pays = reply(told, "Who gains?"), reply(told, "Who pays?")
    assert "ousing companies" not in gains and "ersons +10.0 MSEK (95 % CI" in gains
    assert "ousing companies −30 MSEK (95 % CI" in pays and "counting closing property value" in pays
    assert "(in cash alone +50 MSEK, 95 % CI" in pays


def test_an_owner_that_loses_cash_and_gains_in_the_end_is_no_loser(results: Results) -> None:
    told = changed(results, npv_private_landlords=-5.0, npv_private_landlords_closing=35.0)
    assert "rivate landlords +35" in reply(told, "Who gains?")
    assert "rivate landlords" not in reply(told, "Who pays?")


def test_a_summary_uses_the_words_of_the_house(results: Results) -> None:
    text = (results.folder / "summary.md").read_text()
    for said in (
        "## Results by planning horizon",
        "## Who pays, who gains",
        "not statistically distinguishable from zero",
        "higher or lower, with no preferred direction",
        "not within the horizon",
        "3.5 % real a year",
        "## Where it turns",
        "Where does that turn, all else as in this run?",
        "paired on common random numbers",
    ):
        assert said in text, said
    for word in ("purse", "houses", "end value", "handed on", "name gets better", "midi", "maxi", "95%"):
        assert word not in text, word
    assert not re.search(" less (?!than )", text), "one arm minus another"
    assert not re.search(r"[ |*]-[0-9]", text), "a true minus sign everywhere"


def test_what_is_told_of_a_money_twin_names_the_money_that_was_passed_on(results: Results) -> None:
    paid = results.quarterly("cofunding", "coordinated").sum() / 2 * 1e-6
    text = reply(results, "Is it just the money?")
    assert text.startswith(f"{paid:,.0f} MSEK of co-funding were passed on." if paid else "No: no other budget paid")


def test_frames_of_results_are_not_changed_by_telling(results: Results) -> None:
    before: Any = results.runs.copy()
    replies(results)
    pd.testing.assert_frame_equal(before, results.runs)


def with_deals(results: Results, **values: float) -> str:
    """What the summary says of deals if the coordinated arm's means over the years are these (and siloed ones none)."""
    other = Results(results.folder)
    runs = results.runs.copy()
    for name, value in values.items():
        runs[f"mean_{name}"] = np.where(runs["arm"] == "coordinated", value, np.nan)
    other.__dict__["runs"] = runs
    return " ".join(deals_section(other, "siloed", "coordinated"))


SHORT = {
    "deal_short": 60e3, "deal_offered": 20e3, "deal_not_lawful": 7e3, "deal_no_budget": 3e3, "deal_not_worth_it": 50e3,
    "deep_short": 300e3, "deep_offered": 30e3,
}  # fmt: skip


def test_where_deals_are_rare_the_summary_says_how_far_short_they_are_why_and_what_would_close_the_gap(
    results: Results,
) -> None:
    text = with_deals(results, deal_flats=0.02, side_payments=0.0, talks_cost=0.0, **SHORT)
    for words in (
        "in 2.0 % of the flats", "60.0 thousand SEK a flat short, with 20.0 thousand SEK offered",
        "50.0 thousand SEK because", "7.0 thousand SEK that payers gain and have no lawful way",
        "3.0 thousand SEK for want of budgets", "Deep energy measures are 300.0 thousand SEK short",
        "offers 4.0 times as large", "offers 11.0 times as large",
    ):  # fmt: skip
        assert words in text, words
    assert "siloed" not in text.lower()


def test_where_deals_are_common_nothing_is_said_to_be_missing(results: Results) -> None:
    text = with_deals(results, deal_flats=0.8, side_payments=1e6, talks_cost=0.0, **SHORT)
    assert "80.0 %" in text and "short" not in text


def test_where_nobody_talks_nothing_is_said_of_deals(results: Results) -> None:
    assert with_deals(results, deal_flats=np.nan) == ""
