"""The benchmark: one mean house, two owners, one labour market; no distributions and no neighbourhoods.

The same parameters and, where they apply to means, the same rules as the agent model. What parts the two is what agents
add: houses and places that differ, tenders that fail, luck, and who moves. Further simplifications: confidence does not
learn, tenants do not vote, as many flats stand empty as at the start, no flats are sold or renewed singly, and partners
pay only what falls inside their window.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import Collaboration, Levers, Parameters, Region, load_region
from sim.aggregate import people
from sim.aggregate.means import Means
from sim.aggregate.planning import planned
from sim.aggregate.safety import cost_of_safety, later_calm, present
from sim.aggregate.start import start_of
from sim.rules import appraisal
from sim.rules.rivals.rents import RENTS
from sim.rules.works_cost import at_factors
from sim.vocabulary import EnergyLevel, Practice, Standard

Array = NDArray[Any]


def aggregate_curves(
    parameters: Parameters,
    collaboration: Collaboration,
    years: int,
    region: Region | None = None,
    levers: Levers | None = None,
) -> pd.DataFrame:
    """Outcomes by quarter under their names in the agent model; the whole county unless a ``region`` is given.

    Of the levers, ``renovation``, ``rents_follow``, ``training_places_factor`` and the two factors on the cost of works
    are known here. Places that clauses ask for are filled as far as sites have room: there is always somebody for them.
    """
    levers = levers or Levers()
    place = region or load_region("stockholm-county")
    first = levers.in_year(place.start_year)
    at_first = at_factors(parameters, first.works_cost_factor, first.energy_cost_factor)
    start = start_of(place, at_first, RENTS[first.rents_follow])
    world = Aggregate(start, parameters, collaboration, levers)
    return pd.DataFrame([world.step(quarter) for quarter in range(years * 4)])


class Aggregate(Means):
    """A quarter of the means."""

    def step(self, quarter: int) -> dict[str, float]:
        """One quarter in the order of the model's phases; what is recorded."""
        if quarter % 4 == 0 and quarter > 0:
            self.open_year(self.s.first_year + quarter // 4)
        s, p = self.s, self.p
        self.market.advance(s, p)
        self.heat_price *= (1.0 + p.heat_growth) ** 0.25
        self._age(quarter)
        if quarter % 4 == 0 and self.renovation:
            planned(self)
        works = self._build()
        self._live()
        self._close(works)
        return {"quarter": quarter, **self._recorded()}

    def _age(self, quarter: int) -> None:
        """Wear, tuning, the general rent round."""
        p = self.p
        cared = 1.0 - p.presence_wear * present(self.c.strength(Practice.LOCAL_PRESENCE), self.s, p)
        self.stock.age(self.s.first_year + quarter / 4.0 - self.s.built, cared, p)
        step = min(p.tuning_rate / 4.0, max(p.tuning_limit - self.tuned, 0.0))
        self.tuned += step
        self.energy *= 1.0 - step
        self.energy_worn *= 1.0 - step
        if quarter % 4 == 0 and quarter > 0:
            self.rent *= 1.0 + p.rent_growth
            self.rent_plain *= 1.0 + p.rent_growth

    def _build(self) -> Array:
        """What is finished and paid this quarter; returns each owner's payment, SEK per flat of its own."""
        s, p, done = self.s, self.p, self.pipeline.quarter()
        saved = float(done.by_option @ appraisal.savings(p))
        comfort = p.comfort_renovated + p.comfort_standard * appraisal.STANDARDS + p.comfort_energy * appraisal.LEVELS
        self.stock.finish(done.by_option)
        self.energy -= saved * self.energy_worn
        self.rent += done.rent
        self.comfort += float(done.by_option @ (comfort - self.comfort_before))
        self.market.busy = 4.0 * done.reference / 1e6 * p.labour_intensity
        self.market.experience += done.by_option.sum() * s.flats / s.scale / s.builders / p.lot_flats
        places = self.places() * float(done.paid @ s.owners)
        yearly = 4.0 * places * s.flats / s.scale / s.municipalities
        self.labour.train(places / s.force, yearly, p)
        return done.paid

    def _live(self) -> None:
        """Work, calm, satisfaction, reputation."""
        s, p = self.s, self.p
        self.labour.advance(self.market.slack, self.reputation, s, p)
        worn = self.missing() - self.worn_before
        dearer = self.rent / s.rent / self.pay
        disturbed = p.disturbance_announced * self.stock.begun
        hosts = present(self.c.strength(Practice.LOCAL_PRESENCE), s, p)
        safer = p.satisfaction_calm * (self.calm - s.calm)
        self.satisfaction = people.next_satisfaction(
            self.satisfaction, self.comfort, disturbed, worn, dearer, safer, s, p
        )
        image = self.c.strength(Practice.IMAGE_WORK)
        self.reputation = people.later_reputation(
            self.reputation,
            self.satisfaction,
            self.stock.renewed,
            self.labour.employed,
            image,
            s.calm - self.calm,
            s,
            p,
        )
        self.calm = later_calm(self.calm, self.labour.employed, worn, hosts, s, p)

    def _close(self, works: Array) -> None:
        """Loans, market values, pay."""
        p = self.p
        condition = np.array([self.stock.condition(p)])
        running = self.energy * self.heat_price + p.upkeep + float(appraisal.yearly_repairs(condition, p)[0])
        safety = cost_of_safety(self.calm, self.c.strength(Practice.LOCAL_PRESENCE), p)
        income = ((self.rent * (1.0 - float(appraisal.voids(self.s.empty, p))) - running) * self.s.area - safety) / 4.0
        self.owners.settle(income, works, p)
        self.owners.value = self.market_value() * np.ones(2)
        self.pay *= (1.0 + p.wage_growth) ** 0.25

    def _recorded(self) -> dict[str, float]:
        """Outcomes under the model's names."""
        stock, market, labour, s = self.stock, self.market, self.labour, self.s
        return {
            "renovated_share": stock.renewed,
            **{f"renovated_{x.name.lower()}": stock.with_(appraisal.STANDARDS, x) for x in Standard if x},
            **{f"energy_{x.name.lower()}": stock.with_(appraisal.LEVELS, x) for x in EnergyLevel},
            "need_share": stock.due,
            "condition": stock.condition(self.p),
            "energy_use": self.energy,
            "rent": self.rent,
            "employment": labour.employed,
            "programme_jobs": labour.in_programme * s.force * s.flats,
            "satisfaction": self.satisfaction,
            "reputation": self.reputation,
            "calm": self.calm,
            "price_index": market.price,
            "loan_to_value": float(self.owners.debt[0] / self.owners.value[0]),
            "shortage": market.shortage,
            "construction_cycle": market.demand,
            "heat_price": self.heat_price,
            "vacancies": labour.vacancies,
        }
