"""Where a household that leaves goes: a neighbourhood with a flat on offer, or a kind of place elsewhere."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate

from experiments.tools.benchmark.ordinary.cohort import Away
from experiments.tools.benchmark.ordinary.draws import keys, uniform
from experiments.tools.benchmark.ordinary.estates import Estates
from experiments.tools.benchmark.ordinary.homes import Offers, would_take
from experiments.tools.benchmark.ordinary.household import EMPLOYED, RETIRED, Household
from experiments.tools.benchmark.ordinary.places import Flat, Place
from experiments.tools.benchmark.ordinary.quarter import Quarter
from sim.randomness import Decision

MORE = 3  # draws of a household before those of the clocks: its turn, whether it chooses, which neighbourhood


class Choices:
    """What each class of incomes sees of places this quarter: the logit of homes that are open to it."""

    def __init__(self, now: Quarter, places: list[Place], free: list[Flat]) -> None:
        fixed, p, k = now.fixed, now.p, now.fixed.k
        self.places, self.k = places, k
        here, rents = [0] * k, [0.0] * k
        for flat in free:
            here[flat.place.index] += 1
            rents[flat.place.index] += flat.rent
        homes = [*(float(x) for x in here), *fixed.open_elsewhere]
        rents = [rent / max(number, 1) for rent, number in zip(rents, here, strict=True)]
        rents += [rent * now.outside.rent_level for rent in fixed.rents_elsewhere]
        appeals = [*(x.term for x in places), fixed.appeal_elsewhere, *[0.0] * (len(fixed.open_elsewhere) - 1)]
        self.weights = []
        for typical in fixed.typical:
            income = max(typical * now.level, 1.0)
            utility = [
                appeal - p.destination_rent * (rent / income) + math.log(number) if number > 0.0 else -math.inf
                for appeal, rent, number in zip(appeals, rents, homes, strict=True)
            ]
            best = max(utility)
            self.weights.append([math.exp(x - best) for x in utility])
        self._reached: dict[tuple[int, int], list[float]] = {}

    def reached(self, kind: int, origin: int) -> list[float]:
        """Weights of the region's places one on top of the other, as a class of incomes in a place sees them (k,)."""
        if (kind, origin) not in self._reached:
            near, weights = self.places[origin].near, self.weights[kind]
            self._reached[kind, origin] = list(accumulate(weights[i] * near[i] for i in range(self.k)))
        return self._reached[kind, origin]

    def of(self, household: Household, kind: int, clocks: list[int], u: float) -> tuple[int, int]:
        """The neighbourhood that it tries first, or -1 where that is elsewhere; and the kind of place elsewhere that it
        likes best: whose exponential clock rings first. u : its draw of a neighbourhood."""
        origin, number = household.flat.place.index, household.number
        reached, weights, near = self.reached(kind, origin), self.weights[kind], self.places[0].near
        region = _rings(uniform(clocks[0], number), reached[-1])
        elsewhere, soonest = 0, math.inf
        for i, clock in enumerate(clocks[1:]):
            rings = _rings(uniform(clock, number), weights[self.k + i] * near[self.k + i])
            if rings < soonest:
                elsewhere, soonest = i, rings
        if region > soonest:
            return -1, elsewhere
        within = next((i for i, weight in enumerate(reached) if weight / reached[-1] > u), self.k - 1)
        return within, elsewhere


def _rings(u: float, weight: float) -> float:
    """When a clock of this rate rings; never where nothing draws."""
    return -math.log(u) / weight if weight > 0.0 else math.inf


def settle(model: Estates, offered: list[Flat], offers: Offers) -> None:
    """All who leave find a place: some a flat among those on offer, the others elsewhere in the county or beyond."""
    now, places = model.now, model.places
    k, kinds = now.fixed.k, len(now.fixed.open_elsewhere)
    clocks = keys(model.draws, Decision.DESTINATION, now.q, MORE + 1 + kinds)
    choices = Choices(now, places, offered)
    wanting: list[list[tuple[float, int]]] = [[] for _ in places]
    goes = []
    for i, (household, _) in enumerate(now.leaving):
        kind = bisect_right(now.fixed.edges, household.income / now.level)
        u = uniform(clocks[2], household.number)
        chosen, elsewhere = choices.of(household, kind, clocks[MORE:], u)
        goes.append(k + elsewhere)
        if chosen >= 0:
            wanting[chosen].append((uniform(clocks[0], household.number), i))
    moves = []
    for i, flat in _shown(model, wanting, offered):
        household = now.leaving[i][0]
        chooses = uniform(clocks[1], household.number) < now.p.queue_sorting
        if household.flat is not flat and (not chooses or would_take(now, flat, household.wish, offers)):
            goes[i] = flat.place.index
            moves.append((household, flat))
    for (household, _), there in zip(now.leaving, goes, strict=True):
        _count(model, household.flat.place, there)
    _leave_region(model, [household for (household, _), there in zip(now.leaving, goes, strict=True) if there >= k])
    for household, flat in moves:
        _move_within(model, household, flat)


def _shown(model: Estates, wanting: list[list[tuple[float, int]]], free: list[Flat]) -> list[tuple[int, Flat]]:
    """Who is shown which flat: in each neighbourhood households come in a drawn order, and so do the flats."""
    (key,) = keys(model.draws, Decision.DESTINATION_FLAT, model.now.q)
    there: list[list[tuple[float, int, Flat]]] = [[] for _ in wanting]
    for flat in free:
        there[flat.place.index].append((uniform(key, flat.row), flat.row, flat))
    return [
        (i, flat)
        for who, flats in zip(wanting, there, strict=True)
        for (_, i), (_, _, flat) in zip(sorted(who), sorted(flats), strict=False)
    ]


def _count(model: Estates, origin: Place, there: int) -> None:
    """How far a household goes, and how well off people are where it goes."""
    counts, incomes = model.now.counts, model.place_incomes
    if there < model.now.fixed.k:
        counts.add("moves_within", origin)
    counts.add("gap_other", origin, incomes[there] / max(incomes[origin.index], 1.0) - 1.0)
    counts.add("km_other", origin, origin.km[there])


def _move_within(model: Estates, household: Household, flat: Flat) -> None:
    """A household moves into a flat with all that is its own."""
    now, place = model.now, flat.place
    household.burden *= flat.rent / max(household.flat.rent, 1e-9)
    household.satisfaction, household.since = place.satisfaction_start, now.q
    household.flat = flat
    del model.empty[flat.row]
    now.counts.add("in_movers", place)
    if household.work == EMPLOYED:
        now.counts.add("in_movers_employed", place)
    elif household.work == RETIRED:
        now.counts.add("in_movers_retired", place)


def _leave_region(model: Estates, households: list[Household]) -> None:
    """They join the rest of the county; those of the start are followed by name."""
    model.county.receive(households, model.now.q)
    for household in households:
        if household.number < model.now.fixed.n:
            model.away.append(Away(household))
        household.remove()
