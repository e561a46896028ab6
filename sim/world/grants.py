"""What a state grant programme and its applicants have to do with each other, by building at full size."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.rules.choice import OPTIONS
from sim.world.columns import Bools, Floats, Ints

NEVER = -1  # quarter of an application that nobody has made


@dataclass(eq=False)
class Grants:
    """Applications and promises of all buildings at full size (l,); SEK per flat, by option (l, 9), or per building.

    ``asked`` : what would be paid for each option, of buildings that have applied; ``option`` the one applied for,
    ``filed`` the quarter, ``refused`` how often in a row it was. ``granted`` : what is promised for each option,
    ``since`` and ``until`` : quarters of the promise and by which works must be on site. ``reserved`` : SEK per
    building set aside for it. ``due`` : SEK per building that the works decided on will bring, ``anyway`` what of it
    the works would have brought that the owner would have chosen without. ``begun`` : on site with it. ``chance`` :
    of being granted, as each owner believes; ``taken_up`` : share of promises that become works in time, as each
    expects; ``kept``, ``missed`` : buildings of each that began in time this year, or did not; all (owners,).
    """

    buildings: int
    chance: Floats
    taken_up: Floats
    kept: Floats = field(init=False)
    missed: Floats = field(init=False)
    asked: Floats = field(init=False)
    option: Ints = field(init=False)
    filed: Ints = field(init=False)
    refused: Ints = field(init=False)
    granted: Floats = field(init=False)
    since: Ints = field(init=False)
    until: Ints = field(init=False)
    reserved: Floats = field(init=False)
    due: Floats = field(init=False)
    anyway: Floats = field(init=False)
    begun: Bools = field(init=False)

    def __post_init__(self) -> None:
        """Nobody has applied yet."""
        n = self.buildings
        self.asked, self.granted = np.zeros((n, OPTIONS)), np.zeros((n, OPTIONS))
        self.option, self.filed = np.zeros(n, dtype=np.int64), np.full(n, NEVER)
        self.refused = np.zeros(n, dtype=np.int64)
        self.since, self.until = np.full(n, NEVER), np.full(n, NEVER)
        self.kept, self.missed = np.zeros(len(self.chance)), np.zeros(len(self.chance))
        self.reserved, self.due, self.begun = np.zeros(n), np.zeros(n), np.zeros(n, dtype=bool)
        self.anyway = np.zeros(n)

    @property
    def pending(self) -> Bools:
        """Buildings that have applied and wait for an answer (l,)."""
        return self.filed >= 0

    @property
    def any_promised(self) -> bool:
        """Whether a grant is promised for any building."""
        return bool((self.since != NEVER).any())

    def file(self, keys: Ints, asked: Floats, option: Ints, quarter: int) -> None:
        """Applications for these buildings (rows at full size): SEK per flat by option, and the option."""
        self.asked[keys], self.option[keys], self.filed[keys] = asked, option, quarter

    def promise(self, keys: Ints, flats: Floats, quarter: int, within: int) -> None:
        """Grants for these, for the option applied for or a cheaper one, if works begin within so many quarters."""
        most = self.asked[keys, self.option[keys]]
        self.granted[keys] = np.minimum(self.asked[keys], most[:, None])
        self.reserved[keys] = most * flats
        self.since[keys], self.until[keys] = quarter, quarter + within

    def drop(self, keys: Ints) -> None:
        """Nothing is promised for these any more."""
        self.granted[keys], self.reserved[keys], self.due[keys], self.anyway[keys] = 0.0, 0.0, 0.0, 0.0
        self.begun[keys], self.since[keys], self.until[keys] = False, NEVER, NEVER
