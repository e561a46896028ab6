"""The rest of the county as a labour market: a pool with its own employment and finite vacancies.

Movers, the queue for flats and displaced workers live here. People are numbers (not persons) by schooling, so the pool
adds no noise. Two parts: the county at large, and the queue, from which the estates' newcomers come and which those who
leave join. The queue finds work as the estates do, and as many are near the estates, there or in the queue, whoever
moves (``settle_queue``), so that a move by itself makes nobody's chances better or worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.compiling import kernel
from sim.inputs.parameters import Parameters
from sim.inputs.region import County
from sim.rules.employment import finding_by_schooling, losing, loss_rates, openings_left, tightness
from sim.vocabulary import Skill
from sim.world.columns import Floats


@dataclass(frozen=True)
class Estates:
    """The estates at the start: persons of working age, shares by Skill, employment by Skill (of all where nobody has
    the schooling), losses, seekers at their rates."""

    force: float
    schooling: Floats
    employment: Floats
    losses: float
    seekers: float


class CountyLabour:
    """Employed and unemployed of the rest of the county, and the vacancies that everybody competes for.

    ``employed`` and ``unemployed`` are persons by part (county at large, queue) and Skill, arrays (2, 4); ``find`` and
    ``loss`` are rates per quarter. ``near`` is the share of the county's people of each schooling (4,) who live in the
    estates or queue for them. ``estates`` describes the estates at the start.
    """

    def __init__(self, county: County, estates: Estates, p: Parameters) -> None:
        queue = p.queue_size * estates.force
        force = np.array([max(county.county_labour_force - estates.force - queue, 1.0), queue])
        at_large = np.array([p.county_low, 1.0 - p.county_low - p.county_high, p.county_high, 0.0])
        people = force[:, None] * np.stack([at_large, estates.schooling])
        self.loss = loss_rates(p)
        balanced = _balanced_finding(at_large, self.loss, county.rest_unemployment, p)
        # Each schooling of the queue works as much as in the estates: else a swap of two households would cost jobs.
        idle = np.maximum(1.0 - estates.employment, 1e-3)
        self.find: Floats = np.stack([balanced, self.loss * (1.0 - idle) / idle])
        self.unemployed: Floats = people * self.loss / (self.loss + self.find)
        self.employed: Floats = people - self.unemployed
        self.employed_start, self.unemployed_start = self.employed.copy(), self.unemployed.copy()
        # Of all of a schooling in the county, those who find work as in the estates: there, and in the queue for them.
        there = estates.force * estates.schooling
        self.near: Floats = (there + people[1]) / np.maximum(there + people.sum(axis=0), 1e-9)
        # At the start everything is in balance: matches equal losses, openings equal matches plus lapses.
        matches = float((self.loss * self.employed).sum()) + estates.losses
        self.vacancies = self.start_vacancies = p.vacancy_quarters * matches
        self.openings = matches + p.vacancy_lapse * self.vacancies
        self.start_seekers = float((self.unemployed * self.find).sum()) + estates.seekers
        self.taken = 0.0
        self.tightness = 1.0
        self.came = self.left = 0.0

    def open_quarter(self, estate_seekers: float, slack: float, fixed: bool, p: Parameters) -> None:
        """Set this quarter's tightness from vacancies and seekers as they stand.

        ``slack`` is national unemployment above normal (share); with ``fixed`` vacancies only the economy counts.
        """
        seekers = float((self.unemployed * self.find).sum()) + estate_seekers
        economy = openings_left(slack, p)
        relative = tightness(self.vacancies / self.start_vacancies, seekers / self.start_seekers, p)
        self.tightness = economy if fixed else relative

    @property
    def people(self) -> float:
        """Persons of working age elsewhere."""
        return float(self.employed.sum() + self.unemployed.sum())

    def schooling(self) -> Floats:
        """Persons of working age elsewhere by schooling (4,)."""
        return np.asarray((self.employed + self.unemployed).sum(axis=0))

    def renew(self, grown_up: Floats, retiring: Floats, arrivals: Floats, p: Parameters) -> None:
        """A quarter's young, retired and newcomers by schooling, persons (4,): all but newcomers work as often as
        others of their schooling do."""
        people = self.schooling()
        factor = np.maximum(1.0 + (grown_up - retiring) / np.maximum(people, 1e-9), 0.0)
        # Of a schooling that nobody had, whoever comes starts out of work.
        nobody = people <= 0.0
        self.employed *= factor
        self.unemployed *= np.where(nobody, 1.0, factor)
        self.unemployed[1] += np.where(nobody, np.maximum(grown_up - retiring, 0.0), 0.0)
        # Ages and work are counted apart, and may not agree on a schooling: others retire instead of whom it lacks.
        short = float(np.maximum(retiring - grown_up - people, 0.0).sum())
        if short > 0.0:
            stay = max(1.0 - short / max(self.people, 1e-9), 0.0)
            self.employed *= stay
            self.unemployed *= stay
        self.employed[1] += arrivals * p.newcomer_employed
        self.unemployed[1] += arrivals * (1.0 - p.newcomer_employed)

    def settle_queue(self, estates: Floats) -> None:
        """Whom the queue has too many or too few of goes to the county at large or comes from it, as they are: as many
        of each schooling are near the estates, there and in the queue, as at the start, whoever has moved or retired.

        estates : persons of working age there by Skill (4,).

        Else moves would carry people out of the county at large, where all but a few of the old retire whom the queue
        has taken in, and people would find less work because others move more.
        """
        queue, at_large = (self.employed + self.unemployed)[[1, 0]]
        # A tradesperson of the estates had middle schooling; none is elsewhere but who came from there.
        near = self.near * (queue + at_large + estates) - estates
        near[Skill.MIDDLE] += self.near[Skill.MIDDLE] * (queue + at_large + estates)[Skill.TRADE]
        near[Skill.MIDDLE] -= (queue + estates)[Skill.TRADE]
        comes = np.minimum(near - queue, at_large)
        comes[Skill.TRADE] = 0.0
        leaves = np.minimum(-comes, queue)
        for people in (self.employed, self.unemployed):
            there, here = people[0] / np.maximum(at_large, 1e-9), people[1] / np.maximum(queue, 1e-9)
            moved = np.where(comes > 0.0, comes * there, -np.maximum(leaves, 0.0) * here)
            people[1] += moved
            people[0] -= moved

    def close_quarter(self, estate_finds: float, slack: float, p: Parameters) -> None:
        """Let the pool (persons by class) find and lose jobs, and vacancies be filled, lapse and open.

        estate_finds : persons of the estates who found work this quarter. slack : national unemployment above normal,
        share.
        """
        losses = np.minimum(self.employed * self.loss * losing(slack, p), self.employed)
        finds = self.unemployed * np.minimum(self.find * self.tightness, p.finding_most)
        self.employed += finds - losses
        self.unemployed += losses - finds
        opened = self.openings * openings_left(slack, p)
        filled = float(finds.sum()) + estate_finds + self.taken
        stock = self.vacancies + opened - filled - p.vacancy_lapse * self.vacancies
        self.vacancies = max(stock, p.vacancies_least * self.start_vacancies)
        self.taken = 0.0

    def receive(self, employed: Floats, idle: Floats) -> None:
        """Households moving out of the estates, persons by Skill, arrays (4,)."""
        self.employed[1] += employed
        self.unemployed[1] += idle
        self.came += float((employed + idle).sum())

    def send(self, employed: Floats, idle: Floats) -> None:
        """Households moving into the estates, persons by Skill, arrays (4,).

        They come from the queue, and whom it does not have from the county at large. Where that has none of such
        schooling and work either, others of the schooling go in their stead, and then others, in proportion: nobody
        comes from nowhere.
        """
        missing = np.zeros(len(employed))
        _take(self.employed, employed, missing)
        _take(self.unemployed, idle, missing)
        if missing.any():
            alike = self.schooling()
            found = np.minimum(alike, missing)
            stay = 1.0 - found / np.maximum(alike, 1e-9)
            stay = stay * max(1.0 - float((missing - found).sum()) / max(float((alike - found).sum()), 1e-9), 0.0)
            self.employed *= stay
            self.unemployed *= stay
        self.left += float((employed + idle).sum())


@kernel
def _take(people: Floats, wanted: Floats, missing: Floats) -> None:
    """People out of the queue and, where it ends, of the county at large (2, 4), by schooling; whom neither has are
    added to those missing (4,)."""
    for skill in range(len(wanted)):
        queue = min(people[1, skill], wanted[skill])
        people[1, skill] -= queue
        at_large = min(people[0, skill], wanted[skill] - queue)
        people[0, skill] -= at_large
        missing[skill] += wanted[skill] - queue - at_large


def _balanced_finding(shares: Floats, loss: Floats, unemployment: float, p: Parameters) -> Floats:
    """Finding rates by schooling at which the pool's unemployment stays where it is."""
    relative = finding_by_schooling(p)
    low, high = 1e-4, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        level = float((shares * loss / (loss + middle * relative)).sum())
        low, high = (middle, high) if level > unemployment else (low, middle)
    return relative * 0.5 * (low + high)
