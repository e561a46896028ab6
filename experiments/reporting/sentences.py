"""Sentences about accounts: who gains or loses how much, with the interval."""

from __future__ import annotations

from experiments.analysis.intervals import Interval
from experiments.reporting.accounts import Account
from experiments.reporting.numbers import decimals_for, number


def subject_of(account: Account) -> str:
    """The subject within a sentence: "the state", "housing companies"."""
    return account.subject[:1].lower() + account.subject[1:]


def gained(account: Account, value: Interval, unit: str) -> str:
    """What the account's subject gains, or loses; a loss is told by its size, with its interval turned around.

    >>> from experiments.reporting.accounts import HEADLINE
    >>> gained(HEADLINE, Interval(-710.0, -996.0, -424.0, 10), "MSEK")
    'loses 710 MSEK (95 % CI 424 to 996)'
    """
    sign = -1.0 if value.mean < 0 else 1.0
    low, high = sorted((sign * value.low, sign * value.high))
    half = (high - low) / 2 if value.known else 0.0
    places = decimals_for(half or value.mean)
    text = f"{account.verb(sign > 0)} {number(sign * value.mean, places)} {unit}"
    return f"{text} (95 % CI {number(low, places)} to {number(high, places)})" if value.known else text
