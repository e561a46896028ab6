"""Procurement: who bids, at what price, and what serial experience is worth.

Prices are relative to the reference cost (2011, normal times, three bidders), so a price of 1 means the table's cost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


def scarcity(shortage: float, p: Parameters) -> float:
    """Wage premium for skilled hands, share: zero at the shortage of 2011, negative in a slump."""
    return p.scarcity_slope * (shortage - p.shortage_start)


def elsewhere(other_demand: float, p: Parameters) -> float:
    """Share of skilled workers held by other construction, at most 0.95."""
    return min(p.background_share * other_demand, 0.95)


def free(workers: Floats | float, busy: Floats | float, held: float) -> Floats:
    """Workers neither on the estates' sites nor held by other construction (a share)."""
    return np.asarray(np.maximum(workers * (1.0 - held) - busy, 0.0))


def productivity(experience: Floats, rate: float) -> Floats:
    """Output per hour against a first series: a fixed gain per doubling of experience.

    ``experience`` is renovated flats of a firm over the flats of a reference series; ``rate`` the saving per doubling.
    """
    return np.asarray((1.0 - rate) ** -np.log2(1.0 + experience))


def risk_premium(visible_years: Floats | float, p: Parameters) -> Floats:
    """Share added for an uncertain order book; committed work ahead (years) lowers it."""
    return np.asarray(p.risk_premium * np.exp(-np.asarray(visible_years) / p.visibility_scale))


def margin(utilisation: Floats, expected_bidders: float, p: Parameters) -> Floats:
    """Profit margin asked, share of cost: full order books raise it, rivals press it."""
    busy = p.margin_utilisation * (utilisation - p.utilisation_normal)
    return np.asarray(
        np.maximum(p.margin_base + busy - p.margin_rivals * np.log(max(expected_bidders, 1.0) / 3.0), -0.05)
    )


def bid(cost_share_labour: float, wage_premium: float, output: Floats, asked: Floats, risk: Floats,
        noise: Floats, p: Parameters) -> Floats:  # fmt: skip
    """Relative bid prices: (labour x (1 + scarcity) / productivity + materials) x (1 + margin) x (1 + risk)."""
    cost = cost_share_labour * (1.0 + wage_premium) / output + (1.0 - cost_share_labour)
    normal = (1.0 + p.margin_base) * (1.0 + p.risk_premium)
    return np.asarray(cost * (1.0 + asked) * (1.0 + risk) / normal * np.exp(p.bid_spread * noise))


def entry_chance(profit: Floats, bid_cost: Floats, home: Floats, clause: float, utilisation: Floats,
                 p: Parameters) -> Floats:  # fmt: skip
    """Chance that a capable firm bids: profit against the cost of bidding, nearness, clauses shunned when busy."""
    worth = np.log(np.maximum(profit, 1.0) / bid_cost)
    shunned = p.clause_aversion * clause * np.maximum(utilisation - p.utilisation_normal, 0.0)
    z = p.entry_intercept + p.entry_slope * worth + p.entry_home * home - p.entry_busy * (
        utilisation - p.utilisation_normal) - shunned  # fmt: skip
    return np.asarray(1.0 / (1.0 + np.exp(-z)))
