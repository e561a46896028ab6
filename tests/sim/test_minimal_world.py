"""A small difference in the world changes what it touches, and not one bit of anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Region, RenewalModel
from sim.inputs.collaboration import LOCAL, NATIONAL, REGIONAL
from sim.vocabulary import Partner, Practice
from sim.world.tallies import RegionTally, Tally

Make = Callable[..., RenewalModel]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]

SEEDS = pytest.mark.parametrize("seed", [1, 2, 3])

# Columns that a neighbourhood's own totals enter: its level of satisfaction is set so that the mean is the table's.
# A household's id of somebody who moved in is dealt with in a test of its own.
COUPLED = {"satisfaction", "household"}
# What a flat's building decides; the last building may have one flat more.
OF_BUILDING = {"rent", "burden", "income", "building", "health", "wish"}


@pytest.fixture(scope="module")
def one_flat_more(small_region: Region) -> Region:
    """The small region with one private flat more at its end."""
    places = small_region.neighbourhoods
    flats = places.flats.copy()
    flats[-1] += 1
    more = replace(small_region, neighbourhoods=replace(places, flats=flats))
    assert more.total_flats == small_region.total_flats + 1
    return more


def columns_that_differ(one: RenewalModel, other: RenewalModel, rows: np.ndarray) -> set[str]:
    """Columns of residents that are not the same, bit for bit, in these rows."""
    a, b = one.residents, other.residents
    return {name for name in a.fields if not np.array_equal(getattr(a, name)[rows], getattr(b, name)[rows])}


@SEEDS
def test_one_flat_more_leaves_every_other_flats_draws_and_start_as_they_were(
    make: Make, one_flat_more: Region, seed: int
) -> None:
    without, more = make(seed=seed), make(seed=seed, region=one_flat_more)
    n = without.residents.n
    assert more.residents.n == n + 1
    everyone = np.arange(n)
    elsewhere = everyone[without.residents.building < without.buildings.n - 1]
    assert n - 200 < len(elsewhere) < n
    assert columns_that_differ(without, more, everyone) <= {"satisfaction", *OF_BUILDING}
    assert columns_that_differ(without, more, elsewhere) <= {"satisfaction"}
    other_places = everyone[without.world.neighbourhood_of < len(without.neighbourhoods) - 1]
    assert columns_that_differ(without, more, other_places) == set()
    buildings = slice(0, without.buildings.n - 1)
    for name in without.buildings.fields:
        mine, theirs = getattr(without.buildings, name), getattr(more.buildings, name)
        assert np.array_equal(mine[buildings], theirs[buildings]), name


@SEEDS
@pytest.mark.parametrize("preset", ["siloed", "regional"])
def test_one_flat_more_leaves_every_other_flats_first_uncoupled_quarter_as_it_was(
    make: Make, one_flat_more: Region, seed: int, preset: str
) -> None:
    levers = {"vacancies": "fixed", "destinations": "queue"}
    without, more = (make(preset, seed=seed, levers=levers, region=region) for region in (None, one_flat_more))
    before = without.residents.work.copy(), without.residents.health.copy()
    without.step(), more.step()
    everyone = np.arange(without.residents.n)
    last = without.world.neighbourhood_of == len(without.neighbourhoods) - 1
    # Vacancies are fixed and nobody moves between places: other neighbourhoods share nothing with the last one yet.
    assert columns_that_differ(without, more, everyone[~last]) <= {"household"}
    # In the last one the chance to find work is solved for everybody together, and moves by less than one draw.
    assert columns_that_differ(without, more, everyone[last]) <= COUPLED | OF_BUILDING
    assert np.allclose(without.residents.satisfaction[last], more.residents.satisfaction[:-1][last], atol=0.05)
    # The quarter was not empty: people found and lost work, fell ill and recovered, moved.
    assert (before[0] != without.residents.work).sum() > 10
    assert (before[1] != without.residents.health).sum() > 100
    assert without.world.tallies.of(Tally.MOVES).sum() > 10


def test_one_flat_more_leaves_the_ids_of_households_that_move_in_as_they_were(
    make: Make, one_flat_more: Region
) -> None:
    without, more = (make(levers={"vacancies": "fixed"}, region=region) for region in (None, one_flat_more))
    without.step(), more.step()
    came = np.flatnonzero(without.residents.since == 0)
    assert len(came) > 10
    assert np.array_equal(without.residents.household[came], more.residents.household[came])


def improve(model: RenewalModel, municipality: int) -> None:
    """Comfortable homes and a good name in one municipality."""
    b = model.buildings
    here = b.municipality == municipality
    b.comfort[here] += 0.2
    for place in model.neighbourhoods:
        if place.municipality == model.region.municipalities.name[municipality]:
            place.reputation = 0.6


@pytest.mark.parametrize("municipality", [0, 3])
@pytest.mark.parametrize("preset", ["siloed", "regional"])
def test_treating_one_municipality_leaves_the_others_bit_identical_for_years(
    make: Make, municipality: int, preset: str
) -> None:
    levers = {"vacancies": "fixed", "renovation": False, "destinations": "queue"}
    # Newcomers come out of one stock for all: where it runs dry, whoever takes the last leaves others without.
    settings: dict[str, Any] = {"levers": levers, "parameters": {"queue_newcomers": 0.0}}
    plain, treated = (make(preset, years=6, **settings) for _ in range(2))
    improve(treated, municipality)
    elsewhere = np.flatnonzero(plain.world.municipality_of != municipality)
    for _ in range(plain.quarters):
        plain.step(), treated.step()
        assert columns_that_differ(plain, treated, elsewhere) == set()
    # The treatment itself did not stay without effect, by every way it can have one.
    here = plain.world.municipality_of == municipality
    changed = columns_that_differ(plain, treated, np.flatnonzero(here))
    assert {"satisfaction", "health", "work", "household", "income"} <= changed
    # Nor did the others' recorded outcomes move.
    places = [i for i, kind in enumerate(plain.areas()) if kind[1] == "neighbourhood"]
    outside = [i for i, place in zip(places, plain.region.neighbourhoods.municipality_index, strict=True)
               if place != municipality]  # fmt: skip
    assert np.array_equal(plain.recorder.data[:, :, outside], treated.recorder.data[:, :, outside], equal_nan=True)
    assert not np.array_equal(plain.recorder.data[:, :, places], treated.recorder.data[:, :, places], equal_nan=True)


@pytest.mark.parametrize("vacancies", ["finite", "fixed"])
def test_finite_vacancies_are_what_couples_municipalities(make: Make, vacancies: str) -> None:
    levers = {"renovation": False, "vacancies": vacancies}
    plain, treated = (make(years=6, levers=levers) for _ in range(2))
    improve(treated, 0)
    plain.run(), treated.run()
    assert (plain.world.pool.tightness != treated.world.pool.tightness) == (vacancies == "finite")


# --- practices that are never reached

OFF = Collaboration("off", partners=NATIONAL)
NO_BUILDERS = NATIONAL - {Partner.BUILDERS}
IDLE = {"renovation": False}


@pytest.mark.parametrize(
    ("practice", "partners", "levers"),
    [
        (Practice.SHARED_CALCULATION, NATIONAL, IDLE),
        (Practice.SHARED_CALCULATION, NATIONAL - {Partner.OWN_MUNICIPALITY}, {}),
        (Practice.POOLED_PROCUREMENT, NATIONAL, IDLE),
        (Practice.POOLED_PROCUREMENT, NO_BUILDERS, {}),
        (Practice.POOLED_PROCUREMENT, LOCAL, {}),
        (Practice.TRAINING, NATIONAL, IDLE),
        (Practice.TRAINING, LOCAL, IDLE),
        (Practice.TRAINING, NATIONAL - {Partner.OWN_MUNICIPALITY}, {}),
        (Practice.FREE_STATE_MONEY, REGIONAL, {}),
        (Practice.PARTICIPATION, NATIONAL, IDLE),
        (Practice.PARTICIPATION, NATIONAL - {Partner.CIVIL_SOCIETY}, {}),
        (Practice.IMAGE_WORK, NATIONAL - {Partner.CIVIL_SOCIETY}, {}),
        (Practice.LOCAL_PRESENCE, NATIONAL - {Partner.OWN_MUNICIPALITY}, {}),
    ],
)
def test_a_practice_that_is_on_but_never_reached_changes_no_bit(
    make: Make, differences: Differences, practice: Practice, partners: frozenset[Partner], levers: dict[str, object]
) -> None:
    off = OFF.replace(partners=partners)
    on = off.replace(**{practice.value: 1.0})
    assert differences(make(off, levers=levers).run(), make(on, levers=levers).run()) == {}


def test_the_search_for_differing_outcomes_finds_one(make: Make, differences: Differences) -> None:
    off = OFF.replace(name="on", image_work=1.0)
    found = differences(make(OFF).run(), make(off).run())
    assert found["reputation"] == 0 and "employment" not in {name for name, quarter in found.items() if quarter == 0}


@pytest.mark.parametrize("partners", [LOCAL, REGIONAL, NATIONAL], ids=["local", "regional", "national"])
def test_all_seven_practices_off_equals_siloed_bit_for_bit_whatever_the_partners(
    make: Make, differences: Differences, partners: frozenset[Partner]
) -> None:
    siloed, off = make("siloed", years=6).run(), make(OFF.replace(partners=partners), years=6).run()
    assert differences(siloed, off) == {}
    assert np.array_equal(siloed.books.history, off.books.history)
    assert np.isfinite(siloed.recorder.data[:, 0]).any() and siloed.curves()["renovated_share"].iloc[-1] > 0


# --- arms that differ, and when

QUIET = Collaboration.preset("regional").replace(image_work=0.0, local_presence=0.0)


def test_arms_are_identical_where_no_decision_differs(make: Make, differences: Differences) -> None:
    assert differences(make("siloed", levers=IDLE).run(), make(QUIET, levers=IDLE).run()) == {}


def test_image_work_is_seen_first_in_reputation_and_only_later_by_residents(
    make: Make, differences: Differences
) -> None:
    image = QUIET.replace(image_work=1.0)
    found = differences(make("siloed", years=8, levers=IDLE).run(), make(image, years=8, levers=IDLE).run())
    first = {name for name, quarter in found.items() if quarter == 0}
    # Phase 8 comes after work and everyday life: in the first quarter only the name and the cost.
    assert {"reputation", "coordination_cost", "net_municipalities"} <= first
    lived = {"employment", "employment_started_here", "satisfaction", "health", "moves", "rent_burden"}
    assert not first & lived
    assert min(found[name] for name in ("employment", "satisfaction", "moves")) > 0


def first_due_later(quarter: int) -> dict[str, float]:
    """Parameters under which nothing needs renovation before about a quarter, and much soon after."""
    margin = 0.02
    decline = 4.0 * margin / quarter
    start = {"start_condition": 0.7, "start_condition_spread": margin, "condition_decline": decline}
    return start | {"due_condition": 0.7 - 1.5 * margin}


@pytest.mark.parametrize(
    "practice", [Practice.SHARED_CALCULATION, Practice.POOLED_PROCUREMENT, Practice.PARTICIPATION, Practice.TRAINING]
)
def test_arms_are_identical_until_the_first_decision_that_differs(
    make: Make, differences: Differences, practice: Practice
) -> None:
    parameters = first_due_later(6)
    on = OFF.replace(**{practice.value: 1.0})
    siloed, other = (make(c, years=6, parameters=parameters) for c in (OFF, on))
    first_plan = first_tender = None
    while siloed.quarter < siloed.quarters:
        siloed.step(), other.step()
        if first_plan is None and siloed.world.projects:
            first_plan = siloed.quarter - 1
        if first_tender is None and siloed.world.tallies.region(RegionTally.TENDERS):
            first_tender = siloed.quarter - 1
    assert first_plan is not None and first_tender is not None
    assert 0 < first_plan < first_tender
    found = differences(siloed, other)
    # A training clause is first read by builders who bid, the others by owners who plan.
    reached = first_tender if practice is Practice.TRAINING else first_plan
    assert min(found.values()) >= reached
    assert min(found.values()) <= reached + 6


def test_two_seeds_differ_in_everything_that_chance_enters(make: Make, differences: Differences) -> None:
    found = differences(make("regional", seed=1).run(), make("regional", seed=2).run())
    by_chance = {"condition", "energy_use", "rent", "employment", "moves", "satisfaction", "reputation", "health"}
    by_chance |= {"heat_price", "interest", "shortage", "vacancies", "in_mover_employment", "bids_per_tender"}
    by_chance |= {"net_residents", "net_municipalities", "net_state", "value_private_landlords", "society"}
    assert by_chance <= set(found)
    assert "flats" not in found
