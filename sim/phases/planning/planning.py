"""Phase 3, once a year. Owners appraise what is due, partners negotiate, tenants may choose, money decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import scope
from sim.phases.planning.negotiation import Case, choose, negotiate
from sim.phases.planning.tenants import ask_consent, tenants_choose
from sim.phases.planning.year import open_year
from sim.randomness import Decision
from sim.rules import appraisal
from sim.rules.appraisal import Offer
from sim.rules.rivals.aims import AIMS, Prospect
from sim.vocabulary import Site, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.projects import Project

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Open the budget year; then appraise, decide, fund, and tell tenants."""
    if model.quarter % 4:
        return
    open_year(model)
    due = _due(model)
    if len(due) == 0 or not model.levers.renovation:
        return
    case = _appraise(model, due)
    negotiate(model, case)
    _fund(model, case)
    tenants_choose(model, case)
    _announce(model, case)


def _due(model: RenewalModel) -> Ints:
    """Rows of idle buildings that need renovation: worn, and not renovated within a generation."""
    b, p = model.buildings, model.p
    return np.flatnonzero((b.site == Site.IDLE) & (b.condition < p.due_condition))


def _appraise(model: RenewalModel, due: Ints) -> Case:
    """All options of all due buildings as their owners see them, SEK per flat."""
    b, p, levers = model.buildings, model.p, model.levers
    owner = b.owner[due]
    reputation = np.array([n.reputation for n in model.neighbourhoods])[b.neighbourhood[due]]
    o = appraisal.offer(b.rent[due], b.area[due], model.believed_price, p, reputation)
    required = (
        np.array([x.required_yield for x in model.owners])[owner] + p.yield_passthrough * model.surroundings.yield_shift
    )
    own = appraisal.own_value(
        o, b.energy[due], b.area[due], b.condition[due], model.surroundings.heat_price, np.maximum(required, 0.01), p
    )
    grant, work = _grants(model, o.cost, b.flats[due])
    worth, bare = _as_owners_see(model, due, o, own, required, grant, work)
    error = model.draws.gumbel(Decision.APPRAISAL, model.quarter, due, 10) * p.appraisal_error
    pooled = model.draws.at(Decision.POOLING, model.quarter, due)[:, 0] < scope.pooled_share(model)[b.municipality[due]]
    pooled &= owner < len(model.municipalities)
    allowed = np.where(pooled[:, None], appraisal.framework_offers(levers.framework_offers)[None, :], True)
    if levers.standard_choice == "forced":
        decreed: Bools = np.isin(appraisal.STANDARDS, [Standard[levers.forced_standard.upper()]])
        offered = allowed & decreed
        allowed = np.where(np.any(offered, axis=1, keepdims=True), offered, decreed)
    return Case(due, owner, b.municipality[due], b.flats[due], o, worth, bare, grant, work, error, allowed, pooled)


def _as_owners_see(model: RenewalModel, due: Ints, o: Offer, own: Floats, required: Floats, grant: Floats,
                   work: Floats) -> tuple[Floats, Floats]:  # fmt: skip
    """Value by which owners choose, with and without grants: present value, or what private landlords maximise."""
    worth, bare, aim = own + grant - work, own.copy(), AIMS[model.levers.landlords_maximise].worth
    private = model.buildings.owner[due] >= len(model.municipalities)
    if private.any():
        seen = _prospect(model, due[private], o.part(private), own[private], required[private])
        nothing = np.zeros_like(grant[private])
        worth[private] = aim(seen, grant[private], work[private], model.p)
        bare[private] = aim(seen, nothing, nothing, model.p)
    return worth, bare


def _prospect(model: RenewalModel, rows: Ints, o: Offer, present_value: Floats, required: Floats) -> Prospect:
    """What private landlords look at, by building and option."""
    b, p, world = model.buildings, model.p, model.surroundings
    reputation = np.array([n.reputation for n in model.neighbourhoods])
    return Prospect(
        present_value=present_value,
        cost=o.cost,
        income=appraisal.first_income(o, b.energy[rows], b.area[rows], b.condition[rows], world.heat_price, p),
        required=np.maximum(required, 0.01),
        interest=max(world.interest + p.loan_margin, 0.0),
        market=appraisal.market_yields(reputation, world.yield_shift, p)[b.neighbourhood[rows]],
    )


def _grants(model: RenewalModel, cost: Floats, flats: Ints) -> tuple[Floats, Floats]:
    """State grant that an owner expects, and the work of applying, SEK per flat and option.

    Nobody applies where the work exceeds the grant; both are zero outside the programme's years.
    """
    levers, p = model.levers, model.p
    year = model.quarter // 4
    if levers.grant_rate == 0.0 or not levers.grant_from_year <= year <= levers.grant_to_year:
        return np.zeros_like(cost), np.zeros_like(cost)
    _, energy = appraisal.reference_costs(p)
    base = energy[None, :] * model.believed_price if levers.grant_energy_only else cost
    grant = np.minimum(levers.grant_rate * base, levers.grant_cap_per_flat)
    work = levers.grant_burden * model.region.scale / np.maximum(flats, 1)[:, None]
    applies = grant > work
    return grant * applies, work * applies


