"""What came of a year's talks: how much was agreed, and how far short the rest was, by the reason why."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.world.columns import Floats

REASONS = ("not_lawful", "no_budget", "not_worth_it")


@dataclass
class Talks:
    """One year. ``flats`` : of companies, due and at the table. ``agreed`` : those whose works partners pay for.

    ``short`` : what the best deals of the others lack, SEK by reason (3,), in the owner's eyes. ``deep_flats``,
    ``deep_short`` : flats on which deep energy measures could be agreed, and what these lack, SEK.
    """

    flats: float = 0.0
    agreed: float = 0.0
    short: Floats = field(default_factory=lambda: np.zeros(len(REASONS)))
    deep_flats: float = 0.0
    deep_short: float = 0.0

    @property
    def unpaid(self) -> float:
        """Flats brought to the table without a deal."""
        return self.flats - self.agreed
