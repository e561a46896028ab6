"""Rivals: why those long out of work find it less easily. ``long_spells`` picks one.

Either being out of work does it (employers read gaps, skills and contacts go), or those who find easily have left and
the others remain. Both look alike among people out of work at a time; a training place mends the first and not the
second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.sums import pairwise

Floats = NDArray[np.float64]


class LongSpells(NamedTuple):
    """A rule: whether work and its lack change a person's history."""

    move: bool


@rule
def shares(move: bool, idle: Floats, at_work: Floats, find: Floats, lose: Floats) -> None:
    """Who has which history where nothing changes any more, in place: the shares of all who are out of work and who are
    at work by history (each (h,)); together they add up to one.

    move : of the rule. find, lose : a group's chances to find and to lose work by history, per quarter (each (h,)).
    """
    if move:
        _scarred(idle, at_work, find, lose)
    else:
        _sorted(idle, at_work, find, lose)


@rule
def _scarred(idle: Floats, at_work: Floats, find: Floats, lose: Floats) -> None:
    """A quarter at work moves everybody one step up, a quarter out of work one step down.

    In balance as many go up between two histories as go down: whoever ends a quarter out of work at k came down, and
    whoever ends it at work at k + 1 went up. Those at work at k + 1 are therefore as many as those out of work at k.
    """
    steps = len(find) - 1
    idle[0], idle[steps], at_work[0], at_work[1] = 1.0, 0.0, 0.0, find[0]
    odds = 1.0
    for k in range(1, steps):
        odds = odds * ((1.0 - lose[k]) / (1.0 - find[k]))
        # Those who pass from k to k + 1 in a quarter, and as many who pass back.
        idle[k] = at_work[k + 1] = odds * find[0]
    at_work[steps] /= lose[steps]
    everybody = pairwise(idle + at_work)
    idle /= everybody
    at_work /= everybody


@rule
def _sorted(idle: Floats, at_work: Floats, find: Floats, lose: Floats) -> None:
    """A history is what a person is and stays: as many of each, and each finds and loses work as that one does."""
    everybody = (find + lose) * len(find)
    idle[:], at_work[:] = lose / everybody, find / everybody


LONG_SPELLS: Mapping[str, LongSpells] = {"scar": LongSpells(True), "select": LongSpells(False)}