def _fund(model: RenewalModel, case: Case) -> None:
    """Keep what fits loans and staff, most urgent first; then grants are handed out among what is kept."""
    expected = np.where(case.pick >= 0, case.chosen(case.grant) * case.flats, 0.0)
    _keep_affordable(model, case, np.flatnonzero(case.pick >= 0), expected)
    late = _ration_grants(model, case, np.where(case.pick >= 0, expected, 0.0))
    in_time = np.flatnonzero(case.pick >= 0)
    _commit(model, case, in_time[~np.isin(in_time, late)])
    # Without the grant they may want something else, and have to borrow what it would have paid.
    before = case.pick[late]
    case.pick[late] = choose(model, case, late, case.bare, np.zeros_like(case.grant))
    case.payments[late[case.pick[late] != before]] = 0.0  # partners had agreed to something else
    late = late[case.pick[late] >= 0]
    _keep_affordable(model, case, late, case.granted)
    _commit(model, case, late[case.pick[late] >= 0])


def _to_pay(case: Case, grant: Floats) -> Floats:
    """What the owner has to find for its choice, SEK per building."""
    return np.asarray(case.chosen(case.o.cost) * case.flats - case.payments.sum(axis=1) - grant)


def _keep_affordable(model: RenewalModel, case: Case, rows: Ints, grant: Floats) -> None:
    """Postpone what fits neither loans nor staff; worn-out buildings go before profitable ones."""
    p = model.p
    worn = model.buildings.condition[case.rows] <= p.forced_condition
    urgency = case.chosen((case.deciding + case.error[:, :-1]) / np.maximum(case.o.cost, 1.0)) + worn
    to_pay = _to_pay(case, grant)
    for owner in model.owners:
        mine = rows[case.owner[rows] == owner.index]
        if len(mine):
            keep = owner.affordable(to_pay[mine], urgency[mine], case.flats[mine], p)
            case.pick[mine[~keep]] = -1


def _commit(model: RenewalModel, case: Case, rows: Ints) -> None:
    """Set the owners' share of the works aside."""
    sums = np.bincount(case.owner[rows], _to_pay(case, case.granted)[rows], minlength=len(model.owners))
    for owner in model.owners:
        owner.committed += float(sums[owner.index])


def _ration_grants(model: RenewalModel, case: Case, granted: Floats) -> Ints:
    """First come, first served within the year's grant budget; the rows of those who come too late.

    Everybody who applies has the work of it.
    """
    rows = np.flatnonzero(granted > 0.0)
    order = rows[np.argsort(case.error[rows, 0], kind="stable")]
    inside = np.cumsum(granted[order]) <= model.state.grants_left
    case.granted[order[inside]] = granted[order[inside]]
    model.state.grants_left -= float(case.granted.sum())
    work = np.zeros(model.buildings.n)
    work[case.rows[rows]] = (case.chosen(case.grant_work) * case.flats)[rows]
    model.pay_by_owner("grant_applications", work)
    return order[~inside]


def _announce(model: RenewalModel, case: Case) -> None:
    """Make projects by owner and neighbourhood, tell the tenants, and ask for their consent."""
    b = model.buildings
    go = np.flatnonzero(case.pick >= 0)
    place = b.neighbourhood[case.rows[go]]
    keys = (case.owner[go] * len(model.neighbourhoods) + place) * 4 + case.pooled[go] * 2 + case.shared[go]
    for key in np.unique(keys):
        part = go[keys == key]
        project = _project(model, case, part)
        ask_consent(model, project, case, part)
        if project.ready >= 0:
            model.projects.append(project)
            b.site[project.buildings] = Site.ANNOUNCED
            b.announced[project.buildings] = model.quarter


def _project(model: RenewalModel, case: Case, part: Ints) -> Project:
    """One project from the chosen buildings of an owner in a neighbourhood."""
    p = model.p
    shared = bool(case.shared[part[0]])
    delay = 1 + (p.negotiation_quarters if shared else 0.0)
    return Project(
        owner=int(case.owner[part[0]]),
        municipality=int(case.municipality[part[0]]),
        buildings=case.rows[part],
        options=case.pick[part],
        flats=int(case.flats[part].sum()),
        cost=float((case.chosen(case.o.cost) * case.flats)[part].sum()),
        decided=model.quarter,
        ready=model.quarter + round(delay),
        pooled=bool(case.pooled[part[0]]),
        shared=shared,
        payments=case.payments[part].sum(axis=0),
        promised=case.promised[part].sum(axis=0),
        grant=float(case.granted[part].sum()),
    )
