"""Calm of the estates as one mean, and what hosts on site are there for it."""

from __future__ import annotations

import numpy as np

from sim import Parameters
from sim.aggregate.start import Start
from sim.rules.calm import Conditions, calm_level, damage, lift, next_calm


def present(strength: float, s: Start, p: Parameters) -> float:
    """Local presence over all flats, 0-1: companies' and those of landlords who take part."""
    return strength * float(s.owners @ np.array([1.0, p.presence_landlord_share]))


def later_calm(now: float, employed: float, worn: float, presence: float, s: Start, p: Parameters) -> float:
    """A quarter later. employed: share of working age; worn: missing condition against the start. Nobody moves and no
    flat is empty here, waves even out, and what is displaced stays in the mean or leaves the estates."""
    one = np.ones(1)
    usual = Conditions(one * (1.0 - s.employment), 0.0 * one, 0.0 * one, 0.0 * one)
    level = calm_level(usual._replace(idle=one * (1.0 - employed), worn=one * worn), usual, one * s.calm, p)
    lifted = lift(level, one * presence, p)
    return float(next_calm(one * now, level + lifted, one * presence, 0.0 * one, p)[0])


def cost_of_safety(calm: float, strength: float, p: Parameters) -> float:
    """What damage, hosts and their quick repairs cost a company, SEK per flat and year."""
    hosts = p.presence_repairs + (1.0 - p.presence_municipal_share) * p.presence_cost
    return float(damage(np.array(calm), p)) + strength * hosts
