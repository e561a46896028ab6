"""Work histories at the start: who has which, and the rates by which they, and employment, stay as the tables say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.randomness import Decision, Draws, Keys, uniform
from sim.rules.employment import CELLS, cell_weights, loss_rates, start_propensity
from sim.rules.history import drawn, ends_of, find_by_history, settled, settled_losing, spell_of
from sim.rules.rivals.long_spells import LongSpells
from sim.rules.training import ready_by_history
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import NATIVE, Residents, Small


@dataclass(frozen=True)
class Histories:
    """What work histories do, by schooling (4), cell (schooling and origin, 8), neighbourhood (k) and quarters of
    history (h); fixed at the start.

    find : chance to find work against a full history (h,). ready : chance of a job after a placement against what the
    programmes tell (h,). losing : chance to lose work, per quarter in normal times
    (4, h). scale : how much more often than on average those with a full history find work (k, 8). ends : where
    each history but the longest ends on a line from 0 to 1, among those out of work, then at work (2 k 8, h - 1).
    """

    find: Floats
    ready: Floats
    losing: Floats
    scale: Floats
    ends: Floats


def start_histories(region: Region, reputation: Floats, rule: LongSpells, p: Parameters) -> Histories:
    """Solved so that each cell of each neighbourhood keeps the employment that it has at the start."""
    places, k = region.neighbourhoods, len(region.neighbourhoods)
    cells = _cells(region)
    at_work = start_propensity(places.employment, cells, p)
    people = cells * places.flats[:, None]
    losing = settled_losing(_by_schooling(at_work, people), loss_rates(p), rule, p)
    schooling = np.tile(np.repeat(np.arange(len(Skill) - 1), 2), k)
    full, shares = settled(at_work.ravel(), losing[schooling], rule, p)
    # Nobody is a tradesperson at the start: whoever becomes one had middle schooling.
    middle = [2 * Skill.MIDDLE, 2 * Skill.MIDDLE + 1]
    every = [*range(CELLS - 2), *middle]
    weights = cell_weights(reputation, p)[:, : CELLS - 2]
    scale = full.reshape(k, -1) / np.maximum(weights, 1e-9)
    scale /= np.maximum((scale * cells).sum(axis=1, keepdims=True), 1e-300)
    spread = [share.reshape(k, CELLS - 2, -1)[:, every].reshape(k * CELLS, -1) for share in shares]
    return Histories(find_by_history(p), ready_by_history(p), losing, scale[:, every], ends_of(np.concatenate(spread)))


def _cells(region: Region) -> Floats:
    """Shares of the cells among persons of working age (k, 6)."""
    places = region.neighbourhoods
    origin = np.stack([1 - places.foreign_background, places.foreign_background], axis=1)
    return np.asarray((places.education_shares[:, :, None] * origin[:, None, :]).reshape(len(places), CELLS - 2))


def _by_schooling(at_work: Floats, people: Floats) -> Floats:
    """Employment by Skill over all neighbourhoods (4,): of all where nobody has the schooling."""
    working = (at_work * people).sum(axis=0).reshape(-1, 2).sum(axis=1)
    everybody = people.sum(axis=0).reshape(-1, 2).sum(axis=1)
    mean = working.sum() / max(everybody.sum(), 1e-300)
    by = np.where(everybody > 0.0, working / np.maximum(everybody, 1e-300), mean)
    return np.append(by, by[Skill.MIDDLE])


def set_histories(r: Residents, histories: Histories, flats: Ints, draws: Draws, p: Parameters) -> None:
    """A work history for each resident of the start, no longer than its time in Sweden, and the spell that fits it.

    flats : of each neighbourhood (k,).
    """
    keys = np.concatenate([draws.keys(Decision.WORK_HISTORY, k) for k in range(2)])
    person = r.work, r.skill, r.foreign, r.arrival
    _set(r.history, r.spell, *person, histories.ends, flats, keys, NATIVE, p.numbers)


@kernel
def _set(
    history: Small, spell: Small, work: Small, skill: Small, foreign: Bools, arrival: Ints, ends: Floats, flats: Ints,
    keys: Keys, native: int, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """As those of one's kind and work have at the start."""
    p, kinds, start = own(numbers), len(ends) // 2, 0
    for place in range(len(flats)):
        for row in rows(start, start + flats[place]):
            group = place * CELLS + skill[row] * 2 + foreign[row] + kinds * (work[row] == Work.EMPLOYED)
            quarters = drawn(ends[group], uniform(keys[0], row))
            if arrival[row] > native:
                quarters = min(quarters, -arrival[row])
            history[row], spell[row] = quarters, 0
            if work[row] == Work.OUT_OF_WORK:
                spell[row] = spell_of(quarters, uniform(keys[1], row), p.start_spell, p)
        start += flats[place]


def found_away(find: Floats, losing: Floats, loss: Floats, rule: LongSpells, p: Parameters) -> Floats:
    """Finding at a full history of those who have left, by schooling (4,), per quarter, such that all find at these
    mean rates (4,). losing : by history (4, h); loss : mean rates (4,)."""
    return settled(find / np.maximum(find + loss, 1e-300), losing, rule, p)[0]
