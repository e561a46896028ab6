"""A year of the compact is over: what joint lots cost against others, what it brought, which promises were kept."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.rules import commitment as rules
from sim.rules.social import MUNICIPALITY, Gain
from sim.world.books import Flow
from sim.world.columns import Bools, Floats
from sim.world.plans import Slip
from sim.world.sight import compact_as_seen
from sim.world.tallies import Tally
from sim.world.world import World

OWN_REASONS = (Slip.MONEY, Slip.CONSENT, Slip.STAFF, Slip.PRICE)  # an owner's own; hands and bids are the market's
TALKS = (Flow.COORDINATION_MUNICIPALITIES, Flow.COORDINATION_COMPANIES, Flow.FRAMEWORK_DESIGN)


def close(world: World) -> None:
    """Count the quarter's training places; in the last quarter of a year municipalities learn from it, members from
    their own results, the others from what they hear, and a new year begins."""
    if scope.convened(world):
        _count_places(world)
    if (world.quarter + 1) % 4:
        return
    if scope.convened(world):
        members = scope.at_the_table(world) > 0.0
        _judge(world, members)
        _prices(world)
        _learn(world, members)
        for m in world.municipalities:
            m.kept = m.delayed = m.broken = 0.0
    world.compact.clear()


def _count_places(world: World) -> None:
    """Training places of the quarter that were filled, and that were promised and not filled."""
    of, m = world.region.neighbourhoods.municipality_index, len(world.municipalities)
    for kind, into in ((Tally.PLACEMENTS, world.compact.filled), (Tally.PLACES_UNFILLED, world.compact.unfilled)):
        into += np.bincount(of, world.tallies.of(kind), minlength=m)


def _judge(world: World, members: Bools) -> None:
    """Trust, from the year's promises among members; those outside hear of it."""
    ms, p = world.municipalities, world.p
    kept, broken = rules.broken_share(*_promises(world, members))
    heard = p.commitment_hearsay * members.any()
    kept = np.where(members, kept, heard * _mean(kept, members))
    broken = np.where(members, broken, heard * _mean(broken, members))
    after = rules.next_trust_in_compact(np.array([m.trust for m in ms]), kept, broken, p)
    for m, trust in zip(ms, after, strict=True):
        m.trust = float(trust)
    world.county_council.trust = float(after.mean())


def _promises(world: World, members: Bools) -> tuple[Floats, Floats]:
    """What was promised to each member and fell due this year, and the part of it that was broken, (5, m) each: joint
    lots built in time, payments of partners, training places, the volume that others announced, and their staying."""
    ms, p, compact = world.municipalities, world.p, world.compact
    kept, late, unpaid = (np.array([getattr(m, name) for m in ms]) for name in ("kept", "delayed", "broken"))
    # A round that is late has been broken in part; one that nobody built, wholly.
    in_part = p.trust_delay / max(p.trust_broken, 1e-9)
    planned, withheld = _volumes(world)
    others = [_of_others(x, members) for x in (planned, withheld)]
    stayed = np.full(len(ms), float(compact.were))
    due = np.stack(
        [kept + late + compact.failed, 1.0 * compact.owed, compact.filled + compact.unfilled, others[0], stayed]
    )
    broken = np.stack([min(in_part, 1.0) * late + compact.failed, np.minimum(unpaid, 1.0), compact.unfilled, others[1],
                       np.full(len(ms), compact.left)])  # fmt: skip
    return due, broken


def _volumes(world: World) -> tuple[Floats, Floats]:
    """Flats that each housing company announced for this year, and those of them that it held back for reasons of its
    own, (m,) each."""
    plans, n = world.plans, len(world.municipalities)
    rows = world.rows_like(np.arange(world.plans.buildings))
    owner, flats = world.buildings.owner[rows], world.buildings.flats[rows]
    company = owner < n
    held = plans.planned & ~plans.begun & np.isin(plans.slip, [int(x) for x in OWN_REASONS])
    told = np.bincount(owner[company & plans.planned], flats[company & plans.planned], minlength=n)
    withheld = np.bincount(owner[company & held], flats[company & held], minlength=n)
    return told.astype(np.float64), withheld.astype(np.float64)


def _of_others(values: Floats, members: Bools) -> Floats:
    """The sum over a municipality's fellow members, (m,)."""
    return np.asarray(float(values[members].sum()) - values * members)


def _mean(values: Floats, members: Bools) -> float:
    return float(values[members].mean()) if members.any() else 0.0


def _prices(world: World) -> None:
    """What lots cost over their reference, remembered; the first joint lots are believed as they are."""
    compact, part = world.compact, world.p.seen_gain_learning
    single, joint = compact.paid / np.maximum(compact.reference, 1e-9)
    if compact.reference[0] > 0.0:
        compact.single_price += part * (float(single) - compact.single_price)
        compact.spilt += part * (compact.saved / float(compact.reference[0]) - compact.spilt)
    if compact.reference[1] > 0.0:
        before = float(joint) if np.isnan(compact.joint_price) else compact.joint_price
        compact.joint_price = before + part * (float(joint) - before)


def _learn(world: World, members: Bools) -> None:
    """What joint rounds brought, per krona of works: own results for members, those of all members for the others."""
    compact, p = world.compact, world.p
    works = compact.joint + compact.single
    seen = members & (works > 0.0)
    if seen.any():
        gained, paid = _gained(world), sum(world.books.last_year(flow)[: len(works)] for flow in TALKS)
        fee = scope.coordination_cost_factor(world) * p.compact_staff * world.region.scale
        rate = float(np.maximum(paid - fee, 0.0)[seen].sum() / works[seen].sum())
        compact.talk_rate += p.seen_gain_learning * (rate - compact.talk_rate)
        heard = float(gained[seen].sum() / works[seen].sum())
        found = np.where(seen, gained / np.maximum(works, 1e-9), heard)
        part = np.where(seen, 1.0, p.commitment_hearsay)
        compact.belief = rules.believed_share(compact.belief, found + compact_as_seen(world), part, p)
        compact.known += np.where(seen, 1.0, p.commitment_hearsay * seen.sum())
    compact.volume += p.seen_gain_learning * (works - compact.volume)


def _gained(world: World) -> Floats:
    """What joint rounds brought each municipality and its company this year, SEK (m,): cheaper lots, what other budgets
    paid, and its own part of the gain from trainees at work."""
    compact, books, m = world.compact, world.books, len(world.municipalities)
    paid = books.last_year(Flow.SIDE_PAYMENT_COUNTY) + books.last_year(Flow.SIDE_PAYMENT_STATE)
    jobs = np.array([float(x.realised[Gain.JOBS, MUNICIPALITY]) for x in world.municipalities])
    return np.asarray(compact.advantage * compact.joint + paid[:m] + jobs)
