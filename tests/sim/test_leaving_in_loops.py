"""Who leaves is decided in a loop over flats, which draws and reads little: it says what the rules say of columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import RenewalModel
from sim.compiling import kernel, pick
from sim.phases import leaving
from sim.phases.disturbed import by_standard, works_now
from sim.randomness import Decision
from sim.rules.inside import done_inside
from sim.rules.moving import household_rate, insecurity_push, success_pull
from sim.rules.rivals.leaving import LEAVING, Felt, new_to_them, plain_burden
from sim.rules.unwanted import leaving_factor
from sim.vocabulary import Away, Skill, Work
from sim.world.columns import Bools, Floats
from sim.world.homes import options_to_come
from sim.world.world import World

Make = Callable[..., RenewalModel]


@kernel
def picked(which: Bools, found: Floats) -> None:
    """A pick for each row."""
    for row in range(len(which)):
        found[row] = pick(which[row], 2.0, row)


def test_a_pick_of_columns_is_that_of_single_numbers() -> None:
    which, found = np.array([True, False, True]), np.empty(3)
    picked(which, found)
    assert found.tolist() == pick(which, 2.0, np.arange(3)).tolist() == [2.0, 1.0, 2.0]


@pytest.fixture(scope="module")
def at_work(make: Make) -> RenewalModel:
    """A region with works announced, on site and just finished, in which tenants choose standards."""
    model = make("siloed", years=15, levers={"standard_choice": "tenants"}, parameters={"excess_move": 0.5})
    for _ in range(36):
        model.step()
    return model


def of_columns(world: World, rival: str) -> tuple[list[int], list[bool]]:
    """Who leaves, and whom of them renovation drives away, by the rules applied to all flats at once."""
    r, p = world.residents, world.p
    works, building, where = works_now(world), r.building, world.neighbourhood_of
    u = world.draws.stream(Decision.MOVE, world.quarter, r.n)
    base = p.move_base / 4.0 * np.where(r.born > world.quarter - 4.0 * p.young_age, p.move_young, 1.0)
    on = (r.work == Work.EMPLOYED) & (r.skill >= Skill.MIDDLE)
    more = success_pull(world.neighbourhoods.reputation, p)[where] * on
    more += insecurity_push(world.neighbourhoods.calm, p)[where]
    options = options_to_come(world, np.arange(r.n))
    _, lost = by_standard(world, np.arange(r.n), options)
    disturbed = works.disturbance[building]
    felt = Felt(
        disturbed * done_inside(p)[options] * (r.away == Away.HOME),
        np.where(disturbed > 0.0, leaving_factor(lost / r.rent, p), 1.0),
        new_to_them(works.rise[building], r.since, works.since[building]),
        r.income < world.income_terciles[0],
        r.burden,
        plain_burden(r.burden, r.rent, world.plain_rent),
    )
    extra, counts = LEAVING[rival](felt, p)
    leaves = (u < base * household_rate(counts, r.satisfaction, more, p) + extra) & r.occupied
    caused = u >= base * household_rate(felt.plain, r.satisfaction, more, p)
    return np.flatnonzero(leaves).tolist(), caused[leaves].tolist()


def in_loops(model: RenewalModel, monkeypatch: pytest.MonkeyPatch, rival: str) -> tuple[list[int], list[bool]]:
    """The same as the phase does it, which changes nothing here."""
    levers = model.world.levers
    monkeypatch.setattr(model.world, "levers", levers.model_copy(update={"leaving": rival}))
    monkeypatch.setattr(leaving, "come_back", lambda world: np.zeros(0, dtype=np.int64))
    monkeypatch.setattr(leaving, "_record_moves", lambda *_: None)
    seen: list[Any] = []
    monkeypatch.setattr(leaving, "Leavers", lambda r, gone, caused: seen.append((gone.tolist(), caused.tolist())))
    leaving.leave(model.world)
    return seen[0][0], seen[0][1]


@pytest.mark.parametrize("rival", LEAVING)
def test_those_leave_whom_the_rules_for_columns_say_and_for_the_same_reason(
    at_work: RenewalModel, monkeypatch: pytest.MonkeyPatch, rival: str
) -> None:
    works = works_now(at_work.world)
    assert (works.disturbance > 0.0).any() and (works.rise > 0.0).any()
    gone, caused = in_loops(at_work, monkeypatch, rival)
    assert (gone, caused) == of_columns(at_work.world, rival)
    assert len(gone) > 20 and any(caused) and not all(caused)


def test_who_does_not_come_back_leaves_also_where_a_burden_moves_nobody(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make("siloed", years=1, parameters={"move_burden": 0.0})
    lost = np.flatnonzero(model.residents.occupied)[[0, 3, 40, -1]]
    monkeypatch.setattr(leaving, "come_back", lambda world: lost)
    gone = leaving.leave(model.world).rows
    assert np.isin(lost, gone).all() and len(lost) < len(gone) < 200
    assert not model.residents.occupied[lost].any()
