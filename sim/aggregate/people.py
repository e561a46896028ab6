"""Work, satisfaction and name of the estates as means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Parameters
from sim.aggregate.start import Start
from sim.rules.employment import loss_rates, tightness
from sim.rules.reputation import next_reputation
from sim.rules.training import drop_out, placement_success
from sim.rules.wellbeing import burden_loss

Array = NDArray[Any]


@dataclass
class Work:
    """Shares of working age: employed (``ordinary``, and ``hires`` with a subsidy), in placements, apprentices.

    through: employed after a place. vacancies: relative to 2011.
    """

    ordinary: float
    loss: float
    finding: float
    placements: float = 0.0
    hires: float = 0.0
    apprentices: float = 0.0
    through: float = 0.0
    vacancies: float = 1.0
    stigma: float = 0.0

    @classmethod
    def at_start(cls, s: Start, p: Parameters) -> Work:
        """In balance at the observed employment."""
        loss = float(s.schooling @ loss_rates(p)[:3])
        return cls(s.employment, loss, loss * s.employment / (1.0 - s.employment), stigma=_address(s.reputation, s, p))

    @property
    def employed(self) -> float:
        """Share of working age in work."""
        return self.ordinary + self.hires

    @property
    def in_programme(self) -> float:
        """At work through the programme: hires, apprentices, jobs after a place."""
        return self.hires + self.apprentices + self.through

    def advance(self, slack: float, reputation: float, s: Start, p: Parameters) -> None:
        """A quarter of ordinary losing and finding; the estates compete for the vacancies of 2011's balance."""
        idle = max(1.0 - self.ordinary - self.hires - self.placements - self.apprentices, 1e-6)
        seekers = idle / (1.0 - s.employment)
        tight = tightness(self.vacancies, seekers, p) * _address(reputation, s, p) / self.stigma
        found = min(self.finding * tight, p.finding_most) * idle
        lost = self.loss * (1.0 + p.economy_losing * max(slack, p.losing_unemployment_least))
        # Vacancies relative to the start: opened, filled, lapsed; the start's matches are 1/vacancy_quarters of them.
        matches = 1.0 / p.vacancy_quarters
        opened = (matches + p.vacancy_lapse) * max(1.0 - p.economy_finding * slack, p.economy_finding_least)
        self.vacancies += opened - matches * tight * seekers - p.vacancy_lapse * self.vacancies
        self.vacancies = max(self.vacancies, p.vacancies_least)
        self.through *= 1.0 - lost - p.move_base / 4.0
        self.ordinary += found - lost * self.ordinary

    def train(self, places: float, intake: float, p: Parameters) -> None:
        """A quarter of the programme: new places (share of working age), and what becomes of the old ones."""
        placed, hired = places * p.share_placements, places * p.share_hires
        ended, unsubsidised = self.placements / p.placement_quarters, self.hires / p.subsidy_quarters
        certified = self.apprentices / p.apprenticeship_quarters
        quits = self.apprentices * float(drop_out(np.array([0.5]), np.array([0.5]), p)[0])
        success = float(placement_success(np.array(_followed(intake, p)), p.placement_to_job_coached, p))
        job = ended * success + unsubsidised * p.hire_retained + certified
        self.placements += placed - ended
        self.hires += hired - unsubsidised
        self.apprentices += places - placed - hired - certified - quits
        self.ordinary, self.through = self.ordinary + job, self.through + job


def _followed(intake: float, p: Parameters) -> float:
    """The share of a year's places that coaches follow."""
    close = min(1.0, p.coach_capacity / max(intake, 1e-9))
    return close + (1.0 - close) * p.coached_beyond


def _address(reputation: float, s: Start, p: Parameters) -> float:
    """What the address leaves of the chance to find work."""
    below = float(np.clip((p.reputation_ordinary - reputation) / p.reputation_ordinary, 0.0, 1.0))
    return 1.0 - s.foreign * p.address_penalty * below


def next_satisfaction(now: float, comfort: float, disturbed: float, worn: float, dearer: float, safer: float,
                      s: Start, p: Parameters) -> float:  # fmt: skip
    """A quarter later. comfort: mean gain; disturbed: share of flats with works; worn: missing condition below the
    repair threshold against the start; dearer: rent over pay against the start (1 = unchanged); safer:
    points by calm."""
    lost = burden_loss(np.array([p.burden_ordinary * dearer]), p)
    level = s.satisfaction + p.satisfaction_comfort * comfort - p.satisfaction_disturbance * disturbed
    level += safer - p.satisfaction_worn * worn - float(lost[0])
    return float(np.clip(now + p.satisfaction_speed * (level - now), 0.0, 1.0))


def later_reputation(now: float, satisfaction: float, renewed: float, employment: float, image_work: float,
                     calm_lost: float, s: Start, p: Parameters) -> float:  # fmt: skip
    """A quarter later, with the news that are to be expected."""
    level = s.reputation + p.reputation_renewal * renewed + p.reputation_employment * (employment - s.employment)
    level += p.reputation_hearsay * (satisfaction - s.satisfaction)
    told = min(s.image_work * p.image_work_under_way + image_work * s.civic_strength, 1.0)
    bad = p.news_bad * max(1.0 + p.news_incidents * calm_lost, 0.0)
    news = p.news_effect * p.news_chance * p.news_size * (1.0 - p.news_bad - bad)
    held, settled, reached, lived, heard = np.array([[now], [np.clip(level, 0.0, 1.0)], [told], [satisfaction], [news]])
    return float(next_reputation(held, settled, reached, lived, heard, p)[0])
