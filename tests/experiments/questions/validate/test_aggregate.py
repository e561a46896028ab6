"""The aggregate benchmark starts where the agent model starts, obeys the same limits, and says where the two part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.questions.validate.aggregate_figures import aggregate_figure
from experiments.questions.validate.departures import Departure, aggregate_by_arm, departures, told
from sim import Collaboration, Levers, Region, RenewalModel, SamspelError, load_parameters, load_region
from sim.aggregate import aggregate_curves
from sim.aggregate.stock import Cohort

Make = Callable[..., RenewalModel]
SILOED, REGIONAL = Collaboration.preset("siloed"), Collaboration.preset("regional")


@pytest.fixture(scope="module")
def agents(make: Make) -> dict[str, pd.DataFrame]:
    """Two runs of eight years in each arm on the small region."""
    return {
        arm: pd.concat([make(preset, seed=s, years=8).run().curves().assign(replicate=s) for s in (1, 2)])
        for arm, preset in (("siloed", "siloed"), ("coordinated", "regional"))
    }


@pytest.fixture(scope="module")
def equations(small_region: Region) -> pd.DataFrame:
    """Thirty siloed years."""
    return aggregate_curves(load_parameters(), SILOED, 30, small_region)


def test_both_owe_what_a_region_tells_in_sek() -> None:
    """Of the mean flat, whose value is near the mean of the values of flats."""
    region, p = load_region("estate-in-distress", 0.2), load_parameters()
    # Where fewer stand empty than there: among buildings that earn nothing, the mean one says little of their values.
    places, towns = region.neighbourhoods, region.municipalities
    places = replace(places, empty_share=places.empty_share / 5.0)
    towns = replace(towns, company_debt_sek=4.0 * towns.company_debt_sek)
    region = replace(region, neighbourhoods=places, municipalities=towns)
    model = RenewalModel(region, SILOED, 1, parameters=p, years=1).run()
    without = aggregate_curves(p, SILOED, 1, region)["loan_to_value"]
    assert without.to_numpy() == pytest.approx(model.curves()["loan_to_value"].to_numpy(), abs=0.08)
    sek = region.municipalities.company_debt_sek
    twice = replace(region, municipalities=replace(region.municipalities, company_debt_sek=2.0 * sek))
    assert aggregate_curves(p, SILOED, 1, twice)["loan_to_value"][0] == pytest.approx(2.0 * without[0], rel=0.05)


def test_both_start_at_the_same_levels(make: Make, equations: pd.DataFrame) -> None:
    # One quarter has passed when the first levels are recorded; houses are drawn, so that means differ by chance.
    models = [make(seed=seed, years=1) for seed in range(1, 9)]
    for model in models:
        model.step()
    first = pd.concat([model.curves() for model in models]).mean(numeric_only=True)
    for name, near in {
        "renovated_share": 0.0, "need_share": 0.04, "condition": 0.02, "energy_use": 3.0, "rent": 5.0,
        "employment": 0.01, "satisfaction": 0.005, "reputation": 0.005, "loan_to_value": 0.01, "heat_price": 0.02,
        "construction_cycle": 0.01, "shortage": 0.02,
    }.items():  # fmt: skip
        assert equations[name].iloc[0] == pytest.approx(first[name], abs=near), name


def test_both_age_at_the_same_pace_where_nobody_renovates(make: Make, small_region: Region) -> None:
    levers = {"renovation": False, "turnover_renovation": False}
    model = make(years=8, levers=levers).run().curves()
    alone = aggregate_curves(load_parameters(), SILOED, 8, small_region, Levers(renovation=False))
    for name in ("condition", "energy_use", "rent"):
        assert alone[name].iloc[-1] / alone[name].iloc[0] == pytest.approx(
            model[name].iloc[-1] / model[name].iloc[0], abs=0.01
        ), name
    assert alone["need_share"].iloc[-1] == pytest.approx(model["need_share"].iloc[-1], abs=0.02)


def test_without_renovation_the_stock_only_ages(small_region: Region) -> None:
    alone = aggregate_curves(load_parameters(), REGIONAL, 30, small_region, Levers(renovation=False))
    assert (alone["renovated_share"] == 0).all() and (alone["programme_jobs"] == 0).all()
    assert (alone["need_share"].diff().dropna() >= 0).all() and alone["need_share"].iloc[-1] > 0.95
    assert (alone["condition"].diff().dropna() <= 0).all() and (alone["energy_use"].diff().dropna() <= 0).all()
    # Tuning alone stops at its limit.
    assert alone["energy_use"].iloc[-1] > (1 - 1.3 * load_parameters().tuning_limit) * alone["energy_use"].iloc[0]


def test_flats_are_neither_made_nor_lost(equations: pd.DataFrame) -> None:
    standards = equations[["renovated_mini", "renovated_midi", "renovated_maxi"]].sum(axis=1)
    levels = equations[["energy_none", "energy_medium", "energy_deep"]].sum(axis=1)
    assert np.allclose(standards, equations["renovated_share"]) and np.allclose(levels, equations["renovated_share"])
    assert (equations["renovated_share"].diff().dropna() >= 0).all()
    assert ((equations["renovated_share"] + equations["need_share"]) <= 1 + 1e-9).all()


def test_owners_begin_no_more_than_their_organisation_can(small_region: Region) -> None:
    p = load_parameters()
    slow = aggregate_curves(p.replace({"programme_share": 0.01}), SILOED, 20, small_region)
    assert 0.1 < slow["renovated_share"].iloc[-1] <= 0.2
    none = aggregate_curves(p.replace({"programme_share": 0.0}), SILOED, 20, small_region)
    assert (none["renovated_share"] == 0).all()


def test_without_headroom_for_loans_less_is_built(small_region: Region, equations: pd.DataFrame) -> None:
    poor = aggregate_curves(load_parameters().replace({"ltv_cap": 0.42}), SILOED, 30, small_region)
    assert poor["renovated_share"].iloc[40] < 0.8 * equations["renovated_share"].iloc[40]


def test_employment_stays_where_it_started_while_nothing_disturbs_it(small_region: Region) -> None:
    calm = {"boom_chance": 0.0, "slump_chance": 0.0, "address_penalty": 0.0}
    quiet = aggregate_curves(load_parameters().replace(calm), SILOED, 30, small_region, Levers(renovation=False))
    assert np.allclose(quiet["employment"], quiet["employment"].iloc[0], atol=1e-3)


def test_training_gives_jobs_only_where_it_is_practised(small_region: Region, equations: pd.DataFrame) -> None:
    assert (equations["programme_jobs"] == 0).all()
    trained = aggregate_curves(load_parameters(), REGIONAL, 10, small_region)
    assert trained["programme_jobs"].iloc[-1] > 1


def test_a_cohort_loses_to_the_due_what_sinks_below_the_threshold() -> None:
    cohort = Cohort(mass=0.6, low=0.5, high=0.8)
    # A third of 0.6 lies in each tenth.
    assert cohort.sink(0.1, 0.6) == pytest.approx(0.2) and cohort.above(0.6) == pytest.approx(0.2)
    assert cohort.mean_above(0.6) == pytest.approx(0.65)
    assert cohort.sink(0.5, 0.6) == pytest.approx(0.2) and cohort.above(0.6) == 0.0


def test_a_departure_knows_from_when_on_it_lies_outside() -> None:
    band = np.array([[1.0, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]])
    assert Departure("a", "rent", band, np.array([2.0, 4, 4, 4])).since == 2012
    assert Departure("a", "rent", band, np.array([4.0, 4, 4, 4])).since == 2011
    assert Departure("a", "rent", band, np.array([4.0, 4, 4, 2])).since is None
    assert Departure("a", "rent", band, np.array([4.0, 4, 4, 2.5])).gap == 0.5


def test_the_text_names_every_arm_and_their_difference(
    agents: dict[str, pd.DataFrame], small_region: Region, tmp_path: Path
) -> None:
    found = departures(agents, aggregate_by_arm(tuple(agents), 8, small_region))
    text = told(found)
    for words in ("**Siloed**", "**Coordinated**", "**Coordinated minus siloed**", "Energy use", "Last year: 2018"):
        assert words in text
    titles = [axes.get_title() for axes in aggregate_figure(found, "a test").axes]
    assert "Energy use" in titles


def test_over_the_set_the_two_are_compared_in_each_member_and_weighed() -> None:
    """Rent is 10, 20 and 30 in members' runs, and one more without agents: far inside the band, and yet apart."""

    def curves(levels: Sequence[float]) -> pd.DataFrame:
        rows = [(place, quarter, level) for place, level in enumerate(levels, 1) for quarter in range(4)]
        return pd.DataFrame(rows, columns=["replicate", "quarter", "rent"])

    agents = {"siloed": curves((10.0, 20.0, 30.0))}
    (above,) = departures(agents, {"siloed": curves((11.0, 21.0, 31.0))}, ["rent"], weights=np.array([1.0, 1.0, 8.0]))
    assert above.agents[:, 0].tolist() == [10.0, 30.0, 30.0] and above.aggregate.tolist() == [31.0]
    assert above.apart is not None and above.apart[:, 0].tolist() == [1.0, 1.0, 1.0]
    assert above.since == 2011 and above.gap == 1.0
    assert "apart by +1 (+1 to +1) in a member, on one side from 2011 on" in told([above])
    (either,) = departures(agents, {"siloed": curves((9.0, 21.0, 31.0))}, ["rent"], weights=np.ones(3))
    assert either.since is None and "on either side in the last year" in told([either])
    # A member whose run failed is left out of both.
    lost = {"siloed": curves((10.0, 20.0, 30.0)).query("replicate != 2")}
    (fewer,) = departures(lost, {"siloed": curves((11.0, 99.0, 31.0))}, ["rent"], weights=np.ones(3))
    assert fewer.apart is not None and fewer.apart[:, 0].tolist() == [1.0, 1.0, 1.0]


def test_an_arm_that_does_not_exist_is_refused(small_region: Region) -> None:
    with pytest.raises(SamspelError, match="silod"):
        aggregate_by_arm(("silod",), 2, small_region)


def test_a_replicate_that_failed_in_one_arm_is_left_out_with_its_pair_and_pairs_no_other_world() -> None:
    # Rent in two arms of three replicates that differ by exactly one; each arm has lost another replicate.
    def curves(lift: float, lost: int) -> pd.DataFrame:
        kept = [number for number in (1, 2, 3) if number != lost]
        rows = [(number, quarter, 100.0 * number + lift) for number in kept for quarter in range(4)]
        return pd.DataFrame(rows, columns=["replicate", "quarter", "rent"])

    aggregate = {arm: pd.DataFrame({"quarter": range(4), "rent": 1.0}) for arm in ("siloed", "coordinated")}
    arms = {"siloed": curves(0.0, lost=1), "coordinated": curves(1.0, lost=3)}
    _, _, difference = departures(arms, aggregate, ["rent"])
    assert difference.agents[:, 0].tolist() == [1.0, 1.0, 1.0]
