"""What a household goes without by the standard that it gets, and how far that makes it leave.

A household weighs what each standard is worth to it against the rent for it, as when it votes or looks for a flat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Standard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@rule
def missed(wishes: Floats, basic: Floats, intermediate: Floats, full: Floats, got: Ints, p: Parameters) -> Floats:
    """What households would have gained by the standard best for them over the one they get, SEK/month (rows,).

    wishes : for an intermediate standard, SEK/month now. basic, intermediate, full : rise of the rent by standard,
    SEK/month. got : Standard, 1 to 3; all (rows,).
    """
    # Basic is worth nothing beyond itself (``worth_of_standards``).
    by_basic, by_intermediate, by_full = -basic, wishes - intermediate, wishes * p.home_worth_maxi - full
    best = np.maximum(np.maximum(by_basic, by_intermediate), by_full)
    of_got = pick(got == Standard.MINI, by_basic, pick(got == Standard.MIDI, by_intermediate, by_full))
    lost: Floats = best - of_got
    return lost


@rule
def leaving_factor(lost: Floats | float, p: Parameters) -> Floats:
    """How much more or less than all households on average those disturbed leave, by what they go without (rows,).

    lost : ``missed`` over the rent, a share (rows,).
    """
    # The mean over households at the typical loss is one: it moves who leaves, and not how many at a typical works.
    heard = np.minimum(lost / p.unwanted_typical, p.unwanted_most)
    return 1.0 - p.unwanted_share + p.unwanted_share * heard
