"""What the start makes in passages over all households is what the rules say, called with columns."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_parameters
from sim.randomness import Decision
from sim.rules.employment import CELLS
from sim.rules.history import drawn, find_by_history, settled, settled_losing, spell_of
from sim.rules.moving import household_rate, insecurity_push, success_pull
from sim.rules.rivals.long_spells import LONG_SPELLS, shares
from sim.vocabulary import Skill, Work
from sim.world.conditions import leaving_rate
from sim.world.state import NATIVE
from tests.conftest import Make


def test_the_chance_to_leave_is_the_rule_for_every_household(make: Make) -> None:
    model = make("regional", years=1)
    for _ in range(3):
        model.step()
    world, r, p = model.world, model.residents, model.world.p
    calm, reputation = (x[world.neighbourhood_of] for x in (world.neighbourhoods.calm, world.neighbourhoods.reputation))
    gets_on = (r.work == Work.EMPLOYED) & (r.skill >= Skill.MIDDLE)
    more = success_pull(reputation, p) * gets_on + insecurity_push(calm, p)
    young = np.where((world.quarter - r.born) / 4.0 < p.young_age, p.move_young, 1.0)
    rate = household_rate(r.burden, r.satisfaction, more, p)
    assert leaving_rate(world).tobytes() == (p.move_base / 4.0 * young * rate).tobytes()
    assert len(np.unique(young)) == len(np.unique(gets_on)) == 2


@pytest.mark.parametrize("rule", sorted(LONG_SPELLS))
def test_histories_of_the_start_are_those_of_ones_kind_and_as_short_as_ones_time_in_sweden(
    make: Make, rule: str
) -> None:
    world = make(years=1, levers={"long_spells": rule}).world
    r, ends, p = world.residents, world.histories.ends, world.p
    u, v = (world.draws.stream(Decision.WORK_HISTORY, k, r.n) for k in range(2))
    group = world.neighbourhood_of * CELLS + r.skill * 2 + r.foreign + len(ends) // 2 * (r.work == Work.EMPLOYED)
    history = np.array([drawn(ends[g], one) for g, one in zip(group, u, strict=True)])
    history = np.where(r.arrival > NATIVE, np.minimum(history, -r.arrival), history)
    assert np.array_equal(r.history, history)
    out = r.work == Work.OUT_OF_WORK
    assert np.array_equal(r.spell, np.where(out, spell_of(history, v, p.start_spell, p), 0)) and r.spell[out].any()


@pytest.mark.parametrize("name", sorted(LONG_SPELLS))
def test_what_is_settled_for_many_groups_is_what_each_has_by_itself(name: str) -> None:
    p, rule = load_parameters(), LONG_SPELLS[name]
    employment, loss = np.array([0.05, 0.3, 0.6, 0.97]), np.array([0.04, 0.03, 0.02, 0.01])
    lose = settled_losing(employment, loss, rule, p)
    full, (idle, at_work) = settled(employment, lose, rule, p)
    for g in range(len(employment)):
        one, (out, working) = settled(employment[g : g + 1], lose[g : g + 1], rule, p)
        assert one[0] == full[g] and np.array_equal(out[0], idle[g]) and np.array_equal(working[0], at_work[g])
        find = np.minimum(full[g] * find_by_history(p), p.finding_most)
        shares(rule.move, out[0], working[0], find, lose[g])
        assert np.array_equal(out[0], idle[g]) and np.array_equal(working[0], at_work[g])
