"""Rivals: which firms bid. The lever ``entry`` picks one; under all of them only firms with enough free hands may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.rules.bids import entry_chance

Floats = NDArray[np.float64]


class Invitation(NamedTuple):
    """A tender as firms see it; arrays have one entry a firm, or all are one firm's numbers.

    profit and cost : expected profit and cost of bidding, SEK. home : 1 where the firm is near. clause : strength of
    training clauses. utilisation : share of the firm's workers at work. share : workers that the lot takes over all
    that the firm has.
    """

    profit: Floats | float
    cost: Floats | float
    home: Floats | float
    clause: float
    utilisation: Floats | float
    share: Floats | float


# Each rival gives a chance and no decision, so that under all of them the same draw decides.
EntryRule = Callable[[Invitation, Parameters], Floats]  # the chance that each firm bids


@rule
def _profit(x: Invitation, p: Parameters) -> Floats:
    """Expected profit against the cost of bidding, nearness, clauses, order books."""
    return entry_chance(x.profit, x.cost, x.home, x.clause, x.utilisation, p)


@rule
def _order_books(x: Invitation, p: Parameters) -> Floats:
    """Full order books keep firms away; nothing else does, neither the lot nor what it pays."""
    z = p.entry_books - p.entry_busy * (x.utilisation - p.utilisation_normal)
    return 1.0 / (1.0 + np.exp(-z))


@rule
def _lot_size(x: Invitation, p: Parameters) -> Floats:
    """As by profit, and the larger the lot for the firm, the less: bundling shuts small firms out."""
    chance = _profit(x, p)
    odds = chance / np.maximum(1.0 - chance, 1e-12) * np.exp(-p.entry_bundling * x.share)
    return odds / (1.0 + odds)


ENTRY: Mapping[str, EntryRule] = {"profit": _profit, "order-books": _order_books, "lot-size": _lot_size}


@rule
def chance_by(place: int, x: Invitation, p: Parameters) -> Floats:
    """The chance under the rule at a place in ``ENTRY``: kernels know rules by number."""
    if place == 0:
        return _profit(x, p)
    if place == 1:
        return _order_books(x, p)
    return _lot_size(x, p)
