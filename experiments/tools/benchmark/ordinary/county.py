"""The rest of the county: its pool of labour and its people, of the same classes as the model's, fed from here."""

from __future__ import annotations

import copy

import numpy as np

from experiments.tools.benchmark.ordinary.household import EMPLOYED, Household
from experiments.tools.benchmark.ordinary.quarter import Quarter
from experiments.tools.benchmark.ordinary.queue import Candidate
from sim.world.world import World


class County:
    """Whom the estates share work with, send people to and get people from. A few sums a quarter, by schooling."""

    def __init__(self, world: World) -> None:
        self.pool, self.people = copy.deepcopy(world.pool), copy.deepcopy(world.elsewhere)

    def open_quarter(self, now: Quarter) -> None:
        """How easily work is found this quarter, now that all who look for it have been counted."""
        self.pool.open_quarter(now.seeking, now.outside.slack, now.fixed.vacancies_fixed, now.p)
        now.tightness = self.pool.tightness

    def close_quarter(self, now: Quarter) -> None:
        """Vacancies are filled and opened, people grow up, arrive, retire, and queue for the estates."""
        self.pool.close_quarter(float(now.found), now.outside.slack, now.p)
        retiring = self.people.grow(now.q)
        self.pool.renew(self.people.grown_up, retiring, self.people.arrivals, now.p)
        self.pool.settle_queue(np.array(now.of_age))

    def receive(self, households: list[Household], quarter: int) -> None:
        """These households leave the estates: whoever is not yet of the age to retire works or looks for work."""
        employed, idle = [0.0] * 4, [0.0] * 4
        for one in households:
            if one.work == EMPLOYED:
                employed[one.skill] += 1.0
            elif one.born > quarter - self.people.working:
                idle[one.skill] += 1.0
        self.pool.receive(np.array(employed), np.array(idle))
        born, skill = ([getattr(one, name) for one in households] for name in ("born", "skill"))
        self.people.receive(np.array(born, dtype=np.int64), np.array(skill, dtype=np.int8))

    def send(self, who: list[Candidate], quarter: int) -> list[int]:
        """These come from the queue; their quarters of birth, as far as there are such people."""
        born = np.array([quarter - min(one.age, self.people.working - 1) for one in who], dtype=np.int64)
        employed, idle = [0.0] * 4, [0.0] * 4
        for one in who:
            (employed if one.employed else idle)[one.skill] += 1.0
        found: list[int] = self.people.send(born, np.array([x.skill for x in who], dtype=np.int8), quarter).tolist()
        self.pool.send(np.array(employed), np.array(idle))
        return found

    def who_may_move_in(self, quarter: int) -> float:
        """Nobody comes from nowhere: so many people are elsewhere."""
        return min(self.pool.people, self.people.people(quarter)) - 1.0
