"""Owners apply for grants, or do not: a decision under uncertainty that takes work whether or not it is granted.

An application must be in, and be answered, before works begin. So an owner applies for what it will begin in later
years, and waits with what it could begin now where a chance of a grant is worth the delay.
"""

from __future__ import annotations

import numpy as np

from sim.phases.finance.grants import answer, lead, programme_open, too_late
from sim.phases.planning.appraising import with_grants
from sim.phases.planning.case import Case
from sim.phases.planning.expected import expected_to_begin
from sim.phases.planning.told import told
from sim.rules import appraisal, choice
from sim.rules import grants as rules
from sim.rules.rivals.aims import AIMS
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.grants import NEVER
from sim.world.plans import Slip
from sim.world.tallies import RegionTally
from sim.world.world import World


def seek_grants(world: World, every: Case, case: Case) -> Case:
    """Owners apply for due buildings (``every``), among which are those that may begin this year (``case``).

    Returns the case of those that need not wait, with what is promised to them.
    """
    if not programme_open(world):
        return case
    found = _Candidates(world, every, case)
    go = _applying(world, every, found)
    if len(go) == 0:
        return case
    keys = every.keys[go]
    world.grants.file(keys, found.asked[go], found.option[go], world.quarter)
    asked = float((found.asked[go, found.option[go]] * every.flats[go]).sum())
    world.tallies.add(RegionTally.GRANTS_APPLIED, asked * world.region.scale)
    _pay_work(world, every, go)
    answer(world)
    waits = world.grants.pending[case.keys]
    world.plans.hold(case.keys[waits], Slip.GRANT)
    return promised(world, case.part(~waits))


def promised(world: World, case: Case) -> Case:
    """The case with what has been promised to its buildings, where they can still begin in time for it."""
    if not world.grants.granted.any():
        return case
    grant = np.where(too_late(world)[case.keys, None], 0.0, world.grants.granted[case.keys])
    if grant.any():
        case.grant = grant
        case.own = case.deciding = with_grants(world, case, grant)
    return case


class _Candidates:
    """What each due building (n,) could get, and what applying for it is worth, SEK per building before the work."""

    def __init__(self, world: World, every: Case, case: Case) -> None:
        levers, p = world.levers, world.p
        g, wait = world.grants, lead(world)
        self.asked = _asked(world, every) * every.allowed
        hoped = with_grants(world, every, self.asked) + every.error[:, :-1]
        self.option = np.where(self.asked > 0.0, hoped, -np.inf).argmax(axis=1)
        nothing = every.error[:, -1]
        free, without = choice.best_option(every.bare, every.error, every.allowed)
        best = np.where(every.allowed, hoped, -np.inf).max(axis=1)
        worn = world.at_full_size.condition[every.keys] <= p.forced_condition
        self.staged = np.isin(every.keys, case.keys)
        begins = np.zeros(len(every.keys), dtype=bool)
        begins[self.staged] = _begins(world, case)
        hopes = rules.Hopes(
            np.maximum(without - nothing, 0.0), np.maximum(best - nothing, 0.0), begins & (without >= nothing),
            rules.believed((g.chance * g.taken_up)[every.owner], wait, p), (1.0 + every.required) ** (-wait / 4.0),
        )  # fmt: skip
        n = np.arange(len(free))
        private = every.owner >= len(world.municipalities)
        unit = np.where(private[:, None], AIMS[levers.landlords_maximise].per_sek(every.o.cost), 1.0)
        self.gain = rules.gain(hopes) / unit[n, self.option] * every.flats
        # Pipes that give out cannot wait for an answer; what is promised or filed is not asked for again.
        can = (self.asked > 0.0).any(axis=1) & ~(worn & (wait > 0))
        # A programme goes on: whoever was refused does not keep this year's stages waiting for ever.
        can &= ~(self.staged & (wait > 0) & (g.refused[every.keys] >= p.grant_waits))
        self.open = can & ~g.granted[every.keys].any(axis=1)


def _asked(world: World, every: Case) -> Floats:
    """What the programme offers for each option, SEK per flat (n, 9)."""
    levers, p = world.levers, world.p
    terms = rules.Terms(
        levers.grant_rate, levers.grant_cap_per_flat, levers.grant_least_saving, levers.grant_energy_limit,
        levers.grant_own_funding,
    )  # fmt: skip
    _, energy = appraisal.reference_costs(p)
    base = energy[None, :] * world.believed_price if levers.grant_energy_only else every.o.cost
    return rules.offered(terms, base, every.o.cost, every.o.saving, world.at_full_size.energy[every.keys])


def _begins(world: World, case: Case) -> Bools:
    """Which buildings of the case their owners expect to begin this year, the most part of them."""
    places = np.arange(len(case.rows))
    alone = choice.best(case.own, case.error, case.allowed)
    begun = expected_to_begin(world, case, places, alone)
    return begun > case.flats - begun


