"""The rest of the county as a labour market: a pool with its own employment and finite vacancies.

Movers, the queue for flats and displaced workers live here. People are numbers (not persons) by schooling, so the pool
adds no noise, and a household that moves takes its chances with it: no move makes anybody's schooling better or worse.
"""

from __future__ import annotations

import numpy as np

from sim.columns import Floats
from sim.parameters import Parameters
from sim.region import County
from sim.rules.employment import finding_by_schooling, loss_rates, tightness


class CountyLabour:
    """Employed and unemployed of the rest of the county by schooling, and the vacancies that everybody competes for.

    ``employed`` and ``unemployed`` are persons by Skill, arrays (4,); ``find`` and ``loss`` rates per quarter.
    """

    def __init__(self, county: County, estate_seekers: float, estate_losses: float, estate_force: float, p: Parameters):
        force = max(county.county_labour_force - estate_force, 1.0)
        shares = np.array([p.county_low, 1.0 - p.county_low - p.county_high, p.county_high, 0.0])
        self.loss = loss_rates(p)
        self.find = _balanced_finding(shares, self.loss, county.rest_unemployment, p)
        self.unemployed: Floats = force * shares * self.loss / (self.loss + self.find)
        self.employed: Floats = force * shares - self.unemployed
        self.employed_start, self.unemployed_start = self.employed.copy(), self.unemployed.copy()
        # At the start everything is in balance: matches equal losses, openings equal matches plus lapses.
        matches = float((self.loss * self.employed).sum()) + estate_losses
        self.vacancies = self.start_vacancies = p.vacancy_quarters * matches
        self.openings = matches + p.vacancy_lapse * self.vacancies
        self.start_seekers = float((self.unemployed * self.find).sum()) + estate_seekers
        self.taken = 0.0
        self.tightness = 1.0
        self.came = self.left = self.arrivals = 0.0

    def open_quarter(self, estate_seekers: float, slack: float, fixed: bool, p: Parameters) -> None:
        """Set this quarter's tightness from vacancies and seekers as they stand.

        ``slack`` is national unemployment above normal (share); with ``fixed`` vacancies only the economy counts.
        """
        seekers = float((self.unemployed * self.find).sum()) + estate_seekers
        economy = max(1.0 - p.economy_finding * slack, 0.2)
        relative = tightness(self.vacancies / self.start_vacancies, seekers / self.start_seekers, p)
        self.tightness = economy if fixed else relative

    def close_quarter(self, estate_finds: float, slack: float, p: Parameters) -> None:
        """Let the pool find and lose jobs, and vacancies be filled, lapse and open."""
        losses = self.employed * self.loss * (1.0 + p.economy_losing * max(slack, -0.03))
        finds = self.unemployed * np.minimum(self.find * self.tightness, 0.9)
        self.employed += finds - losses
        self.unemployed += losses - finds
        opened = self.openings * max(1.0 - p.economy_finding * slack, 0.2)
        filled = float(finds.sum()) + estate_finds + self.taken
        stock = self.vacancies + opened - filled - p.vacancy_lapse * self.vacancies
        self.vacancies = max(stock, 0.02 * self.start_vacancies)
        self.taken = 0.0

    def receive(self, employed: Floats, idle: Floats) -> None:
        """Households moving out of the estates, persons by Skill."""
        self.employed += employed
        self.unemployed += idle
        self.came += float((employed + idle).sum())

    def send(self, employed: Floats, idle: Floats) -> None:
        """Households moving into the estates; a class that runs empty stays at zero through the other state."""
        self.employed -= employed
        self.unemployed -= idle
        self.left += float((employed + idle).sum())


def _balanced_finding(shares: Floats, loss: Floats, unemployment: float, p: Parameters) -> Floats:
    """Finding rates by schooling at which the pool's unemployment stays where it is."""
    relative = finding_by_schooling(p)
    low, high = 1e-4, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        level = float((shares * loss / (loss + middle * relative)).sum())
        low, high = (middle, high) if level > unemployment else (low, middle)
    return relative * 0.5 * (low + high)
