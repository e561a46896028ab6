"""Calm, hot and slack quarters, by other construction, as patterns have them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.questions.hindcast.measuring.runs import Array
from experiments.questions.validate.measuring.building import in_calm
from sim import Parameters


def in_market(demand: Array, market: str, p: Parameters) -> Array:
    """Whether other construction (1 = normal) makes a market calm, hot or slack.

    >>> from sim import load_parameters
    >>> [in_market(np.array([1.0, 2.0, 0.1]), name, load_parameters()).tolist() for name in ("calm", "hot", "slump")]
    [[True, False, False], [False, True, False], [False, False, True]]
    """
    calm = np.asarray(in_calm(pd.DataFrame({"other_demand": demand}), p))
    if market == "calm":
        return calm
    return np.asarray(~calm & ((demand > 1.0) if market == "hot" else (demand < 1.0)))
