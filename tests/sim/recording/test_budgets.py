"""Every budget by neighbourhood: neighbourhoods add up to their municipality, and what happens in one stays there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import Collaboration, Region, RenewalModel, load_region
from sim.recording.budgets import BUDGETS
from sim.vocabulary import Purse, Work
from sim.world.books import INCIDENCE, Flow
from sim.world.columns import Floats
from sim.world.household_money import set_incomes
from sim.world.placing import placed
from tests.worlds import random_world


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("botkyrka", 0.02)


def by_town(model: RenewalModel, table: pd.DataFrame) -> pd.DataFrame:
    """Sums of the table by year, budget and municipality."""
    places = model.region.neighbourhoods
    towns = dict(zip(places.name, (model.municipalities[i].name for i in places.municipality_index), strict=True))
    return table.assign(town=table["neighbourhood"].map(towns)).groupby(["year", "budget", "town"])["sek"].sum()


@pytest.mark.parametrize("number", range(6))
def test_neighbourhoods_add_up_to_their_municipality_in_random_worlds(number: int) -> None:
    model = random_world(number).model().run()
    sums, curves = by_town(model, model.budgets()), model.curves(detail=True)
    towns = curves[curves["area_kind"] == "municipality"]
    for budget in (one.name.lower() for one in BUDGETS):
        nets = towns.groupby([towns["quarter"] // 4 + model.region.start_year, "area"])[f"net_{budget}"].sum()
        for (year, town), net in nets.items():
            size = 1e-9 * float(np.abs(model.books.history).sum())
            assert sums[(year, budget, town)] == pytest.approx(net, abs=1.0 + size), (year, budget, town)


def test_what_has_a_place_is_noted_where_it_is() -> None:
    model = RenewalModel(load_region("botkyrka", 0.05), Collaboration.preset("regional"), 2, years=7).run()
    books, m = model.books, len(model.municipalities)
    noted = np.apply_along_axis(lambda x: np.bincount(books.towns, x, minlength=m), 2, books.at)
    exact = {flow for flow in Flow if books.at[:, flow.row].any()}
    assert {Flow.RENT_COMPANIES, Flow.SOCIAL_ASSISTANCE, Flow.MUNICIPAL_TAX, Flow.WORKS_LANDLORDS, Flow.WORKS_COMPANIES,
            Flow.WAGES, Flow.HEALTH_CARE, Flow.EQUALISATION_MUNICIPAL} <= exact  # fmt: skip
    for flow in exact:
        assert noted[:, flow.row] == pytest.approx(books.history[:, flow.row, :m], abs=1e-3), flow
    built = placed(books, slice(0, 28), model.region.neighbourhoods.flats)
    works = built[[Flow.WORKS_COMPANIES.row, Flow.WORKS_LANDLORDS.row]].sum(axis=0)
    idle = (works == 0.0) & (built[[Flow.REPAIRS_COMPANIES.row, Flow.REPAIRS_LANDLORDS.row]].sum(axis=0) < 1.0)
    assert (built[Flow.WORKS_INCOME_TAX_MUNICIPAL.row][idle] == 0.0).all()


def paid(region: Region, idle: bool) -> tuple[Floats, int]:
    """Two years by neighbourhood and purse, where in the last quarter one person, who lives in the neighbourhood told
    beside it, is out of work and on assistance, or not."""
    model = RenewalModel(region, Collaboration.preset("siloed"), 5, years=2)
    while model.quarter < 7:
        model.step()
    world, r = model.world, model.residents
    row = int(np.flatnonzero((r.work == Work.EMPLOYED) & (r.size == 1) & r.occupied)[0])
    world.open_quarter()
    if idle:
        r.work[row], r.entitled[row], r.insured[row], r.other_income[row] = Work.OUT_OF_WORK, True, False, 0.0
    set_incomes(world)
    nets = placed(model.books, slice(4, 8), region.neighbourhoods.flats).T @ INCIDENCE
    return nets, int(world.neighbourhood_of[row])


def test_somebody_on_assistance_moves_the_accounts_of_the_own_neighbourhood_alone(region: Region) -> None:
    (usual, here), (poor, there) = paid(region, False), paid(region, True)
    assert here == there
    apart, others = poor - usual, np.arange(len(usual)) != here
    assert apart[here, Purse.MUNICIPALITIES] < -10_000.0 and apart[here, Purse.STATE] < 0.0
    assert np.abs(apart[others]).max() < 1e-3
