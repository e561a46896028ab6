"""Contracts in columns: what never changes of them, as loops over sites read it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.columns import Bools, Floats, Ints

# What of a contract never changes, as ``Contract`` (sim/world/projects.py) has it; real numbers all.
TERMS = np.dtype((np.record, [(name, np.float64) for name in (
    "builder", "pooled", "price", "reference", "labour_cost", "materials_cost", "labour", "crew", "pace", "quarters",
    "start", "change", "places", "clause", "appealed", "built", "mixed", "drifted", "ahead",
    "total", "works", "modelled_cost")]))  # fmt: skip
_WIDTH = TERMS.itemsize // np.dtype(np.float64).itemsize


class Signed:
    """All contracts of the run, one row each in the order of award, and their buildings, one contract after another.

    ``terms`` has columns by the names above; ``drifted`` is the reference at the price level of the award, ``ahead``
    by how many doublings the builder's practice is ahead of an ordinary lot's. The buildings of row i stand from
    ``starts[i]`` to ``starts[i + 1]``: rows, options, flats, who owned each at the award, and shares of the cost
    (``cost_shares``; in ``shares`` those that are not modelled have none). Room is made ahead: columns are longer than
    what they hold.
    """

    def __init__(self) -> None:
        self.count = 0
        self.terms: NDArray[Any] = np.zeros(0, dtype=TERMS)
        self.starts: Ints = np.zeros(1, dtype=np.int64)
        self.buildings, self.options, self.flats, self.owners = (np.zeros(0, dtype=np.int64) for _ in range(4))
        self.cost_shares: Floats = np.zeros(0)
        self.shares: Floats = np.zeros(0)

    def add(self, terms: NDArray[Any], ends: Ints, buildings: Ints, options: Ints, flats: Ints, owners: Ints,
            cost_shares: Floats, modelled: Bools) -> int:  # fmt: skip
        """Contracts that are signed now, as above; ``ends`` is where each one's buildings end among those given. The
        row of the first."""
        first, old = self.count, int(self.starts[self.count])
        self.count, new = first + len(terms), old + len(buildings)
        self.terms, self.starts = _longer(self.terms, self.count), _longer(self.starts, self.count + 1)
        self.terms.view(np.float64)[first * _WIDTH : self.count * _WIDTH] = terms.view(np.float64)  # in one go
        self.starts[first + 1 : self.count + 1] = old + ends
        for name, more in (("buildings", buildings), ("options", options), ("flats", flats), ("owners", owners),
                           ("cost_shares", cost_shares), ("shares", cost_shares * modelled)):  # fmt: skip
            column = _longer(getattr(self, name), new)
            column[old:new] = more
            setattr(self, name, column)
        return first


def _longer(column: NDArray[Any], n: int) -> NDArray[Any]:
    """The column, or one twice as long where it has no room for so many rows."""
    if n <= len(column):
        return column
    return np.concatenate([column, np.zeros(2 * n - len(column), dtype=column.dtype)])
