"""Rivals: which firms bid. The lever ``entry`` picks one; under all of them only firms with enough free hands may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.bids import entry_chance

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Invitation:
    """A tender as firms see it; arrays have one entry a firm.

    profit and cost : expected profit and cost of bidding, SEK. home : 1 where the firm is near. clause : strength of
    training clauses. utilisation : share of the firm's workers at work. share : workers that the lot takes over all
    that the firm has.
    """

    profit: Floats
    cost: Floats
    home: Floats
    clause: float
    utilisation: Floats
    share: Floats


# Each rival gives a chance and no decision, so that under all of them the same draw decides.
EntryRule = Callable[[Invitation, Parameters], Floats]  # the chance that each firm bids


def _profit(x: Invitation, p: Parameters) -> Floats:
    """Expected profit against the cost of bidding, nearness, clauses, order books."""
    return entry_chance(x.profit, x.cost, x.home, x.clause, x.utilisation, p)


def _order_books(x: Invitation, p: Parameters) -> Floats:
    """Full order books keep firms away; nothing else does, neither the lot nor what it pays."""
    z = p.entry_books - p.entry_busy * (x.utilisation - p.utilisation_normal)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def _lot_size(x: Invitation, p: Parameters) -> Floats:
    """As by profit, and the larger the lot for the firm, the less: bundling shuts small firms out."""
    chance = _profit(x, p)
    odds = chance / np.maximum(1.0 - chance, 1e-12) * np.exp(-p.entry_bundling * x.share)
    return np.asarray(odds / (1.0 + odds))


ENTRY: Mapping[str, EntryRule] = {"profit": _profit, "order-books": _order_books, "lot-size": _lot_size}
