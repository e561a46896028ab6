"""Rival rules: what happens next door when presence makes a place safer.

Displacement: insecurity goes where nobody looks. Diffusion of benefits: who is deterred here stays away from next door
as well. Reviews find the one about as often as the other (Guerette and Bowers 2009, recalled).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


class NextDoor(NamedTuple):
    """What others feel of a place's presence: change of their level, points (n,), and the insecurity that lands outside
    the region's estates, points times flats."""

    change: Floats
    outside: float


Rule = Callable[[Floats, Floats, Floats, Floats, Parameters], NextDoor]


def _displaces(lifted: Floats, presence: Floats, flats: Floats, near: Floats, p: Parameters) -> NextDoor:
    """A share of what is calmed moves to neighbours in so far as they have no presence, and the rest outside."""
    moved = p.calm_moved * lifted * flats
    felt = (moved @ near) * (1.0 - presence)
    return NextDoor(-felt / flats, float(moved.sum() - felt.sum()))


def _diffuses(lifted: Floats, presence: Floats, flats: Floats, near: Floats, p: Parameters) -> NextDoor:
    """As much calm as that is felt by neighbours in so far as they have no presence; outside nobody is counted."""
    return NextDoor((p.calm_moved * lifted * flats @ near) * (1.0 - presence) / flats, 0.0)


def _stays(lifted: Floats, presence: Floats, flats: Floats, near: Floats, p: Parameters) -> NextDoor:
    """Nothing happens next door."""
    return NextDoor(np.zeros_like(lifted), 0.0)


INSECURITY: dict[str, Rule] = {"displaces": _displaces, "diffuses": _diffuses, "stays": _stays}
