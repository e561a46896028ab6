"""Whether a municipality or the county council is in the regional compact, what it sees of it, and how trust moves.

Gains are per krona that being in costs: 0 pays it back, -1 brings nothing. Arrays have one entry a municipality (n,)
unless a docstring says otherwise.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Term(IntEnum):
    """What speaks for being in a compact, or against it; in this order everywhere."""

    GAINS = 0  # what being in brings beyond being outside
    PRESSURE = 1
    DRIVE = 2
    TRUST = 3
    DOWNTURN = 4
    COURAGE = 5


class View(NamedTuple):
    """What municipalities go by. ``inside`` : gain of being in, ``outside`` : what comes to those outside for nothing,
    SEK per SEK that being in costs. ``pressure``, ``drive``, ``trust``, ``courage`` : 0-1."""

    inside: Floats
    outside: Floats
    pressure: Floats
    drive: Floats
    trust: Floats
    courage: Floats


def terms(view: View, downturn: float, p: Parameters) -> Floats:
    """The weight of every term, (6, n): their sum is above zero for those who are for it.

    A ``downturn`` (extra unemployment, share) makes the time that a compact takes dearer.
    """
    dear = -p.commitment_cost * (1.0 - view.trust)
    return np.stack(
        [
            p.commitment_gain * (view.inside - view.outside),
            p.commitment_pressure * view.pressure,
            p.commitment_drive * view.drive,
            dear,
            dear * p.commitment_downturn * downturn,
            p.commitment_courage * view.courage,
        ]
    )


def net_gain(share: Floats, works: Floats, cost: Floats, p: Parameters) -> Floats:
    """Gain per krona of cost: a ``share`` of what own ``works`` are worth (SEK a year) against a ``cost`` (SEK a year),
    believed up to ``seen_gain_most`` either way."""
    most = p.seen_gain_most
    return np.asarray(np.clip((share * works - cost) / np.maximum(cost, 1e-9), -most, most))


def wait_worth(known: Floats, works: Floats, cost: Floats, courage: Floats, p: Parameters) -> Floats:
    """What it is worth to see first what others get, per krona of cost: the less a municipality has ``known`` (years of
    members whose results it saw) and the less courage it has."""
    unsure = p.perception_spread / np.sqrt(1.0 + known)
    return np.asarray(
        np.minimum(p.waiting_worth * (1.0 - courage) * unsure * works / np.maximum(cost, 1e-9), p.seen_gain_most)
    )


def believed_share(belief: Floats, seen: Floats, part: Floats, p: Parameters) -> Floats:
    """Belief in what joint rounds bring, share of the works' worth, moved toward what was ``seen`` as far as that is
    taken in (``part``, 0-1)."""
    return np.asarray(belief + p.seen_gain_learning * part * (seen - belief))


def perceived(lasting: Floats, yearly: Floats, p: Parameters) -> Floats:
    """How much too bright or too dark each sees it, share of the works' worth, from standard normal draws: most of it
    lasts."""
    part = p.perception_lasting
    return np.asarray(p.perception_spread * (np.sqrt(part) * lasting + np.sqrt(1.0 - part) * yearly))


def drive_of_term(drive: Floats, draw: Floats, p: Parameters) -> Floats:
    """Drive of the majority of a term, 0-1, from a standard normal draw."""
    return np.asarray(np.clip(drive + p.majority_drive_spread * draw, 0.0, 1.0))


def with_convener(own: Floats, county: float, p: Parameters) -> Floats:
    """Drive of a municipality that a county council with some drive (0-1) keeps calling."""
    return np.asarray((1.0 - p.convener_weight) * own + p.convener_weight * county)


def next_trust(trust: Floats, kept: Floats, delayed: Floats, broken: Floats, p: Parameters) -> Floats:
    """Trust after a year where nobody can stay away, 0-1: up with joint rounds delivered on time, down with delay and
    broken side payments.

    kept, delayed : shares of the year's rounds. broken : side payments not made, up to 1.
    """
    # Gains shrink as trust is near 1 and losses as it is near 0: one year can neither make nor end it.
    up = p.trust_gain * kept * (1.0 - trust)
    down = (p.trust_delay * delayed + p.trust_broken * broken) * trust
    return np.asarray(np.clip(trust + up - down, 0.0, 1.0))


def next_trust_in_compact(trust: Floats, kept: Floats, broken: Floats, p: Parameters) -> Floats:
    """Trust after a year in a compact, 0-1: a broken promise costs ``trust_asymmetry`` times what a kept one earns.

    kept, broken : shares of what was promised for the year; both 0 where nothing was.
    """
    down = np.minimum(p.trust_gain * p.trust_asymmetry * broken, 1.0)
    return np.asarray(np.clip(trust + p.trust_gain * kept * (1.0 - trust) - down * trust, 0.0, 1.0))


def broken_share(due: Floats, broken: Floats) -> tuple[Floats, Floats]:
    """Shares of the year's promises that were kept and broken, each (n,), every kind that fell due counting alike.

    due, broken : how much of each kind fell due and was broken, in its own unit (kinds, n).
    """
    some = due > 0.0
    kinds = some.sum(axis=0)
    share = np.divide(broken, due, out=np.zeros_like(due), where=some)
    mean = np.minimum(share, 1.0).sum(axis=0) / np.maximum(kinds, 1)
    return np.where(kinds > 0, 1.0 - mean, 0.0), mean


def shown(realised: Floats, promised: Floats) -> Floats:
    """What the books showed of a forecast, 0-1, of any shape; more than was promised counts as all of it."""
    return np.asarray(np.clip(realised / np.maximum(promised, 1e-9), 0.0, 1.0))


def revised_confidence(confidence: Floats, realised: Floats, promised: Floats, p: Parameters) -> Floats:
    """Confidence in forecasts, 0-1 (kinds of gain, payers), moved toward what last year showed of each; unchanged where
    nothing was due. realised, promised : in each kind's own unit, of the same shape."""
    # More than was promised does not raise belief above one: forecasts are believed or not, they are not beaten.
    moved = confidence + p.confidence_learning * (shown(realised, promised) - confidence)
    return np.asarray(np.where(promised > 0.0, moved, confidence))
