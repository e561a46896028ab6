"""Buildings and residents made from tables add up to the tables."""

from __future__ import annotations

import numpy as np
import pytest

from sim import PRESETS, RenewalModel, load_region
from sim.vocabulary import Skill, Work

EACH_WORLD = pytest.mark.parametrize(
    ("name", "scale", "seed"), [("stockholm-county", 1.0, 1), ("stockholm-county", 0.1, 2), ("botkyrka", 0.3, 3)]
)


@pytest.fixture(scope="module")
def worlds() -> dict[tuple[str, float, int], RenewalModel]:
    """Models before their first step, made once."""
    return {}


def world(worlds: dict[tuple[str, float, int], RenewalModel], name: str, scale: float, seed: int) -> RenewalModel:
    """The model of one parameter set."""
    key = (name, scale, seed)
    if key not in worlds:
        worlds[key] = RenewalModel(load_region(name, scale), PRESETS["siloed"], seed)
    return worlds[key]


@EACH_WORLD
def test_flats_and_their_municipal_part_are_those_of_the_tables_exactly(
    worlds: dict[tuple[str, float, int], RenewalModel], name: str, scale: float, seed: int
) -> None:
    model = world(worlds, name, scale, seed)
    b, places, n = model.buildings, model.region.neighbourhoods, len(model.neighbourhoods)
    assert np.array_equal(np.bincount(b.neighbourhood, b.flats, minlength=n), places.flats)
    municipal = b.owner < len(model.municipalities)
    assert np.array_equal(np.bincount(b.neighbourhood, b.flats * municipal, minlength=n), places.municipal_flats)
    assert model.residents.n == places.flats.sum() and (b.flats > 0).all()
    assert np.array_equal(np.bincount(model.world.neighbourhood_of, minlength=n), places.flats)


@EACH_WORLD
def test_shares_of_ages_and_sizes_of_households_hold_to_within_rounding(
    worlds: dict[tuple[str, float, int], RenewalModel], name: str, scale: float, seed: int
) -> None:
    model = world(worlds, name, scale, seed)
    r, places, n = model.residents, model.region.neighbourhoods, len(model.neighbourhoods)
    years = -r.born / 4.0
    ages = np.digitize(years, [30.0, 45.0, 65.0])
    for column, shares in ((ages, places.age_shares), (np.minimum(r.size, 4) - 1, places.size_shares)):
        for k in range(shares.shape[1]):
            count = np.bincount(model.world.neighbourhood_of, column == k, minlength=n)
            assert np.abs(count - shares[:, k] * places.flats).max() <= 2.0


@EACH_WORLD
def test_employment_and_schooling_of_working_ages_hold_to_within_rounding(
    worlds: dict[tuple[str, float, int], RenewalModel], name: str, scale: float, seed: int
) -> None:
    model = world(worlds, name, scale, seed)
    r, places, n = model.residents, model.region.neighbourhoods, len(model.neighbourhoods)
    working = r.work != Work.RETIRED
    people = np.bincount(model.world.neighbourhood_of, working, minlength=n)
    employed = np.bincount(model.world.neighbourhood_of, r.work == Work.EMPLOYED, minlength=n)
    assert np.abs(employed - places.employment * people).max() <= 2.0
    for skill, k in ((Skill.LOW, 0), (Skill.HIGH, 2)):
        count = np.bincount(model.world.neighbourhood_of, r.skill == skill, minlength=n)
        assert np.abs(count - places.education_shares[:, k] * places.flats).max() <= 4.0


def test_another_seed_makes_other_people_of_the_same_tables() -> None:
    one, other = (RenewalModel(load_region("botkyrka", 0.05), PRESETS["siloed"], s).residents for s in (1, 2))
    assert not np.array_equal(one.work, other.work) and one.n == other.n
    assert abs(int((one.work == Work.EMPLOYED).sum()) - int((other.work == Work.EMPLOYED).sum())) <= 14
