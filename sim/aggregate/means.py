"""What the benchmark holds: means of flats, owners, works and people."""

from __future__ import annotations

import numpy as np

from sim import Collaboration, Levers, Parameters
from sim.aggregate import people
from sim.aggregate.market import Market
from sim.aggregate.owners import Owners
from sim.aggregate.start import Start
from sim.aggregate.stock import Stock
from sim.aggregate.works import Pipeline
from sim.rules import appraisal, bids
from sim.rules.clauses import crew_year, place_cost, place_quarters
from sim.rules.rivals.rents import RENTS, Rents, use_values
from sim.rules.works_cost import at_factors
from sim.sums import total
from sim.vocabulary import Practice


class Means:
    """The state of the benchmark. Rents and energy are of the mean flat, money is SEK per flat."""

    def __init__(self, s: Start, p: Parameters, c: Collaboration, levers: Levers) -> None:
        self.s, self.all_years = s, (p, c, levers)
        self.open_year(s.first_year)
        p = self.p
        self.stock, self.market, self.pipeline = Stock.at_start(s, p), Market(shortage=p.shortage_start), Pipeline()
        self.labour = people.Work.at_start(s, p)
        self.rent = self.rent_plain = s.rent
        self.energy, self.energy_worn, self.tuned = s.energy * (1.0 - p.saving_light * s.renovated), s.energy, 0.0
        self.heat_price, self.pay = p.heat_price, 1.0
        self.satisfaction, self.reputation, self.comfort = s.satisfaction, s.reputation, 0.0
        self.comfort_before = p.comfort_worn + p.comfort_condition * self.stock.worn
        self.worn_before = self.missing()
        self.calm = s.calm
        value = self.market_value()
        self.owners = Owners(value * np.ones(2), s.loan_to_value * value + s.debt)

    def open_year(self, year: int) -> None:
        """What holds in a calendar year: practices, levers, and what works need under them."""
        given, c, levers = self.all_years
        levers, self.c = levers.in_year(year), c.in_year(year)
        self.p = p = at_factors(given, levers.works_cost_factor, levers.energy_cost_factor)
        self.renovation, self.rent_rule = levers.renovation, RENTS[levers.rents_follow]
        self.asked = p.clause_places / 1e6 * levers.training_places_factor * self.c.strength(Practice.TRAINING)

    def places(self) -> float:
        """Training places filled per SEK of works: those that clauses ask for, as far as sites have room."""
        p = self.p
        quarters = total(place_quarters(0.0, p))
        return min(self.asked, p.trainees_most * 4.0 * p.labour_intensity / 1e6 / max(quarters, 1e-9))

    def clause(self) -> float:
        """What clauses add to the price of works, share of it."""
        crew = crew_year(self.market.drift, bids.scarcity(self.market.shortage, self.p), self.p)
        return self.places() * place_cost(0.0, self.pay, crew, self.p).net * (1.0 + self.p.vat)

    def market_value(self) -> float:
        """Market value, SEK per flat."""
        p = self.p
        market = p.market_yield - p.yield_reputation * (self.reputation - p.reputation_ordinary)
        rent, energy, condition, rate = np.array([[self.rent], [self.energy], [self.stock.condition(p)], [market]])
        value = appraisal.building_value(rent, energy, condition, self.heat_price, rate, p, 0.0, self.s.empty)
        return float(value[0]) * self.s.area * (1.0 + p.spillover * self.stock.renewed)

    def rents(self) -> Rents:
        """How the rents of flats not yet renovated stand; those renovated before the start have basic standard."""
        held = use_values(self.p)[0] * self.s.renovated
        one = np.ones(1)
        return Rents(
            one * self.rent_plain, one * self.s.area, one * held, self.rent_plain / self.s.rent, self.rent_rule
        )

    def missing(self) -> float:
        """Condition missing below the repair threshold, share, over all flats."""
        missing = max(self.p.repair_threshold - self.stock.worn, 0.0) / self.p.repair_threshold
        return self.stock.due * missing