def _applying(world: World, every: Case, found: _Candidates) -> Ints:
    """Places of the buildings for which owners apply."""
    stock = np.array([x.flats for x in world.owners], dtype=np.float64)
    work = rules.work(world.levers.grant_burden, stock, world.p)
    net = found.gain - work[every.owner]
    # What comes first: this year's stages, the estates that they are in, then all else; each by what it gains a flat.
    estates = every.owner * len(world.neighbourhoods) + world.buildings.neighbourhood[every.rows]
    near = np.isin(estates, estates[found.staged])
    order = np.lexsort((-net / every.flats, ~near, ~found.staged))
    order = order[(found.open & (net > 0.0) & _foreseen(world, every, found, near))[order]]
    chosen = [_of_owner(world, every, found, order[every.owner[order] == x.index], estates) for x in world.owners]
    # The yearly work with a programme must pay as well: for reading its rules, and for reports.
    yearly = world.p.grant_yearly_work * work
    pays = [go for x, go in zip(world.owners, chosen, strict=True) if float(net[go].sum()) > yearly[x.index]]
    return np.sort(np.concatenate(pays)) if pays else order[:0]


def _foreseen(world: World, every: Case, found: _Candidates, near: Bools) -> Bools:
    """Which buildings their owners expect to begin soon (n,): by its plan an owner builds this year's stages, and next
    year more in the same estates (``near``) where series follow."""
    can = np.ones(len(every.keys), dtype=bool)
    for plan in world.plans.of.values():
        mine = every.owner == plan.owner
        can[mine] = False
        for one in plan.estates:
            here = mine & (world.buildings.neighbourhood[every.rows] == one.place)
            can |= here & near & one.serial(world.quarter // 4 + 1, world.p.pilot_years)
    return can | found.staged


def _of_owner(world: World, every: Case, found: _Candidates, mine: Ints, estates: Ints) -> Ints:
    """Of an owner's candidates in their order, those that it could begin in time, whose own part it can show that it
    has, and that are many enough in their estate."""
    if len(mine) == 0:
        return mine
    levers, owner = world.levers, world.owners[every.owner[mine[0]]]
    flats = every.flats[mine].astype(np.float64)
    if levers.grant_start_within > 0:
        begins = owner.capacity(world.p) / world.region.scale * world.grants.taken_up[owner.index]
        room = begins * levers.grant_start_within / 4.0 - _held(world, owner.index)
        mine = mine[np.cumsum(flats) - flats < room]
    own = levers.grant_own_funding * every.o.cost[mine, found.option[mine]] * every.flats[mine]
    shown = np.cumsum(own) * world.region.scale <= owner.headroom(world.p)
    mine = mine[shown | (own == 0.0)]
    _, number = np.unique(estates[mine], return_inverse=True)
    return mine[np.bincount(number, every.flats[mine])[number] >= levers.grant_min_flats] if len(mine) else mine


def _held(world: World, owner: int) -> float:
    """Flats of an owner that come first: those with a promise, those that wait for an answer, and those whose tenants
    have been told."""
    g = world.grants
    held = g.pending | ((g.reserved > 0.0) & ~g.begun)
    waiting = told(world)
    held[waiting.keys[waiting.owner == owner]] = True
    rows = world.rows_like(np.flatnonzero(held))
    return float(world.buildings.flats[rows[world.buildings.owner[rows] == owner]].sum())


def _pay_work(world: World, every: Case, go: Ints) -> None:
    """Everybody who applies has the work of it, once a year and for each building."""
    m, scale = len(world.municipalities), world.region.scale
    each = rules.work(world.levers.grant_burden, np.array([x.flats for x in world.owners], dtype=np.float64), world.p)
    number = np.bincount(every.owner[go], minlength=len(world.owners))
    for x in world.owners:
        if number[x.index]:
            flow = Flow.GRANT_APPLICATIONS_LANDLORDS if x.index >= m else Flow.GRANT_APPLICATIONS_COMPANIES
            sek = each[x.index] * (number[x.index] + world.p.grant_yearly_work)
            world.books.pay(flow, sek * scale, x.municipality)


def note_anyway(world: World, case: Case, go: Ints) -> None:
    """Remember what is granted for works (places ``go``) that their owners would have chosen without it."""
    if not case.grant[go].any():
        world.grants.anyway[case.keys[go]] = 0.0
        return
    short = np.array([x.short for x in world.owners])[case.owner[go]][:, None]
    seen = case.bare[go] - world.p.capital_shadow_price * short * case.o.cost[go]
    anyway = choice.best(seen, case.error[go], case.allowed[go])
    worn = world.at_full_size.condition[case.keys[go]] <= world.p.forced_condition
    least = np.where(case.allowed[go], case.o.cost[go], np.inf).argmin(axis=1)
    anyway = np.where(worn & (anyway < 0), least, anyway)
    n = np.arange(len(go))
    both = np.minimum(case.grant[go][n, np.maximum(anyway, 0)], case.grant[go][n, case.pick[go]]) * (anyway >= 0)
    world.grants.anyway[case.keys[go]] = both * case.flats[go]


def without_pending(world: World, due: Ints) -> Ints:
    """Due buildings (rows at full size) but those that wait for an answer. Where pipes give out works begin all the
    same, and the application is lost."""
    g = world.grants
    waits = g.pending[due]
    worn = world.at_full_size.condition[due] <= world.p.forced_condition
    g.filed[due[waits & worn]] = NEVER
    return due[~waits | worn]
