"""The compact of municipalities: what each has seen of it, and what the year under way has shown so far.

Money is to the scale of the region. Nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.rules.commitment import Term
from sim.world.columns import Bools, Floats, Ints


@dataclass(eq=False)
class Compact:
    """One region's. ``acts`` : whether enough municipalities are in. ``meetings`` : that the county's staff still owes,
    less than one once a year has opened. ``met`` : quarter of each municipality's latest one, -1 before (m,).

    Remembered of what was seen: ``belief`` in what joint rounds bring, share of the works' worth (m,); ``known`` years
    of members whose results each has seen (m,); ``volume`` of own works, SEK a year (m,); ``talk_rate``, SEK of talks
    per SEK of members' works; ``single_price`` and ``joint_price`` of awards over their reference, and ``spilt``, the
    part of it that single lots are cheaper by because firms practised on joint ones. ``at_joining`` : every term when
    each joined (6, m).

    Of the year so far: ``joint`` and ``single``, what companies' works in lots of the two kinds would cost at the
    reference, SEK (m,); ``paid`` and ``reference`` of all single and all joint lots, SEK (2,); ``saved`` by what spilt
    over, SEK; ``filled``, ``unfilled`` training places and ``failed`` joint lots (m,); ``owed``, whether partners owed
    the company anything (m,). ``left`` : of ``were`` members, those who went when the year opened.
    """

    municipalities: int
    acts: bool = False
    meetings: float = 0.0
    talk_rate: float = 0.0
    single_price: float = 1.0
    joint_price: float = float("nan")
    spilt: float = 0.0
    saved: float = 0.0
    left: float = 0.0
    were: float = 0.0
    looked: bool = False
    met: Ints = field(init=False)
    belief: Floats = field(init=False)
    known: Floats = field(init=False)
    volume: Floats = field(init=False)
    at_joining: Floats = field(init=False)
    joint: Floats = field(init=False)
    single: Floats = field(init=False)
    paid: Floats = field(init=False)
    reference: Floats = field(init=False)
    filled: Floats = field(init=False)
    unfilled: Floats = field(init=False)
    failed: Floats = field(init=False)
    owed: Bools = field(init=False)

    def __post_init__(self) -> None:
        """Nothing has been seen yet."""
        m = self.municipalities
        self.met = np.full(m, -1)
        self.belief, self.known, self.volume = np.zeros(m), np.zeros(m), np.zeros(m)
        self.at_joining = np.zeros((len(Term), m))
        self.clear()

    def clear(self) -> None:
        """A new year: nothing has been bought, filled or broken."""
        m = self.municipalities
        self.joint, self.single, self.paid, self.reference = np.zeros(m), np.zeros(m), np.zeros(2), np.zeros(2)
        self.filled, self.unfilled, self.failed = np.zeros(m), np.zeros(m), np.zeros(m)
        self.owed = np.zeros(m, dtype=bool)
        self.saved = 0.0

    def bought(self, joint: bool, companies: Floats, price: float, reference: float, saved: float) -> None:
        """A lot has been awarded: what its companies' parts would cost at the reference (m,), its price and reference,
        and what of the price was saved by practice on joint lots; all SEK."""
        works = self.joint if joint else self.single
        works += companies
        self.paid[int(joint)] += price
        self.reference[int(joint)] += reference
        self.saved += 0.0 if joint else saved

    @property
    def advantage(self) -> float:
        """By what share of their worth works are cheaper in joint lots than they would be without any such lot; 0 as
        long as there was none."""
        return 0.0 if np.isnan(self.joint_price) else self.single_price + self.spilt - self.joint_price
