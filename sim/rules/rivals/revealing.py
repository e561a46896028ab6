"""Rivals: what asking tenants reveals, that is, who of those who come is heard. ``participation_reveals`` picks one.

Asking takes its time and money under every rule. Whoever is heard says the same: wishes weighed against the rent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Revealing(NamedTuple):
    """A rule: who is heard, from years in the flat and age in years; and whether talks ease consent before a court.

    Arrays have one entry a household that comes.
    """

    heard: Callable[[Floats, Floats, Parameters], Bools]
    eases_consent: bool


def _everybody(lived: Floats, age: Floats, p: Parameters) -> Bools:
    """All who come."""
    return np.ones(len(lived), dtype=bool)


def _loud(lived: Floats, age: Floats, p: Parameters) -> Bools:
    """Settled, older tenants take the meeting over."""
    return np.asarray((lived >= p.loud_years) & (age >= p.loud_age))


def _nobody(lived: Floats, age: Floats, p: Parameters) -> Bools:
    """Owners hear what they already believed: only the time and the money are spent."""
    return np.zeros(len(lived), dtype=bool)


REVEALING: Mapping[str, Revealing] = {
    "wishes": Revealing(_everybody, True),
    "loud": Revealing(_loud, True),
    "nothing": Revealing(_nobody, False),
}
