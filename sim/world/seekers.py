"""Who loses work, who looks for it, and how easily each of those would find it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, pick, rows
from sim.inputs.parameters import Parameters
from sim.randomness import Decision, Keys, uniform
from sim.rules.employment import age_factor, cell_weights, health_factor, losing, newcomer_factor
from sim.rules.training import exposed
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.spare import Spare
from sim.world.state import NATIVE, Residents, Small
from sim.world.world import World


def losers_and_seekers(world: World) -> tuple[Ints, Ints, Floats]:
    """Rows that lose their ordinary job this quarter; rows out of work, and their finding rates per quarter at the
    start's tightness. Who loses work now looks for it from the next quarter on.

    Good until it is asked again.
    """
    chance = world.histories.losing * losing(world.surroundings.slack, world.p)
    return _losers_and_seekers(world, chance, world.spare)


def job_seekers(world: World) -> tuple[Ints, Floats]:
    """Rows out of work and their finding rates per quarter at the start's tightness."""
    return _losers_and_seekers(world, np.zeros_like(world.histories.losing), Spare(world.residents.n))[1:]


def _losers_and_seekers(world: World, chance: Floats, spare: Spare) -> tuple[Ints, Ints, Floats]:
    rate = world.start_rate[:, None] * world.histories.scale
    table = cell_weights(world.neighbourhoods.reputation, world.p) * rate
    flats, find = world.flats_by_neighbourhood.counts, world.histories.find
    key = world.draws.keys(Decision.LOSE_JOB, world.quarter)
    return _looked_up(world.residents, flats, table, find, chance, key, world.quarter, spare, world.p)


def seekers_at_start(
    r: Residents, flats: Ints, reputation: Floats, rate: Floats, by_history: Floats, p: Parameters
) -> tuple[Ints, Floats]:
    """Seekers and their rates from parts of a world to be: flats of each neighbourhood (k,), reputation (0–1, k), the
    finding rate of each neighbourhood and cell at a full work history (shares a quarter, k × 8), and what histories
    leave of it (h,)."""
    nobody = np.zeros((len(Work), len(by_history)))
    table, key = cell_weights(reputation, p) * rate, np.zeros(1, dtype=np.uint64)
    return _looked_up(r, flats, table, by_history, nobody, key, 0, Spare(r.n), p)[1:]


def _looked_up(
    r: Residents,
    flats: Ints,
    table: Floats,
    find: Floats,
    chance: Floats,
    key: Keys,
    quarter: int,
    spare: Spare,
    p: Parameters,
) -> tuple[Ints, Ints, Floats]:
    lost, seeking, weight = spare.lost, spare.seeking, spare.weight
    person = (r.work, r.skill, r.foreign, r.history, r.health, r.born, r.arrival, r.programme, r.occupied)
    n, m = _look(*person, flats, table, find, chance, key, lost, seeking, weight, quarter, NATIVE, p.numbers)
    return lost[:n], seeking[:m], weight[:m]


@kernel
def _look(
    work: Small,
    skill: Small,
    foreign: Bools,
    history: Small,
    health: Floats,
    born: Ints,
    arrival: Ints,
    programme: Small,
    occupied: Bools,
    flats: Ints,
    table: Floats,
    find: Floats,
    chance: Floats,
    key: Keys,
    lost: Ints,
    seeking: Ints,
    weight: Floats,
    quarter: int,
    native: int,
    numbers: NDArray[np.void],
) -> tuple[int, int]:
    """One passage over everybody: fills ``lost``, ``seeking`` and the seekers' ``weight``, and says how far.

    table : finding rates at a full history (k, 8). find : what a history leaves of them (h,). chance : to lose work by
    schooling and history (4, h); both per quarter.
    """
    p = own(numbers)
    # Draws by themselves, as the compiler takes many rows at a time where nothing else happens.
    most, low = chance.max(), np.empty(len(work), dtype=np.bool_)
    for row in rows(0, len(work)):
        low[row] = (work[row] == Work.EMPLOYED) & (uniform(key[0], row) < most)
    # Each list's next row is written down before it is known to count: cheaper than a branch that nobody foresees.
    # Numbers without a sign, so that no place in a list needs a look at it.
    seeking_n, losing_n, end, until = np.uint64(0), np.uint64(0), 0, np.empty(len(flats), dtype=np.int64)
    for k in range(len(flats)):
        first, end = end, end + flats[k]
        for row in rows(first, end):
            seeking[seeking_n] = row
            seeking_n += np.uint64((work[row] == Work.OUT_OF_WORK) & occupied[row])
            # Few draws are below any rate: all else about losing is looked at for them alone.
            lost[losing_n] = row
            losing_n += np.uint64(low[row])
        until[k] = seeking_n
    start = 0
    for k in range(len(flats)):
        for i in rows(start, until[k]):
            row = seeking[i]
            rate = table[k, skill[row] * 2 + foreign[row]] * find[history[row]]
            rate *= health_factor(health[row], p)
            rate *= age_factor((quarter - born[row]) / 4.0, p)
            rate *= pick(arrival[row] > native, newcomer_factor((quarter - arrival[row]) / 4.0, p), 1.0)
            weight[i] = rate
        start = until[k]
    lost_n = 0
    for i in rows(0, int(losing_n)):
        row = lost[i]
        if uniform(key[0], row) < chance[skill[row], history[row]] and exposed(programme[row]):
            lost[lost_n] = row
            lost_n += 1
    return lost_n, int(seeking_n)
