"""Planning at full size: every modelled building stands for several, and some of those that are begun are modelled.

At a small scale there are fewer buildings of the same size. What few of them decide would be lumpy: one would be worth
years of an owner's staff and of a budget, and a lot would have one building. So each due building is planned together
with others like it, as many as it stands for, each with its own chance; all that follows, from appraisal to tender and
site, is what it is at full size. Of those that are begun every one in 1/scale is modelled.
"""

from __future__ import annotations

import numpy as np

from sim.randomness import NEXT_LIKE, Decision, row_of
from sim.world.columns import Ints
from sim.world.world import World


def at_full_size(world: World, due: Ints) -> Ints:
    """Keys of the buildings that the due ones (rows) stand for, themselves included; the rows alone at full size."""
    each = 1.0 / world.region.scale
    u = world.draws.at(Decision.LIKES, world.quarter, due)[:, 0]
    count = np.floor(each + u * (each > 1.0)).astype(np.int64)
    first = np.repeat(np.cumsum(count) - count, count)
    return np.asarray(np.repeat(due, count) + NEXT_LIKE * (np.arange(count.sum()) - first))


def modelled_of(world: World, owner: Ints, keys: Ints, begun: Ints) -> Ints:
    """Which of the ``begun`` (places in a case) are modelled; ``owner`` and ``keys`` are theirs.

    A systematic sample, owner by owner and building by building: an owner's part of the sample is its part of what is
    begun to within one, and of the buildings that one stands for no two are taken.
    """
    scale = world.region.scale
    if scale == 1.0:
        return begun
    order = np.lexsort((row_of(keys), owner))
    steps = np.floor(
        float(world.draws.at(Decision.MODELLED, world.quarter, 0)[0, 0]) + scale * np.arange(len(order) + 1)
    )
    taken = order[np.diff(steps) > 0.0]
    _, first = np.unique(row_of(keys[taken]), return_index=True)
    return np.asarray(begun[np.sort(taken[first])])
