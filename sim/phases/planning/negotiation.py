"""Shared calculation: partners put their gains on the table, pay for shortfalls, haggle, and sometimes fail.

The practice changes whose gains enter the deciding value and makes side payments possible. Nothing else.
"""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.randomness import Decision
from sim.rules import choice, social
from sim.rules.income import job_year_values
from sim.rules.urgency import per_krona, urgency
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


def negotiate(world: World, case: Case) -> None:
    """Choose every building's option, alone or with partners; leaves ``case.pick`` and the agreed payments (SEK)."""
    everything = np.arange(len(case.rows))
    alone = choose(world, case, everything, case.own, case.grant)
    case.pick = alone.copy()
    strength = scope.calculation_shared(world)[case.municipality]
    public = case.owner < len(world.municipalities)
    case.shared = _within_staff(world, case, (strength > 0.0) & public)
    if not case.shared.any():
        return
    full, window = _gains(world, case)
    confidence = np.array([m.confidence for m in world.municipalities])[case.municipality]
    counted = (full * confidence.T[:, :, None]).sum(axis=0) * strength[:, None]
    fee = _fee(world, case)
    case.deciding = np.where(case.shared[:, None], case.own + counted - fee, case.own)
    case.pick = np.where(case.shared, choose(world, case, everything, case.deciding, case.grant), alone)
    _settle(world, case, alone, full, window * confidence.T[:, :, None])
    _book_costs(world, case, fee)


def choose(world: World, case: Case, rows: Ints, value: Floats, grant: Floats) -> Ints:
    """Choice by a deciding value for some rows of the case; worn-out buildings cannot be postponed.

    Grants pay part of the cost. Values and grants are those of the whole case, SEK per flat (buildings, 9 options);
    ``rows`` are places in the case; the result has their order. Each owner chooses within its own headroom.
    """
    pick = np.full(len(case.rows), -1)
    # Pipes that give out cannot be postponed, whatever the calculation says.
    worn = world.at_full_size.condition[case.keys] <= world.p.forced_condition
    to_pay = (case.o.cost - grant) * case.flats[:, None] * world.region.scale
    for owner in world.owners:
        mine = rows[case.owner[rows] == owner.index]
        if len(mine):
            # Owners' loans are to scale, and so is what they would need for all the works that they want.
            flats = case.flats[mine] * world.region.scale
            each = flats[:, None]
            pick[mine] = owner.choose(
                value[mine] * each, case.error[mine] * each, to_pay[mine], flats, case.allowed[mine], world.p
            )
    cheapest = np.where(case.allowed, case.o.cost, np.inf).argmin(axis=1)
    return np.where(worn & (pick < 0), cheapest, pick)[rows]


def _within_staff(world: World, case: Case, brought: Bools) -> Bools:
    """Which buildings the staff can take up this year: those that companies would do first, up to its capacity."""
    capacity = world.p.compact_capacity * len(world.municipalities)
    worn = world.at_full_size.condition[case.keys] <= world.p.forced_condition
    # By the option that they would pick, so that one which nobody wants moves nobody in the queue.
    pick, seen = choice.best_option(case.own, case.error, case.allowed)
    money = (case.o.cost - case.grant)[np.arange(len(pick)), pick]
    first = urgency(per_krona(seen, money), worn)
    order = np.argsort(np.where(brought, -first, np.inf), kind="stable")
    taken = np.zeros(len(case.rows), dtype=bool)
    taken[order] = np.cumsum(case.flats[order]) <= capacity
    return taken & brought


def _gains(world: World, case: Case) -> tuple[Floats, Floats]:
    """Expected gains of the three payers over the horizon, and within the window that their budgets can see."""
    p, m = world.p, case.municipality
    seen = world.seen_tenants(case.rows)
    places = p.clause_places / 1e6 * scope.training_share(world)
    keep = (1.0 - p.equalisation_municipal) * np.ones(len(case.rows)), 1.0 - p.equalisation_county
    values = job_year_values(world.municipal_tax, world.county_tax, p.assistance_share_of_trainees, p)[:, m]
    known = social.Neighbours(
        on_assistance=seen[0], on_allowance=seen[1], low_income=seen[2], job_year=values,
        places_per_sek=float(places.mean()), crowding_out=social.crowding_out(world.surroundings.shortage, p),
        energy=world.at_full_size.energy[case.keys], area=world.buildings.area[case.rows], household_size=seen[3],
    )  # fmt: skip
    at_table = scope.payers(world)[:, None, None]
    free = scope.state_money_free(world)
    years = p.budget_window + free * (p.free_window - p.budget_window)
    full = social.gains(case.o, known, p, p.appraisal_horizon, keep) * at_table
    return full, social.gains(case.o, known, p, years, keep) * at_table


