"""What a standard is worth to those who live in it, and what their rent takes for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.vocabulary import Standard

Make = Callable[..., RenewalModel]


def by_hand(model: RenewalModel) -> float:
    """The surplus of the last quarter, household by household, SEK."""
    r, b = model.residents, model.buildings
    total = 0.0
    for row in np.flatnonzero(r.occupied):
        house = r.building[row]
        worth = {Standard.NONE: 0.0, Standard.MINI: 0.0, Standard.MIDI: 1.0, Standard.MAXI: 1.6}[b.standard[house]]
        total += worth * r.wish[row] - b.rent_chosen[house] * b.area[house] / 12.0
    return 3.0 * total


def test_the_surplus_is_what_households_would_pay_less_what_their_rent_takes(make: Make) -> None:
    model = make("siloed", years=6).run()
    last = model.curves().iloc[-1]
    higher = model.buildings.standard > Standard.MINI
    assert higher.any() and (model.buildings.rent_chosen[higher] > 0.0).all()
    assert not model.buildings.rent_chosen[~higher].any()
    assert last["standard_surplus"] == pytest.approx(by_hand(model))
    assert last["value_standard_surplus"] == pytest.approx(4.0 * by_hand(model) / model.p.market_yield)


def test_there_is_none_where_everybody_gets_what_must_be_done(make: Make) -> None:
    model = make("siloed", years=6, levers={"standard_choice": "forced", "forced_standard": "mini"}).run()
    assert (model.buildings.standard == Standard.MINI).any()
    assert not model.curves()["standard_surplus"].any()


def test_tenants_who_wish_for_more_gain_by_the_same_standards_and_those_who_wish_for_less_lose(make: Make) -> None:
    forced = {"standard_choice": "forced", "forced_standard": "maxi"}
    poor, rich = (
        make("siloed", years=6, levers=forced, parameters={"tenant_wish": wish}).run().curves()["standard_surplus"]
        for wish in (10.0, 5000.0)
    )
    assert poor.iloc[-1] < 0.0 < rich.iloc[-1]
