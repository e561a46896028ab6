"""What a year's planning sees of the buildings that are due: their options, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.rules import mixture
from sim.rules.appraisal import Offer
from sim.rules.social import PAYERS, Gain
from sim.world.columns import Bools, Floats, Ints


@dataclass
class Case:
    """Due buildings and their nine options as one year's planning sees them; money in SEK per flat.

    Planning is done at full size: at a small scale every building stands for several, which differ in what chance gives
    them. ``rows`` are the modelled buildings that these are like, ``keys`` tell them apart (the rows at full size).
    ``own`` includes the grant that is promised for an option (``grant``), ``bare`` does not;
    ``deciding`` is the value by which works are chosen and ranked: ``own``, or with the partners' gains.
    ``pooled`` are those that may be bought through the joint framework, ``menu`` (9,) are its packages of this year;
    ``pick`` is the chosen option or -1 to postpone; ``required`` the return asked, per
    year. ``payments`` are what municipality, county council and state have agreed to pay a year once it is built, SEK
    per building by payer and kind of gain (n, 3, 5); ``paid_worth`` is what that is worth to the owner, SEK per
    building, and ``turn`` the value for own money that the building would have had without (it keeps its place among
    those to begin). ``promised`` is that worth as it was agreed, whatever becomes of it. ``voice`` is how far tenants
    have been heard, 0-1. ``mix`` are the shares of flats by what tenants chose (``sim/rules/mixture.py``): where
    nothing was chosen all get ``pick``, else that is what most get.
    """

    rows: Ints
    keys: Ints
    owner: Ints
    municipality: Ints
    flats: Ints
    o: Offer
    own: Floats
    bare: Floats
    grant: Floats
    error: Floats
    allowed: Bools
    pooled: Bools
    voice: Floats
    required: Floats
    deciding: Floats = field(init=False)
    pick: Ints = field(init=False)
    shared: Bools = field(init=False)
    payments: Floats = field(init=False)
    paid_worth: Floats = field(init=False)
    promised: Floats = field(init=False)
    turn: Floats = field(init=False)
    menu: Bools = field(init=False)
    mix: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is chosen, shared or paid yet."""
        n = len(self.rows)
        self.deciding = self.own
        self.pick = np.full(n, -1)
        self.shared = np.zeros(n, dtype=bool)
        self.payments, self.paid_worth = np.zeros((n, PAYERS, len(Gain))), np.zeros(n)
        self.promised = np.zeros(n)
        self.turn = np.full(n, -np.inf)
        self.mix = mixture.nothing_chosen(n)
        self.menu = np.zeros(self.allowed.shape[1], dtype=bool)

    def part(self, which: Bools) -> Case:
        """The case of some of the buildings, before anything is chosen."""
        at = np.flatnonzero(which)
        rows, keys, owner, town, flats = (
            x[at] for x in (self.rows, self.keys, self.owner, self.municipality, self.flats)
        )
        own, bare, grant, error = (x.take(at, axis=0) for x in (self.own, self.bare, self.grant, self.error))
        allowed, pooled, voice, asked = self.allowed[at], self.pooled[at], self.voice[at], self.required[at]
        o = self.o.part(at)
        return Case(rows, keys, owner, town, flats, o, own, bare, grant, error, allowed, pooled, voice, asked)

    def lapse(self, places: Ints) -> None:
        """What was agreed for these (places in the case) lapses: something else is built there, or nothing."""
        self.payments[places], self.paid_worth[places], self.turn[places] = 0.0, 0.0, -np.inf

    def chosen(self, values: Floats) -> Floats:
        """The entry of each building's chosen option (of the first where it postpones), a mean over what is chosen by
        flat."""
        return mixture.mean(values, np.maximum(self.pick, 0), self.mix)

    @property
    def has_grant(self) -> Bools:
        """Which buildings have been promised a grant for some option (buildings,)."""
        return np.asarray((self.grant > 0.0).any(axis=1))

    @property
    def joint(self) -> Bools:
        """Which buildings get a package of the joint framework, and are tendered with the others' (buildings,)."""
        return self.pooled & (self.pick >= 0) & self.menu[np.maximum(self.pick, 0)]
