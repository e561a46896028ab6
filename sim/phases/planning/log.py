"""The log of talks: who asked whom for what, what was offered, and why it came to nothing; a row a programme and
partner. Written down as it happens, and read by nobody within the run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.names import programme_name
from sim.phases.planning.proposals import Proposals
from sim.rules.social import PAYER_NAMES, PAYERS
from sim.world.columns import Bools, Floats, Ints, Numbers
from sim.world.notes import OWNER, TOGETHER, Talk
from sim.world.talks import REASONS
from sim.world.world import World

UNLAWFUL, UNFUNDED = 0, 1  # what a deal lacks, in the order of REASONS


class Held(NamedTuple):
    """By programme: whether talks were ``held``, whether they were ``worth`` their cost (else staff was short), and
    whether a quarrel ended them (n,)."""

    held: Bools
    worth: Bools
    quarrel: Bools


class Programmes(NamedTuple):
    """Which one each building that was brought belongs to (``number``), and of each programme the first building (place
    in the case) and the name (n,)."""

    number: Ints
    first: list[int]
    names: list[str]

    @classmethod
    def of(cls, world: World, case: Case, found: Proposals, number: Ints) -> Programmes:
        """Those of a year's proposals."""
        first = found.places[np.unique(number, return_index=True)[1]].tolist()
        return cls(number, first, [programme_name(world, case, place) for place in first])


def log_talks(world: World, case: Case, found: Proposals, its: Programmes, lacking: Floats, short: Floats,
              held: Held) -> None:  # fmt: skip
    """A row for every programme and partner from whom something was needed.

    lacking : SEK per flat by reason, building and partner (3, n, 4). short : the same in all, SEK by reason, programme
    and partner.
    """
    flats = np.asarray(case.flats[found.places] * world.region.scale, dtype=np.float64)
    offered = by_programme(_given(found, lacking), flats, its.number)
    deal = np.bincount(its.number, found.agreed) > 0
    partners, sums = (*PAYER_NAMES, TOGETHER), short.sum(axis=0)
    some = offered + sums >= 1.0
    asked, lacks = np.argwhere(some).tolist(), np.where(short.any(axis=0), short.argmax(axis=0), -1)
    each = (x[some].tolist() for x in (offered, sums, lacks))
    towns = [world.municipalities[m].name for m in case.municipality[its.first].tolist()]
    for (programme, i), gives, short_sek, why in zip(asked, *each, strict=True):
        result, reason = _outcome(bool(deal[programme]), gives, why, held, programme)
        name, asks = its.names[programme], gives + short_sek
        row = Talk(world.quarter, towns[programme], partners[i], name, asks, gives, short_sek, result, reason)
        world.talk_log.append(row)


def _given(found: Proposals, lacking: Floats) -> Floats:
    """What each payer would give to each building's best deal and can, in the owner's eyes, SEK per flat (n, 4)."""
    agreed = found.agreed[:, None]
    part = np.where(found.agreed, found.to_owner / np.maximum(found.may.sum(axis=1), 1e-9), 1.0)
    # Of an agreed deal, what a budget or the limit on aid does not bear is lacked and not given.
    held_back = np.where(agreed, (lacking[UNLAWFUL] + lacking[UNFUNDED])[:, :PAYERS], 0.0)
    given = np.maximum(found.may * part[:, None] - held_back, 0.0)
    return np.column_stack([given, np.zeros(len(part))])


def by_programme(values: Numbers, flats: Floats, number: Ints) -> Floats:
    """Sums over buildings of SEK per flat (n, 4), by programme (programmes, 4)."""
    programmes, partners = int(number.max()) + 1, values.shape[1]
    cells = number[:, None] * partners + np.arange(partners)
    sums = np.bincount(cells.ravel(), (values * flats[:, None]).ravel(), minlength=programmes * partners)
    return sums.astype(np.float64).reshape(programmes, partners)


def _outcome(deal: bool, gives: float, lacks: int, held: Held, programme: int) -> tuple[str, str]:
    """Result and reason of one programme's talks with one partner; ``lacks`` : the reason for which most of what is
    missing is, -1 where nothing is."""
    if deal and not held.held[programme]:
        return "withdrawn", "no_staff" if held.worth[programme] else "talks_cost_more"
    if deal and held.quarrel[programme]:
        return "withdrawn", "quarrel"
    if deal and gives >= 1.0:
        return "agreed", ""
    why = REASONS[lacks] if lacks >= 0 else "not_worth_it"
    return ("short" if gives >= 1.0 else "refused"), why


def log_lapsed(world: World, case: Case) -> None:
    """What had been agreed and is not built: the owner has put it off, or builds something else, SEK to the owner."""
    lost = (case.promised > 0.0) & ((case.pick < 0) | (case.paid_worth == 0.0))
    for place in np.unique(world.buildings.neighbourhood[case.rows[lost]]):
        here = lost & (world.buildings.neighbourhood[case.rows] == place)
        for owner in np.unique(case.owner[here]):
            mine = np.flatnonzero(here & (case.owner == owner))
            sek = float(case.promised[mine].sum()) * world.region.scale
            reason = "put_off" if (case.pick[mine] < 0).any() else "builds_otherwise"
            town = world.municipalities[case.municipality[mine[0]]].name
            row = Talk(
                world.quarter,
                town,
                OWNER,
                programme_name(world, case, int(mine[0])),
                0.0,
                sek,
                0.0,
                "withdrawn",
                reason,
            )
            world.talk_log.append(row)


def log_broken(world: World, wanted: Floats, part: Floats) -> None:
    """What falls due this year and a payer's budget does not bear, SEK by municipality and payer (m, 3)."""
    short = wanted * (1.0 - part)
    for m, i in np.argwhere(short > world.p.payment_tolerance * wanted):
        asked, lacks = float(wanted[m, i]), float(short[m, i])
        name = world.municipalities[int(m)].name
        row = Talk(world.quarter, name, PAYER_NAMES[i], "", asked, asked - lacks, lacks, "broken", "no_budget")
        world.talk_log.append(row)
