"""Rivals: what households refuse a place for. The lever ``refused_for`` picks one.

That a poor name or an unsafe place keeps people away is what stigma studies and landlords say (Backvall 2019; Trianon:
turnover from 20 to 7 % a year with a calmer estate). That names keep nobody away is what registers say of moving out:
the police's list of vulnerable areas changed nothing (Kawalerowicz, about 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]

# What a place adds to the logarithm of its appeal (n,), from its reputation and calm, both 0-1 (n,).
PlaceRule = Callable[[Floats, Floats, Parameters], Floats]


def _place(reputation: Floats, calm: Floats, p: Parameters) -> Floats:
    """Reputation and calm count, against an ordinary place that is as safe as the county."""
    return np.asarray(p.demand_reputation * (reputation - p.reputation_ordinary) + p.demand_calm * (calm - 1.0))


def _home(reputation: Floats, calm: Floats, p: Parameters) -> Floats:
    """Only the home and its rent count."""
    return np.zeros_like(reputation)


PLACES: Mapping[str, PlaceRule] = {"place": _place, "home": _home}
