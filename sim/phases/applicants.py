"""Choosing among those who may take a place, within phase 6: the best of each firm's towns, by whom places go to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.randomness import Decision, Keys, uniform
from sim.rules.training import preference
from sim.vocabulary import Skill
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import NATIVE, Small
from sim.world.world import World


def best(world: World, among: Ints, wanted: Ints, towns: Bools) -> tuple[Ints, Ints]:
    """Rows of residents who get places, and whose places they get: firm by firm, each its best of those left, in order
    of rows; fewer where there are not enough.

    among : rows of those who may take one. wanted : places of each firm (f,). towns : whose people it takes (f, m).
    """
    r, most = world.residents, int(wanted.sum())
    chosen, whose = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    person = (r.household, world.municipality_of, r.history, r.skill, r.health, r.ever_worked, r.arrival, r.spell)
    key = world.draws.keys(Decision.SELECTION, world.quarter)
    n = _best(among, *person, wanted, towns, key, _weights(world), NATIVE, world.p.numbers, chosen, whose)
    return chosen[:n], whose[:n]


def _weights(world: World) -> Floats:
    """What counts for those who place, logits: nearness to work, never having worked here, and a long spell (3,).

    Nearest to work are those with the longest work history, schooling and health. Who has never worked since arriving,
    where that is, and how long somebody has been out of work stands in the employment service's files.
    """
    p, rule = world.p, world.levers.places_go_to
    if world.levers.additionality == "full":
        return np.array([p.creaming_full, 0.0, 0.0])
    if rule == "nearest":
        return np.array([p.creaming, 0.0, 0.0])
    return np.array([0.0, p.places_by_rule, 0.0] if rule == "newcomers" else [0.0, 0.0, p.places_by_rule])


@kernel
def _best(
    among: Ints,
    household: Ints,
    municipality: Ints,
    history: Small,
    skill: Small,
    health: Floats,
    ever_worked: Bools,
    arrival: Ints,
    spell: Small,
    wanted: Ints,
    towns: Bools,
    key: Keys,
    weights: Floats,
    native: int,
    numbers: NDArray[np.void],
    chosen: Ints,
    whose: Ints,
) -> int:
    """Fills ``chosen`` and ``whose``, and says how far. native : quarter of arrival of those who did not come."""
    p, n = own(numbers), len(among)
    town, score = np.empty(n, dtype=np.int64), np.empty(n)
    for i in rows(0, n):
        row = among[i]
        new, schooled = ~ever_worked[row] & (arrival[row] > native), skill[row] > Skill.LOW
        prefer = preference(history[row], schooled, health[row], new, spell[row], weights, p)
        town[i], score[i] = municipality[row], -np.log(-np.log(uniform(key[0], household[row]))) + prefer
    taker, kept, count = np.full(n, -1), np.empty(max(wanted.max(), 1), dtype=np.int64), 0
    for firm in range(len(wanted)):
        # The best so far as a heap: the worst of them comes first, and so most others are compared with it alone.
        size, most = 0, wanted[firm]
        for i in range(n):
            if most == 0 or taker[i] >= 0 or not towns[firm, town[i]]:
                continue
            if size < most:
                at, size = size, size + 1
                while at > 0 and score[kept[(at - 1) >> 1]] > score[i]:
                    kept[at] = kept[(at - 1) >> 1]
                    at = (at - 1) >> 1
                kept[at] = i
            elif score[i] > score[kept[0]]:
                at, child = 0, 1
                while child < size:
                    if child + 1 < size and score[kept[child + 1]] < score[kept[child]]:
                        child += 1
                    if score[kept[child]] >= score[i]:
                        break
                    kept[at] = kept[child]
                    at, child = child, child + child + 1
                kept[at] = i
        for j in range(size):
            taker[kept[j]] = firm
        for i in range(n):
            if size > 0 and taker[i] == firm:
                chosen[count], whose[count] = among[i], firm
                count += 1
    return count
