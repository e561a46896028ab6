"""Rivals: what a household that leaves looks for in its next home. The lever ``destinations`` picks one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.destinations import Places

Floats = NDArray[np.float64]


class Destinations(NamedTuple):
    """A rule: what a home in each place is worth to each class of incomes (c, k + e), without distance, from incomes in
    SEK/month (c,); and whether flats of the region are open to households that leave one, or only to the queue."""

    utility: Callable[[Places, Floats, Parameters], Floats]
    within: bool


def _choice(x: Places, income: Floats, p: Parameters) -> Floats:
    """A rent is the worse the more of the income it takes; name and calm speak for a place as they do to the queue."""
    burden = x.rent[None, :] / np.maximum(income, 1.0)[:, None]
    return np.asarray(x.appeal[None, :] - p.destination_rent * burden)


def _ties(x: Places, income: Floats, p: Parameters) -> Floats:
    """People stay near those whom they know, where there is a home: neither rent nor name counts."""
    return np.zeros((len(income), len(x.open)))


DESTINATIONS: Mapping[str, Destinations] = {
    "choice": Destinations(_choice, within=True),
    "ties": Destinations(_ties, within=True),
    "queue": Destinations(_choice, within=False),
}
