"""Progress of works within phase 5: what crews get done on open sites, what is paid for it, what is finished."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel
from sim.rules import bids
from sim.rules.choice import OPTIONS
from sim.rules.training import supervision
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract
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
    signed, outside = world.signed, world.surroundings
    rows = np.array([c.row for c in sites])
    progress, before = np.array([c.progress for c in sites]), [c.finished for c in sites]
    ready, buildings = np.array(before), int((signed.starts[rows + 1] - signed.starts[rows]).sum())
    borrowers, sek = np.empty(buildings, dtype=np.int64), np.empty(buildings)
    # Firms put their own people on their sites, less those a hot market takes.
    have = firms.workers * (1.0 - bids.elsewhere(outside.other_demand, p))
    there = max(1.0 - p.absence * max(outside.shortage - p.shortage_start, 0.0), 0.0)
    loans = _work(
        rows, signed.terms, progress, ready, signed.starts, signed.buildings, signed.options, signed.flats,
        signed.owners, signed.shares, b.municipality, b.neighbourhood, have, world.trainees_by_builder, firms.busy,
        firms.places_owed, firms.experience, firms.taught, np.array([there, world.region.scale, world.quarter]),
        p.numbers, spent, paid, late, borrowers, sek,
    )  # fmt: skip
    world.borrow_each(borrowers[:loans], sek[:loans])
    world.tallies.add(RegionTally.FINISHED, float(late[0]))
    world.tallies.add(RegionTally.DELAY, float(late[1]))
    done: list[tuple[Contract, Ints]] = []
    for c, now, first, last in zip(sites, progress.tolist(), before, ready.tolist(), strict=True):
        c.progress, c.finished = now, last
        if last > first:
            done.append((c, np.arange(first, last)))
    return spent, paid.reshape(2, k), done


@kernel
def _work(rows: Ints, terms: Any, progress: Floats, finished: Ints, starts: Ints, buildings: Ints, options: Ints,
          flats: Ints, owners: Ints, shares: Floats, towns: Ints, places: Ints, have: Floats, trainees: Floats,
          busy: Floats, owed: Floats, experience: Floats, taught: Floats, at_large: Floats, numbers: Any,
          spent: Floats, paid: Floats, late: Floats, borrowers: Ints, sek: Floats) -> int:  # fmt: skip
    """One contract after another: progress and finished buildings, and what is paid.

    Columns of open sites: ``rows`` among all contracts, progress, buildings finished. ``terms`` to ``shares`` are those
    of all contracts and of their buildings (sim/world/signed.py). Columns of modelled buildings: municipality and
    neighbourhood. Columns of firms: workers that it has for sites, trainees, busy, places owed, experience.
    ``at_large`` are the share of workers that is not absent, the scale and the quarter. ``spent``, ``paid`` (landlords'
    places come after all of companies') and ``late`` (finished, quarters late; to scale) grow; ``borrowers`` and
    ``sek`` are what landlords pay, of which there are as many rows as are returned.
    """
    p, present, scale, quarter = numbers[0], at_large[0], at_large[1], at_large[2]
    companies, estates, loans = spent.shape[1], len(paid) // 2, 0
    there = np.zeros(len(have))  # share of planned crews that each firm can put on its sites
    for row in rows:
        there[int(terms[row].builder)] += terms[row].crew
    for firm in range(len(have)):
        there[firm] = min(have[firm] / there[firm] if there[firm] > 0.0 else 1.0, 1.0) * present
    for i in range(len(rows)):
        c, first, last = terms[rows[i]], starts[rows[i]], starts[rows[i] + 1]
        builder, crew, town = int(c.builder), c.crew, towns[buildings[first]]
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
        price = c.total * step
        for j in range(first, last):
            if shares[j] == 0.0:
                continue
            share, again, private = 0.0, False, owners[j] >= companies
            for other in range(first, last):
                if owners[other] == owners[j] and places[buildings[other]] == places[buildings[j]]:
                    again = again or (other < j and shares[other] != 0.0)
                    share += shares[other]
            if not again:
                paid[places[buildings[j]] + estates * private] += price * share
                if private and price * share != 0.0:
                    borrowers[loans], sek[loans] = owners[j], price * share
                    loans += 1
        # Change orders are more work for the same building; what else the price holds is margin.
        more *= step
        modelled = c.modelled_cost
        spent[0, town] += c.works * step * modelled
        spent[1, town] += c.labour_cost * more * modelled
        spent[2, town] += c.materials_cost * more * modelled
        spent[3, town] += c.clause * step * modelled

        # Buildings are finished in order.
        done, ready, count = finished[i], 0, last - first
        in_all, so_far = flats[first:last].sum(), flats[first]
        while ready < count and so_far / in_all <= progress[i] + 1e-9:
            ready += 1
            so_far += flats[min(first + ready, last - 1)]
        if ready <= done:
            continue
        series, behind = np.zeros(OPTIONS), 0.0
        for building in range(done, ready):
            planned = np.ceil((building + 1) / count * c.quarters)
            behind += max(quarter - (c.start + planned - 1.0), 0.0)
            series[options[first + building]] += flats[first + building]
        late[0] += (ready - done) * scale
        late[1] += behind * scale
        for option in range(OPTIONS):
            experience[builder, option] += series[option] / p.lot_flats
            if c.pooled > 0.0:
                taught[builder, option] += series[option] / p.lot_flats
        finished[i] = ready
    return loans
