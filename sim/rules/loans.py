"""Owners' loans: what they cost, how much of a surplus pays them off, and what may go to a housing company's owner.

All money is SEK (real, 2011). Arrays have one entry an owner, any shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def loan_rate(interest: float, loan_to_value: Floats | float, p: Parameters) -> Floats:
    """What loans cost, share per year: interest and margin, dearer the further debt lies above the cap.

    interest : real, before the margin, per year. loan_to_value : debt over market value.
    """
    beyond = np.maximum(np.asarray(loan_to_value) - p.ltv_cap, 0.0)
    dearer = np.minimum(p.loan_dearer * beyond, p.loan_dearer_most)
    return np.asarray(np.maximum(interest + p.loan_margin + dearer, 0.0))


def leaving(surplus: Floats, debt: Floats, committed: Floats, value: Floats, p: Parameters) -> Floats:
    """The part of a housing company's surplus of a year that leaves the estates, SEK.

    debt : as it would be if all of the surplus paid off loans. committed : works decided, or wanted and not borrowed
    for. What the company owes for both beyond ``company_ltv_kept`` of the value stays; nothing is borrowed to leave.
    """
    spare = np.maximum(surplus, 0.0)
    return np.asarray(np.clip(p.company_ltv_kept * value - debt - committed, 0.0, spare))


def dividend(leaves: Floats, flats: Floats, profit: Floats, p: Parameters) -> Floats:
    """The part of what leaves in a year that a company pays its municipality, SEK.

    flats : owned. profit : of last year, after interest, without works and sales. By law at most half of it, but for
    what goes into integration and housing supply (law 2010:879, 3-5 §§), and then at most all.
    """
    earned = np.maximum(profit, 0.0)
    asked = np.minimum(p.dividend * flats, earned)
    exempt = p.dividend_exempt * asked
    return np.asarray(np.minimum(exempt + np.minimum(asked - exempt, p.dividend_cap * earned), leaves))


def repayment(debt: Floats | float, value: Floats | float, p: Parameters) -> Floats:
    """What a private landlord pays off in a quarter, SEK; below nothing where it mortgages its buildings again.

    It keeps to a loan-to-value, and moves toward it by at most ``landlord_repayment`` of its debt a year.
    """
    gap = np.asarray(debt) - p.landlord_loan_to_value * np.asarray(value)
    most = p.landlord_repayment / 4.0 * np.asarray(debt)
    return np.asarray(np.minimum(np.maximum(gap, -most), most))


def reached(so_far: Floats, cost: Floats, money: Floats) -> Bools:
    """Which works loans reach (works,). so_far : cost of each and of those before it, cost : its own, money : what its
    owner can borrow; SEK."""
    # What others pay for wholly takes no loan: it fits whatever an owner owes.
    return np.asarray((so_far <= money) | (cost == 0.0))


def shortfall(money: float, wanted: float) -> float:
    """Share of the works wanted this year that the money for them does not reach, 0-1; two amounts, SEK."""
    return float(max(1.0 - max(money, 0.0) / wanted, 0.0)) if wanted > 0.0 else 0.0
