"""Grants as owners meet them: what a programme offers, whether applying pays, how a panel ranks, what is learned.

Money is SEK per flat unless said otherwise; arrays (n, 9) are buildings by option. No function draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Terms(NamedTuple):
    """What a programme offers, and for what.

    rate : share of what the grant is for. cap : SEK per flat. least_saving : share of heat that works must save.
    most_energy : kWh/m2.year that the building may use afterwards, 0 for no limit. own_funding : least share of the
    cost that the owner bears.
    """

    rate: float
    cap: float
    least_saving: float
    most_energy: float
    own_funding: float


class Hopes(NamedTuple):
    """What owners see in a grant for each building (n,), SEK per flat against postponing for ever.

    without, granted : worth of the best option without the grant and with it, at least 0. begins : whether its works
    would begin this year if it did not wait for an answer. chance : believed, of being granted and of the programme
    being there by then, 0-1. later : what a krona is worth when the answer comes.
    """

    without: Floats
    granted: Floats
    begins: Bools
    chance: Floats
    later: Floats


def offered(terms: Terms, base: Floats, cost: Floats, saving: Floats, energy: Floats) -> Floats:
    """The grant of each option (n, 9), 0 where works do not reach what the programme asks for.

    base : what the grant is a share of. saving : share of heat (9,). energy : kWh/m2.year before (n,).
    """
    most = np.minimum(terms.cap, (1.0 - terms.own_funding) * cost)
    reached = np.broadcast_to(saving >= terms.least_saving, cost.shape)
    if terms.most_energy > 0.0:
        reached = reached & (energy[:, None] * (1.0 - saving)[None, :] <= terms.most_energy)
    return np.where(reached, np.minimum(terms.rate * base, most), 0.0)


def believed(chance: Floats, quarters: float, p: Parameters) -> Floats:
    """Believed chance of a grant that is answered in so many quarters: until then rules may change, or money end."""
    return np.asarray(chance * (1.0 - p.grant_doubt) ** (quarters / 4.0))


def gain(x: Hopes) -> Floats:
    """What applying is worth before its work, SEK per flat (n,): a chance of better works later, against what is built
    now where the owner would not have to wait, and against the same works later where nothing would begin anyway."""
    hoped = x.later * (x.chance * x.granted + (1.0 - x.chance) * x.without)
    return np.asarray(hoped - np.where(x.begins, x.without, x.later * x.without))


def work(burden: float, flats: Floats, p: Parameters) -> Floats:
    """What an application takes of each owner, SEK: more of those too small to have staff for it, who buy it.

    burden : SEK per application. flats : that each owner has.
    """
    return np.asarray(burden * np.where(flats < p.grant_staffed_flats, p.grant_unstaffed_work, 1.0))


def arrival(u: Floats, flats: Floats, p: Parameters) -> Floats:
    """When applications arrive (n,), the first first: by chance, later from owners without staff for it.

    u : uniform in 0-1 (n,). flats : of their owners (n,).
    """
    return np.asarray(u + p.grant_unstaffed_late * (flats < p.grant_staffed_flats))


def within(order: Ints, sek: Floats, money: float) -> Ints:
    """Of applications in their order, those that the money reaches; what is too large for the rest is passed over."""
    granted = []
    for i in order.tolist():
        if sek[i] <= money:
            granted.append(i)
            money -= float(sek[i])
    return np.array(granted, dtype=np.int64)


def ranked(saved: Floats, asked: Floats, social: Floats, z: Floats, p: Parameters) -> Ints:
    """A panel's order of projects, the best first: energy saved per krona and social content, each against the mean of
    the round, as the panel sees them.

    saved : kWh a year. asked : SEK. social : share of tenants with low incomes. z : standard normal error; all (n,).
    """
    each = saved / np.maximum(asked, 1.0)
    score = each / max(float(each.mean()), 1e-9) + p.panel_social * social / max(float(social.mean()), 1e-9)
    return np.argsort(-(score + p.panel_error * z), kind="stable")


def learnt(chance: Floats, asked: Floats, got: Floats, p: Parameters) -> Floats:
    """Chance that each owner believes in after a round of answers (owners,): from its own outcomes and from all.

    asked, got : its applications answered, and of them granted. Who had none looks at the others.
    """
    if asked.sum() == 0.0:
        return chance
    own, everybody = got / np.maximum(asked, 1.0), got.sum() / asked.sum()
    seen = np.where(asked > 0.0, p.grant_own_weight * own + (1.0 - p.grant_own_weight) * everybody, everybody)
    return np.asarray(chance + p.grant_learning * (seen - chance))
