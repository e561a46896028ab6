"""What partners may offer an owner for an option, what the owner lacks, and how they share what is won.

Money is SEK per flat, present value when the works are done. An *increment* is against what the owner would do alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.finance import annuity
from sim.rules.social import COUNTY, MUNICIPALITY, PAYERS, STATE

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Offers(NamedTuple):
    """What payers (3) may bring to the options (9) of buildings (n).

    ``worth`` (3, n, 9) : what each gains and could pay out of its gain while an agreement lasts, lawful or not.
    ``may`` (3, n, 9) : the lawful part of it. ``by_kind`` (5, 3, n, 9) : the same by kind of gain. ``joint`` (n, 9) :
    what all at the table gain in the end, losses included.
    """

    worth: Floats
    may: Floats
    by_kind: Floats
    joint: Floats


def agreement_years(flexible: float, p: Parameters) -> Floats:
    """For how many years municipality, county council and state may bind themselves (3,); the state for more the more
    flexible its funding (0-1) is."""
    years = np.zeros(PAYERS)
    years[MUNICIPALITY], years[COUNTY] = p.agreement_years_municipality, p.agreement_years_county
    years[STATE] = p.agreement_years_state + flexible * max(p.free_window - p.agreement_years_state, 0.0)
    return np.maximum(np.round(years), 1.0)


def spans(years: Floats, p: Parameters) -> Floats:
    """The two spans of years within which each payer weighs a deal (2, 3): its agreement's, and the whole horizon."""
    return np.stack([np.minimum(years, p.appraisal_horizon), np.full(PAYERS, p.appraisal_horizon)])


def increments(found: Floats, alone: Ints) -> Floats:
    """Gains (..., n, 9) against those of the option that each owner would choose by itself; against nothing where it
    would postpone (-1)."""
    before = found[..., np.arange(len(alone)), np.maximum(alone, 0)] * (alone >= 0)
    return np.asarray(found - before[..., None])


def offers(within: Floats, in_all: Floats, legal: Bools, strength: Floats) -> Offers:
    """Offers out of believed increments (5, 3, n, 9), within the years of agreements and over the whole horizon.

    legal : (3, 5). strength : how far partners' gains are counted, 0-1 (n,). Nobody pays more than it gains by then, or
    than it gains in the end: what costs it later is not hidden by what comes first.
    """
    k = strength[None, :, None]
    net = in_all.sum(axis=0)
    worth = np.maximum(np.minimum(within.sum(axis=0), net), 0.0) * k
    paying = np.maximum(within, 0.0) * legal.T[:, :, None, None]
    total = paying.sum(axis=0)
    may = np.minimum(worth, total * k)
    by_kind = paying * (may / np.maximum(total, 1e-9))[None]
    return Offers(worth, may, by_kind, (net * k).sum(axis=0))


def worth_to_owner(years: Floats, required: Floats, trust: Floats, p: Parameters) -> Floats:
    """What an owner gives for a krona (the payer's present value) paid in equal parts over so many years, (3, n).

    years : (3,). required : return that it asks, per year (n,). trust : in the partners, 0-1 (n,). It builds with its
    own money meanwhile, and doubts promises by what trust is missing.
    """
    own = annuity(required[None, :], years[:, None])
    kept = 1.0 - p.promise_doubt * (1.0 - trust)
    return np.asarray(own * kept[None, :] / annuity(p.social_discount_rate, years)[:, None])


def yearly(sek: Floats, years: Floats, p: Parameters) -> Floats:
    """Present values (..., 3) as equal payments a year over the years of each payer (3,)."""
    return np.asarray(sek / annuity(p.social_discount_rate, years))


def part_to_pay(offered: Floats, loss: Floats, p: Parameters) -> Floats:
    """Part of the offers, 0-1, that makes the owner whole and leaves it ``owner_surplus_share`` of what is beyond.

    offered, loss : in the owner's eyes (n,). At 0 partners pay the loss and no more, 0.5 is Nash's even split.
    """
    asked = loss + p.owner_surplus_share * np.maximum(offered - loss, 0.0)
    return np.asarray(np.where(offered > 0.0, np.minimum(asked / np.maximum(offered, 1e-9), 1.0), 0.0))
