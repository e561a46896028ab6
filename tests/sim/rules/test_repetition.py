"""Building the same again is cheaper and quicker, in a framework's lots and in an owner's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import Collaboration, RenewalModel, load_parameters
from sim.phases import bidding
from sim.rules import repetition
from sim.rules.choice import OPTIONS

Make = Callable[..., RenewalModel]

P = load_parameters()
RATE = repetition.labour_rate(P)


def shares(*packages: int) -> np.ndarray:
    """A lot with as many flats of each of these."""
    return np.bincount(packages, minlength=OPTIONS) / len(packages)


def ahead(flats: float, *packages: int, before: float = 0.0) -> float:
    """Doublings of a lot with these packages; ``before``: series of the first of them that the firm has built."""
    experience = before * np.eye(OPTIONS)[packages[0]][None, :]
    length = float(repetition.alike(shares(*packages), P)) * flats / P.lot_flats
    return float(repetition.doublings(repetition.brought(shares(*packages), experience, P), length)[0])


def test_an_ordinary_lot_costs_what_the_tables_say() -> None:
    assert ahead(P.lot_flats, 3) == 0.0
    assert repetition.productivity(0.0, RATE) == 1.0


def test_a_long_series_saves_what_the_lots_of_a_framework_are_known_to_save() -> None:
    labour = 1.0 / repetition.productivity(ahead(P.lot_flats_pooled, 3), RATE)
    saved = P.labour_share * (1.0 - float(labour))
    assert 0.02 < saved < 0.1  # 15 % of new building, half as much in renovation (SABO Kombohus)


@pytest.mark.parametrize("flats", [20.0, 150.0, 600.0])
def test_mixed_lots_save_less_and_the_more_packages_the_less(flats: float) -> None:
    ordered = [ahead(flats, 0), ahead(flats, 0, 4), ahead(flats, 0, 4, 8), ahead(flats, 0, 2, 4, 6, 8)]
    assert ordered == sorted(ordered, reverse=True) and ordered[0] > ordered[-1] + 0.03


def test_practice_counts_wholly_for_the_same_package_and_partly_for_others() -> None:
    same, other, none = ahead(150.0, 3, before=2.0), ahead(150.0, 3), ahead(150.0, 3)
    experience = 2.0 * np.eye(OPTIONS)[7][None, :]
    other = float(repetition.doublings(repetition.brought(shares(3), experience, P), 1.0)[0])
    assert none < other < same


def test_packages_do_not_matter_where_practice_carries_over_wholly() -> None:
    p = P.replace({"repetition_transfer": 1.0})
    assert repetition.alike(shares(0, 4, 8), p) == pytest.approx(1.0)
    experience = np.arange(9.0)[None, :]
    assert repetition.brought(shares(3), experience, p) == pytest.approx(
        repetition.brought(shares(0, 8), experience, p)
    )


def test_an_owners_own_lot_gains_by_repetition_too(make: Make) -> None:
    world = make(Collaboration.preset("siloed"), years=1).world
    flats = np.full(4, 30)
    packages = np.array([np.bincount(x, flats, 9) / flats.sum() for x in ([3, 3, 3, 3], [0, 3, 6, 8])])
    size = np.full(2, flats.sum(), dtype=float)
    alike, mixed = bidding.practice_ahead(packages, size, world.firms.experience, world.p)
    assert (alike > mixed).all()


def test_firms_remember_which_packages_they_built(make: Make) -> None:
    forced = {"standard_choice": "forced", "forced_standard": "midi"}
    model = make(Collaboration.preset("siloed"), years=8, levers=forced).run()
    practice = sum(x.experience for x in model.world.builders)
    assert practice[3:6].sum() > 0.0 and practice[[0, 1, 2, 6, 7, 8]].sum() == 0.0
