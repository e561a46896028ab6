"""Households of the start that have left the region: their work goes on elsewhere in the county."""

from __future__ import annotations

from experiments.tools.benchmark.ordinary.draws import uniform
from experiments.tools.benchmark.ordinary.household import EMPLOYED, Household
from experiments.tools.benchmark.ordinary.quarter import Quarter


class Away:
    """One of them, followed by its own id."""

    __slots__ = ("born", "employed", "history", "number", "skill")

    def __init__(self, household: Household) -> None:
        self.number, self.skill, self.born = household.number, household.skill, household.born
        self.employed, self.history = household.work == EMPLOYED, household.history

    def change_work(self, now: Quarter, find: list[list[float]]) -> None:
        """One draw: low numbers find work, high ones lose it. find : chance by schooling and work history."""
        u = uniform(now.cohort_key, self.number)
        if self.employed:
            self.employed = u < 1.0 - now.losing[self.skill][self.history]
        else:
            self.employed = u < find[self.skill][self.history]
        if now.fixed.histories_move:
            if self.employed:
                self.history = min(self.history + 1, now.longest)
            else:
                self.history = max(self.history - 1, 0)


def work_elsewhere(away: list[Away], now: Quarter) -> None:
    """A quarter of all of them, at the county's rates: their own schooling and work history, no address."""
    p = now.p
    find = [
        [min(rate * by_history * now.tightness, p.cohort_finding_most) for by_history in now.find]
        for rate in now.fixed.cohort_find
    ]
    for one in away:
        one.change_work(now, find)
