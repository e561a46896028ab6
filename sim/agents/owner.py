"""What municipal housing companies and private landlords have in common: buildings, debt, an appraisal, a limit."""

from __future__ import annotations

import mesa

from sim.inputs.parameters import Parameters
from sim.rules.loans import shortfall


class Owner(mesa.Agent):
    """An owner of rental buildings.

    Attributes
    ----------
    index : row among owners (housing companies first, then landlords).
    debt : SEK. value : market value of the buildings, SEK, at the latest closing.
    required_yield : real return asked of an investment, per year.
    short : share of the works that could have been begun last year but not borrowed for; missing : the same, SEK.
    strained : years running in which it has owed more than its buildings bear.
    staff : flats that the organisation can still begin this year; negative after a house of which only most did fit.
    organisation : flats a year that its people can begin under a programme; follows_plan : whether it has one. late :
    flats on its sites that should be done by now.
    """

    def __init__(self, model: mesa.Model, index: int, name: str, municipality: int, required_yield: float) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.municipality = municipality
        self.required_yield = required_yield
        self.debt = 0.0
        self.value = 0.0
        self.flats = 0
        self.committed = 0.0
        self.short = 0.0
        self.missing = 0.0
        self.staff = 0.0
        self.organisation = 0.0
        self.follows_plan = False
        self.late = 0.0
        self.strained = 0

    @property
    def loan_to_value(self) -> float:
        """Debt over market value, share."""
        return self.debt / self.value if self.value > 0 else 0.0

    def headroom(self, p: Parameters) -> float:
        """What may still be borrowed under the loan-to-value cap on values as they stand, SEK."""
        return p.ltv_cap * self.value - self.debt - self.committed

    def see_shortfall(self, begun: float, sek: float, p: Parameters) -> None:
        """What loans do not reach of the year's works. The backlog beyond them needs no loan yet.

        begun : flats of all the works that it wants, sek : what it would have to find for them.
        """
        wanted = min(self.capacity(p) / max(begun, 1e-9), 1.0) * sek
        self.short = shortfall(self.headroom(p), wanted)
        self.missing = self.short * wanted

    def capacity(self, p: Parameters) -> float:
        """Flats that the organisation can begin in a year, beside looking after the sites that are late."""
        most = self.organisation if self.follows_plan else p.programme_share * self.flats
        return max(most - p.late_site_staff * self.late, 0.0)

    def open_staff(self, largest: float, p: Parameters) -> None:
        """A new year's capacity, in flats. What last year was too little to begin a house with is carried over.

        largest : flats of the largest house that could be begun.
        """
        self.staff = min(self.staff, (1.0 - p.programme_overrun) * largest) + self.capacity(p)
