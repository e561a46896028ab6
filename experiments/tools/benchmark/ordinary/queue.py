"""A household from the queue that looks at an empty flat: who it is, from thirteen draws of its own."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from experiments.tools.benchmark.ordinary.draws import uniform
from experiments.tools.benchmark.ordinary.household import MIDDLE
from experiments.tools.benchmark.ordinary.pay import (
    ASSISTANCE,
    INSURED,
    OTHER_SUPPORT,
    assistance,
    housing_allowance,
)  # fmt: skip
from experiments.tools.benchmark.ordinary.places import Flat
from experiments.tools.benchmark.ordinary.quarter import Quarter

LOW, HIGH = 0, 2  # schooling
NEXT_TURN = 1 << 32  # from the key of a row to that of the next household that looks at it
CELLS = 8


@dataclass
class Candidate:
    """One household. Money is SEK/month at the pay of 2011, time quarters."""

    age: int
    arrived: bool
    foreign: bool
    employed: bool
    skill: int
    size: int
    other_income: float
    second_pay: float
    history: int
    spell: int
    entitled: bool
    insured: bool
    wish: float
    income: float
    third: int


class Newcomers:
    """Those who have arrived from abroad: no more of them can look at flats than there are."""

    def __init__(self, there: float) -> None:
        self.there, self.came = there, 0

    def one_more(self) -> bool:
        """Whether there is one more."""
        self.came += 1
        return self.came <= self.there


def candidate(now: Quarter, flat: Flat, turn: int, dearer: float, keys: list[int], newcomers: Newcomers) -> Candidate:
    """The household that looks at this flat in this turn. dearer : rent above that without renovation, a share."""
    p, x = now.p, flat.place
    u = [uniform(key, flat.row + turn * NEXT_TURN) for key in keys]
    age = math.floor(4.0 * (p.mover_age_from + p.mover_age_span * (u[0] * u[0])))
    better = (1.0 - p.queue_sorting) * p.queue_rent * dearer
    better += p.queue_reputation * (x.reputation - x.reputation_start)
    foreign = u[1] < x.foreign_background
    arrived = u[2] < p.queue_newcomers and foreign and newcomers.one_more()
    employed = u[3] < _chance_of_work(now, flat, better, arrived)
    skill = _schooling(now, flat, u[4], (p.queue_schooling if employed else -p.queue_schooling) + better)
    size = 1 + sum(u[5] > end for end in x.size_ends)
    second = 0.0
    if size > 1:
        second = p.second_income * (1.0 - p.second_income_spread / 2.0 + p.second_income_spread * u[7])
    other = second if u[6] < p.second_earner_share else 0.0
    history = 0
    if not arrived:
        group = x.index * CELLS + skill * 2 + foreign + len(now.fixed.history_ends) // 2 * employed
        history = bisect_right(now.fixed.history_ends[group], u[12])
    spell = 0
    if not employed:
        beyond = -math.log1p(-u[8]) * p.mover_spell if history == 0 else 0.0
        spell = int(min(math.ceil(u[8] * max(now.longest - history, 1)) + beyond, 99.0))
    entitled, insured = u[9] < x.assistance_share, u[10] < p.insured_share
    if employed:
        pay = skill
    elif insured and spell < p.insurance_quarters:
        pay = INSURED
    else:
        pay = ASSISTANCE if entitled else OTHER_SUPPORT
    income = _income(now, flat, pay, size, other)
    wish = p.home_worth_midi * (max(income, p.income_floor) / p.home_worth_at) ** p.home_worth_income
    wish *= -math.log1p(-u[11])
    third = bisect_right(now.fixed.thirds, income)
    person = age, arrived, foreign, employed, skill, size, other, second
    return Candidate(*person, history, spell, entitled, insured, wish, income, third)


def _chance_of_work(now: Quarter, flat: Flat, better: float, arrived: bool) -> float:
    """A newcomer's first years go without work; the others keep the queue's mean."""
    p, x = now.p, flat.place
    if arrived:
        return p.newcomer_employed
    mean = x.employment_start - p.queue_gap + better
    mean = min(max(mean, p.queue_employment_least), p.queue_employment_most)
    new = p.queue_newcomers * x.foreign_background
    return min((mean - p.newcomer_employed * new) / max(1.0 - new, 1e-9), p.settled_employment_most)


def _schooling(now: Quarter, flat: Flat, u: float, lift: float) -> int:
    """Those at work have more of it."""
    if u < flat.place.low_schooling - lift:
        return LOW
    return HIGH if u > 1.0 - flat.place.high_schooling - lift else MIDDLE


def _income(now: Quarter, flat: Flat, pay: int, size: int, other: float) -> float:
    """Disposable income in this flat without renovation, SEK/month at the pay of 2011."""
    p, rent, other = now.p, flat.building.rent_plain, other * now.level
    income = other + flat.place.net[pay]
    allowance = 0.0
    if size >= p.allowance_family_size and income < now.allowance_below:
        allowance = housing_allowance(rent, income, p)
    helped = assistance(size, rent, other, allowance, now.level, p) if pay == ASSISTANCE else 0.0
    return (income + (allowance + helped)) / now.level
