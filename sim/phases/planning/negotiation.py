"""Joint appraisal: partners put their gains on the table and pay an owner for doing more, or else, than it would alone.

The practice changes whose gains are counted and lets payers promise money. Nothing else: what is not paid for is built
as its owner would by itself. Talks are about a programme: one owner's due buildings in one neighbourhood and year.
"""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.phases.planning.expected import worth_talking_about
from sim.phases.planning.log import Held
from sim.phases.planning.pockets import within_means
from sim.phases.planning.proposals import Proposals, propose
from sim.phases.planning.shortfalls import note_shortfalls
from sim.randomness import Decision
from sim.rules.choice import best
from sim.rules.urgency import per_krona
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.talks import Talks
from sim.world.turns import Turns
from sim.world.world import World


def negotiate(world: World, case: Case) -> None:
    """Choose every building's option, alone or with partners; leaves ``case.pick`` and what payers have agreed to."""
    alone = choose(world, case, np.arange(len(case.rows)), case.own, case.grant)
    case.pick = alone.copy()
    world.talks = Talks()
    shares = scope.calculation_shared(world)[case.municipality] > 0.0
    brought = np.flatnonzero(shares & (case.owner < len(world.municipalities)))
    if len(brought) == 0 or not scope.payers(world).any():
        return
    brought = brought[worth_talking_about(world, case, brought, alone[brought])]
    if len(brought) == 0:
        return
    found = propose(world, case, brought, alone[brought])
    number, first = _programmes(world, case, brought)
    held, cost = _taken_up(world, case, found, number)
    taken_up, quarrel = held.held, _quarrel(world, case.keys[brought[first]])
    talked = found.agreed & (taken_up & ~quarrel)[number]
    payable = within_means(world, case, found, talked)
    _settle(case, found, alone[brought], payable.agreed)
    case.shared[brought[taken_up[number]]] = True
    spent = np.asarray(taken_up * cost + _looking(world), dtype=np.float64)
    _book_talks(world, case.municipality[brought[first]], spent)
    note_shortfalls(world, case, found, number, payable, held._replace(quarrel=quarrel))


def _programmes(world: World, case: Case, brought: Ints) -> tuple[Ints, Ints]:
    """Which programme each building (place in the case) belongs to, and the first building of each, by number."""
    place = world.buildings.neighbourhood[case.rows[brought]]
    keys = case.owner[brought] * len(world.neighbourhoods) + place
    _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    return number, first


def _taken_up(world: World, case: Case, found: Proposals, number: Ints) -> tuple[Held, float]:
    """About which programmes talks are held, before anybody quarrels, and what each costs, SEK.

    Partners see beforehand what could be won: less than the talks would cost is left alone, and of the rest those come
    first that promise most per flat, as many as the joint staff can take up in a year.
    """
    p = world.p
    flats = case.flats[found.places] * found.agreed
    programmes = int(number.max()) + 1
    won = np.bincount(number, flats * np.where(found.agreed, found.joint, 0.0), minlength=programmes)
    size = np.bincount(number, flats, minlength=programmes)
    cost = scope.coordination_cost_factor(world) * p.negotiation_fixed * scope.parties(world)
    order = np.argsort(-(won - cost) / np.maximum(size, 1.0), kind="stable")
    pays = (won > cost)[order] & (size > 0.0)[order]
    room = np.cumsum(size[order] * pays) <= scope.talks_capacity(world)
    taken, worth = np.zeros(programmes, dtype=bool), np.zeros(programmes, dtype=bool)
    taken[order], worth[order] = pays & room, pays
    return Held(taken, worth, np.zeros(programmes, dtype=bool)), cost


def _looking(world: World) -> float:
    """What partners spend on seeing whether a programme is worth talking about, SEK each."""
    return scope.coordination_cost_factor(world) * world.p.negotiation_look * scope.parties(world)


def _quarrel(world: World, keys: Ints) -> Bools:
    """Whether haggling wrecks the talks about a programme, by its first building: more likely with every payer."""
    fail = 1.0 - (1.0 - world.p.haggling) ** max(scope.parties(world) - 1, 0)
    return world.draws.at(Decision.HAGGLING, world.quarter, keys)[:, 0] < fail


