"""Planning at full size: every modelled building stands for several, and some of those that are begun are modelled.

At a small scale there are fewer buildings of the same size. What few of them decide would be lumpy: one would be worth
years of an owner's staff and of a budget, and a lot would have one building. So all are planned that the modelled ones
stand for, each with its own chance; and all that follows, from appraisal to tender and site, is what it is at full size.
"""

from __future__ import annotations

import numpy as np

from sim.randomness import NEXT_LIKE, Decision, row_of
from sim.world.columns import Ints
from sim.world.world import World


def at_full_size(world: World, due: Ints) -> Ints:
    """Keys of the due buildings that these (rows) stand for; the rows themselves at full size."""
    if world.likes is None:
        return due
    u = world.draws.at(Decision.LIKES, world.quarter, due)[:, 0]
    count = np.floor(world.likes.left[due] + u).astype(np.int64)
    first = np.repeat(np.cumsum(count) - count, count)
    return np.asarray(np.repeat(due, count) + NEXT_LIKE * (np.arange(count.sum()) - first))


def modelled_of(world: World, owner: Ints, keys: Ints, begun: Ints) -> Ints:
    """Which of the ``begun`` (places in a case) are modelled; ``owner`` and ``keys`` are theirs.

    A systematic sample, owner by owner and building by building, so that each owner has its part of it: of those that a
    building stands for every one is modelled as often as any other, and one at most.
    """
    if world.likes is None:
        return begun
    rows = row_of(keys)
    order = np.lexsort((rows, owner))
    chance = world.likes.waiting(world.buildings)[rows] / np.maximum(world.likes.left[rows], 1.0)
    u = float(world.draws.at(Decision.MODELLED, world.quarter, 0)[0, 0])
    steps = np.floor(u + np.cumsum(chance[order]))
    taken = order[np.diff(steps, prepend=0.0) > 0.0]
    _, first = np.unique(rows[taken], return_index=True)
    return np.asarray(np.sort(begun[taken[first]]))


def put_back(world: World, keys: Ints, by: float) -> None:
    """Buildings are begun (-1), or back in planning (1): fewer or more are left to be planned."""
    if world.likes is not None:
        change = np.bincount(row_of(keys), minlength=world.buildings.n)
        world.likes.left[:] = np.maximum(world.likes.left + by * change, 0.0)
