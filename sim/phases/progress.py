"""Progress of works within phase 5: what crews get done on open sites, what is paid for it, what is finished."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.rules import bids
from sim.rules.choice import OPTIONS
from sim.rules.training import supervision
from sim.world.columns import Floats, Ints
from sim.world.projects import TERMS, Contract
from sim.world.tallies import RegionTally
from sim.world.world import World


def work_on(world: World, sites: list[Contract]) -> tuple[Floats, Floats, list[tuple[Contract, Ints]]]:
    """A quarter on open sites. Private owners draw loans for what they pay.

    Returns price of works, labour, materials and price of training by municipality, SEK (4, m); what housing companies
    and landlords pay, by neighbourhood, SEK (2, k); and the buildings finished, as places in their contract.
    """
    firms, b, p = world.firms, world.buildings, world.p
    m, k = len(world.municipalities), len(world.neighbourhoods)
    spent, paid, late = np.zeros((4, m)), np.zeros(2 * k), np.zeros(2)
    if not sites:
        return spent, paid.reshape(2, k), []
    fixed = np.concatenate([c.fixed for c in sites]).view(TERMS)
    progress = np.array([c.progress for c in sites])
    buildings, options, flats, owners = np.concatenate([c.columns for c in sites], axis=1)
    shares = np.concatenate([c.modelled_shares for c in sites])
    starts = np.array([0, *itertools.accumulate([len(c.keys) for c in sites])])
    private, sek = owners >= m, np.zeros(len(owners))
    payers = b.neighbourhood[buildings] + k * private
    before = np.array([c.finished for c in sites])
    ready = before.copy()
    _work(fixed, progress, ready, starts, b.municipality[buildings[starts[:-1]]], options, flats, owners, payers,
          shares, _there(world, fixed), world.trainees_by_builder, firms.busy, firms.places_owed,
          firms.experience, firms.taught, np.array([world.region.scale, world.quarter]), p.numbers, spent, paid, sek,
          late)  # fmt: skip
    loans = np.flatnonzero(private & (sek != 0.0))
    world.borrow_each(owners[loans], sek[loans])
    world.tallies.add(RegionTally.FINISHED, float(late[0]))
    world.tallies.add(RegionTally.DELAY, float(late[1]))
    done: list[tuple[Contract, Ints]] = []
    for c, now, first, last in zip(sites, progress.tolist(), before.tolist(), ready.tolist(), strict=True):
        c.progress, c.finished = now, last
        if last > first:
            done.append((c, np.arange(first, last)))
    return spent, paid.reshape(2, k), done


def _there(world: World, fixed: NDArray[np.void]) -> Floats:
    """Share of planned crews that each firm can put on its sites: its own people, less those a hot market takes."""
    outside, p, firms = world.surroundings, world.p, world.firms
    there = max(1.0 - p.absence * max(outside.shortage - p.shortage_start, 0.0), 0.0)
    need = np.bincount(fixed["builder"].astype(np.int64), fixed["crew"], minlength=len(firms))
    have = firms.workers * (1.0 - bids.elsewhere(outside.other_demand, p))
    share = np.divide(have, need, out=np.ones(len(firms)), where=need > 0.0)
    return np.asarray(np.minimum(share, 1.0) * there)


@kernel
def _work(fixed: Any, progress: Floats, finished: Ints, starts: Ints, towns: Ints, options: Ints, flats: Ints,
          owners: Ints, payers: Ints, shares: Floats, there: Floats, trainees: Floats, busy: Floats, owed: Floats,
          experience: Floats, taught: Floats, scale_and_quarter: Floats, numbers: Any, spent: Floats, paid: Floats,
          sek: Floats, late: Floats) -> None:  # fmt: skip
    """One contract after another: progress and finished buildings, and what is paid.

    Columns of contracts: what of them is fixed, the town of the first building. Columns of their buildings: option,
    flats, owner, who pays (its place; landlords' come after all of companies') and the share of the cost, none of
    buildings that are not modelled. Columns of firms: share of crews that is there, trainees, busy, places owed,
    experience. ``spent``, ``paid``, ``sek`` (of an owner's buildings in a place, at the first of them) and ``late``
    (finished, quarters late; to scale) grow.
    """
    p, scale, quarter = numbers[0], scale_and_quarter[0], scale_and_quarter[1]
    for i in range(len(progress)):
        c = fixed[i]
        builder, crew = int(c.builder), c.crew
        # Trainees of a firm are shown the work by all its crews alike.
        here = trainees[builder] * crew / max(busy[builder], 1e-9)
        shown = supervision(here / scale, crew / scale, p)
        # Change orders are more work as well as more money; the practised pace was counted on at signing.
        worked = crew / 4.0 * there[builder] * (1.0 - shown) * c.pace
        # The last quarter does only what is left: progress ends at one, and so do payments.
        # Works that need no hands take their planned time all the same.
        labour, more = c.labour, 1.0 + c.change
        step = worked / (labour * more) if labour > 0.0 else 1.0 / c.quarters
        step = min(step, 1.0 - progress[i])
        progress[i] += step
        owed[builder] += c.places * step

        # Owners pay for progress, once for all that each has in a place.
        price, last = c.total * step, starts[i + 1]
        for j in range(starts[i], last):
            share, again = 0.0, False
            for other in range(starts[i], last):
                if owners[other] == owners[j] and payers[other] == payers[j] and shares[other] != 0.0:
                    again = again or other < j
                    share += shares[other]
            if shares[j] != 0.0 and not again:
                sek[j] = price * share
                paid[payers[j]] += sek[j]
        # Change orders are more work for the same building; what else the price holds is margin.
        more *= step
        modelled = c.modelled_cost
        spent[0, towns[i]] += c.works * step * modelled
        spent[1, towns[i]] += c.labour_cost * more * modelled
        spent[2, towns[i]] += c.materials_cost * more * modelled
        spent[3, towns[i]] += c.clause * step * modelled

        # Buildings are finished in order.
        first, ready, count = finished[i], 0, last - starts[i]
        in_all, so_far = flats[starts[i] : last].sum(), flats[starts[i]]
        while ready < count and so_far / in_all <= progress[i] + 1e-9:
            ready += 1
            so_far += flats[min(starts[i] + ready, last - 1)]
        if ready <= first:
            continue
        series, behind = np.zeros(OPTIONS), 0.0
        for done in range(first, ready):
            planned = np.ceil((done + 1) / count * c.quarters)
            behind += max(quarter - (c.start + planned - 1.0), 0.0)
            series[options[starts[i] + done]] += flats[starts[i] + done]
        late[0] += (ready - first) * scale
        late[1] += behind * scale
        for option in range(OPTIONS):
            experience[builder, option] += series[option] / p.lot_flats
            if c.pooled > 0.0:
                taught[builder, option] += series[option] / p.lot_flats
        finished[i] = ready
