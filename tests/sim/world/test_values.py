"""Market values: one passage over buildings says what the rules say of columns, to the last bit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.rules.appraisal import building_value, market_yields
from sim.rules.phase_in import paid, waiting
from sim.world.values import set_values

Make = Callable[..., RenewalModel]


@pytest.mark.parametrize("phased", [False, True])
def test_market_values_are_what_the_rules_say_of_columns(make: Make, phased: bool) -> None:
    world = make("siloed", years=1).run().world
    b, p, places, some = world.buildings, world.p, world.neighbourhoods, np.random.default_rng(3)
    b.condition[:], b.empty[:] = some.random(b.n), some.random(b.n) / 3.0
    b.renovated[:] = some.integers(-1, world.quarter + 1, b.n)
    b.rise[:] = some.random(b.n) * 300.0
    b.rise_first[:] = b.rise * (some.random(b.n) if phased else 1.0)
    places.reputation[:], places.renovated_share[:] = some.random((2, len(places)))
    set_values(world)

    market = market_yields(places.reputation, world.surroundings.yield_shift, p)[b.neighbourhood]
    years = world.years_renovated()
    unpaid = (b.rise - b.rise_first) * waiting(market, np.maximum(years, 0), p)
    agreed = b.rent + b.rise - paid(b.rise, b.rise_first, years, p)
    each = building_value(agreed, b.energy, b.condition, world.heat_cost, market, p, unpaid, b.empty)
    each *= 1.0 + p.spillover * places.renovated_share[b.neighbourhood]
    assert np.array_equal(world.building_values, each * b.area * b.flats)
    owners = len(world.owners)
    assert [x.value for x in world.owners] == np.bincount(b.owner, world.building_values, minlength=owners).tolist()
    assert [x.flats for x in world.owners] == np.bincount(b.owner, b.flats, minlength=owners).tolist()
