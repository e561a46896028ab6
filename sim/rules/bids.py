"""Procurement: who bids, and at what price.

Prices are relative to the reference cost (2011, normal times, as many bidders as usual), so a price of 1 means the
table's cost. Arrays have one entry per firm, shape (firms,).
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import EnergyLevel

Floats = NDArray[np.float64]
Cost = TypeVar("Cost", float, NDArray[np.float64])


@rule
def quarters(flats: float, levels: NDArray[np.int64], p: Parameters) -> Floats:
    """Planned quarters on site of a lot of so many flats: a base, more for long series and for deep energy measures.

    levels : energy level, of one shape with the result.
    """
    series = p.site_quarters_series * min(flats / p.lot_flats_pooled, 1.0)
    planned: Floats = p.site_quarters + series + p.site_quarters_deep * (levels == EnergyLevel.DEEP)
    return planned


@rule
def crew_of_flats(flats: float, work: float, base: float, slower: float) -> float:
    """Persons that build a lot of so many flats of one package in the time that it takes.

    work : person-quarters a flat. base : quarters of a lot without flats, slower : more of them for each flat.
    """
    return flats * work / (base + slower * flats)


@rule
def flats_of_crew(crew: float, work: float, base: float, slower: float, most: float) -> float:
    """The flats that a crew builds in the time that a lot of so many takes: the inverse; at most so many."""
    # A crew of L/T for L person-quarters, where T grows with the lot, solved for its flats.
    gained = work - crew * slower
    return min(crew * base / gained, most) if gained > 0.0 else most


def scarcity(shortage: float, p: Parameters) -> float:
    """Wage premium for skilled hands, share of the wage: zero at the shortage of 2011 (share of firms), negative in a
    slump."""
    # All of the price cycle goes through hands: -15 to -20 % in 2008-09, +48 to +69 % by 2018 (byggvärlden, SABO).
    return p.scarcity_slope * (shortage - p.shortage_start)


def elsewhere(other_demand: float, p: Parameters) -> float:
    """Share (0–1) of skilled workers held by other construction; ``other_demand`` is 1 in normal times."""
    return min(p.background_share * other_demand, p.background_most)


@rule
def free(workers: Floats, busy: Floats, held: float) -> Floats:
    """Persons neither busy on the estates' sites nor held by other construction; ``held`` is a share of workers."""
    return np.maximum(workers * (1.0 - held) - busy, 0.0)


@rule
def utilisation(workers: Floats, busy: Floats, held: float, p: Parameters) -> Floats:
    """Share of workers at work somewhere; ``held`` is the share of them that other construction holds."""
    return np.minimum(busy / np.maximum(workers, 1e-9) + held, p.utilisation_most)


@rule
def risk_premium(visible_years: Floats | float, p: Parameters) -> Floats:
    """Share of the price added for an uncertain order book; committed work ahead (years) lowers it."""
    premium: Floats = p.risk_premium * np.exp(-visible_years / p.visibility_scale)
    return premium


@rule
def margin(utilisation: Floats, expected_bidders: float, p: Parameters) -> Floats:
    """Profit margin asked, share of cost: full order books (share of workers at work) raise it, rivals press it."""
    busy = p.margin_utilisation * (utilisation - p.utilisation_normal)
    # In the logarithm, as each further rival presses less: 12-14 % from two to eight bidders (Gupta 2002).
    rivals = p.margin_rivals * np.log(max(expected_bidders, 1.0) / p.bidders_normal)
    asked: Floats = np.maximum(p.margin_base + busy - rivals, p.margin_least)
    return asked


@rule
def normal_markup(p: Parameters) -> float:
    """What builders ask above labour and materials in normal times, factor: prices of 2011 hold it."""
    return (1.0 + p.margin_base) * (1.0 + p.risk_premium)


@rule
def cost_of_work(reference: Cost, wage_premium: float, output: Cost, p: Parameters) -> tuple[Cost, Cost]:
    """What labour and materials cost a builder, SEK without value-added tax: dear hands and practice move labour alone.

    reference : what the work would cost in normal times, SEK with value-added tax. wage_premium : share. output : as
    ``productivity`` (sim/rules/repetition.py) gives.
    """
    normal = reference / (1.0 + p.vat) / normal_markup(p)
    labour = p.labour_share * normal * max(1.0 + wage_premium, 0.0) / output
    return labour, (1.0 - p.labour_share) * normal


@rule
def bid(cost_share_labour: float, wage_premium: float, output: Floats, asked: Floats, risk: Floats,
        noise: Floats, p: Parameters) -> Floats:  # fmt: skip
    """Relative bid prices: (labour x (1 + scarcity) / productivity + materials) x (1 + margin) x (1 + risk).

    cost_share_labour, wage_premium : shares. output : as ``productivity`` (sim/rules/repetition.py) gives. asked :
    margin, share. risk : share. noise : standard normal draws.
    """
    # Nobody works for less than nothing, however few hands are wanted.
    cost = cost_share_labour * max(1.0 + wage_premium, 0.0) / output + (1.0 - cost_share_labour)
    # Divided by what a firm asks in normal times: the costs of the tables are prices of 2011, margins included.
    return cost * (1.0 + asked) * (1.0 + risk) / normal_markup(p) * np.exp(p.bid_spread * noise)


@rule
def entry_chance(profit: Floats | float, bid_cost: Floats | float, home: Floats | float, clause: float,
                 utilisation: Floats | float,
                 p: Parameters) -> Floats:  # fmt: skip
    """Chance that a capable firm bids: profit against the cost of bidding, nearness, clauses shunned when busy.

    profit, bid_cost : SEK. home : 1 where the firm is near, else 0. clause : strength of training clauses, 0-1.
    utilisation : share of workers at work.
    """
    # A firm that expects a loss is counted as expecting one krona: it stays away almost surely, but not by a rule.
    worth = np.log(np.maximum(profit, 1.0) / np.maximum(bid_cost, 1.0))
    shunned = p.clause_aversion * clause * np.maximum(utilisation - p.utilisation_normal, 0.0)
    z = p.entry_intercept + p.entry_slope * worth + p.entry_home * home - p.entry_busy * (
        utilisation - p.utilisation_normal) - shunned  # fmt: skip
    return 1.0 / (1.0 + np.exp(-z))
