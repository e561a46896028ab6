"""Kinds of households that outcomes are told by: income third of the start, and household type.

The third is that of the household's income when it came (at the start, or moving in, at the pay of 2011) and is kept
for life. By income of the day, whoever gets a job would leave the lowest third and take the good news along, and a rent
rise that assistance pays would lift its household out of it. The type is by size: who of a household are children is
not known.
"""

from __future__ import annotations

import numpy as np

from sim.world.columns import Floats
from sim.world.state import Small

THIRDS = ("low", "middle", "high")
TYPES = ("single", "pair", "family")  # of one person, two, three or more
GROUPS = (*THIRDS, *TYPES)
KINDS = len(THIRDS) * len(TYPES)


def kind(third: Small, size: Small) -> Small:
    """Kind of each household, 0 to KINDS - 1, (rows,).

    third : income third. size : persons.
    """
    most = np.int8(len(TYPES))  # small numbers stay small: many times as fast
    return np.asarray(third * most + np.minimum(size, most) - np.int8(1))


def by_group(by_kind: Floats) -> Floats:
    """Sums by third, then by type, from those by kind, (k, KINDS) to (GROUPS, k)."""
    cells = by_kind.reshape(-1, len(THIRDS), len(TYPES))
    return np.concatenate([cells.sum(axis=2), cells.sum(axis=1)], axis=1).T
