"""The queue for flats, within phase 7: who looks at an empty flat, and whether they take it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.randomness import Decision
from sim.rules.history import spell_of
from sim.rules.homes import pay_factor, takes, wish
from sim.rules.income import pay_class, third
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.homes import extra_rent, worth_in_wishes
from sim.world.household_money import income_at_plain_rent
from sim.world.state import Small
from sim.world.world import World


@dataclass(frozen=True)
class Households:
    """Households from the queue, one for each flat that is looked at, arrays (rows,)."""

    age: Ints  # quarters
    arrived: Bools  # newcomers to Sweden
    foreign: Bools
    employed: Bools
    skill: Small
    size: Small
    other_income: Floats  # SEK/month at the pay of 2011
    second_pay: Floats  # SEK/month at the pay of 2011, when at work
    spell: Small  # quarters out of work
    history: Small  # quarters of work history
    entitled: Bools
    insured: Bools
    wish: Floats  # SEK/month at the pay of 2011
    income: Floats  # in the flat that is looked at without renovation, SEK/month at the pay of 2011
    third: Small  # income third of the start, by income at the plain rent and the pay of 2011

    def those(self, which: Bools) -> Households:
        """Some of them."""
        return Households(**{one.name: getattr(self, one.name)[which] for one in fields(self)})

    def and_others(self, others: Households) -> Households:
        """These, then the others."""
        columns = ((one.name, getattr(self, one.name), getattr(others, one.name)) for one in fields(self))
        return Households(**{name: np.concatenate([mine, theirs]) for name, mine, theirs in columns})


@dataclass(frozen=True)
class Offer:
    """What a household may expect of its next offer, by municipality: worth of the standard in wishes (m,), and the
    rent for it, SEK/month (m,)."""

    worth: Floats
    extra: Floats


def next_offer(world: World, homes: tuple[Floats, Floats]) -> Offer:
    """The mean of a municipality's flats: each has a queue of its own, and flats come on the market at much the same
    pace. Those that stand empty now are no measure of it, since what nobody wants stays among them.

    homes : as ``worth_and_extra_rent`` gives.
    """
    m, where = len(world.municipalities), world.buildings.municipality
    flats = np.bincount(where, world.buildings.flats, minlength=m)
    worth, extra = (np.bincount(where, x, minlength=m) / flats for x in homes)
    return Offer(worth, extra)


def candidates(world: World, rows: Ints, dearer: Floats, reputation: Floats, turn: Ints) -> Households:
    """The households that look at these flats in their turn: each flat and turn has draws of its own.

    dearer : rent above that without renovation, a share. reputation : of the neighbourhood. turn : 0, 1 ...; (rows,).
    """
    p, n = world.p, world.neighbourhood_of[rows]
    places = world.region.neighbourhoods
    # Thirteen draws a household, each with its place, so that a new attribute would not move the others.
    u = world.draws.at(Decision.REFILL, world.quarter, rows + (turn << 32), 13)
    age = np.floor(4.0 * (p.mover_age_from + p.mover_age_span * u[:, 0] ** 2)).astype(np.int64)
    # Where the queue chooses, dear flats find those who want them; only for the rest does the rent stand for that.
    better = (1.0 - p.queue_sorting) * p.queue_rent * dearer
    better += p.queue_reputation * (reputation - places.reputation[n])
    chance = np.clip(places.employment[n] - p.queue_gap + better, p.queue_employment_least, p.queue_employment_most)
    background = places.foreign_background[n]
    foreign = u[:, 1] < background
    arrived = (u[:, 2] < p.queue_newcomers) & foreign
    arrived &= np.cumsum(arrived) <= world.elsewhere.newcomers  # no more than have come to the county
    # A newcomer's first years go without work; the others keep the queue's mean.
    new = p.queue_newcomers * background
    others = np.maximum(1.0 - new, 1e-9)  # there may be none
    settled = np.minimum((chance - p.newcomer_employed * new) / others, p.settled_employment_most)
    employed = u[:, 3] < np.where(arrived, p.newcomer_employed, settled)
    low, high = places.education_shares[n, 0], places.education_shares[n, 2]
    lift = np.where(employed, p.queue_schooling, -p.queue_schooling) + better
    skill = np.full(len(rows), Skill.MIDDLE, dtype=np.int8)
    skill[u[:, 4] > 1.0 - high - lift] = Skill.HIGH
    skill[u[:, 4] < low - lift] = Skill.LOW
    larger = np.cumsum(places.size_shares, axis=1)
    size = 1 + (u[:, 5] > larger[n, 0]) + (u[:, 5] > larger[n, 1]) + (u[:, 5] > larger[n, 2])
    size = size.astype(np.int8)
    earns = (size > 1) & (u[:, 6] < p.second_earner_share)
    around = 1.0 - p.second_income_spread / 2.0 + p.second_income_spread * u[:, 7]
    second = (size > 1) * p.second_income * around
    other = earns * second
    # They have worked as much as those of their kind here, but newcomers, who begin with nothing.
    history = world.histories.drawn(n, skill * 2 + foreign, employed, u[:, 12]) * ~arrived
    spell = (spell_of(history, u[:, 8], p.mover_spell, p) * ~employed).astype(np.int8)
    share = world.region.municipalities.assistance_share[world.municipality_of[rows]]
    entitled, insured = u[:, 9] < share, u[:, 10] < p.insured_share
    work = np.where(employed, Work.EMPLOYED, Work.OUT_OF_WORK).astype(np.int8)
    pay = pay_class(work, skill, entitled, insured & (spell < p.insurance_quarters), False)
    # Drawn once and kept: no later job, and no retirement, changes what a household wishes for.
    income = income_at_plain_rent(world, rows, pay, size, other)
    wishes, by_income = wish(income, u[:, 11], p), third(income, world.income_terciles)
    person = age, arrived, foreign, employed, skill, size, other, second
    return Households(*person, spell, history, entitled, insured, wishes, income, by_income)


def takes_anything(world: World, rows: Ints, turn: Ints, choosing: Floats) -> Bools:
    """Which of the households that look at these flats in their turns do not choose (rows,).

    choosing : share of those who look at each flat that does, 0-1 (rows,).
    """
    u = world.draws.at(Decision.CHOOSE_FLAT, world.quarter, rows + (turn << 32))[:, 0]
    return np.asarray(u >= choosing)


def accept(world: World, rows: Ints, who: Households, offer: Offer) -> Bools:
    """Which of these households would take their flat if they chose, since they expect no better (rows,)."""
    m, now = world.municipality_of[rows], who.wish * pay_factor(world.pay_level, world.p)
    return takes(now, worth_in_wishes(world, rows), extra_rent(world, rows), offer.worth[m], offer.extra[m])


def look(
    world: World, rows: Ints, dearer: Floats, looks: Ints, choosing: Floats, offer: Offer
) -> tuple[Ints, Households]:
    """Let so many households look at each flat (rows): which rows somebody takes, and who is the first to do so.

    dearer : as for ``candidates``. looks : 1 or more. choosing : as for ``takes_anything``; (rows,). offer : what
    they expect next.
    """
    reputation = world.neighbourhoods.reputation[world.neighbourhood_of[rows]]
    now = np.zeros(len(rows), dtype=np.int64)
    who = candidates(world, rows, dearer, reputation, now)
    willing = takes_anything(world, rows, now, choosing) | accept(world, rows, who, offer)
    taken, who, rest = rows[willing], who.those(willing), np.flatnonzero(~willing & (looks > 1))
    world.elsewhere.newcomers -= float(who.arrived.sum())
    if len(rest) == 0:
        return taken, who
    # All later turns at once: who looks then does not hang on who looked before. Few flats are left.
    more = looks[rest] - 1
    ahead = np.cumsum(more) - more
    where, later = np.repeat(rest, more), np.arange(int(more.sum())) - np.repeat(ahead, more) + 1
    anything = takes_anything(world, rows[where], later, choosing[where])
    # Nobody looks after somebody who takes anything.
    before: Ints = np.cumsum(anything) - anything
    looking: Bools = before == np.repeat(before[ahead], more)
    where, later, anything = where[looking], later[looking], anything[looking]
    others = candidates(world, rows[where], dearer[where], reputation[where], later)
    willing = anything | accept(world, rows[where], others, offer)
    first = willing.copy()
    first[willing] = np.diff(where[willing], prepend=-1) != 0
    others = others.those(first)
    world.elsewhere.newcomers -= float(others.arrived.sum())
    return np.concatenate([taken, rows[where[first]]]), who.and_others(others)
