"""The record of tenders, and the twins of joint ones: what the same houses would have cost as owners' own lots."""

from __future__ import annotations

import pandas as pd
import pytest

from sim import Collaboration, Region, RenewalModel, SamspelError, load_parameters
from sim.inputs.collaboration import NATIONAL
from tests.conftest import Make

POOLED = Collaboration("pooled", partners=NATIONAL).replace(pooled_procurement=1.0)
OWN = ["own_flats", "own_bids", "own_price", "own_price_per_flat"]


def joint_tenders(region: Region, seeds: range = range(1, 3), **parameters: float) -> pd.DataFrame:
    """Joint tenders of some runs, with their twins."""
    p = load_parameters().replace(parameters)
    runs = [RenewalModel(region, POOLED, seed, parameters=p, years=5, twins=True).run() for seed in seeds]
    found = pd.concat([model.tenders() for model in runs], ignore_index=True)
    return found[found["joint"]]


@pytest.fixture(scope="module")
def joint(small_region: Region) -> pd.DataFrame:
    """Joint tenders as they are."""
    return joint_tenders(small_region)


@pytest.mark.parametrize("preset", ["regional", "national"])
def test_telling_of_twins_changes_no_bit(preset: str, small_region: Region) -> None:
    collaboration = Collaboration.preset(preset)
    plain = RenewalModel(small_region, collaboration, 1, years=4).run()
    told = RenewalModel(small_region, collaboration, 1, years=4, twins=True).run()
    assert plain.recorder.data.tobytes() == told.recorder.data.tobytes()
    assert plain.books.history.tobytes() == told.books.history.tobytes()
    assert plain.residents.household.tobytes() == told.residents.household.tobytes()
    assert told.tenders()["own_price"].notna().any()


def test_only_joint_tenders_have_twins_and_only_where_they_are_asked_for(
    make: Make, small_region: Region, joint: pd.DataFrame
) -> None:
    alone = RenewalModel(small_region, Collaboration.preset("siloed"), 1, years=3, twins=True).run().tenders()
    unasked = RenewalModel(small_region, POOLED, 1, years=3, events=True).run().tenders()
    assert len(alone) and not alone["joint"].any() and unasked["joint"].any()
    for tenders in (alone, unasked):
        assert (tenders["own_lots"] == 0).all() and tenders[OWN].isna().all(axis=None)
    assert (joint["own_lots"] > 0).all() and joint["own_price"].notna().any()
    with pytest.raises(SamspelError, match=r"expected RenewalModel\(\.\.\., events=True\)"):
        make().tenders()


def test_a_joint_lot_of_several_owners_is_at_least_as_many_lots_of_their_own(joint: pd.DataFrame) -> None:
    owners = joint["owners"].str.count("; ") + 1
    assert owners.max() > 1 and (joint["own_lots"] >= owners).all()
    assert joint["own_flats"].between(0.0, 1.0).all()
    nobody = joint["own_flats"] == 0.0
    assert nobody.any() and joint["own_price"].isna().equals(nobody)


def test_prices_a_flat_are_those_against_the_reference_and_what_a_lot_costs_to_set_up(joint: pd.DataFrame) -> None:
    offered, setup = joint[joint["bids"] > 0], load_parameters().lot_setup
    sek = offered["price"] * offered["reference"] + setup
    assert (offered["price_per_flat"] * offered["flats"]).to_numpy() == pytest.approx(sek.to_numpy())
    assert joint["price"].isna().equals(joint["bids"] == 0)


def test_a_lot_of_one_owner_costs_the_same_jointly_where_a_framework_shows_no_work_ahead_and_less_where_it_does(
    small_region: Region,
) -> None:
    seeds = range(1, 8)  # lots of one owner that as many bid on alone are rare
    blind = joint_tenders(small_region, seeds, framework_years=0.0, pooled_bid_effort=1.0)
    joint = joint_tenders(small_region, seeds)
    same, seen = (x[(x["own_lots"] == 1) & (x["bids"] > 0) & (x["bids"] == x["own_bids"])] for x in (blind, joint))
    assert len(same) > 10 and len(seen) > 10
    assert same["price"].to_numpy() == pytest.approx(same["own_price"].to_numpy())
    assert (seen["price"] < seen["own_price"]).mean() > 0.9
