"""The queue for flats, within phase 7: who looks at an empty flat, and whether they take it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own
from sim.randomness import NEXT_LIKE, Decision, Keys, uniform
from sim.rules import queue as rules
from sim.rules.history import drawn, spell_of
from sim.rules.homes import extra_rent, pay_factor, takes, wish, worth_of_flats
from sim.rules.income import net_pay, pay_class, pay_table, third, with_support
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


class Households(NamedTuple):
    """Households from the queue that take a flat, arrays (rows,)."""

    row: Ints  # the flat that each takes
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
    income: Floats  # in that flat without renovation, SEK/month at the pay of 2011
    third: Small  # income third of the start, by income at the plain rent and the pay of 2011


class Offer(NamedTuple):
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


def look(world: World, rows: Ints, looks: Ints, choosing: Floats, offer: Offer) -> Households:
    """Let so many households look at each flat (rows), one after the other: the first of each who takes it.

    looks : 1 or more (rows,). choosing : share of those who look at a building's flats that chooses, 0-1 (b,). offer :
    what those expect next.
    """
    r, b, p, level = world.residents, world.buildings, world.p, world.pay_level
    places, towns = world.region.neighbourhoods, world.region.municipalities
    draws, quarter = world.draws, world.quarter
    net = net_pay(pay_table(p, level), world.municipal_tax + world.county_tax)
    # Thirteen draws a household, each with its place, so that a new attribute would not move the others.
    found, newcomers = _look(
        draws.keys(Decision.REFILL, quarter, 13), draws.keys(Decision.CHOOSE_FLAT, quarter),
        rows, looks, choosing, world.elsewhere.newcomers, p.numbers,
        level, pay_factor(level, p), *world.income_terciles, net,
        offer.worth, offer.extra, towns.assistance_share, world.histories.ends,
        places.employment, places.foreign_background, places.education_shares, places.size_shares,
        places.reputation, world.neighbourhoods.reputation,
        b.neighbourhood, b.municipality, b.rent, b.rent_chosen, b.area,
        r.building, r.standard, r.upgraded, r.rent_apart, r.rent, world.plain_rent,
    )  # fmt: skip
    world.elsewhere.newcomers = newcomers
    return Households(*found)


@kernel
def _look(
    keys: Keys, to_choose: Keys,
    rows: Ints, looks: Ints, choosing: Floats, newcomers: float, numbers: NDArray[np.void],
    level: float, wish_level: float, low_income: float, high_income: float, net: Floats,
    next_worth: Floats, next_extra: Floats, on_assistance: Floats, ends: Floats,
    employment: Floats, background: Floats, education: Floats, sizes: Floats,
    reputation_before: Floats, reputation: Floats,
    neighbourhood: Ints, municipality: Ints, rents: Floats, rent_chosen: Floats, area: Floats,
    building: Ints, standard: Small, upgraded: Bools, rent_apart: Floats, rent: Floats, plain_rent: Floats,
) -> Any:  # fmt: skip
    """The columns of those who take a flat, in their order, and how many newcomers to Sweden are left."""
    p: Any = own(numbers)
    n_rows, count, cells = len(rows), 0, len(ends) // (2 * len(employment))
    taken = np.zeros(n_rows, np.bool_)
    flat, age = np.empty(n_rows, np.int64), np.empty(n_rows, np.int64)
    arrived, foreign, employed = np.empty(n_rows, np.bool_), np.empty(n_rows, np.bool_), np.empty(n_rows, np.bool_)
    skill, size = np.empty(n_rows, np.int8), np.empty(n_rows, np.int8)
    other_income, second_pay = np.empty(n_rows), np.empty(n_rows)
    spell, history = np.empty(n_rows, np.int8), np.empty(n_rows, np.int8)
    entitled, insured = np.empty(n_rows, np.bool_), np.empty(n_rows, np.bool_)
    wishes, income, by_income = np.empty(n_rows), np.empty(n_rows), np.empty(n_rows, np.int8)
    # The flats lie far apart in the columns: a loop that does nothing but read waits for many of them at a time.
    worth, extra, dear, plain = np.empty(n_rows), np.empty(n_rows), np.empty(n_rows), np.empty(n_rows)
    for i in range(n_rows):
        row, b = rows[i], building[rows[i]]
        worth[i] = worth_of_flats(standard[row], upgraded[row], p)
        extra[i] = extra_rent(rent_chosen[b], rent_apart[row], rents[b], upgraded[row], area[b], p)
        dear[i], plain[i] = rules.dearer(rent[row], plain_rent[row]), plain_rent[row]
    # First whoever comes first to each flat, then all later turns: who looks then does not hang on who looked before.
    for later in range(2):
        came, moved_in = 0, 0
        for i in range(n_rows):
            if later and (taken[i] or looks[i] == 1):
                continue
            row = rows[i]
            b = building[row]
            n, m = neighbourhood[b], municipality[b]
            more = rules.better(dear[i], reputation[n], reputation_before[n], p)
            for turn in range(1 if later else 0, looks[i] if later else 1):
                # Each flat and turn has draws of its own.
                who = row + turn * NEXT_LIKE
                anything = uniform(to_choose[0], who) >= choosing[b]
                is_foreign = uniform(keys[1], who) < background[n]
                new = uniform(keys[2], who) < p.queue_newcomers and is_foreign
                came += new
                new = new and came <= newcomers  # no more than have come to the county
                if taken[i]:
                    if anything:
                        break
                    continue
                works = rules.works(uniform(keys[3], who), new, employment[n], background[n], more, p)
                schooling: Any = rules.schooling(
                    uniform(keys[4], who), works, education[n, 0], education[n, 2], more, p
                )
                persons: Any = rules.persons(uniform(keys[5], who), sizes[n, 0], sizes[n, 1], sizes[n, 2])
                second = rules.second_pay(uniform(keys[7], who), persons, p)
                earns = persons > 1 and uniform(keys[6], who) < p.second_earner_share
                # They have worked as much as those of their kind here, but newcomers, who begin with nothing.
                kind = n * cells + schooling * 2 + is_foreign + works * (len(ends) // 2)
                past = 0 if new else drawn(ends[kind], uniform(keys[12], who))
                out = 0.0 if works else spell_of(past, uniform(keys[8], who), p.mover_spell, p)
                right, insurance = uniform(keys[9], who) < on_assistance[m], uniform(keys[10], who) < p.insured_share
                work: Any = Work.EMPLOYED if works else Work.OUT_OF_WORK
                pay = pay_class(work, schooling, right, insurance and out < p.insurance_quarters, False)
                # Drawn once and kept: no later job, and no retirement, changes what a household wishes for.
                has = with_support(net[m, pay], earns * second * level, pay, persons, plain[i], level, p) / level
                wants = wish(has, uniform(keys[11], who), p)
                if anything or takes(wants * wish_level, worth[i], extra[i], next_worth[m], next_extra[m]):
                    taken[i] = True
                    moved_in += new
                    flat[count], age[count] = row, rules.age(uniform(keys[0], who), p)
                    arrived[count], foreign[count], employed[count] = new, is_foreign, works
                    skill[count], size[count] = schooling, persons
                    other_income[count], second_pay[count] = earns * second, second
                    spell[count], history[count] = out, past
                    entitled[count], insured[count] = right, insurance
                    wishes[count], income[count], by_income[count] = wants, has, third(has, low_income, high_income)
                    count += 1
                # Nobody looks after somebody who takes anything.
                if anything:
                    break
        newcomers -= float(moved_in)
    found = (
        flat[:count], age[:count], arrived[:count], foreign[:count], employed[:count], skill[:count], size[:count],
        other_income[:count], second_pay[:count], spell[:count], history[:count], entitled[:count], insured[:count],
        wishes[:count], income[:count], by_income[:count],
    )  # fmt: skip
    return found, newcomers
