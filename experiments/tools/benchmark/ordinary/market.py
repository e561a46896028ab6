"""The market of flats: who leaves goes somewhere, and empty flats are let to households from the queue."""

from __future__ import annotations

from experiments.tools.benchmark.ordinary.destinations import settle
from experiments.tools.benchmark.ordinary.draws import keys, uniform
from experiments.tools.benchmark.ordinary.estates import Estates
from experiments.tools.benchmark.ordinary.homes import Offers, looks_at, next_offers, set_lookers, would_take
from experiments.tools.benchmark.ordinary.household import EMPLOYED, NATIVE, OUT_OF_WORK, RETIRED, Household
from experiments.tools.benchmark.ordinary.places import Flat
from experiments.tools.benchmark.ordinary.queue import NEXT_TURN, Candidate, Newcomers, candidate
from sim.randomness import Decision

TYPES = 3  # of households: of one person, two, three or more


def move(model: Estates) -> None:
    """Households leave their flats; others who leave, or the queue, fill them."""
    now = model.now
    for household, caused in now.leaving:
        _leave(model, household, caused)
    empty = [model.empty[row] for row in sorted(model.empty)]
    offers = next_offers(now, model.buildings)
    set_lookers(now, model.places, model.buildings, empty)
    first, second = keys(model.draws, Decision.LET_FLAT, now.q, 2)
    offered: dict[int, tuple[Flat, int]] = {}
    for flat in empty:
        looks = min(looks_at(flat.building.mean, uniform(second, flat.row)), round(now.p.queue_offers))
        if looks > 0 and uniform(first, flat.row) < now.p.letting:
            offered[flat.row] = flat, looks
    settle(model, [flat for flat, _ in offered.values()], offers)
    left = [(flat, looks) for row, (flat, looks) in offered.items() if row in model.empty]
    _let(model, left[: max(int(model.county.who_may_move_in(now.q)), 0)], offers)


def _leave(model: Estates, household: Household, caused: bool) -> None:
    """It is out of its flat, and counted."""
    counts, place = model.now.counts, household.flat.place
    model.empty[household.flat.row] = household.flat
    counts.add("moves", place)
    if household.work != RETIRED:
        counts.add("out_movers", place)
    if household.work == EMPLOYED:
        counts.add("out_movers_employed", place)
    kind = household.third * TYPES + min(household.size, TYPES) - 1
    counts.moves[place.index, kind] += 1
    counts.caused[place.index, kind] += caused


class _Letting:
    """Households look at the flats on offer, one after the other, and take one or leave it."""

    def __init__(self, model: Estates, offers: Offers) -> None:
        self.now, self.offers = model.now, offers
        self.refill = keys(model.draws, Decision.REFILL, self.now.q, 13)
        (self.choose,) = keys(model.draws, Decision.CHOOSE_FLAT, self.now.q)

    def look(self, flat: Flat, turn: int, newcomers: Newcomers) -> tuple[Candidate, bool, bool]:
        """Who looks in this turn, whether they take anything, and whether they take this flat."""
        dearer = max(flat.rent / flat.building.rent_plain - 1.0, 0.0)
        who = candidate(self.now, flat, turn, dearer, self.refill, newcomers)
        anything = uniform(self.choose, flat.row + turn * NEXT_TURN) >= flat.building.share_choosing
        return who, anything, anything or would_take(self.now, flat, who.wish, self.offers)


def _let(model: Estates, offered: list[tuple[Flat, int]], offers: Offers) -> None:
    """The first household that takes a flat moves in. All flats are looked at once before any is a second time."""
    letting, people = _Letting(model, offers), model.county.people
    taken: list[tuple[Flat, Candidate]] = []
    rest = []
    newcomers = Newcomers(people.newcomers)
    for flat, looks in offered:
        who, _, takes = letting.look(flat, 0, newcomers)
        if takes:
            taken.append((flat, who))
        elif looks > 1:
            rest.append((flat, looks))
    people.newcomers -= sum(who.arrived for _, who in taken)
    later: list[tuple[Flat, Candidate]] = []
    newcomers = Newcomers(people.newcomers)
    for flat, looks in rest:
        found = None
        for turn in range(1, looks):
            who, anything, takes = letting.look(flat, turn, newcomers)
            if takes and found is None:
                found = who
            if anything:
                break  # nobody looks after somebody who takes anything
        if found is not None:
            later.append((flat, found))
    people.newcomers -= sum(who.arrived for _, who in later)
    taken += later
    for (flat, who), born in zip(taken, model.county.send([who for _, who in taken], model.now.q), strict=True):
        _move_in(model, flat, who, born)


def _move_in(model: Estates, flat: Flat, who: Candidate, born: int) -> None:
    """A household from the queue moves in."""
    now, p = model.now, model.now.p
    income = who.income * now.level
    health = min(p.health_start + (p.health_work if who.employed else 0.0), 1.0)
    Household(
        model, flat, number=((now.q + 1) << 32) + flat.row, born=born, since=now.q,
        work=EMPLOYED if who.employed else OUT_OF_WORK, ever_worked=not who.arrived or who.employed,
        arrival=now.q if who.arrived else NATIVE, foreign=who.foreign, skill=who.skill, size=who.size,
        other_income=who.other_income, second_pay=who.second_pay, history=who.history, spell=who.spell,
        entitled=who.entitled, insured=who.insured, wish=who.wish, third=who.third,
        health=health, satisfaction=flat.place.satisfaction_start,
        income=income, burden=flat.rent / max(income, now.least_income),
    )  # fmt: skip
    del model.empty[flat.row]
    now.counts.add("in_movers", flat.place)
    if who.arrived:
        now.counts.add("arrivals", flat.place)
    if who.employed:
        now.counts.add("in_movers_employed", flat.place)
