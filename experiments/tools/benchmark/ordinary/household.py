"""A household of the estates: work, then everyday life, then whether it leaves. One method a rule."""

from __future__ import annotations

from typing import Any

import mesa

from experiments.tools.benchmark.ordinary.draws import uniform
from experiments.tools.benchmark.ordinary.pay import (
    ASSISTANCE,
    INSURED,
    OTHER_SUPPORT,
    PENSION,
    assistance,
    housing_allowance,
)  # fmt: skip
from experiments.tools.benchmark.ordinary.places import Flat
from experiments.tools.benchmark.ordinary.quarter import Quarter

OUT_OF_WORK, EMPLOYED, RETIRED = 0, 1, 3  # what a main earner does; nobody is a trainee here
MIDDLE = 1  # schooling
NATIVE = -9999  # arrival of somebody who did not immigrate as an adult
LONGEST_SPELL = 100  # quarters out of work that are told apart


class Household(mesa.Agent):
    """One household through its main earner. Money is SEK/month, time is quarters from the start."""

    number: int  # its own id
    work: int
    skill: int  # schooling
    foreign: bool
    arrival: int
    ever_worked: bool
    born: int
    size: int
    other_income: float  # of other members, at the pay of 2011
    second_pay: float  # what a second earner brings home when at work
    history: int  # quarters of work history
    spell: int  # quarters out of work
    entitled: bool  # to social assistance
    insured: bool
    health: float
    satisfaction: float
    since: int
    wish: float  # what a better standard is worth to it
    third: int
    burden: float
    income: float

    def __init__(self, model: mesa.Model, flat: Flat, **traits: Any) -> None:
        super().__init__(model)
        self.__dict__.update(traits)
        self.flat = flat
        self.rate = 0.0  # finding rate at the start's tightness, while it looks for work

    # --- work ---------------------------------------------------------------------------------------------------------

    def look_for_work(self, now: Quarter) -> None:
        """How easily it would find work at the start's tightness, if it looks for any."""
        if self.work != OUT_OF_WORK:
            return
        p = now.p
        rate = self.flat.place.chances[self.skill * 2 + self.foreign] * now.find[self.history]
        rate *= max(1.0 + p.find_health * (self.health - p.health_start), 0.0)
        late = ((now.q - self.born) / 4.0 - p.find_age_from) / (p.retirement_age - p.find_age_from)
        if late > 0.0:
            rate *= 1.0 - p.find_age_penalty * min(late, 1.0)
        if self.arrival > NATIVE:
            settled = min(max((now.q - self.arrival) / 4.0 / p.settled_years, 0.0), 1.0)
            rate *= p.newcomer_start + (1.0 - p.newcomer_start) * settled
        self.rate = rate
        now.seeking += rate

    def change_work(self, now: Quarter) -> None:
        """Lose work or find it, never both in a quarter; retire; and what that does to history, spell and insurance."""
        work, row = self.work, self.flat.row
        if work == EMPLOYED:
            if uniform(now.lose_key, row) < now.losing[self.skill][self.history]:
                work = OUT_OF_WORK
        elif work == OUT_OF_WORK:
            chance = self.rate * now.tightness
            if uniform(now.find_key, row) < (chance if chance < now.p.finding_most else now.p.finding_most):
                work = EMPLOYED
                self._take_work(now)
        if self.born <= now.retired_born:
            work = RETIRED
        self.work = work
        if work == EMPLOYED:
            self.spell = 0
            if now.fixed.histories_move and self.history < now.longest:
                self.history += 1
        else:
            if work != OUT_OF_WORK:
                self.spell = 0
            elif self.spell < LONGEST_SPELL:
                self.spell += 1
            if now.fixed.histories_move and self.history > 0:
                self.history -= 1
        if work != RETIRED:
            now.of_age[self.skill] += 1.0
            if row % 4 == now.turn:
                self._second_earner(now)

    def _take_work(self, now: Quarter) -> None:
        """Work brings insurance; a newcomer's first job is counted."""
        now.found += 1
        self.insured = True
        if not self.ever_worked:
            if self.arrival > NATIVE:
                now.counts.add("first_jobs", self.flat.place)
                now.counts.add("arrival_years", self.flat.place, (now.q - self.arrival) / 4.0)
            self.ever_worked = True

    def _second_earner(self, now: Quarter) -> None:
        """Once a year the second earner loses work or finds it."""
        u = uniform(now.second_key, self.flat.row // 4)
        if self.other_income > 0.0:
            if u < now.second_lose:
                self.other_income = 0.0
        elif u < now.second_find:
            self.other_income = self.second_pay

    # --- everyday life ------------------------------------------------------------------------------------------------

    def live(self, now: Quarter) -> None:
        """Money first, then how life feels, then whether to leave, knowing both."""
        self._earn(now)
        self._feel(now)
        self._leave(now)

    def _earn(self, now: Quarter) -> None:
        """Rent, income with what supports it, and the burden of one on the other."""
        p, flat = now.p, self.flat
        place, building, rent, level = flat.place, flat.building, flat.rent, now.level
        if self.work == EMPLOYED:
            pay = self.skill
        elif self.work == RETIRED:
            pay = PENSION
        elif self.insured and self.spell < now.insurance_quarters:
            pay = INSURED
        else:
            pay = ASSISTANCE if self.entitled else OTHER_SUPPORT
        other = self.other_income * level
        income = other + place.net[pay]
        allowance = 0.0
        if self.size >= now.family and income < now.allowance_below:
            allowance = housing_allowance(rent, income, p)
            income += allowance
            place.allowance += allowance
        if pay == ASSISTANCE:
            help_now = assistance(self.size, rent, other, allowance, level, p)
            # What follows from a rent that renovation has made dearer is booked apart.
            plain = min(rent, building.rent_plain)
            before = min(assistance(self.size, plain, other, allowance, level, p), help_now)
            income += help_now
            place.assistance += before
            place.assistance_for_rent += help_now - before
        if now.knows_tenants:
            building.on_assistance += pay == ASSISTANCE
            building.on_allowance += allowance > 0.0
        self.income = income
        self.burden = rent / (income if income > now.least_income else now.least_income)
        place.people[pay] += 1
        place.households += 1
        place.incomes += income
        building.rents_paid += rent

    def _feel(self, now: Quarter) -> None:
        """Satisfaction and health move toward what home, place, work and burden set."""
        p, building, burden = now.p, self.flat.building, self.burden
        over = 0.0
        if burden > p.burden_ordinary:
            over = min(burden - p.burden_ordinary, p.burden_excess_most)
        ties = (now.q - self.since) * now.ties
        level = building.level - p.satisfaction_burden * over
        level += ties if ties < p.satisfaction_ties else p.satisfaction_ties
        satisfaction = self.satisfaction + p.satisfaction_speed * (level - self.satisfaction)
        if satisfaction < 0.0:
            satisfaction = 0.0
        elif satisfaction > 1.0:
            satisfaction = 1.0
        self.satisfaction = satisfaction
        target = p.health_start + building.dwelling - p.health_burden * over
        if self.work == EMPLOYED:
            target += p.health_work
        if target < 0.0:
            target = 0.0
        elif target > 1.0:
            target = 1.0
        self.health += p.health_speed * (target - self.health)
        care = now.care_all - now.care_health * self.health
        if care > 0.0:
            building.place.health_care += care * self.size

    def _leave(self, now: Quarter) -> None:
        """Burden, dissatisfaction, success and insecurity make it leave more often than others of its age."""
        place = self.flat.place
        more = place.pull if self.work == EMPLOYED and self.skill >= MIDDLE else 0.0
        more += place.push
        base = now.move_young if self.born > now.young_born else now.move_old
        u = uniform(now.move_key, self.flat.row)
        if u < base * self._leaving_factor(now, self.burden, more):
            # Who would stay at the rent without renovation is driven away by it.
            plain = self.burden * min(self.flat.building.rent_plain / self.flat.rent, 1.0)
            now.leaving.append((self, u >= base * self._leaving_factor(now, plain, more)))

    def _leaving_factor(self, now: Quarter, burden: float, more: float) -> float:
        """How many times the base rate."""
        p = now.p
        factor = 1.0 + more
        if burden > p.burden_heavy:
            factor += min(p.move_burden * (burden - p.burden_heavy), p.move_burden_most)
        if self.satisfaction < p.satisfaction_stay:
            factor += p.move_dissatisfied * (p.satisfaction_stay - self.satisfaction)
        return factor
