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


def persons_by_birth(model: RenewalModel) -> np.ndarray:
    """Main earners by quarter of birth, in the estates and elsewhere."""
    everybody = model.world.elsewhere.born.copy()
    np.add.at(everybody, OFFSET + model.residents.born[model.residents.occupied], 1.0)
    return everybody


@pytest.mark.parametrize("number", range(8))
def test_there_are_as_many_persons_of_every_age_in_all_arms(number: int) -> None:
    drawn = random_world(number, "plausible", years=3)
    found = []
    for preset in ("siloed", "regional", "national"):
        model = RenewalModel(
            drawn.region, PRESETS[preset], drawn.seed, parameters=drawn.parameters, levers=drawn.levers, years=3
        ).run()
        found.append(persons_by_birth(model))
    for other in found[1:]:
        assert np.allclose(found[0], other, atol=1e-6)


def test_turnover_makes_no_workers(make: Make) -> None:
    """The finding: a vacated flat added a person, and retired leavers vanished."""
    calm, restless = (make("siloed", years=4, parameters={"move_base": base}).run() for base in (0.05, 0.2))
    assert persons_by_birth(calm).sum() == pytest.approx(persons_by_birth(restless).sum(), abs=1e-3)


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
        inside = float((model.world.elsewhere.arrivals) * (model.quarters + 1))
        in_estates = model.world.elsewhere.newcomers
        came.append(inside - in_estates)
        lived = int(((r.arrival >= 0) & r.occupied).sum())
        assert 0 < lived <= inside
    assert came[0] == pytest.approx(came[1], rel=0.1)


def test_people_age_elsewhere_too_and_retire_when_they_are_old() -> None:
    p = load_parameters()
    people = PeopleElsewhere(1800.0, 0.0, 40, p)
    people.expect(2.0)
    assert people.grown_up + people.arrivals == pytest.approx(1800.0 / 180)
    assert people.people(-1) == pytest.approx(1800.0) and people.retired(0) == 0.0
    assert people.grow(0) == 0.0, "who was old enough at the start has retired already"
    for quarter in range(1, 40):
        assert people.grow(quarter) == pytest.approx(10.0, rel=0.03)
    assert people.people(39) == pytest.approx(1810.0, rel=0.01) and people.more() == pytest.approx(0.0, abs=1e-9)


def test_where_nobody_of_an_age_is_left_another_comes() -> None:
    people = PeopleElsewhere(360.0, 0.0, 4, load_parameters())  # two of each age
    born = people.send(np.full(5, -100), 0)
    assert (born == -100).sum() == 2 and people.born.sum() == 355.0 and people.born.min() >= 0.0
    people.receive(born)
    assert people.born.sum() == 360.0


def test_who_retires_in_the_estates_is_retired_elsewhere_from_the_same_age(make: Make) -> None:
    model = make("siloed", years=3).run()
    r, working = model.residents, model.world.elsewhere.working
    old = r.born <= model.quarter - 1 - working
    assert (r.work[old & r.occupied] == Work.RETIRED).all()
