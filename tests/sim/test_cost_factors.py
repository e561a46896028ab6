"""What works cost, as a lever: free works are done, and at no cost to the order or the arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Levers, RenewalModel, load_parameters, load_region
from sim.recording.record import recorded
from sim.recording.society import uses
from sim.rules.urgency import per_krona, urgency
from sim.rules.works_cost import at_factors
from sim.vocabulary import EnergyLevel
from sim.world.books import Flow
from sim.world.homes import homes_now
from tests.laws import run_lawfully

YEARS = 30


def renovated_by_level(model: RenewalModel) -> np.ndarray[Any, Any]:
    """Shares of the flats renovated since the start by energy level (3,)."""
    b = model.buildings
    since = b.renovated >= 0
    flats = np.bincount(b.energy_level[since], b.flats[since], minlength=len(EnergyLevel))
    return np.asarray(flats / flats.sum())


def run(arm: str, years: int = YEARS, seed: int = 1, **levers: Any) -> RenewalModel:
    region = load_region("botkyrka", 0.1)
    model = RenewalModel(
        region, Collaboration.preset(arm), seed, levers=Levers.checked(**levers), years=years, record_every=0
    )
    return model.run()


@pytest.mark.parametrize("arm", ["siloed", "regional"])
def test_where_energy_measures_are_free_most_renovations_save_at_least_a_third(arm: str) -> None:
    shares = renovated_by_level(run(arm, energy_cost_factor=0.0))
    assert shares[EnergyLevel.MEDIUM] + shares[EnergyLevel.DEEP] >= 0.8


@pytest.mark.parametrize("arm", ["siloed", "regional"])
def test_where_all_works_are_free_everybody_renovates_and_nobody_without_energy_measures(arm: str) -> None:
    model = run(arm, works_cost_factor=0.0)
    shares = renovated_by_level(model)
    assert (model.buildings.flats * (model.buildings.renovated >= 0)).sum() > 0.9 * model.buildings.flats.sum()
    assert shares[EnergyLevel.NONE] < 0.05
    assert shares[EnergyLevel.DEEP] >= 0.8


def test_free_works_use_nothing_and_break_no_law() -> None:
    region = load_region("botkyrka", 0.05)
    for rents_follow, aim in (("use-value", "present-value"), ("cost", "cash-return")):
        levers = Levers.checked(
            works_cost_factor=0.0, rents_follow=rents_follow, landlords_maximise=aim, entry="lot-size"
        )
        model = RenewalModel(region, Collaboration.preset("regional"), 2, levers=levers, years=6)
        assert run_lawfully(model) == []
        rows = [flow.row for flow in (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS, Flow.BIDDING)]
        assert not model.world.books.history[:, rows].any()
        assert (model.buildings.renovated >= 0).any()


def test_works_that_need_half_as_much_use_half_as_much_a_flat() -> None:
    def crews_per_flat(factor: float) -> float:
        model = run("siloed", years=8, works_cost_factor=factor, standard_choice="forced", forced_standard="mini")
        b = model.buildings
        account = recorded(model.world, homes_now(model.world))
        assert np.isfinite(sum(uses(account, model.world.p).values()))
        return float(model.world.books.history[:, Flow.WORKS_CREWS.row].sum() / b.flats[b.renovated >= 0].sum())

    assert 1.5 < crews_per_flat(1.0) / crews_per_flat(0.5) < 2.5


def test_factors_of_one_are_the_parameters_themselves() -> None:
    p = load_parameters()
    assert at_factors(p, 1.0, 1.0) is p
    free = at_factors(p, 0.5, 0.0)
    assert free.cost_mini == 0.5 * p.cost_mini
    assert free.cost_energy_deep == 0.0
    assert free.heat_price == p.heat_price


def test_what_costs_the_owner_nothing_goes_first_after_what_cannot_wait() -> None:
    value = np.array([10_000.0, 5_000.0, -3_000.0, 4_000.0])
    own_money = np.array([400_000.0, 0.0, 100_000.0, -20_000.0])
    worn = np.array([False, False, True, False])
    order = np.argsort(-urgency(per_krona(value, own_money), worn, ~worn & False))
    assert list(order) == [2, 1, 3, 0]
