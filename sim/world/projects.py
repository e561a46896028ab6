"""What owners decide to build, and what builders are contracted for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.vocabulary import PUBLIC_PURSES
from sim.world.columns import Floats, Ints

ROUNDING = 1e-9  # by which the progress of finished works may miss one


@dataclass(eq=False)
class Project:
    """One owner's buildings in one neighbourhood, decided in one year.

    ``options`` holds the index of the chosen option per building; ``payments`` the side payments agreed by
    municipality, county council and state (SEK); ``promised`` the gains forecast to them (SEK, present value).

    At a small scale one building stands for several. ``stands`` is how many buildings the owner begins here this year
    for each that is modelled (1 at full size), and ``slowest`` the quarter in which the last of all such projects is
    ready that this one stands for: joint rounds wait for it.
    """

    owner: int
    municipality: int
    buildings: Ints
    options: Ints
    flats: int
    cost: float
    decided: int
    ready: int
    pooled: bool
    shared: bool
    stands: float = 1.0
    slowest: int = -1
    payments: Floats = field(default_factory=lambda: np.zeros(len(PUBLIC_PURSES)))
    promised: Floats = field(default_factory=lambda: np.zeros(len(PUBLIC_PURSES)))
    grant: float = 0.0
    tenders: int = 0


@dataclass(eq=False)
class Contract:
    """A lot won by a builder: buildings of one or several projects, built in order.

    ``due`` and ``promised`` are SEK by municipality (rows) and payer (municipality, county council, state);
    ``places`` is the number of training places that the clause asks for. ``ends`` is the share of the works, and
    ``order`` that of the lot's buildings, by which each building is finished: at a small scale a lot has more buildings
    than those that are modelled, and stands for others, which are contracts too. These have firms, hands and places but
    no ``buildings``. ``alike`` is how many contracts at full size this one stands for, ``part`` which part of its works
    (of its places as well) is done by its own firm and hands, ``towns`` the municipalities (rows) of its sites and ``estate`` a
    neighbourhood of such buildings.
    """

    builder: int
    buildings: Ints
    options: Ints
    owners: Ints
    flats: Ints
    cost_shares: Floats
    ends: Floats
    order: Floats
    estate: int
    towns: Ints
    alike: float
    part: float
    price: float
    reference: float
    labour: float
    crew: float
    pace: float
    quarters: int
    awarded: int
    start: int
    change: float
    pooled: bool
    places: float
    due: Floats
    promised: Floats
    grants: dict[int, float] = field(default_factory=dict)
    progress: float = 0.0
    finished: int = 0

    @property
    def total(self) -> float:
        """Price with change orders, SEK."""
        return self.price * (1.0 + self.change)

    @property
    def done(self) -> bool:
        """Whether all works are done, those for the buildings that are modelled and the rest of the lot."""
        return self.finished == len(self.flats) and self.progress >= 1.0 - ROUNDING
