"""Buildings age in a loop over them: it says what is said of columns, with rises that are phased in by their rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases import ageing
from sim.phases.presence import presence
from sim.rules.phase_in import paid
from sim.world.state import FAR_PAST

Make = Callable[..., RenewalModel]


@pytest.mark.parametrize("quarter", [5, 6, 7])
def test_a_loop_over_buildings_says_of_each_what_columns_say(make: Make, quarter: int) -> None:
    w = make("regional").world
    b, p, chance = w.buildings, w.p, np.random.default_rng(quarter)
    w.quarter = quarter
    w.books.quarter = quarter
    b.renovated[:] = np.where(chance.random(b.n) < 0.3, FAR_PAST, chance.integers(-30, quarter + 1, b.n))
    b.built[:] = chance.integers(1900, 1975, b.n)
    b.condition[:], b.tuned[:] = chance.random(b.n), chance.random(b.n) * p.tuning_limit * 1.1
    b.rise[:] = chance.random(b.n) * 300.0
    b.rise_first[:] = np.where(chance.random(b.n) < 0.5, b.rise, b.rise * 0.3)

    since = np.where(b.renovated > FAR_PAST, w.year0 + b.renovated / 4.0, b.built)
    faster = np.where(w.year0 + quarter / 4.0 - since > p.pipe_life, p.decline_past_life, 1.0)
    cared = 1.0 - p.presence_wear * presence(w)
    condition = np.maximum(b.condition - p.condition_decline / 4.0 * faster * cared, p.condition_least)
    step = np.minimum(p.tuning_rate / 4.0, np.maximum(p.tuning_limit - b.tuned, 0.0))
    tuned, energy = b.tuned + step, b.energy * (1.0 - step)
    years = (quarter - b.renovated) // 4
    more = paid(b.rise, b.rise_first, years, p) - paid(b.rise, b.rise_first, years - 1, p)
    rent = b.rent + np.where((b.rise > b.rise_first) & ((quarter - b.renovated) % 4 == 0), more, 0.0)

    ageing.advance(w)
    assert more.any() and len(np.unique(faster)) == 2
    for found, expected in ((b.condition, condition), (b.tuned, tuned), (b.energy, energy), (b.rent, rent)):
        assert (found == expected).all()
