"""What comes of tenders, within phase 4: the terms of contracts, and what lots leave of projects."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.phases.bidding import Bids
from sim.phases.lots import Lots, Work
from sim.randomness import Decision, Keys, normal, uniform
from sim.rules import bids, mixture, repetition
from sim.sums import pairwise
from sim.world.columns import Bools, Floats, Ints
from sim.world.projects import Contract
from sim.world.signed import TERMS
from sim.world.world import World


class Taken(NamedTuple):
    """What a lot takes of one of its projects: so many ``flats`` of the ``before`` that were there, ``out`` of it or to
    be tendered again, which leaves it a ``left`` share."""

    project: int
    flats: int
    before: int
    out: bool
    left: float


class Outcome(NamedTuple):
    """What comes of lots: the ``terms`` of contracts, one row an awarded lot; what each lot takes of its projects, in
    order; and which buildings, in the columns of lots, leave their projects."""

    terms: NDArray[Any]
    taken: list[list[Taken]]
    out: Bools


def outcome(world: World, lots: Lots, work: Work, found: Bids) -> Outcome:
    """What comes of all lots, one after another. Nothing is changed."""
    p, draws, quarter, n = world.p, world.draws, world.quarter, len(lots.keys)
    keys = np.concatenate([draws.keys(Decision.APPEAL, quarter, 2), draws.keys(Decision.CHANGE_ORDER, quarter, 2)])
    at_large = np.array((world.surroundings.wage_premium(p), world.region.scale, quarter, world.cost_level))
    terms = np.zeros(np.count_nonzero(found.winner >= 0), dtype=TERMS)
    tenders, flats = np.array([(q.tenders, q.flats) for q in lots.projects], dtype=np.int64).T.copy()
    taken, left, out = np.zeros((n, 5), dtype=np.int64), np.zeros(n), np.zeros(n, dtype=bool)
    count = _agree(
        lots.starts, lots.keys, lots.project, world.buildings.flats[lots.buildings], lots.modelled, lots.options,
        lots.mix, work.shares,
        lots.pooled, np.array((work.reference, work.labour, work.crew, work.quarters, found.places, found.rise)),
        found.winner, found.prices, found.ahead, keys, at_large, p.numbers, tenders, flats, terms, taken, left, out,
    )  # fmt: skip
    each: list[list[Taken]] = [[] for _ in range(len(lots))]
    for (lot, project, some, before, away), share in zip(taken[:count].tolist(), left[:count].tolist(), strict=True):
        each[lot].append(Taken(project, some, before, bool(away), share))
    return Outcome(terms, each, out)


def contracts(world: World, lots: Lots, work: Work, found: Bids, then: Outcome) -> list[Contract]:
    """Contracts of all lots that are awarded, in order, of buildings with the owners that decided to build: some may
    have been sold since."""
    if not len(then.terms):
        return []
    b, won, size = world.buildings, found.winner >= 0, np.diff(lots.starts)
    rows = np.flatnonzero(np.repeat(won, size))
    keys, buildings, options = lots.keys[rows], lots.buildings[rows], lots.options[rows]
    modelled, mix, shares = lots.modelled[rows], lots.mix[rows], work.shares[rows]
    owners = np.array([q.owner for q in lots.projects], dtype=np.int64)[lots.project[rows]]
    flats, ends = b.flats[buildings], np.cumsum(size[won])
    heat = world.at_full_size.energy[keys] * (b.area[buildings] * flats)
    first = world.signed.add(then.terms, ends, buildings, options, flats, owners, shares, modelled)
    signed, start = [], 0
    for i, (t, end) in enumerate(zip(then.terms.tolist(), ends.tolist(), strict=True)):
        builder, pooled, price, reference, labour_cost, materials_cost, labour, crew, pace, quarters = t[:10]
        begins, change, places, clause, appealed, built, mixed = t[10:17]
        here = slice(start, end)
        signed.append(
            Contract(
                row=first + i,
                builder=int(builder),
                keys=keys[here],
                buildings=buildings[here],
                modelled=modelled[here],
                options=options[here],
                mix=mix[here],
                built=int(built),
                mixed=bool(mixed),
                owners=owners[here],
                flats=flats[here],
                cost_shares=shares[here],
                price=price,
                reference=reference,
                labour_cost=labour_cost,
                materials_cost=materials_cost,
                labour=labour,
                crew=crew,
                pace=pace,
                quarters=int(quarters),
                awarded=world.quarter,
                start=int(begins),
                appealed=bool(appealed),
                change=change,
                pooled=bool(pooled),
                places=places,
                clause=clause,
                heat=heat[here],
            )
        )
        start = end
    return signed


@kernel
def _agree(starts: Ints, firsts: Ints, project: Ints, flats: Ints, modelled: Bools, options: Ints, mix: Floats,
           shares: Floats, pooled: Bools,
           asked: Floats, winner: Ints, prices: Floats, ahead: Floats, keys: Keys, at_large: Floats, numbers: Any,
           tenders: Ints, left_flats: Ints, terms: Any, taken: Ints, left: Floats, out: Bools) -> int:  # fmt: skip
    """One lot after another: the terms at which its winner builds it, and what it takes of each project.

    Columns of buildings, by lot: key, project, flats, whether modelled, option and mixture, share of the lot's cost.
    ``asked`` of lots are reference (SEK), labour, crew, quarters, places of the clause per SEK and what it adds.
    ``at_large`` are the wage premium, the scale, the quarter and the price level of works. Columns of projects: tenders
    and flats left, which change. Returns how many rows of ``taken`` (lot, project, flats, of how many, whether out of
    it) and ``left`` are written.
    """
    p, premium, scale, now = numbers[0], at_large[0], at_large[1], at_large[2]
    signed, count = 0, 0
    for i in range(len(pooled)):
        first, last, builder = starts[i], starts[i + 1], winner[i]
        if builder >= 0:
            reference = asked[0, i]
            price = prices[i, builder] * reference + p.lot_setup
            # Appeals delay the start; change orders will raise the bill, half as much in partnering.
            row = firsts[first]
            appealed = uniform(keys[0], row) < p.appeal_chance
            wait = np.rint(p.appeal_quarters * (p.appeal_shortest + uniform(keys[1], row))) if appealed else 0.0
            # They are unequal between contracts and right-skewed; partnering, which frameworks use, lowers them.
            z, spread = normal(uniform(keys[2], row), uniform(keys[3], row)), p.change_orders_spread
            change = p.change_orders * np.exp(spread * z - 0.5 * spread**2) * (p.partnering if pooled[i] else 1.0)
            practice = ahead[i, builder]
            pace = min(repetition.productivity(practice, p.learning_time), p.pace_most)
            practised = repetition.productivity(practice, repetition.labour_rate(p))
            labour, materials = bids.cost_of_work(reference, premium, practised, p)
            modelled_shares, some, built, mixed = np.empty(last - first), 0, 0, 0.0
            for k in range(first, last):
                modelled_shares[some] = shares[k]
                some += modelled[k]
                built |= 1 << options[k]
                for part in range(mix.shape[1]):
                    if mix[k, part] != 0.0:
                        built |= 1 << mixture.options_of(part, options[k])
                        mixed = 1.0
            c = terms[signed]
            c.price, c.reference, c.drifted, c.labour_cost = price, reference / at_large[3], reference, labour
            c.materials_cost = materials + p.lot_setup / (1.0 + p.vat)  # fences, cranes and huts
            c.labour, c.crew, c.pace = asked[1, i], asked[2, i], pace
            c.quarters = max(np.rint(asked[3, i] / pace), 1.0)
            c.start, c.change = now + 1.0 + wait, change
            # A clause asks for places by the contract's worth, as procurement agencies recommend, not by its flats.
            c.places, c.clause = asked[4, i] * price * scale, asked[5, i] * price
            c.builder, c.pooled, c.ahead = builder, 1.0 if pooled[i] else 0.0, practice
            c.appealed, c.built, c.mixed = 1.0 if appealed else 0.0, built, mixed
            c.works = price * (1.0 + change)
            c.total = c.works + c.clause
            c.modelled_cost = 1.0 if some == last - first else pairwise(modelled_shares[:some])
            signed += 1

        # What nobody wants is tendered again, and after some times goes back to planning.
        for k in range(first, last):
            q, some, again = project[k], 0, False
            for other in range(first, last):
                if project[other] == q:
                    again = again or other < k
                    some += flats[other]
            if again:
                continue
            tenders[q] += builder < 0
            away, before = builder >= 0 or tenders[q] >= p.tender_tries, left_flats[q]
            taken[count, 0], taken[count, 1], taken[count, 2], taken[count, 3] = i, q, some, before
            taken[count, 4], left[count] = away, 1.0
            if away:
                left_flats[q] = before - some
                left[count] = left_flats[q] / before
                for other in range(first, last):
                    out[other] = out[other] or project[other] == q
            count += 1
    return count
