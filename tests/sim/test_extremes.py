"""At the ends of what can be imagined the answer is known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
import pytest

from sim import PRESETS, Collaboration, Dated, Region, RenewalModel, load_region
from sim.vocabulary import EnergyLevel, Site
from sim.world.books import Flow
from sim.world.tallies import RegionTally
from sim.world.world import World

Make = Callable[..., RenewalModel]
Watch = Callable[..., AbstractContextManager[None]]
EVERY_PRESET = pytest.mark.parametrize("preset", sorted(PRESETS))

# Work enough to see: everything is due, and owners may do a tenth of their flats a year.
BUSY = {"due_condition": 0.65, "programme_share": 0.2, "programme_least": 1e5}  # nobody has a programme


def renovated(model: RenewalModel) -> float:
    """Share of flats renovated at the end."""
    return float(model.curves()["renovated_share"].iloc[-1])


def share_at_least(level: EnergyLevel, model: RenewalModel) -> float:
    """Of the renovated flats, the share with energy measures at least so deep."""
    b = model.buildings
    done = (b.renovated >= 0) * b.flats
    assert done.sum() > 30, "too few flats renovated to speak of shares"
    return float((done * (b.energy_level >= level)).sum() / done.sum())


def share_deep(model: RenewalModel) -> float:
    """Of the renovated flats, the share with deep energy measures."""
    return share_at_least(EnergyLevel.DEEP, model)


# --- no renovation


@EVERY_PRESET
def test_without_renovation_buildings_only_age(make: Make, preset: str) -> None:
    model = make(preset, years=5, levers={"renovation": False, "turnover_renovation": False})
    b = model.buildings
    start = b.condition.copy()
    while model.quarter < model.quarters:
        before = b.condition.copy(), b.energy.copy()
        model.step()
        assert (b.condition <= before[0]).all() and (b.energy <= before[1]).all()
        assert not model.world.contracts and not model.world.projects and (b.site == Site.IDLE).all()
        assert not model.world.tallies.region(RegionTally.TENDERS)
    # Every building wears, less where hosts find small faults, down to the floor, and none is renewed.
    decline, found = start - b.condition, model.p.presence_wear * (preset != "siloed")
    assert (decline[b.condition > 0.02] >= 5 * model.p.condition_decline * (1.0 - found) - 1e-9).all()
    assert not (b.renovated >= 0).any() and (b.comfort == b.comfort_start).all()
    wide = model.curves()
    assert (wide.renovated_share == 0).all() and (wide.need_share.diff().dropna() >= 0).all()
    assert (wide.placements == 0).all() and (wide.side_payments == 0).all() and (wide.moves_caused == 0).all()


def test_with_renovation_the_same_buildings_are_renewed(make: Make) -> None:
    model = make(years=5).run()
    assert renovated(model) > 0.02 and (model.buildings.condition > 0.97).any()


# --- deep for free


def test_where_deep_measures_are_free_nearly_everyone_who_renovates_goes_deep(make: Make) -> None:
    free = make(years=5, parameters=BUSY | {"cost_energy_deep": 0.0}).run()
    usual = make(years=5, parameters=BUSY).run()
    assert share_deep(free) > 0.9
    assert share_deep(usual) < 0.2
    assert free.curves().energy_use.iloc[-1] < usual.curves().energy_use.iloc[-1]


def test_the_dearer_heat_is_the_more_energy_is_saved(make: Make) -> None:
    # Loans are no limit here: dear heat takes the value out of houses that leak it.
    rich = BUSY | {"ltv_cap": 1.0, "capital_shadow_price": 0.0}
    prices, region = (0.75, 1.5, 3.0), load_region("botkyrka", 0.2)
    models = [make(years=5, parameters=rich | {"heat_price": price}, region=region).run() for price in prices]
    shares = [share_at_least(EnergyLevel.MEDIUM, model) for model in models]
    assert shares == sorted(shares) and shares[0] < 0.3 and shares[-1] > 0.75


def test_where_heat_is_dear_and_thought_to_get_dearer_deep_measures_pay(make: Make) -> None:
    rich = BUSY | {"ltv_cap": 1.0, "capital_shadow_price": 0.0, "heat_growth_belief": 0.1}
    shares = [share_deep(make(years=8, parameters=rich | {"heat_price": price}).run()) for price in (0.75, 1.5, 3.0)]
    assert shares == sorted(shares) and shares[0] < 0.2 and shares[-1] > 0.8


# Pays for all energy measures, without work or limit, and at once.
WHOLE_GRANT = {
    "grant_rate": 1.0, "grant_cap_per_flat": 1e6, "grant_budget_per_year": 1e12, "grant_burden": 0.0,
    "grant_lead_quarters": 0, "grant_start_within": 0,
}  # fmt: skip


def test_a_grant_that_pays_for_deep_measures_makes_them_common_where_loans_are_no_limit(make: Make) -> None:
    rich = BUSY | {"capital_shadow_price": 0.0}
    granted, usual = (make(years=5, parameters=rich, levers=levers).run() for levers in (WHOLE_GRANT, {}))
    assert share_deep(usual) < 0.2
    assert share_deep(granted) > 0.4
    assert sum(granted.books.of(Flow.GRANTS_COMPANIES, q).sum() for q in range(granted.quarters)) > 0.0


def test_a_grant_that_pays_for_deep_measures_makes_them_common_where_loans_are_scarce(make: Make) -> None:
    granted, usual = (make(years=5, parameters=BUSY, levers=levers).run() for levers in (WHOLE_GRANT, {}))
    assert share_deep(usual) < 0.05
    assert share_deep(granted) > 0.3


def test_a_small_grant_budget_is_used_up_by_works_that_are_built(make: Make) -> None:
    region = load_region("botkyrka", 0.2)
    levers = {"grant_rate": Dated(0.5, 2011, 2013), "grant_energy_only": False, "grant_burden": 0.0}
    budget = {"grant_budget_per_year": 100e6, "grant_lead_quarters": 0}
    # Nobody has a programme: its first years are those of pilots, and the grants would be over.
    model = make(years=6, levers=levers | budget, region=region, parameters={"programme_least": 1e5}).run()
    grants = (Flow.GRANTS_COMPANIES, Flow.GRANTS_LANDLORDS)
    assert sum(model.books.of(flow, q).sum() for flow in grants for q in range(24)) > 0.0
    # The books hold a sample of the buildings, which may have more or fewer of the grants than their part.
    assert model.curves()["grants_paid"].sum() > 0.5 * 3 * 100e6 * region.scale


@pytest.mark.parametrize("standard", ["mini", "midi", "maxi"])
def test_a_decree_is_followed_by_everyone(make: Make, standard: str) -> None:
    levers = {"standard_choice": "forced", "forced_standard": standard}
    last = make(years=5, parameters=BUSY, levers=levers).run().curves().iloc[-1]
    assert last[f"renovated_{standard}"] == last.renovated_share > 0.0


# --- no hands


@pytest.fixture(scope="module")
def without_hands(small_region: Region) -> Region:
    """The small region with builders who have next to no skilled workers."""
    workers = np.full(len(small_region.builders), 1e-9)
    return replace(small_region, builders=replace(small_region.builders, workers=workers))


@pytest.mark.parametrize("preset", ["siloed", "regional"])
def test_without_skilled_labour_nothing_is_built(make: Make, without_hands: Region, preset: str) -> None:
    levers = {"turnover_renovation": False}
    model = make(preset, years=5, region=without_hands, levers=levers).run()
    wide = model.curves()
    assert "hands" in set(model.programmes().cause), "owners tried"
    assert not wide.tenders.any(), "but nothing is put to tender that nobody has the hands for"
    assert renovated(model) == 0.0 and not model.world.contracts
    works = (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS)
    paid = [model.books.of(flow, q).any() for flow in works for q in range(model.quarters)]
    assert not any(paid)


def test_without_skilled_labour_no_flat_is_renewed_singly_either(make: Make, without_hands: Region) -> None:
    assert make(years=5, region=without_hands).run().curves().upgraded_share.iloc[-1] == 0.0


def test_fewer_hands_build_less_and_dearer(make: Make, small_region: Region) -> None:
    few = replace(small_region, builders=replace(small_region.builders, workers=small_region.builders.workers * 0.15))
    scarce, usual = (make(years=6, seed=2, region=region, parameters=BUSY).run() for region in (few, small_region))
    assert renovated(scarce) < renovated(usual)
    assert np.nanmean(scarce.curves().bids_per_tender) < np.nanmean(usual.curves().bids_per_tender)


# --- additionality


def jobs_taken(make: Make, watch: Watch, additionality: str, **levers: object) -> tuple[float, float]:
    """Vacancies that the programme filled in all, and places that it gave."""
    taken = [0.0]

    def before(phase: str, world: World) -> None:
        # The pool forgets them when its quarter closes within the phase of work: catch them on the way.
        if phase == "work and training":
            close = world.pool.close_quarter

            def closing(*args: object) -> None:
                taken[0] += world.pool.taken
                world.pool.close_quarter = close
                close(*args)

            world.pool.close_quarter = closing

    places = {"clause_places": 2.0, "share_placements": 0.3, "share_hires": 0.6}
    model = make("national", years=6, parameters=BUSY | places, levers={"additionality": additionality, **levers})
    with watch(before):
        model.run()
    return taken[0], float(model.curves()["placements"].sum())


def test_under_full_additionality_the_programme_takes_nobodys_vacancy(make: Make, watch: Watch) -> None:
    taken, places = jobs_taken(make, watch, "full")
    assert taken == 0.0 and places > 10


def test_emergent_additionality_fills_vacancies_that_others_might_have_had(make: Make, watch: Watch) -> None:
    taken, places = jobs_taken(make, watch, "emergent")
    assert taken > 0.0 and places > 10
    assert jobs_taken(make, watch, "emergent", vacancies="fixed")[0] == 0.0


# --- nobody at all


def test_nobody_moves_where_the_base_rate_is_lowest_and_nothing_is_built(make: Make) -> None:
    low, usual = (
        make(years=2, levers={"renovation": False}, parameters=change).run() for change in ({"move_base": 0.01}, {})
    )
    assert low.curves().moves.mean() < 0.25 * usual.curves().moves.mean()


def test_practices_at_strength_nought_with_all_partners_cost_nothing(make: Make) -> None:
    wide = make(Collaboration("off", partners=PRESETS["national"].partners)).run().curves()
    plain = make("siloed").run().curves()
    assert wide.coordination_cost.sum() == plain.coordination_cost.sum()
    assert make("national").run().curves().coordination_cost.sum() > plain.coordination_cost.sum()
