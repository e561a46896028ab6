"""Second earners work or do not: their households' income, support and rent burden follow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel, load_parameters
from sim.phases import second_earners
from sim.rules.second_earners import year_of_second_earners
from sim.vocabulary import Work

Make = Callable[..., RenewalModel]


def test_a_year_in_normal_times_leaves_as_many_second_earners_at_work() -> None:
    p = load_parameters()
    find, lose = year_of_second_earners(1.0, 1.0, p)
    share = p.second_earner_share
    assert share * lose == pytest.approx((1.0 - share) * find)
    worse = year_of_second_earners(0.5, 1.5, p)
    assert worse[0] < find and worse[1] > lose


def test_a_named_household_earns_less_and_bears_more_when_its_second_earner_loses_work(make: Make) -> None:
    for loss, differs in ((0.2, True), (0.0, False)):
        model = make(years=2, parameters={"second_loss": loss}, levers={"renovation": False})
        r = model.residents
        before, household, work = r.other_income.copy(), r.household.copy(), r.work.copy()
        for _ in range(4):
            model.step()
        same = (r.household == household) & r.occupied & (r.work == work) & (work == Work.EMPLOYED)
        lost = np.flatnonzero(same & (before > 0.0) & (r.other_income == 0.0))
        assert (len(lost) > 0) is differs
        assert (r.other_income[same] == before[same]).all() is np.True_ or differs
        if differs:
            who = lost[0]
            twin = make(years=2, parameters={"second_loss": 0.0}, levers={"renovation": False})
            for _ in range(4):
                twin.step()
            if twin.residents.household[who] == household[who] and twin.residents.work[who] == work[who]:
                assert r.income[who] < twin.residents.income[who] and r.burden[who] > twin.residents.burden[who]


def test_everybodys_turn_comes_once_a_year_and_nobody_without_a_second_earner_gets_one(make: Make) -> None:
    model = make(years=2, parameters={"second_loss": 0.5})
    r, changed = model.residents, np.zeros(model.residents.n, dtype=int)
    for quarter in range(4):
        model.world.quarter = quarter
        before = r.other_income.copy()
        second_earners.change_work(model.world)
        now = before != r.other_income
        assert (np.flatnonzero(now) % 4 == quarter).all()
        changed += now
    assert changed.max() == 1 and (changed[r.second_pay == 0.0] == 0).all()
    working = r.other_income > 0.0
    assert np.array_equal(r.other_income[working], r.second_pay[working])


def test_the_share_of_second_earners_stays_where_it_starts(make: Make) -> None:
    curves = make(years=12, levers={"renovation": False}).run().curves()
    assert curves.second_earners.iloc[-1] == pytest.approx(curves.second_earners.iloc[0], abs=0.05)
