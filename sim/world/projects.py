"""What owners decide to build, and what builders are contracted for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.rules.social import PAYERS, Gain
from sim.world.columns import Bools, Floats, Ints


def _no_payments() -> Floats:
    return np.zeros((PAYERS, len(Gain)))


@dataclass(eq=False)
class Pledge:
    """What payers have promised an owner for a programme, to be paid a year at a time once its works are done.

    ``yearly`` is SEK a year at full size by payer and kind of gain (3, 5), ``years`` for how many years each pays (3,),
    ``made`` how many of them are over. ``share`` is the modelled part of its flats: that much is in the books.
    """

    owner: int
    municipality: int
    place: int
    programme: str
    yearly: Floats
    years: Ints
    share: float
    made: int = 0

    @property
    def over(self) -> bool:
        """Whether everything that was promised has fallen due."""
        return self.made >= int(self.years.max())


@dataclass(eq=False)
class Project:
    """One owner's buildings in one neighbourhood, decided in one year.

    ``options`` holds the index of the chosen option per building, ``mix`` the shares of its flats by what tenants chose
    (``sim/rules/mixture.py``); ``payments`` what municipality, county council and
    state have agreed to pay a year once it is built (SEK by payer and kind of gain, (3, 5)), for so many ``years``;
    ``programme`` is what tables call it. Tenants are told in the quarter ``told``; lots are tendered once ``ready``.

    A project is one at full size. ``keys`` are the rows of its buildings among all at full size, ``buildings`` the rows
    of the modelled buildings that they are (``modelled``) or are like. At full size both are the same.
    """

    owner: int
    municipality: int
    keys: Ints
    buildings: Ints
    modelled: Bools
    options: Ints
    mix: Floats
    flats: int
    cost: float
    decided: int
    told: int
    ready: int
    pooled: bool
    shared: bool
    payments: Floats = field(default_factory=_no_payments)
    years: tuple[int, ...] = (0,) * PAYERS
    programme: str = ""
    tenders: int = 0


@dataclass(eq=False)
class Contract:
    """A lot won by a builder: buildings of one or several projects, built in order. What never changes of it stands in
    a ``row`` of ``Signed`` too.

    ``pledges`` are what payers owe once it is done, ``shared_by`` the municipalities whose part was negotiated with
    partners, and ``heat`` what its buildings used when it was signed, kWh a year each; ``places`` is the number of
    training places that the clause asks for and ``clause`` what they add to the price, SEK with value-added tax.
    ``price`` is without that, ``total`` with it. ``labour_cost`` (with the employer's fee) and ``materials_cost`` are
    what the work costs the builder without change orders, SEK without value-added tax.

    ``built`` are the options that some of its flats get, a bit each, and ``mixed`` is whether tenants chose in some of
    its buildings.

    A contract is one at full size, and so are its buildings, flats and money; ``labour``, ``crew`` and ``places`` are
    persons at the scale of the region. ``modelled`` tells which of its buildings are modelled: only these have tenants,
    and only these are paid for in the books.
    """

    row: int
    builder: int
    keys: Ints
    buildings: Ints
    modelled: Bools
    options: Ints
    mix: Floats
    built: int
    mixed: bool
    owners: Ints
    flats: Ints
    cost_shares: Floats
    price: float
    reference: float
    labour_cost: float
    materials_cost: float
    labour: float
    crew: float
    pace: float
    quarters: int
    awarded: int
    start: int
    appealed: bool
    change: float
    pooled: bool
    places: float
    clause: float
    heat: Floats
    pledges: list[Pledge] = field(default_factory=list)
    shared_by: set[int] = field(default_factory=set)
    progress: float = 0.0
    finished: int = 0

    @property
    def level(self) -> float:
        """Price with change orders and training over the reference of 2011; works for nothing are at its level."""
        return self.total / self.reference if self.reference > 0.0 else 1.0

    @property
    def share(self) -> float:
        """The modelled part of its flats, 0-1."""
        return float(self.flats[self.modelled].sum() / self.flats.sum())

    # What follows is asked in every quarter of the works and never changes, as the buildings of a contract do not.

    @cached_property
    def total(self) -> float:
        """Price with change orders and what training costs, SEK."""
        return self.works + self.clause

    @cached_property
    def works(self) -> float:
        """Price of the works with change orders, SEK."""
        return self.price * (1.0 + self.change)

    @cached_property
    def modelled_cost(self) -> float:
        """The modelled part of its cost, 0-1."""
        return 1.0 if self.modelled.all() else float(self.cost_shares[self.modelled].sum())

    @cached_property
    def cost_by_owner(self) -> tuple[tuple[int, float], ...]:
        """Each owner's row and share of the cost for its modelled buildings; with all others they sum to 1."""
        shares: dict[int, float] = {}
        for owner, share in zip(self.owners.tolist(), self.modelled_shares.tolist(), strict=True):
            shares[owner] = shares.get(owner, 0.0) + share
        return tuple((owner, share) for owner, share in sorted(shares.items()) if share)

    @cached_property
    def modelled_shares(self) -> Floats:
        """Each building's share of the cost, none of those that are not modelled (buildings,)."""
        return np.asarray(self.cost_shares * self.modelled)

    @cached_property
    def ends(self) -> Floats:
        """Progress at which each building is finished, 0-1 (buildings,)."""
        return np.asarray(np.cumsum(self.flats) / self.flats.sum())

    @property
    def done(self) -> bool:
        """Whether all buildings are finished."""
        return self.finished == len(self.buildings)
