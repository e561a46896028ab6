"""What every household of the model needs in a quarter: keys of draws, rates and limits that are the same for all."""

from __future__ import annotations

import math
from typing import Any

from experiments.tools.benchmark.ordinary.counts import Counts
from experiments.tools.benchmark.ordinary.draws import keys
from experiments.tools.benchmark.ordinary.fixed import Fixed
from experiments.tools.benchmark.ordinary.outside import Outside
from experiments.tools.benchmark.ordinary.pay import net_pay, wages_at
from experiments.tools.benchmark.ordinary.places import Building, Place
from sim.inputs.parameters import Parameters
from sim.randomness import Decision, Draws

_CELLS = [(skill, foreign) for skill in range(4) for foreign in range(2)]


class Quarter:
    """A quarter under way. Chances are per quarter; what is counted of households is added up here."""

    def __init__(self, outside: Outside, fixed: Fixed, working: int, draws: Draws, p: Parameters) -> None:
        self.outside, self.fixed, self.p = outside, fixed, p
        q = self.q = outside.quarter
        self.level = outside.pay_level
        self.wages = wages_at(self.level, p)
        # work
        self.losing = self._losing()
        self.find = fixed.find
        self.longest = len(fixed.find) - 1
        self.tightness = 1.0
        self.retired_born = q - working  # born then or earlier: retired
        self.turn = q % 4  # of each four rows, the one whose second earner's turn it is
        self.second_find, self.second_lose = self._second_earners()
        # everyday life
        self.insurance_quarters = math.ceil(p.insurance_quarters)
        self.family = math.ceil(p.allowance_family_size)
        self.allowance_below = p.allowance_income * p.allowance_income_reach
        self.least_income = p.income_floor * self.level
        self.care_all = p.health_cost * (1.0 + p.health_cost_slope * p.health_mean)
        self.care_health = p.health_cost * p.health_cost_slope
        self.ties = p.satisfaction_ties / (4.0 * p.ties_years)
        self.knows_tenants = q == 0 or (q + 1) % 4 == 0
        # leaving
        self.young_born = q - 4.0 * p.young_age
        self.move_old, self.move_young = p.move_base / 4.0, p.move_base / 4.0 * p.move_young
        # keys of draws
        (self.lose_key,) = keys(draws, Decision.LOSE_JOB, q)
        (self.find_key,) = keys(draws, Decision.FIND_JOB, q)
        (self.second_key,) = keys(draws, Decision.SECOND_EARNER, q)
        (self.cohort_key,) = keys(draws, Decision.COHORT_WORK, q)
        (self.move_key,) = keys(draws, Decision.MOVE, q)
        # what comes of it
        self.counts, self.books = Counts(fixed.k), Counts(fixed.k)
        self.seeking = 0.0  # sum of the seekers' finding rates at the start's tightness
        self.found = 0
        self.of_age = [0.0] * 4
        self.leaving: list[tuple[Any, bool]] = []  # households, and whether renovation drives them away

    def _losing(self) -> list[list[float]]:
        """Chance to lose work by schooling and work history: more often the more people are out of work."""
        p = self.p
        slack = max(self.outside.slack, p.losing_unemployment_least)
        factor = max(1.0 + p.economy_losing * slack, 0.0)
        return [[rate * factor for rate in rates] for rates in self.fixed.losing]

    def _second_earners(self) -> tuple[float, float]:
        """Chances that a second earner out of work is at work a year later, and the other way round."""
        p, slack = self.p, self.outside.slack
        openings = max(1.0 - p.economy_finding * slack, p.economy_finding_least)
        losing = max(1.0 + p.economy_losing * max(slack, p.losing_unemployment_least), 0.0)
        lose = min(p.second_loss * losing, p.finding_most)
        odds = p.second_loss * p.second_earner_share / max(1.0 - p.second_earner_share, 1e-9)
        find = min(odds * openings, 1.0 - lose)
        changes = 1.0 - (1.0 - find - lose) ** 4
        both = max(find + lose, 1e-9)
        return find / both * changes, lose / both * changes

    def set_places(self, places: list[Place]) -> None:
        """What neighbourhoods are to their households this quarter."""
        p, now = self.p, self.outside
        finding = [p.find_low, 1.0, p.find_high, p.find_trade]
        for x in places:
            x.open_page()
            x.reputation, x.calm = now.reputation[x.index], now.calm[x.index]
            # The address counts only against applicants with a foreign background.
            poor_name = min(max((p.reputation_ordinary - x.reputation) / p.reputation_ordinary, 0.0), 1.0)
            address = (1.0, 1.0 - p.address_penalty * poor_name)
            x.chances = [
                finding[skill] * address[foreign] * (x.start_rate * x.scale[cell])
                for cell, (skill, foreign) in enumerate(_CELLS)
            ]
            x.net = net_pay(self.wages, x.tax)
            x.push = p.move_insecure * (1.0 - x.calm)
            x.pull = p.move_success * min(max(1.0 - x.reputation / p.reputation_ordinary, 0.0), 1.0)
            x.term = p.demand_reputation * (x.reputation - p.reputation_ordinary) + p.demand_calm * (x.calm - 1.0)

    def set_buildings(self, buildings: list[Building]) -> None:
        """Rents, and what home and place do to satisfaction and health."""
        p, now = self.p, self.outside
        for i, b in enumerate(buildings):
            b.private, b.condition, b.energy = now.private[i], now.condition[i], now.energy[i]
            b.rent_year, b.rent_chosen = now.rent[i], now.rent_chosen[i]
            b.rent = now.rent[i] * b.area / 12.0
            b.rent_renewed = b.rent * (1.0 + p.turnover_rent)
            b.rent_plain = now.rent_plain[i] * b.area / 12.0
            worn = max(p.repair_threshold - b.condition, 0.0) / p.repair_threshold
            home = p.satisfaction_comfort * now.comfort[i] + p.satisfaction_voice * now.voice[i]
            home -= p.satisfaction_worn * worn
            b.level = home + (b.place.base_satisfaction + p.satisfaction_calm * b.place.calm)
            b.dwelling = p.health_dwelling * now.comfort[i]
            b.rents_paid, b.on_assistance, b.on_allowance = 0.0, 0, 0
