"""Rows of several groups, each group in its own order: what owners do first, what a budget pays first.

All groups are looked at at once, with the sums that each alone would have, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.compiling import kernel
from sim.world.columns import Floats, Ints


@dataclass(frozen=True)
class Turns:
    """Rows in turn: ``order`` has those of the first group, then those of the second and so on (rows,), ``counts`` how
    many each group has, which may be none (groups,)."""

    order: Ints
    counts: Ints

    @classmethod
    def of(cls, group: Ints, groups: int, *keys: Floats) -> Turns:
        """By the group of each row (rows,); within one by keys, the last first and the smallest first, then as they
        come."""
        order = np.lexsort((*keys, group)) if keys else np.argsort(group, kind="stable")
        return cls(order, np.bincount(group, minlength=groups))

    @cached_property
    def ends(self) -> Ints:
        """Place in the order after each group's last row (groups,)."""
        return np.cumsum(self.counts)

    @property
    def rank(self) -> Ints:
        """How many rows of its group come before each row (rows,)."""
        found = np.empty(len(self.order), dtype=np.int64)
        found[self.order] = np.arange(len(found)) - np.repeat(self.ends - self.counts, self.counts)
        return found

    def sum(self, values: Floats) -> Floats:
        """Each group's sum of values by row (rows,), as numpy adds up the values of that group alone (groups,)."""
        return self.sum_in_order(values[self.order])

    def sum_in_order(self, values: Floats) -> Floats:
        """The same of values that stand in the order already, group by group."""
        # numpy adds pieces up from their second entry on and then to the first. With nothing before each group's values
        # it does what it does with an array of these alone; and groups without rows have a sum.
        ahead = np.arange(len(self.counts))
        padded = np.zeros(len(values) + len(ahead))
        padded[np.arange(len(values)) + np.repeat(ahead + 1, self.counts)] = values
        return np.asarray(np.add.reduceat(padded, self.ends - self.counts + ahead))

    def so_far(self, values: Floats) -> Floats:
        """The sum of each row's value and of those before it in its group; values and sums by row (rows,)."""
        found = np.empty(len(values))
        _so_far(found, values, self.order, self.counts)
        return found


@kernel
def _so_far(found: Floats, values: Floats, order: Ints, counts: Ints) -> None:
    """Running sums that begin anew with each group."""
    place = 0
    for count in counts:
        total = 0.0
        for _ in range(count):
            total += values[order[place]]
            found[order[place]] = total
            place += 1
