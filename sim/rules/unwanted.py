"""What a household goes without by the standard that it gets, and how far that makes it leave.

A household weighs what each standard is worth to it against the rent for it, as when it votes or looks for a flat.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.homes import worth_of_standards

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def missed(wishes: Floats, rises: Floats, got: Ints, p: Parameters) -> Floats:
    """What households would have gained by the standard best for them over the one they get, SEK/month (rows,).

    wishes : for an intermediate standard, SEK/month now (rows,). rises : of the rent by standard, SEK/month (rows, 3).
    got : Standard, 1 to 3 (rows,).
    """
    net = wishes[:, None] * worth_of_standards(p)[None, 1:] - rises
    return np.asarray(net.max(axis=1) - net[np.arange(len(got)), got - 1])


def leaving_factor(lost: Floats, p: Parameters) -> Floats:
    """How much more or less than all households on average those disturbed leave, by what they go without (rows,).

    lost : ``missed`` over the rent, a share (rows,).
    """
    # The mean over households at the typical loss is one: it moves who leaves, and not how many at a typical works.
    heard = np.minimum(lost / p.unwanted_typical, p.unwanted_most)
    return np.asarray(1.0 - p.unwanted_share + p.unwanted_share * heard)
