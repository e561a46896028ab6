"""Owners' programmes: which estates each renews in which order, how fast, and what has come of it.

An estate is what one owner has in one neighbourhood. Flats are those at full size: a plan is the same at every scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from sim.world.columns import Bools, Ints


class Slip(IntEnum):
    """What kept a planned building from being begun."""

    NONE = 0
    MONEY = 1
    HANDS = 2
    BIDS = 3
    CONSENT = 4
    STAFF = 5
    PRICE = 6
    GRANT = 7


@dataclass(eq=False)
class Estate:
    """An owner's buildings in a neighbourhood (row ``place``), as its plan takes them.

    ``piloted`` is the year, counted from the start, in which its pilot went on site; -1 before.
    """

    place: int
    piloted: int = -1

    def serial(self, year: int, pilot_years: float) -> bool:
        """Whether the pilot has been seen for long enough, and stages in series follow."""
        return self.piloted >= 0 and year >= self.piloted + pilot_years


@dataclass(eq=False)
class Plan:
    """One owner's programme: ``estates`` in their order, ``volume`` flats a year.

    ``size`` is all that it has taken up so far, ``scheduled`` what should have begun by the end of this year, ``begun``
    what has; ``carried`` is the part of the year's work that was too little for a building.
    """

    owner: int
    volume: float
    size: float
    estates: list[Estate]
    scheduled: float = 0.0
    begun: float = 0.0
    carried: float = 0.0

    @property
    def behind(self) -> float:
        """Flats that should have begun by the end of the year and have not; less what was too little for a building."""
        return max(self.scheduled - self.begun - self.carried, 0.0)

    @property
    def slipped(self) -> float:
        """The same in years of the plan's volume."""
        return self.behind / self.volume if self.volume > 0.0 else 0.0

    @property
    def years_left(self) -> float:
        """Years that the rest takes at the plan's volume."""
        return max(self.size - self.begun, 0.0) / self.volume if self.volume > 0.0 else 0.0

    def estate(self, place: int) -> Estate | None:
        """The estate of a neighbourhood, if it is in the plan."""
        return next((one for one in self.estates if one.place == place), None)


@dataclass(eq=False)
class Plans:
    """All owners' plans, and of all buildings at full size what they are to do this year.

    ``of`` are the plans by owner, without those who have none. ``planned`` : to begin this year by a plan. ``begun`` :
    went on site this year. ``slip`` : what has held it back this year so far.
    """

    buildings: int
    of: dict[int, Plan] = field(default_factory=dict)
    planned: Bools = field(init=False)
    begun: Bools = field(init=False)
    slip: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is planned yet."""
        self.open_year()

    def open_year(self) -> None:
        """A new year: nothing is planned, begun or held back."""
        self.planned, self.begun = np.zeros(self.buildings, dtype=bool), np.zeros(self.buildings, dtype=bool)
        self.slip = np.full(self.buildings, int(Slip.NONE))

    def hold(self, keys: Ints, slip: Slip) -> None:
        """Something holds these buildings (rows at full size) back; what does so last is what counts."""
        self.slip[keys] = slip
