"""A tenth of a region is a sample of it: what is decided, built and paid for a flat is what it is at full size."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import Collaboration, RenewalModel, load_parameters, load_region
from sim.agents.owner import Owner
from sim.rules.programmes import fits
from sim.vocabulary import Site
from sim.world.books import SIDE_PAYMENTS
from sim.world.tallies import RegionTally

from ..conftest import Make

YEARS, FULL, TENTH = 10, range(1, 4), range(1, 13)
STANDARD_ERRORS = 3.0


def measured(scale: float, preset: str, seed: int) -> dict[str, float]:
    """What a flat has seen in ten years."""
    model = RenewalModel(load_region("botkyrka", scale), Collaboration.preset(preset), seed, years=YEARS)
    tally = dict.fromkeys(RegionTally, 0.0)
    while model.quarter < model.quarters:
        model.step()
        tally = {one: sum_ + model.world.tallies.region(one) for one, sum_ in tally.items()}
    curves, flats = model.curves(), float(model.buildings.flats.sum())
    last = curves.iloc[-1]
    return {
        "basic of all renovated": last.renovated_mini / last.renovated_share,
        "full of all renovated": last.renovated_maxi / last.renovated_share,
        "renovated": last.renovated_share,
        "medium energy": last.energy_medium,
        "rent": last.rent,
        "moves caused": curves.moves_caused.mean(),
        "bids": tally[RegionTally.BIDS] / tally[RegionTally.TENDERS],
        "single bids": tally[RegionTally.SINGLE_BIDS] / tally[RegionTally.TENDERS],
        "price": tally[RegionTally.AWARD_VALUE] / tally[RegionTally.AWARD_REFERENCE],
        "small firms": tally[RegionTally.AWARD_SMALL] / tally[RegionTally.AWARD_VALUE],
        "delay": tally[RegionTally.DELAY] / tally[RegionTally.FINISHED],
        "tenders a flat": tally[RegionTally.TENDERS] / flats,
        "loan to value": last.loan_to_value,
        "side payments a flat": sum(model.books.history[:, flow.row].sum() for flow in SIDE_PAYMENTS) / flats,
        "places a flat": curves.placements.sum() / flats,
    }


@cache
def runs(scale: float, preset: str) -> dict[str, list[float]]:
    """Every measure in every replicate."""
    found = [measured(scale, preset, seed) for seed in (FULL if scale == 1.0 else TENTH)]
    return {name: [one[name] for one in found] for name in found[0]}


@pytest.mark.parametrize("preset", ["siloed", "regional", "national"])
def test_a_tenth_agrees_with_full_size_within_three_standard_errors(preset: str) -> None:
    full, tenth = runs(1.0, preset), runs(0.1, preset)
    apart = {}
    for name in full:
        # What chance does to a replicate at full size is less than at a tenth, but seen in few of them.
        few, many = (float(np.var(one[name], ddof=1)) for one in (full, tenth))
        chance = float(np.sqrt(many / len(TENTH) + max(few, many) / len(FULL)))
        gap = float(np.mean(tenth[name]) - np.mean(full[name]))
        if abs(gap) > STANDARD_ERRORS * chance:
            apart[name] = (float(np.mean(tenth[name])), float(np.mean(full[name])), chance)
    assert apart == {}


def test_at_full_size_the_buildings_are_those_that_are_modelled(make: Make) -> None:
    world = make(region=load_region("botkyrka", 1.0)).world
    assert world.likes is None and world.at_full_size is world.buildings
    assert world.modelled(np.arange(5)).all() and (world.rows_like(np.arange(5)) == np.arange(5)).all()


@pytest.mark.parametrize("scale", [0.7, 0.3, 0.1, 0.013])
def test_every_building_stands_for_its_part_of_the_region(make: Make, scale: float) -> None:
    world = make(region=load_region("botkyrka", scale)).world
    likes, b = world.likes, world.buildings
    assert likes is not None and likes.modelled.sum() == b.n
    assert len(likes.like) == pytest.approx(b.n / scale, abs=1)
    assert np.bincount(likes.like).min() >= np.floor(1.0 / scale)
    for name in ("condition", "energy", "rent", "built", "renovated"):
        assert np.array_equal(getattr(likes, name)[likes.modelled], getattr(b, name)), name


def test_those_that_a_building_stands_for_have_states_of_their_own_with_the_same_mean(make: Make) -> None:
    tenths = [make(seed=seed, region=load_region("botkyrka", 0.1)).world for seed in range(1, 6)]
    whole = make(region=load_region("botkyrka", 1.0)).world.buildings
    for name, near in (("condition", 0.01), ("energy", 3.0), ("rent", 5.0)):
        others = [getattr(world.at_full_size, name)[~world.modelled(np.arange(len(world.likes.like)))]
                  for world in tenths if world.likes is not None]  # fmt: skip
        assert np.mean([x.mean() for x in others]) == pytest.approx(getattr(whole, name).mean(), abs=near)
        assert others[0].std() == pytest.approx(getattr(whole, name).std(), rel=0.1)


@pytest.mark.parametrize("preset", ["siloed", "regional"])
def test_lots_have_as_many_flats_at_a_tenth_as_at_full_size(preset: str) -> None:
    """A few large joint lots move the mean of a replicate at a tenth by a sixth, so that it takes many."""
    mean, error = [], []
    for scale, replicates in ((1.0, 6), (0.1, 18)):
        region, found = load_region("botkyrka", scale), list[float]()
        for seed in range(1, 1 + replicates):
            model = RenewalModel(region, Collaboration.preset(preset), seed, years=4, events=True).run()
            assert model.events is not None
            found.append(float(model.events.tenders()["flats"].mean()))
        mean.append(float(np.mean(found)))
        error.append(float(np.std(found, ddof=1) / np.sqrt(replicates)))
    chance = float(np.hypot(*error))
    assert abs(mean[1] - mean[0]) < STANDARD_ERRORS * chance
    assert STANDARD_ERRORS * chance < 0.25 * mean[0], "a quarter would not be seen"


def test_buildings_have_as_many_flats_at_a_tenth_as_at_full_size(make: Make) -> None:
    sizes = [make(region=load_region("stockholm-county", scale)).buildings.flats.mean() for scale in (1.0, 0.1)]
    assert sizes[1] == pytest.approx(sizes[0], rel=0.06)


def test_what_is_modelled_is_idle_announced_and_on_site_with_its_row_at_full_size(make: Make) -> None:
    model = make("regional", years=6, region=load_region("botkyrka", 0.1))
    likes, b = model.world.likes, model.buildings
    assert likes is not None
    while model.quarter < model.quarters:
        model.step()
        assert np.array_equal(likes.idle[likes.modelled], b.site == Site.IDLE)
        assert likes.condition[likes.modelled] == pytest.approx(b.condition)
        assert likes.energy[likes.modelled] == pytest.approx(b.energy)
        assert likes.rent[likes.modelled] == pytest.approx(b.rent)


def test_companies_owe_as_much_a_flat_at_a_tenth_as_at_half_size() -> None:
    owed = []
    for scale, seeds in ((0.1, range(1, 7)), (0.5, range(1, 3))):
        region = load_region("botkyrka", scale)
        models = [
            RenewalModel(region, Collaboration.preset("siloed"), seed, years=16, record_every=0).run() for seed in seeds
        ]
        companies = [x for model in models for x in model.municipalities]
        owed.append(sum(x.debt for x in companies) / sum(x.flats for x in companies))
    assert owed[0] == pytest.approx(owed[1], rel=0.12)


def test_staff_that_was_too_little_for_a_house_is_there_the_next_year_and_no_more(make: Make) -> None:
    p = load_parameters().replace({"programme_share": 0.045, "programme_overrun": 0.5, "ltv_cap": 1.0})
    owner: Owner = make().municipalities[0]
    owner.flats, owner.value, owner.debt = 400, 1e12, 0.0
    begun = []
    for _ in range(100):
        owner.open_staff(45.0, p)
        begins = 45.0 * fits(45.0 * np.arange(1.0, 5.0), np.full(4, 45.0), owner.staff, p).sum()
        owner.staff -= begins
        begun.append(begins)
    assert sum(begun) == pytest.approx(100 * 0.045 * 400, abs=45.0)
    assert max(begun) == 45.0 > min(begun) == 0.0
    for _ in range(100):
        owner.open_staff(45.0, p)
    assert owner.staff == pytest.approx(22.5 + 18.0), "years without works leave no more than most of a house"


def test_firms_begin_with_a_part_of_a_place_so_that_places_are_given_as_they_fall_due(make: Make) -> None:
    parts = [firm.places_owed for seed in range(40) for firm in make(seed=seed).builders]
    assert min(parts) > 0.0 and max(parts) < 1.0
    assert np.mean(parts) == pytest.approx(0.5, abs=0.05)
