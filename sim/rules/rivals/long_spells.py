"""Rivals: why those long out of work find it less easily. ``long_spells`` picks one.

Either being out of work does it (employers read gaps, skills and contacts go), or those who find easily have left and
the others remain. Both look alike among people out of work at a time; a training place mends the first and not the
second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class LongSpells(NamedTuple):
    """A rule: whether work and its lack change a person's history, and who has which where nothing changes any more.

    shares : from chances to find and to lose work by group and history (each (g, h), per quarter), the shares of all
    who are out of work and who are at work by history (each (g, h)); together they add up to one.
    """

    move: bool
    shares: Callable[[Floats, Floats], tuple[Floats, Floats]]


def _scarred(find: Floats, lose: Floats) -> tuple[Floats, Floats]:
    """A quarter at work moves everybody one step up, a quarter out of work one step down.

    In balance as many go up between two histories as go down: whoever ends a quarter out of work at k came down, and
    whoever ends it at work at k + 1 went up. Those at work at k + 1 are therefore as many as those out of work at k.
    """
    steps = find.shape[1] - 1
    idle, at_work = np.zeros_like(find), np.zeros_like(find)
    idle[:, 0] = 1.0
    # up: those who pass from k to k + 1 in a quarter, and as many who pass back.
    up = np.cumprod((1.0 - lose[:, 1:steps]) / (1.0 - find[:, 1:steps]), axis=1) * find[:, :1]
    idle[:, 1:steps] = up
    at_work[:, 1 : steps + 1] = np.concatenate([find[:, :1], up], axis=1)
    at_work[:, steps] /= lose[:, steps]
    everybody = (idle + at_work).sum(axis=1, keepdims=True)
    return idle / everybody, at_work / everybody


def _sorted(find: Floats, lose: Floats) -> tuple[Floats, Floats]:
    """A history is what a person is and stays: as many of each, and each finds and loses work as that one does."""
    everybody = (find + lose) * find.shape[1]
    return lose / everybody, find / everybody


LONG_SPELLS: Mapping[str, LongSpells] = {"scar": LongSpells(True, _scarred), "select": LongSpells(False, _sorted)}
