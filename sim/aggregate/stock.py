"""The stock of flats: those not yet worn enough, those due, those renovated since 2011. Shares of all flats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Parameters
from sim.aggregate.start import Start
from sim.sums import total

Array = NDArray[Any]


@dataclass
class Cohort:
    """Flats spread evenly over conditions between two ends, sinking at the same pace; those below the threshold have
    gone over to the flats that are due."""

    mass: float
    low: float
    high: float

    def sink(self, step: float, threshold: float) -> float:
        """A quarter's wear; returns the share of all flats that crosses the threshold."""
        before = self.above(threshold)
        self.low, self.high = self.low - step, self.high - step
        return before - self.above(threshold)

    def above(self, threshold: float) -> float:
        """Share of all flats still above a condition."""
        width = max(self.high - self.low, 1e-9)
        return self.mass * float(np.clip((self.high - threshold) / width, 0.0, 1.0))

    def mean_above(self, threshold: float) -> float:
        """Mean condition of those."""
        return 0.5 * (max(self.low, threshold) + max(self.high, threshold))


@dataclass
class Stock:
    """due: share that needs renovation, works under way among them; worn: its mean condition; begun: the part that is
    decided on; renewed: share renovated since 2011; fresh: its mean condition. by_option: renovated, by option (9,).
    """

    cohorts: list[Cohort]
    due: float
    worn: float
    begun: float = 0.0
    renewed: float = 0.0
    fresh: float = 1.0
    by_option: Array = field(default_factory=lambda: np.zeros(9))

    @classmethod
    def at_start(cls, s: Start, p: Parameters) -> Stock:
        """2011: what was renovated before, and the rest."""
        cohorts = [Cohort(1.0 - s.renovated, *s.worn), Cohort(s.renovated, *s.earlier)]
        below = [cohort.mass - cohort.above(p.due_condition) for cohort in cohorts]
        # Those due are spread evenly below the threshold.
        mean = total(m * 0.5 * (c.low + min(c.high, p.due_condition)) for m, c in zip(below, cohorts, strict=True))
        due = total(below)
        return cls(cohorts, due, mean / due if due > 0.0 else p.due_condition)

    @property
    def idle(self) -> float:
        """Share that is due and not yet decided on."""
        return max(self.due - self.begun, 0.0)

    def age(self, years_built: float, cared: float, p: Parameters) -> None:
        """A quarter of wear, of which so much is left (share) where small faults are found early; flats cross the
        threshold and become due."""
        step = p.condition_decline / 4.0 * cared
        faster = step * (p.decline_past_life if years_built > p.pipe_life else 1.0)
        self.worn = max(self.worn - faster, p.condition_least)
        self.fresh -= step
        for cohort, pace in zip(self.cohorts, (faster, step), strict=True):
            crossing = cohort.sink(pace, p.due_condition)
            if crossing > 0.0:
                self.worn += crossing / (self.due + crossing) * (p.due_condition - self.worn)
                self.due += crossing

    def finish(self, by_option: Array) -> None:
        """Works end on a share of all flats, by option."""
        share = min(float(by_option.sum()), self.due)
        if share <= 0.0:
            return
        self.fresh += share / (self.renewed + share) * (1.0 - self.fresh)
        self.due, self.begun, self.renewed = self.due - share, max(self.begun - share, 0.0), self.renewed + share
        self.by_option = self.by_option + by_option

    def condition(self, p: Parameters) -> float:
        """Mean condition of all flats."""
        above = total(c.above(p.due_condition) * c.mean_above(p.due_condition) for c in self.cohorts)
        return above + self.due * self.worn + self.renewed * self.fresh

    def with_(self, kinds: NDArray[np.int64], kind: int) -> float:
        """Share of all flats renovated with options of this kind; ``kinds`` is their standard or energy level (9,)."""
        return float(self.by_option[np.equal(kinds, kind)].sum())

    def forced(self, p: Parameters) -> float:
        """Of those due, the share so worn that the pipes force the works: spread evenly around their mean."""
        lowest = max(2.0 * self.worn - p.due_condition, 0.0)
        return float(np.clip((p.forced_condition - lowest) / max(p.due_condition - lowest, 1e-9), 0.0, 1.0))
