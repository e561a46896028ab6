"""Why there was no deal, by payer: it was not lawful, there was no budget, or it was not worth it.

Three different wrong pockets, told apart by what the best deal lacks.
"""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.log import Held, Programmes, by_programme, log_talks
from sim.phases.planning.pockets import Payable
from sim.phases.planning.proposals import Proposals
from sim.rules.social import MUNICIPALITY, PAYER_NAMES, PAYERS
from sim.world.columns import Floats, Ints
from sim.world.notes import TOGETHER, Refusal
from sim.world.talks import REASONS
from sim.world.world import World


def note_shortfalls(world: World, case: Case, found: Proposals, number: Ints, payable: Payable, held: Held) -> None:
    """Write down what the year's deals lack; ``number`` says which programme each building belongs to."""
    flats = np.asarray(case.flats[found.places] * world.region.scale, dtype=np.float64)
    lacking, its = _lacking(found, payable), Programmes.of(world, case, found, number)
    sums = [by_programme(part, flats, number) for part in lacking]
    log_talks(world, case, found, its, np.stack(lacking), np.stack(sums), held)
    talks = world.talks
    talks.flats, talks.agreed = float(flats.sum()), float(flats[payable.agreed].sum())
    talks.short = np.array([float((part.sum(axis=1) * flats).sum()) for part in lacking])
    talks.offered = float((found.may.sum(axis=1) * flats)[~payable.agreed].sum())
    deep = np.isfinite(found.deep)
    talks.deep_flats = float(flats[deep].sum())
    talks.deep_short = float((np.maximum(found.deep[deep], 0.0) * flats[deep]).sum())
    talks.deep_offered = float((found.deep_offered * flats)[deep].sum())
    partners, payees = (*PAYER_NAMES, TOGETHER), [world.owners[i].name for i in case.owner[its.first].tolist()]
    for reason, part, sek in zip(REASONS, lacking, sums, strict=True):
        if not sek.any():
            continue
        counts, some = by_programme(part > 0.0, flats, number), sek.T > 0.0
        each = counts.T[some].tolist(), sek.T[some].tolist()
        for (i, programme), count, lacks in zip(np.argwhere(some).tolist(), *each, strict=True):
            row = Refusal(world.quarter, partners[i], payees[programme], its.names[programme], reason, count, lacks)
            world.refusals.append(row)


def _lacking(found: Proposals, payable: Payable) -> tuple[Floats, Floats, Floats]:
    """What each building's best deal lacks because it is not lawful, for want of budgets, or is not there; SEK per flat
    by payer and together, each (n, 4)."""
    n = len(found.places)
    unlawful, unfunded, missing = (np.zeros((n, PAYERS + 1)) for _ in REASONS)
    lacks = np.maximum(np.maximum(found.loss - found.may.sum(axis=1), -found.joint), 0.0)
    # Nothing can be lacked where nothing but the owner's own choice is open.
    short = np.where(found.agreed | ~np.isfinite(lacks), 0.0, lacks)
    kept_back = found.worth - found.may
    part = np.minimum(short / np.maximum(kept_back.sum(axis=1), 1e-9), 1.0)
    unlawful[:, :PAYERS] = kept_back * part[:, None]
    missing[:, PAYERS] = short - unlawful.sum(axis=1)
    # What an agreed deal would have taken from the payer who could not, or may not, give it.
    share = found.loss[:, None] * found.may / np.maximum(found.may.sum(axis=1), 1e-9)[:, None]
    unfunded[:, :PAYERS] = share * payable.no_money
    unlawful[:, MUNICIPALITY] += share[:, MUNICIPALITY] * payable.no_aid
    return unlawful, unfunded, missing
