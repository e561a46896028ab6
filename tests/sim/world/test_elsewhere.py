"""Nobody comes from nowhere: persons by age are the same in all arms, here and elsewhere together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import PRESETS, RenewalModel, load_parameters
from sim.vocabulary import Work
from sim.world.books import Flow
from sim.world.elsewhere import PeopleElsewhere
from tests.worlds import random_world

Make = Callable[..., RenewalModel]
OFFSET = 4 * 200


def persons(model: RenewalModel) -> np.ndarray:
    """Main earners by schooling and quarter of birth, in the estates and elsewhere."""
    everybody, r = model.world.elsewhere.born.copy(), model.residents
    np.add.at(everybody, (r.skill[r.occupied], OFFSET + r.born[r.occupied]), 1.0)
    return everybody


@pytest.mark.parametrize("number", range(8))
def test_there_are_as_many_persons_of_every_age_in_all_arms(number: int) -> None:
    drawn = random_world(number, "plausible", years=3)
    found = []
    for preset in ("siloed", "regional", "national"):
        model = RenewalModel(
            drawn.region, PRESETS[preset], drawn.seed, parameters=drawn.parameters, levers=drawn.levers, years=3
        ).run()
        found.append(persons(model))
    for other in found[1:]:
        assert np.allclose(found[0].sum(axis=0), other.sum(axis=0), atol=1e-6)


def test_no_move_schools_anybody(make: Make) -> None:
    """The finding: pooling alone made pay without a job, as the rest of the county retired by its own schooling."""
    off, on = (make(preset, years=8).run() for preset in ("siloed", "local"))
    no_training = [make(on.world.collaboration.replace(training=0.0), years=8).run(), off]
    by_schooling = [persons(model).sum(axis=1) for model in no_training]
    assert np.allclose(*by_schooling, atol=1e-3)
    assert (off.residents.household != no_training[0].residents.household).any(), "other people have moved"


def test_turnover_makes_no_workers(make: Make) -> None:
    """The finding: a vacated flat added a person, and retired leavers vanished."""
    calm, restless = (make("siloed", years=4, parameters={"move_base": base}).run() for base in (0.05, 0.2))
    assert persons(calm).sum() == pytest.approx(persons(restless).sum(), abs=1e-3)


def test_the_retired_take_their_pensions_along(make: Make) -> None:
    model = make("siloed", years=6).run()
    gone = model.world.elsewhere.retired(model.quarter - 1)
    paid = model.books.history[-1, Flow.PENSIONS.row, -1]
    level = model.world.pay_level / (1.0 + model.p.wage_growth) ** 0.25
    assert gone > 0.0 and paid == pytest.approx(3.0 * model.p.pension * level * gone)


def test_arrivals_from_abroad_come_whatever_the_estates_do(make: Make) -> None:
    came = []
    for preset in ("siloed", "national"):
        model = make(preset, years=5).run()
        r = model.residents
        inside = float(model.world.elsewhere.arrivals.sum() * (model.quarters + 1))
        in_estates = model.world.elsewhere.newcomers
        came.append(inside - in_estates)
        lived = int(((r.arrival >= 0) & r.occupied).sum())
        assert 0 < lived <= inside
    assert came[0] == pytest.approx(came[1], rel=0.2)


EQUAL = np.array([0.25, 0.5, 0.25, 0.0])  # shares by schooling


def test_people_age_elsewhere_too_and_retire_when_they_are_old() -> None:
    people = PeopleElsewhere(1800.0 * EQUAL, np.zeros(4), 40, load_parameters())
    people.expect(2.0, EQUAL)
    assert (people.grown_up + people.arrivals).sum() == pytest.approx(1800.0 / 180)
    assert people.people(-1) == pytest.approx(1800.0) and people.retired(0) == 0.0
    assert not people.grow(0).any(), "who was old enough at the start has retired already"
    for quarter in range(1, 40):
        assert people.grow(quarter) == pytest.approx(10.0 * EQUAL, rel=0.03)
    assert people.people(39) == pytest.approx(1810.0, rel=0.01) and people.more() == pytest.approx(0.0, abs=1e-9)


def test_where_nobody_of_an_age_is_left_another_of_the_schooling_comes() -> None:
    people = PeopleElsewhere(720.0 * EQUAL, np.zeros(4), 4, load_parameters())  # one of each age with short schooling
    low = np.zeros(5, dtype=np.int8)
    before = people.born.sum(axis=1)
    born = people.send(np.full(5, -100), low, 0)
    assert (born == -100).sum() == 1 and len(set(born.tolist())) == 5
    assert (before - people.born.sum(axis=1)).tolist() == [5.0, 0.0, 0.0, 0.0] and people.born.min() >= 0.0
    people.receive(born, low)
    assert people.born.sum() == 720.0


def test_where_nobody_of_a_schooling_is_left_somebody_else_comes() -> None:
    people = PeopleElsewhere(720.0 * EQUAL, np.zeros(4), 4, load_parameters())
    people.send(np.full(3, -100), np.full(3, 3, dtype=np.int8), 0)
    assert people.born.sum() == 717.0 and people.born.min() >= 0.0


def test_who_retires_in_the_estates_is_retired_elsewhere_from_the_same_age(make: Make) -> None:
    model = make("siloed", years=3).run()
    r, working = model.residents, model.world.elsewhere.working
    old = r.born <= model.quarter - 1 - working
    assert (r.work[old & r.occupied] == Work.RETIRED).all()
