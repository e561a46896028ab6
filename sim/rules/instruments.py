"""By which instrument a public payer may lawfully pay a housing company for which of its gains (law of 2011).

A payer that gains and has no instrument for it refuses because it must: another wrong pocket than having no money, or
gaining too little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.social import COUNTY, MUNICIPALITY, PAYERS, STATE, Gain

Bools = NDArray[np.bool_]


class Instrument(NamedTuple):
    """One lawful way to pay. ``aid``: it favours the company and counts against the state-aid limit; what is bought at
    its price does not. ``by_results``: paid as far as the gain shows, not as it was forecast. ``flexible``: only with
    flexible state funding. ``law``: where that stands."""

    payer: int
    gain: Gain
    aid: bool
    by_results: bool
    flexible: bool
    law: str


INSTRUMENTS = (
    Instrument(MUNICIPALITY, Gain.JOBS, False, False, False,
               "places for its clients bought as a service at market price: no aid (kommunallagen; TFEU 107)"),
    Instrument(MUNICIPALITY, Gain.CLIMATE, True, False, False,
               "owner's contribution to its company: aid beyond de minimis (2010:879; TFEU 107, EU 360/2012)"),
    Instrument(MUNICIPALITY, Gain.WORKS, True, False, False, "the same"),
    Instrument(MUNICIPALITY, Gain.SUPPORT, True, False, False, "the same: assistance spared by a lower rent"),
    Instrument(COUNTY, Gain.HEALTH, False, True, False,
               "health care is its task, housing is not: prevention bought by results (hälso- och sjukvårdslagen)"),
    Instrument(STATE, Gain.JOBS, False, True, True, "ordinance on flexible funding; what is not reached is paid back"),
    Instrument(STATE, Gain.CLIMATE, False, True, True, "the same; heat saved is metered"),
)  # fmt: skip
# No instrument: the county council for jobs, climate or tax; the state because tax comes in or allowances are spared;
# any of them to private landlords for anything but what it buys.


def _mask(rows: tuple[Instrument, ...]) -> Bools:
    """Which of payers and kinds of gain these instruments are for, (3, 5)."""
    found = np.zeros((PAYERS, len(Gain)), dtype=bool)
    for row in rows:
        found[row.payer, row.gain] = True
    return found


AID = _mask(tuple(row for row in INSTRUMENTS if row.aid))
BY_RESULTS = _mask(tuple(row for row in INSTRUMENTS if row.by_results))
_ALWAYS = _mask(tuple(row for row in INSTRUMENTS if not row.flexible))
_EVER = _mask(INSTRUMENTS)


def lawful(flexible: bool) -> Bools:
    """What each payer may pay for (3 payers, 5 kinds), without and with flexible state funding."""
    return _EVER if flexible else _ALWAYS