def _settle(case: Case, found: Proposals, alone: Ints, agreed: Bools) -> None:
    """Where partners agree and can pay, the owner builds what was agreed, and counts the promises."""
    places, before = found.places[agreed], np.maximum(alone[agreed], 0)
    flats = case.flats[places]
    # Dearer works are worth less for each krona, and a promise would be the first thing to be put off.
    seen = (case.own + case.error[:, :-1])[places, before]
    turn = per_krona(seen, (case.o.cost - case.grant)[places, before])
    case.turn[places] = np.where(alone[agreed] >= 0, turn, -np.inf)
    case.pick[places] = found.option[agreed]
    case.payments[places] = found.yearly[agreed] * flats[:, None, None]
    case.paid_worth[places] = case.promised[places] = found.to_owner[agreed] * flats
    case.deciding = case.own.copy()
    case.deciding[places, case.pick[places]] += found.to_owner[agreed]


def _book_talks(world: World, municipality: Ints, sek: Floats) -> None:
    """Whoever sat at the table pays for the talks, agreed or not: the company its part, the payers in scope the rest.

    municipality, sek : by programme.
    """
    by_place = np.bincount(municipality, weights=sek, minlength=len(world.municipalities)) * world.region.scale
    at_table = scope.payers(world)
    world.books.pay(Flow.COORDINATION_COMPANIES, world.p.talks_company_share * by_place)
    flows = (Flow.COORDINATION_MUNICIPALITIES, Flow.COORDINATION_COUNTY, Flow.COORDINATION_STATE)
    for flow, present in zip(flows, at_table, strict=True):
        if present:
            world.books.pay(flow, (1.0 - world.p.talks_company_share) * by_place / at_table.sum())


def choose(world: World, case: Case, rows: Ints, value: Floats, grant: Floats) -> Ints:
    """Choice by a deciding value for some rows of the case; worn-out buildings cannot be postponed.

    Grants pay part of the cost. Values and grants are those of the whole case, SEK per flat (buildings, 9 options);
    ``rows`` are places in the case; the result has their order. Each owner chooses within its own headroom: where what
    it can begin this year costs more than it can borrow, capital gets a shadow price and cheaper options win.
    """
    p, allowed = world.p, case.allowed[rows]
    # Owners' loans are to scale, and so is what they would need for all the works that they want.
    flats: Floats = np.asarray(case.flats[rows] * world.region.scale, dtype=np.float64)
    worth, error, owner = value[rows] * flats[:, None], case.error[rows] * flats[:, None], case.owner[rows]
    pick = best(worth, error, allowed)
    wanted = np.flatnonzero(pick >= 0)
    at = rows[wanted], pick[wanted]
    sek = ((case.o.cost[at] - grant[at]) * case.flats[at[0]]) * world.region.scale
    short = _shortfalls(world, owner, Turns.of(owner[wanted], len(world.owners)), flats[wanted], sek)[owner]
    if short.any():
        to_pay = ((case.o.cost - grant)[rows] * case.flats[rows][:, None]) * world.region.scale
        pick = best(worth - (p.capital_shadow_price * short)[:, None] * to_pay, error, allowed)
    # Pipes that give out cannot be postponed, whatever the calculation says.
    worn = np.flatnonzero((world.at_full_size.condition[case.keys[rows]] <= p.forced_condition) & (pick < 0))
    pick[worn] = np.where(allowed[worn], case.o.cost[rows[worn]], np.inf).argmin(axis=1)
    return pick


def _shortfalls(world: World, owner: Ints, its: Turns, flats: Floats, sek: Floats) -> Floats:
    """Share of the works that could be begun this year which each owner cannot borrow for (owners,), as those see it
    who have some of these buildings (rows,). its : the works that each wants, with their flats and what has to be found
    for each, SEK."""
    owners, begun, needed = world.owners, its.sum(flats).tolist(), its.sum(np.maximum(sek, 0.0)).tolist()
    for i in np.flatnonzero(np.bincount(owner, minlength=len(owners))).tolist():
        owners[i].see_shortfall(begun[i], needed[i], world.p)
    return np.array([x.short for x in owners])
