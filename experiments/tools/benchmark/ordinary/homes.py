"""What flats are worth to who looks at them, and how many look at an empty one."""

from __future__ import annotations

import math
from typing import NamedTuple

from experiments.tools.benchmark.ordinary.places import Building, Flat, Place
from experiments.tools.benchmark.ordinary.quarter import Quarter

ROUNDING = 1e-6  # SEK/month
TINY = 2.220446049250313e-16  # less than any household


class Offers(NamedTuple):
    """What may be expected of the next offer, by municipality: worth in wishes, and rent for it, SEK/month."""

    worth: dict[int, float]
    extra: dict[int, float]


def worth_of(now: Quarter, flat: Flat) -> float:
    """Worth of a flat's standard above basic, in wishes for intermediate: of a flat renewed singly, as nothing else has
    been renovated."""
    return now.p.home_worth_single if flat.renewed else 0.0


def extra_rent(now: Quarter, flat: Flat) -> float:
    """Rent for more than the basic standard, SEK/month."""
    b = flat.building
    single = now.p.turnover_rent * b.rent_year if flat.renewed else 0.0
    return (b.rent_chosen + single) * b.area / 12.0


def _means(now: Quarter, b: Building) -> tuple[float, float]:
    """The same two of all flats of a building, on average."""
    single = now.p.turnover_rent * b.rent_year * b.renewed / b.flats
    return now.p.home_worth_single * b.renewed / b.flats, (b.rent_chosen + single) * b.area / 12.0


def next_offers(now: Quarter, buildings: list[Building]) -> Offers:
    """The mean of each municipality's flats."""
    flats: dict[int, int] = {}
    offers = Offers({}, {})
    for b in buildings:
        m, (worth, extra) = b.place.municipality, _means(now, b)
        flats[m] = flats.get(m, 0) + b.flats
        offers.worth[m] = offers.worth.get(m, 0.0) + worth * b.flats
        offers.extra[m] = offers.extra.get(m, 0.0) + extra * b.flats
    for m, number in flats.items():
        offers.worth[m] /= number
        offers.extra[m] /= number
    return offers


def would_take(now: Quarter, flat: Flat, wish: float, offers: Offers) -> bool:
    """Whether a household that chooses takes a flat: worth less extra rent is no less than the next offer's.

    wish : SEK/month at the pay of 2011."""
    m = flat.place.municipality
    more = worth_of(now, flat) - offers.worth[m]
    dearer = extra_rent(now, flat) - offers.extra[m]
    wish_now = wish * math.pow(now.level, now.p.home_worth_income)
    return wish_now * more - dearer >= -ROUNDING


def set_lookers(now: Quarter, places: list[Place], buildings: list[Building], empty: list[Flat]) -> None:
    """How many households look at each empty flat of a building on average, and which share of them chooses."""
    p = now.p
    wish = now.fixed.typical_wish * math.pow(now.level, p.home_worth_income)
    for b in buildings:
        b.empty = 0
    for flat in empty:
        flat.building.empty += 1
    mean, number, best = ([0.0] * len(places) for _ in range(3))
    for b in buildings:
        worth, extra = _means(now, b)
        worn = p.home_worth_worn * max(p.due_condition - b.condition, 0.0) / p.due_condition
        # Rent above comparable flats', less what pays for a standard.
        dear = b.rent - b.rent_plain - b.rent_chosen * b.area / 12.0
        value = (wish * (worth - worn) - (extra + dear)) / max(b.rent_plain, TINY)
        b.appeal = math.exp(min(max(p.demand_home * value + b.place.term, -p.demand_widest), p.demand_widest))
        i = b.place.index
        mean[i] += b.appeal * b.flats / b.place.flats
        number[i] += b.empty
        best[i] += b.appeal * b.empty
    for b in buildings:
        if b.empty == 0:
            continue
        x, i = b.place, b.place.index
        choose = p.queue_sorting * x.lookers_start * (mean[i] / x.appeal_start) * x.flats
        others = (1.0 - p.queue_sorting) * x.lookers_start * x.flats
        # Those who choose look at the best of what is empty, the others at any of it.
        mine, theirs = choose / max(best[i], TINY) * b.appeal, others / max(number[i], TINY)
        b.mean = mine + theirs
        b.share_choosing = mine / max(b.mean, TINY)


def looks_at(mean: float, u: float) -> int:
    """How many households look at an empty flat this quarter, of that mean: a geometric number."""
    some = mean / (1.0 + mean)
    if some <= 0.0:
        return 0
    number = math.log(u) / math.log(some) if some < 1.0 else math.inf
    return math.floor(min(number, 32767.0))
