"""What nobody in the region decides: heat price, interest, the cycle of other construction, national unemployment."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.inputs.parameters import Parameters
from sim.randomness import Decision, Draws, normal
from sim.rules.bids import scarcity


class Regime(IntEnum):
    """The state of other construction."""

    NORMAL = 0
    BOOM = 1
    SLUMP = 2


class Surroundings:
    """Scenario state of one run. Prices are SEK (real, 2011); rates per year."""

    def __init__(self, p: Parameters) -> None:
        self.heat_price = p.heat_price
        self.interest = p.interest_rate
        self.yield_shift = 0.0
        self.regime = Regime.NORMAL
        self.other_demand = 1.0
        self.slack = 0.0
        self.workforce = 1.0
        self.programme_demand = 0.0
        self.shortage = p.shortage_start

    def advance(self, quarter: int, draws: Draws, p: Parameters) -> None:
        """One quarter: keyed shocks, the same in every arm."""
        z = [
            float(normal(*draws.one(d, quarter, k=2)))
            for d in (Decision.HEAT_PRICE, Decision.INTEREST, Decision.UNEMPLOYMENT)
        ]
        trend = p.heat_price * (1.0 + p.heat_growth) ** (quarter / 4.0)
        # A year's volatility is twice a quarter's: the variance of independent shocks grows with time.
        self.heat_price += p.heat_reversion * (trend - self.heat_price) + p.heat_price * (
            p.heat_growth / 4.0 + p.heat_volatility * 0.5 * z[0]
        )
        self.heat_price = max(self.heat_price, p.heat_price_least * p.heat_price)
        self.interest += p.interest_reversion * (p.interest_rate - self.interest) + p.interest_volatility * 0.5 * z[1]
        self.set_interest(min(max(self.interest, p.interest_least), p.interest_most), p)
        self._cycle(draws.one(Decision.CYCLE, quarter)[0], p)
        pull = p.unemployment_cycle * (1.0 - self.other_demand)
        self.slack += p.unemployment_reversion * (pull - self.slack) + p.unemployment_volatility * z[2]
        self.slack = min(max(self.slack, p.unemployment_least), p.unemployment_most)

    def set_interest(self, rate: float, p: Parameters) -> None:
        """Real interest per year from now on, and what it adds to market yields."""
        self.interest = rate
        self.yield_shift = p.yield_interest * (self.interest - p.interest_rate)

    def _cycle(self, u: float, p: Parameters) -> None:
        """Regime switches; slumps fall in months, booms build over years. Price follows through scarcity alone."""
        if self.regime == Regime.NORMAL:
            self.regime = (
                Regime.BOOM if u < p.boom_chance else Regime.SLUMP if u > 1.0 - p.slump_chance else self.regime
            )
        elif self.regime == Regime.BOOM:
            hard = p.boom_end * p.boom_to_slump
            self.regime = Regime.SLUMP if u > 1.0 - hard else Regime.NORMAL if u < p.boom_end - hard else self.regime
        elif u < p.slump_end:
            self.regime = Regime.NORMAL
        target = {Regime.NORMAL: 1.0, Regime.BOOM: p.boom_demand, Regime.SLUMP: p.slump_demand}[self.regime]
        speed = p.slump_speed if self.regime == Regime.SLUMP else p.demand_speed
        self.other_demand += speed * (target - self.other_demand)

    def settle_labour(self, programme: float, p: Parameters) -> None:
        """Shortage of skilled hands from this quarter's demand; the stock retires, recruits and draws entrants.

        ``programme`` is the estates' labour on site as a share of the county's construction workforce at the start.
        """
        self.programme_demand = programme
        demand = self.other_demand * (1.0 - p.programme_share_normal) + programme
        z = np.log(p.shortage_start / (1.0 - p.shortage_start)) + (demand / self.workforce - 1.0) / p.shortage_width
        self.shortage = float(1.0 / (1.0 + np.exp(-z)))
        entrants = p.retirement + p.recruit_response * (self.shortage - p.shortage_start)
        self.workforce *= 1.0 + (entrants - p.retirement) / 4.0

    def wage_premium(self, p: Parameters) -> float:
        """What scarce hands cost above normal, share."""
        return scarcity(self.shortage, p)
