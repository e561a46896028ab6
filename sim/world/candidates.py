"""Who may take a training place: out of work, young enough, suited to a site, and without a place for some years."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel, own, rows
from sim.randomness import Decision, Keys, uniform
from sim.rules.training import may_take
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def seeking(world: World, among: Ints | None = None) -> Ints:
    """Rows of residents that look for work since an earlier quarter and are young enough for a programme; of these,
    where somebody has them already (``among``, rows in order), or of all."""
    r, everybody = world.residents, among is None
    found = np.empty(r.n if among is None else len(among), dtype=np.int64)
    looking = found if among is None else among
    return found[: _seeking(looking, everybody, r.work, r.spell, r.occupied, r.born, _oldest(world), found)]


def candidates(world: World, among: Ints | None = None, towns: Bools | None = None) -> Ints:
    """Those of them who suit a training place, and have not had one within ``place_again`` years, in all or some
    municipalities (``towns``, (m,))."""
    r, looking = world.residents, seeking(world, among)
    # Whether somebody suits a place lasts: the same household answers alike in every quarter and in every arm.
    keys = world.draws.keys(Decision.SUITABLE, 0)
    theirs = np.ones(len(world.municipalities), dtype=bool) if towns is None else towns
    count = _suited(looking, theirs, world.municipality_of, r.placed, r.household, world.quarter, keys,
                    world.p.numbers)  # fmt: skip
    return looking[:count]


def by_municipality(world: World, towns: Bools | None = None) -> Floats:
    """How many candidates each municipality has, persons to scale (m,): all, or some (``towns``, (m,)) of which alone
    anything is looked at."""
    r, m, most = world.residents, len(world.municipalities), int(world.flats_by_neighbourhood.counts.max())
    theirs = np.ones(m, dtype=bool) if towns is None else towns
    keys, people = world.draws.keys(Decision.SUITABLE, 0), np.zeros(m)
    _count(world.flats_by_neighbourhood.counts, world.region.neighbourhoods.municipality_index, theirs, r.work,
           r.spell, r.occupied, r.born, r.placed, r.household, _oldest(world), world.quarter, keys,
           np.empty(most, dtype=np.int64), world.p.numbers, people)  # fmt: skip
    return people


def _oldest(world: World) -> int:
    """The quarter after which somebody has to be born to be young enough."""
    return world.quarter - int(world.p.trainee_age_limit * 4)


@kernel
def _seeking(among: Ints, everybody: bool, work: Small, spell: Small, occupied: Bools, born: Ints, oldest: int,
             found: Ints) -> int:  # fmt: skip
    """Writes the rows of those who look for work, in order; how many there are."""
    count = np.uint64(0)
    # The list's next row is written down before it is known to count: cheaper than a branch that nobody foresees.
    for i in rows(0, len(work) if everybody else len(among)):
        row = i if everybody else np.uint64(among[i])
        found[count] = row
        fits = (work[row] == Work.OUT_OF_WORK) & (spell[row] > 0) & occupied[row] & (born[row] > oldest)
        count += np.uint64(fits)
    return int(count)


@kernel
def _suited(looking: Ints, towns: Bools, municipality: Ints, placed: Ints, household: Ints, quarter: int, keys: Keys,
            numbers: Any) -> int:  # fmt: skip
    """Leaves those in ``looking`` who may take a place in these towns, in order; how many there are."""
    p, here, count = own(numbers), np.uint64(0), np.uint64(0)
    for i in rows(0, len(looking)):
        row = looking[i]
        looking[here] = row
        here += np.uint64(towns[municipality[row]])
    for i in rows(0, int(here)):
        row = looking[i]
        looking[count] = row
        count += np.uint64(may_take(uniform(keys[0], household[row]), quarter - placed[row], p))
    return int(count)


@kernel
def _count(flats: Ints, town_of: Ints, towns: Bools, work: Small, spell: Small, occupied: Bools, born: Ints,
           placed: Ints, household: Ints, oldest: int, quarter: int, keys: Keys, found: Ints, numbers: Any,
           people: Floats) -> None:  # fmt: skip
    """Adds up those who may take a place by municipality (``people``), place by place in these towns.

    flats, town_of : of neighbourhoods, whose flats are consecutive rows; ``found`` has room for any one's.
    """
    p, end = own(numbers), 0
    for k in range(len(flats)):
        first, end = end, end + flats[k]
        if not towns[town_of[k]]:
            continue
        looking, count = np.uint64(0), np.uint64(0)
        for row in rows(first, end):
            found[looking] = row
            fits = (work[row] == Work.OUT_OF_WORK) & (spell[row] > 0) & occupied[row] & (born[row] > oldest)
            looking += np.uint64(fits)
        for i in rows(0, int(looking)):
            row = found[i]
            count += np.uint64(may_take(uniform(keys[0], household[row]), quarter - placed[row], p))
        people[town_of[k]] += float(count)
