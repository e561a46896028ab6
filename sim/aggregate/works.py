"""Works under way: what will be finished and paid, quarter by quarter ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import Collaboration, Parameters
from sim.aggregate.start import Start
from sim.rules import repetition
from sim.vocabulary import Practice

Array = NDArray[Any]

LONGEST = 60  # quarters ahead
FLATS_PER_BUILDING = 45.0  # at 1:1


@dataclass(frozen=True)
class Done:
    """A quarter's works. by_option: share of all flats finished (9,); rent: rise of the mean rent, SEK/m2.year;
    reference: works at the prices of 2011, SEK per flat of the region; paid: SEK per flat of each owner (2,)."""

    by_option: Array
    rent: float
    reference: float
    paid: Array


class Pipeline:
    """Rows are quarters ahead; columns nine options, rent, reference, and two owners' payments."""

    def __init__(self) -> None:
        self._ahead = np.zeros((LONGEST, 13))

    def add(self, done: Done, lead: float, duration: float) -> None:
        """Works that begin after ``lead`` quarters and are finished evenly over ``duration``."""
        begin = min(round(lead), LONGEST - 1)
        quarters = max(min(round(duration), LONGEST - begin), 1)
        row = np.concatenate([done.by_option, [done.rent, done.reference], done.paid])
        self._ahead[begin : begin + quarters] += row / quarters

    def quarter(self) -> Done:
        """Take out this quarter's."""
        row = self._ahead[0].copy()
        self._ahead = np.roll(self._ahead, -1, axis=0)
        self._ahead[-1] = 0.0
        return Done(row[:9], float(row[9]), float(row[10]), row[11:])

    @property
    def unpaid(self) -> Array:
        """What each owner has still to pay, SEK per flat of its own."""
        return np.asarray(self._ahead[:, 11:].sum(axis=0))

    @property
    def reference(self) -> float:
        """Works ahead at the prices of 2011, SEK per flat of the region."""
        return float(self._ahead[:, 10].sum())


def times(ahead: Array, shortage: float, c: Collaboration, p: Parameters) -> tuple[float, float]:
    """Quarters from the decision to the first finished house, and on site; what is pooled goes in large lots.

    ahead : doublings of practice ahead of an ordinary lot's."""
    pooled = c.strength(Practice.POOLED_PROCUREMENT)
    talks = p.negotiation_quarters * (c.strength(Practice.SHARED_CALCULATION) > 0.0)
    lead = 2.0 + talks + p.appeal_chance * p.appeal_quarters
    series = p.lot_flats / p.lot_flats_pooled
    length = p.site_quarters + p.site_quarters_series * (series + pooled * (1.0 - series))
    pace = min(float(repetition.productivity(ahead, p.learning_time)), p.pace_most)
    present = 1.0 - p.absence * max(shortage - p.shortage_start, 0.0)
    on_site = length / pace * (1.0 + change_orders(c, p)) / present
    # A lot's first house is finished when its part of the lot's time has passed.
    return lead + on_site * FLATS_PER_BUILDING / p.lot_flats, on_site


def change_orders(c: Collaboration, p: Parameters) -> float:
    """What is added to the price on site, share; half as much within a framework."""
    pooled = c.strength(Practice.POOLED_PROCUREMENT)
    return p.change_orders * (1.0 + pooled * (p.partnering - 1.0))


def visible(reference: float, s: Start, p: Parameters) -> float:
    """Years of work that builders see ahead."""
    return reference / 1e6 * p.labour_intensity / s.hands
