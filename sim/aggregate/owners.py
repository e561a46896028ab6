"""Owners as two: housing companies and private landlords, each with the mean house, its loans and its choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Parameters
from sim.rules.loans import leaving, loan_rate, repayment, shortfall
from sim.vocabulary import EnergyLevel

Array = NDArray[Any]


@dataclass
class Owners:
    """Arrays of two (companies, landlords): market value and debt, SEK per flat of the owner's own."""

    value: Array
    debt: Array

    def headroom(self, unpaid: Array, p: Parameters) -> Array:
        """What may still be borrowed beside what is decided and unpaid, SEK per flat."""
        return np.asarray(np.maximum(p.ltv_cap * self.value - self.debt - unpaid, 0.0))

    def settle(self, income: float, works: Array, p: Parameters) -> None:
        """A quarter's interest, works and repayment: a company's surplus leaves where it need not pay off a loan, a
        landlord keeps to its loan-to-value."""
        rate = float(loan_rate(p.interest_rate, self.debt[0] / self.value[0], p)) / 4.0
        net = income - rate * self.debt[0] - works[0]
        debt = self.debt[0] - net
        debt += float(leaving(np.array(net), np.array(debt), np.zeros(1), self.value[:1], p)[0])
        repaid = float(repayment(self.debt[1], self.value[1], p))
        self.debt = np.array([max(debt, 0.0), self.debt[1] - repaid + works[1]])


def shares(value: Array, cost: Array, idle: float, forced: float, headroom: float,
           p: Parameters) -> Array:  # fmt: skip
    """Of an owner's idle due flats, the share that goes for each option (9,): the choice of many whose appraisals err,
    dearer capital where loans are short, the least where pipes force it."""
    wanted = _nested_logit(value, p)
    # Held against loans is what can be begun this year.
    now = min(1.0, p.programme_share / max(idle * float(wanted.sum()), 1e-9))
    short = shortfall(headroom, now * idle * float(wanted @ cost))
    wanted = _nested_logit(value - p.capital_shadow_price * short * cost, p)
    wanted[int(cost.argmin())] += forced * (1.0 - wanted.sum())
    return wanted


def affordable(wanted: Array, cost: Array, idle: float, headroom: float, p: Parameters) -> float:
    """The part of what is wanted that fits loans and staff."""
    flats, bill = idle * float(wanted.sum()), idle * float(wanted @ cost)
    if flats <= 0.0:
        return 0.0
    return min(1.0, p.programme_share / flats, headroom / max(bill, 1e-9))


def _nested_logit(value: Array, p: Parameters) -> Array:
    """Shares of the options against postponing, for nested errors of the appraisal's scale (sim/rules/choice.py)."""
    within = max(float(np.sqrt(1.0 - p.appraisal_correlation)), 1e-9)
    scaled = (value / max(p.appraisal_error, 1.0)).reshape(-1, len(EnergyLevel))  # a row for each standard
    top = scaled.max(axis=1)
    inside = np.exp((scaled - top[:, None]) / within)
    worth = top + within * np.log(inside.sum(axis=1))
    raised = np.exp(worth - max(float(worth.max()), 0.0))
    among = raised / (np.exp(-max(float(worth.max()), 0.0)) + raised.sum())
    return np.asarray((among[:, None] * inside / inside.sum(axis=1, keepdims=True)).ravel())
