"""The compact when a year opens: the county council calls, municipalities join, wait, ride free, stay or leave."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules import commitment as rules
from sim.rules.commitment import Term, View
from sim.rules.programmes import volume_of
from sim.world.books import Flow
from sim.world.columns import Bools, Floats
from sim.world.notes import COMPACT, Talk
from sim.world.sight import compact_as_seen
from sim.world.world import World

# Why a member leaves, by the term that has fallen most since it joined; courage does not change.
CAUSES = {
    Term.GAINS: "gains_fell", Term.PRESSURE: "pressure_fell", Term.DRIVE: "new_majority", Term.TRUST: "trust_lost",
    Term.DOWNTURN: "downturn", Term.COURAGE: "courage_failed",
}  # fmt: skip
NO_BUDGET = "no_budget"


def convene(world: World) -> None:
    """Every municipality decides on what it has seen; a compact that is too small breaks. Those who are in pay for the
    joint staff, the county council for its own."""
    compact, ms = world.compact, world.municipalities
    if not compact.looked:
        _first_look(world)
    fee = _fee(world)
    view, terms = _weighed(world, fee)
    score = terms.sum(axis=0)
    inside = np.array([m.committed_to_compact for m in ms])
    afford = np.array([m.budget for m in ms]) >= fee
    called = _called(world, ~inside)
    unsure = rules.wait_worth(compact.known, compact.volume, _cost(world, fee), view.courage, world.p)
    waiting = world.p.commitment_gain * unsure * compact.acts
    joins = called & afford & (score >= waiting)
    leaves = inside & (~afford | (score < -world.p.commitment_inertia))
    _log_outside(world, view, fee, called & ~joins, score, afford)
    _log(world, joins, "agreed", np.where(joins, "joins", ""), view, fee)
    causes = np.where(afford, _causes(world, terms), NO_BUDGET)
    _log(world, leaves, "withdrawn", causes, view, fee)
    compact.at_joining[:, joins] = terms[:, joins]
    compact.were, compact.left = float(inside.sum()), float(leaves.sum())
    _settle(world, (inside & ~leaves) | joins, leaves, causes, view, fee)
    _county_decides(world, view)
    _pay(world, fee)


def disband(world: World) -> None:
    """Where nothing is practised together any more, nobody is in anything."""
    compact, inside = world.compact, np.array([m.committed_to_compact for m in world.municipalities])
    if not inside.any():
        return
    view, fee = _weighed(world, _fee(world))[0], _fee(world)
    _log(world, inside, "withdrawn", np.full(len(inside), "ended"), view, fee)
    compact.acts = world.county_council.committed_to_compact = False
    for m in world.municipalities:
        m.committed_to_compact = False


def _first_look(world: World) -> None:
    """What municipalities hope for before anybody has tried, and the works that they have before them, SEK a year."""
    compact, p = world.compact, world.p
    compact.belief = p.compact_hope + compact_as_seen(world)
    rows = world.rows_like(np.arange(world.plans.buildings))
    flats = world.buildings.flats[rows] * (world.at_full_size.condition < p.due_condition)
    due = np.bincount(world.buildings.owner[rows], flats, minlength=len(world.owners))
    for m in world.municipalities:
        # The draw by which its company will set itself a time this year.
        chance = float(world.draws.at(Decision.PROGRAMME, world.quarter, m.index)[0, 0])
        compact.volume[m.index] = volume_of(float(due[m.index]), chance, p) * p.cost_midi * world.region.scale
    compact.looked = True


def _fee(world: World) -> Floats:
    """What the joint staff costs a member, SEK a year (m,)."""
    each = scope.coordination_cost_factor(world) * world.p.compact_staff * world.region.scale
    return np.full(len(world.municipalities), each)


def _cost(world: World, fee: Floats) -> Floats:
    """What being in costs or would cost each, talks included, SEK a year (m,)."""
    return np.asarray(fee + world.compact.talk_rate * world.compact.volume)


def _weighed(world: World, fee: Floats) -> tuple[View, Floats]:
    """What municipalities go by this year, and the weight of every term (6, m)."""
    compact, p, table = world.compact, world.p, world.region.municipalities
    cost, works = _cost(world, fee), compact.volume
    term = int((world.quarter // 4) // p.term_years)
    draw = world.draws.normal(Decision.COMPACT_MAJORITY, term, np.arange(len(table)))[:, 0]
    # The majority of the start is the one that the region's table tells of.
    drive = rules.drive_of_term(table.drive, draw * (term > 0), p)
    view = View(
        inside=rules.net_gain(compact.belief, works, cost, p),
        outside=np.minimum(compact.spilt * works / np.maximum(cost, 1e-9), p.seen_gain_most),
        pressure=np.array([world.civic_pressure(m.index) for m in world.municipalities]),
        drive=rules.with_convener(drive, scope.county_drive(world), p),
        trust=np.array([m.trust for m in world.municipalities]),
        courage=table.courage,
    )
    for m, gain in zip(world.municipalities, view.inside, strict=True):
        m.seen_gain = float(gain)
    return view, rules.terms(view, max(world.surroundings.slack, 0.0), p)


def _called(world: World, outside: Bools) -> Bools:
    """Which of those ``outside`` the county's staff sits down with this year (m,): those whom it has not met for the
    longest time, in an order by chance."""
    compact = world.compact
    compact.meetings += scope.meetings(world)
    rows = np.arange(len(outside))
    turn = world.draws.at(Decision.COMPACT_CALL, world.quarter, rows)[:, 0]
    order = np.lexsort((turn, compact.met))
    order = order[outside[order]][: int(compact.meetings)]
    # What is not used is not saved up, but for the part of a meeting.
    compact.meetings %= 1.0
    compact.met[order] = world.quarter
    return np.isin(rows, order)


def _causes(world: World, terms: Floats) -> np.ndarray:
    """Why each would leave (m,): the term that has fallen most since it joined."""
    fallen = (world.compact.at_joining - terms).argmax(axis=0)
    return np.array([CAUSES[Term(int(i))] for i in fallen])


def _settle(world: World, joined: Bools, leaves: Bools, causes: np.ndarray, view: View, fee: Floats) -> None:
    """Who is in from now on. Once a compact has acted and is too small for its quorum, it is over for all; where all
    have left at once, for those."""
    compact, enough = world.compact, bool(joined.sum() >= scope.quorum(world))
    if compact.acts and not enough:
        names, counts = np.unique(causes[leaves], return_counts=True)
        cause = str(names[counts.argmax()]) if len(names) else "quorum"
        over = joined if joined.any() else leaves
        _log(world, over, "broken", np.full(len(joined), cause), view, fee)
        joined = np.zeros_like(joined)
    compact.acts = enough and bool(joined.any())
    for m in world.municipalities:
        m.committed_to_compact = bool(joined[m.index])


def _county_decides(world: World, view: View) -> None:
    """The county council is in on the mean of what municipalities see, pressed by those who have joined."""
    joined = np.array([float(m.committed_to_compact) for m in world.municipalities])
    mean = View(
        view.inside.mean(keepdims=True), np.zeros(1), joined.mean(keepdims=True), np.array([scope.county_drive(world)]),
        view.trust.mean(keepdims=True), np.zeros(1),
    )  # fmt: skip
    weights = rules.terms(mean, max(world.surroundings.slack, 0.0), world.p)
    world.county_council.committed_to_compact = bool(weights.sum() >= 0.0) and world.levers.county_staff > 0.0


def _pay(world: World, fee: Floats) -> None:
    """Members pay for joint staff out of what they may spend on collaborating; the county council for its own staff."""
    paid = fee * scope.at_the_table(world)
    world.books.pay(Flow.COORDINATION_MUNICIPALITIES, paid)
    for m in world.municipalities:
        m.budget -= float(paid[m.index])
    staff = scope.coordination_cost_factor(world) * world.levers.county_staff * world.p.county_staff_pay
    world.books.pay(Flow.COORDINATION_COUNTY, staff * world.region.scale * world.flat_shares)


def _log_outside(world: World, view: View, fee: Floats, who: Bools, score: Floats, afford: Bools) -> None:
    """Those who were called and did not come: they wait, ride free, or hold it not worth it."""
    alone = score + world.p.commitment_gain * view.outside
    why = np.where(score >= 0.0, "waits", np.where(alone >= 0.0, "rides_free", "not_worth_it"))
    _log(world, who, "refused", np.where(afford, why, NO_BUDGET), view, fee)


def _log(world: World, who: Bools, result: str, reasons: np.ndarray, view: View, fee: Floats) -> None:
    """A row each in the log of talks: what being in costs a year, and what it is seen to bring."""
    cost = _cost(world, fee)
    for i in np.flatnonzero(who):
        brings = (float(view.inside[i]) + 1.0) * float(cost[i])
        short = max(float(cost[i]) - brings, 0.0)
        name = world.municipalities[i].name
        world.talk_log.append(
            Talk(world.quarter, name, COMPACT, "", float(cost[i]), brings, short, result, str(reasons[i]))
        )
