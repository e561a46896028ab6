"""Owners who owe more than their buildings bear: when that is so, and what of it who bears.

All money is SEK (real, 2011). Arrays have one entry an owner, any shape.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def strained(debt: Floats | float, value: Floats | float, income: Floats | float, rate: Floats | float,
             p: Parameters) -> Bools:  # fmt: skip
    """Whether debt is near the market value or above, or a year's net income does not cover interest.

    income : net operating income, SEK a year. rate : on loans, per year.
    """
    owed = np.asarray(debt)
    near = owed > p.distress_loan_to_value * np.asarray(value)
    uncovered = np.asarray(income) < p.distress_cover * np.asarray(rate) * owed
    return np.asarray((owed > 0.0) & (near | uncovered))


def bearable(value: Floats | float, income: Floats | float, rate: Floats | float, share: float,
             p: Parameters) -> Floats:  # fmt: skip
    """Debt that is at most a share of the market value, and on which income pays interest, SEK.

    rate : on loans of whoever just is not strained, per year.
    """
    cover = p.distress_cover * np.asarray(rate)
    paid = np.maximum(np.asarray(income), 0.0) / np.maximum(cover, 1e-9)
    return np.asarray(np.minimum(share * np.asarray(value), np.where(cover > 0.0, paid, np.inf)))


def forced_price(value: Floats | float, p: Parameters) -> Floats:
    """What buildings bring where they must be sold, SEK."""
    return np.asarray((1.0 - p.forced_sale_discount) * np.asarray(value))


class Shares(NamedTuple):
    """Who bears what of a debt that is too large, SEK: ``injected`` by the owner's owner, ``sold`` (market value of
    buildings that are to be sold), ``lost`` by the lenders."""

    injected: float
    sold: float
    lost: float


def shares(debt: float, value: float, bears: float, tolerates: float, means: float, sells: bool,
           p: Parameters) -> Shares:  # fmt: skip
    """First its owner's money, as far as it goes; then a sale, where that lowers what is owed by more than what is
    owned; then the lenders.

    bears : the debt that a rescue aims at. tolerates : the largest that is not strained. means : what its owner may put
    in. sells : whether there is a buyer. Lenders write off what they would not get by a forced sale of everything, and
    more where income would not pay interest on the rest.
    """
    injected = min(max(debt - bears, 0.0), means)
    left, got = debt - injected, float(forced_price(value, p))
    if left <= tolerates:
        return Shares(injected, 0.0, 0.0)
    sold = _to_sell(left, value, bears, p) if sells else 0.0
    return Shares(injected, sold, 0.0 if sold > 0.0 else left - min(got, tolerates))


def _to_sell(debt: float, value: float, bears: float, p: Parameters) -> float:
    """Market value of the buildings whose sale leaves a bearable debt on the rest, 0 where none does, SEK."""
    # What each krona sold takes off the debt beyond what it could bear itself.
    each = 1.0 - p.forced_sale_discount - (bears / value if value > 0.0 else 0.0)
    if debt <= bears or each <= 0.0 or debt >= float(forced_price(value, p)):
        return 0.0
    return min((debt - bears) / each, value)
