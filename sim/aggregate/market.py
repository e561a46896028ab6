"""What surrounds the works: the cycle of other construction as it is expected to go, hands, and the price of works."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Parameters
from sim.aggregate.start import Start
from sim.rules import bids, repetition

Array = NDArray[Any]

LOWEST_OF_THREE = -0.846  # expected lowest of three standard normal draws: the winning bid of three


@dataclass
class Market:
    """regime: chances of normal times, boom and slump. demand: other construction (1 = normal). workforce: relative to
    2011. busy: hands on the estates' sites per flat. experience: renovated series of the average hand. Prices are
    relative to the reference of 2011."""

    regime: Array = field(default_factory=lambda: np.array([1.0, 0.0, 0.0]))
    demand: float = 1.0
    slack: float = 0.0
    workforce: float = 1.0
    shortage: float = 0.35
    busy: float = 0.0
    experience: float = 0.0
    drift: float = 1.0
    price: float = 1.0
    believed: float = 1.0

    def advance(self, s: Start, p: Parameters) -> None:
        """A quarter: expected regimes, demand, unemployment, hands."""
        n, boom, slump = self.regime
        hard = p.boom_end * p.boom_to_slump
        self.regime = np.array([
            n * (1.0 - p.boom_chance - p.slump_chance) + boom * (p.boom_end - hard) + slump * p.slump_end,
            n * p.boom_chance + boom * (1.0 - p.boom_end),
            n * p.slump_chance + boom * hard + slump * (1.0 - p.slump_end),
        ])  # fmt: skip
        pull = np.array([p.demand_speed * (1.0 - self.demand), p.demand_speed * (p.boom_demand - self.demand),
                         p.slump_speed * (p.slump_demand - self.demand)])  # fmt: skip
        self.demand += float(self.regime @ pull)
        self.slack += p.unemployment_reversion * (p.unemployment_cycle * (1.0 - self.demand) - self.slack)
        demand = self.demand * (1.0 - p.programme_share_normal) + self.busy / s.county_hands
        odds = math.log(p.shortage_start / (1.0 - p.shortage_start))
        self.shortage = 1.0 / (1.0 + math.exp(-odds - (demand / self.workforce - 1.0) / p.shortage_width))
        self.workforce *= 1.0 + p.recruit_response * (self.shortage - p.shortage_start) / 4.0
        self.experience *= 1.0 - p.forgetting / 4.0
        self.drift *= (1.0 + p.cost_drift) ** 0.25
        self.believed *= (1.0 + p.cost_drift) ** 0.25

    def ahead(self, pooled: float, p: Parameters) -> Array:
        """Doublings by which the average hand's practice is ahead of an ordinary lot's: all lots are of one package."""
        series = 1.0 + pooled * (p.lot_flats_pooled / p.lot_flats - 1.0)
        return repetition.doublings(self.experience, series)

    def award(self, cost: float, visible: float, pooled: float, clause: float, s: Start, p: Parameters) -> None:
        """Works of a mean reference ``cost`` a flat find their price, a share ``clause`` dearer; owners learn it."""
        busy = min(self.busy / s.hands + p.background_share * self.demand, p.utilisation_most)
        lot = p.lot_flats + pooled * (p.lot_flats_pooled - p.lot_flats)
        output = repetition.productivity(self.ahead(pooled, p), repetition.labour_rate(p))
        asked = bids.margin(np.array(busy), p.bidders_normal, p)
        risk = bids.risk_premium(visible + pooled * p.framework_years, p)
        luck = np.array(LOWEST_OF_THREE)
        premium = bids.scarcity(self.shortage, p)
        bid = float(bids.bid(p.labour_share, premium, output, asked, risk, luck, p))
        self.price = (bid * self.drift + (p.lot_setup / lot / cost if cost > 0.0 else 0.0)) * (1.0 + clause)
        self.believed += p.price_learning * (self.price - self.believed)
