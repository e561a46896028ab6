"""Numbers of a world that are the same in all quarters and for all households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.world.world import World


@dataclass(frozen=True)
class Fixed:
    """What is the same in all quarters.

    n, k : flats and neighbourhoods. find : chance to find work by history, against a full one (h). losing : by
    schooling and history (4, h). histories_move : whether work lengthens a history. history_ends : where each history
    but the longest ends on a line from 0 to 1, by neighbourhood and cell, of those out of work and then at work.
    cohort_find : by schooling (4). thirds : limits of incomes, SEK/month. typical_wish : SEK/month at the pay of 2011.
    vacancies_fixed : whether a hire takes nobody's vacancy. edges, typical : limits and means of classes of incomes.
    rents_elsewhere, incomes_elsewhere : by kind of place, SEK/month at the start. appeal_elsewhere : of other estates.
    open_elsewhere : homes that come free in a quarter, by kind of place.
    """

    n: int
    k: int
    find: list[float]
    losing: list[list[float]]
    histories_move: bool
    history_ends: list[list[float]]
    cohort_find: list[float]
    thirds: tuple[float, float]
    typical_wish: float
    vacancies_fixed: bool
    edges: list[float]
    typical: list[float]
    rents_elsewhere: list[float]
    incomes_elsewhere: list[float]
    appeal_elsewhere: float
    open_elsewhere: list[float]


def fixed_of(world: World) -> Fixed:
    """What is the same in all quarters of a world."""
    p, around, histories, start = world.p, world.around, world.histories, world.region.neighbourhoods
    k, people = around.k, world.region.county.county_population
    per_thousand = (p.elsewhere_open_estates, p.elsewhere_open_older, p.elsewhere_open_new, p.elsewhere_open_owned,
                    p.elsewhere_open_away)  # fmt: skip
    terms = p.demand_reputation * (start.reputation - p.reputation_ordinary) + p.demand_calm * (start.calm - 1.0)
    return Fixed(
        n=world.residents.n,
        k=k,
        find=histories.find.tolist(),
        losing=histories.losing.tolist(),
        histories_move=LONG_SPELLS[world.levers.long_spells].move,
        history_ends=histories.ends.tolist(),
        cohort_find=world.cohort_find.tolist(),
        thirds=world.income_terciles,
        typical_wish=world.wishes.typical,
        vacancies_fixed=world.levers.vacancies == "fixed",
        edges=around.edges.tolist(),
        typical=around.typical.tolist(),
        rents_elsewhere=around.rents.tolist(),
        incomes_elsewhere=around.incomes[k:].tolist(),
        appeal_elsewhere=float(np.average(terms, weights=start.flats)),
        open_elsewhere=[people * x / 1000.0 for x in per_thousand],
    )