def _fee(world: World, case: Case) -> Floats:
    """What negotiating costs, SEK per flat and option: staff per partner, and a share of the contract."""
    p = world.p
    partners = scope.partner_count(world)
    fixed = p.negotiation_fixed * partners / np.maximum(case.flats, 1)[:, None]
    return scope.coordination_cost_factor(world) * (fixed + p.negotiation_share * case.o.cost)


def _settle(world: World, case: Case, alone: Ints, full: Floats, offered: Floats) -> None:
    """Side payments for what the housing company loses by the joint choice; without cover it does as it would alone."""
    n = np.arange(len(case.rows))
    best_alone = np.where(alone >= 0, case.own[n, np.maximum(alone, 0)], 0.0)
    loss = np.maximum(best_alone - case.chosen(case.own), 0.0) * case.flats
    loss[(case.pick < 0) | ~case.shared] = 0.0
    # A payer offers at most what it expects to gain over the company's own choice, inside its budget window.
    before = np.where(alone >= 0, offered[:, n, np.maximum(alone, 0)], 0.0)
    offers = np.maximum(offered[:, n, np.maximum(case.pick, 0)] - before, 0.0) * case.flats
    total = offers.sum(axis=0)
    # Partners pay the loss and no more, each in proportion to what it offered: gains stay where they fall.
    covered = (total >= loss) & ~_quarrel(world, case)
    share = np.where(loss > 0.0, loss / np.maximum(total, 1e-9), 0.0)
    pay = np.where(covered, offers * share, 0.0).T
    covered &= _within_budgets(world, case, pay)
    case.payments[:] = np.where(covered[:, None], pay, 0.0)
    case.pick = np.where(case.shared & ~covered & (loss > 0.0), alone, case.pick)
    gain = full[:, n, np.maximum(case.pick, 0)] * case.flats
    case.promised[:] = np.where((case.shared & (case.pick >= 0))[:, None], gain.T, 0.0)


def _quarrel(world: World, case: Case) -> Bools:
    """Whether haggling wrecks the agreement: more likely with every partner."""
    fail = 1.0 - (1.0 - world.p.haggling) ** max(scope.partner_count(world) - 1, 0)
    return world.draws.at(Decision.HAGGLING, world.quarter, case.keys)[:, 0] < fail


def _within_budgets(world: World, case: Case, pay: Floats) -> Bools:
    """Agreements that fit the payers' budgets as they stand, place by place; the money goes when it falls due."""
    fits = np.ones(len(case.rows), dtype=bool)
    for m in world.municipalities:
        mine = np.flatnonzero((case.municipality == m.index) & (pay.sum(axis=1) > 0.0))
        if len(mine) == 0:
            continue
        left = np.array([m.budget, world.county_council.budget[m.index], world.state.budget[m.index]])
        inside = (np.cumsum(pay[mine], axis=0) * world.region.scale <= left).all(axis=1)
        fits[mine] = inside
    return fits


def _book_costs(world: World, case: Case, fee: Floats) -> None:
    """Whoever sat at the table pays for the talks, agreed or not: the company half, the payers in scope the rest."""
    taken_up = case.shared & (case.pick >= 0)
    cost = np.where(taken_up, case.chosen(fee) * case.flats, 0.0) * world.region.scale
    by_place = np.bincount(case.municipality, weights=cost, minlength=len(world.municipalities))
    at_table = scope.payers(world)
    world.books.pay(Flow.COORDINATION_COMPANIES, world.p.talks_company_share * by_place)
    flows = (Flow.COORDINATION_MUNICIPALITIES, Flow.COORDINATION_COUNTY, Flow.COORDINATION_STATE)
    for flow, present in zip(flows, at_table, strict=True):
        if present:
            world.books.pay(flow, (1.0 - world.p.talks_company_share) * by_place / at_table.sum())
