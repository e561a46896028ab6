"""How far the set narrows each parameter, and its middle, which becomes the default.

A default is one set of parameters among those that are not ruled out, in the middle of what drives the answer. Where
the set says next to nothing of a parameter and the answer hardly hangs on it, the value stays where its source has it:
a random draw from the plausible range would be no better founded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.analysis.weighted import weighted_interval
from experiments.questions.calibrate.matching.emulator import active_inputs
from experiments.questions.calibrate.matching.space import Space

Array = NDArray[Any]

NINE_TENTHS = 0.9  # of a range, which nine tenths of the set span where it says nothing of a parameter
IDENTIFIED = 0.1  # by how much narrower that span is where it says something
FEWEST = 20  # members with an answer, below which nobody can tell what drives it
NARROWED, DRIVES = "narrowed", "drives the answer"


def spans(members: pd.DataFrame, space: Space) -> list[Interval]:
    """Weighted median of every parameter over the set, with the ends between which nine tenths lie."""
    weight = members["weight"].to_numpy(np.float64)
    return [weighted_interval(members[name].to_numpy(np.float64), weight) for name in space.names]


def narrower(members: pd.DataFrame, space: Space) -> Array:
    """By which share nine tenths of the set span less than nine tenths of the plausible range, by parameter."""
    own = np.array([one.high - one.low for one in spans(members, space)])
    return np.asarray(1.0 - own / (NINE_TENTHS * (space.high - space.low)))


def middle_of(members: pd.DataFrame, space: Space, answer: str | None = None) -> pd.DataFrame:
    """Parameters that the set narrows, or that its answer (a column; NaN where it was not run) hangs on, with their
    weighted medians in three digits: ``parameter``, ``value``, ``why``. All others stay as they are."""
    why = {name: NARROWED for name, by in zip(space.names, narrower(members, space), strict=True) if by >= IDENTIFIED}
    if answer is not None:
        known = members[members[answer].notna()]
        if len(known) >= FEWEST:
            unit = space.unit(known[list(space.names)].to_numpy(np.float64))
            for k in active_inputs(unit, known[answer].to_numpy(np.float64)):
                why.setdefault(space.names[k], DRIVES)
    medians = dict(zip(space.names, spans(members, space), strict=True))
    names = [name for name in space.names if name in why]
    values = [float(f"{medians[name].mean:.3g}") for name in names]
    return pd.DataFrame({"parameter": names, "value": values, "why": [why[name] for name in names]})
