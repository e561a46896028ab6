"""What calm is measured against in a run, and where insecurity can move to."""

from __future__ import annotations

from dataclasses import dataclass

from sim.rules.calm import Conditions
from sim.world.columns import Floats


@dataclass
class Calm:
    """usual: conditions at the start, (k,) each; near: who feels what moves out of a place (k, k); both fixed.
    outside: insecurity that was moved out of the region's estates and is felt there, points times flats."""

    usual: Conditions
    near: Floats
    outside: float = 0.0
