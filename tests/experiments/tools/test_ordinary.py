"""The ordinary Mesa model has the same rules as ours: the same states, decisions and sums, quarter by quarter."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from experiments.tools.benchmark import ordinary
from experiments.tools.benchmark.ordinary.beside import Watched, differences
from experiments.tools.benchmark.ordinary.draws import keys, uniform
from experiments.tools.benchmark.ordinary.measure import NOBODY_RENOVATES, measured
from experiments.tools.benchmark.ordinary.model import OrdinaryModel
from experiments.tools.benchmark.ordinary.outside import Outside
from experiments.tools.benchmark.ordinary.start import RULES
from sim import PRESETS, Levers, RenewalModel, SamspelError, load_parameters, load_region
from sim.randomness import Decision, Draws
from sim.world.world import World
from tests.worlds import Mode, random_world

QUARTERS = 8


def a_model(
    region: str = "botkyrka", scale: float = 0.02, preset: str = "siloed", seed: int = 1, **levers: object
) -> RenewalModel:
    """A small world in which nobody renovates."""
    changed = NOBODY_RENOVATES.replace(**levers)
    return RenewalModel(load_region(region, scale), PRESETS[preset], seed, years=12, levers=changed)


def differences_of(model: RenewalModel, quarters: int) -> list[str]:
    """In what the two differ in the first quarter in which they do."""
    watched = iter(Watched(model))
    other = OrdinaryModel(model.world, watched)
    for quarter in range(min(quarters, model.quarters)):
        other.step()
        if found := differences(model.world, other):
            return [f"quarter {quarter}", *found]
    return []


@pytest.mark.parametrize("seed", [1, 2, 20110907])
@pytest.mark.parametrize("preset", ["siloed", "local", "regional", "emergent"])
def test_after_each_of_twelve_quarters_nothing_differs(preset: str, seed: int) -> None:
    assert differences_of(a_model(preset=preset, seed=seed), 12) == []


@pytest.mark.parametrize(
    ("region", "scale", "quarters"), [("estate-in-distress", 0.5, 16), ("stockholm-county", 0.02, 6)]
)
def test_nothing_differs_where_many_flats_stand_empty_or_places_are_many(
    region: str, scale: float, quarters: int
) -> None:
    assert differences_of(a_model(region, scale, "regional", 3), quarters) == []


def test_nothing_differs_after_twelve_years() -> None:
    assert differences_of(a_model(scale=0.01, seed=4), 48) == []


@pytest.mark.parametrize("levers", [{"vacancies": "fixed"}, {"long_spells": "select"}, {"home_worth_of": "marginal"}])
def test_nothing_differs_by_other_rules_of_work_and_homes(levers: dict[str, object]) -> None:
    assert differences_of(a_model(**levers), 6) == []


@pytest.mark.parametrize("mode", ["plausible", "some at bounds", "anywhere"])
@pytest.mark.parametrize("number", range(4))
def test_nothing_differs_in_random_worlds(number: int, mode: Mode) -> None:
    world = random_world(number, mode)
    usual = {name: getattr(Levers(), name) for name in RULES}
    levers = world.levers.replace(renovation=False, turnover_renovation=False, **usual)
    model = dataclasses.replace(
        world, levers=levers, collaboration=world.collaboration.replace(free_state_money=0.0)
    ).model()
    assert differences_of(model, 6) == []


def test_nothing_differs_where_some_flats_have_been_renewed_and_others_are_refused() -> None:
    model = a_model("estate-in-distress", 0.5, seed=5)
    renew_some(model.world)
    assert differences_of(model, 8) == []


def renew_some(world: World) -> None:
    """Every third flat has been renewed, and some whole buildings cost more for what their tenants chose."""
    world.residents.upgraded[::3] = True
    world.buildings.rent[::2] *= 1.3
    world.buildings.rent_chosen[::2] = 0.3 * world.buildings.rent_plain[::2]


# Some limits are not reached within two years; they are here, and some other numbers for their sake.
USUAL = {"queue_employment_least": 0.44, "queue_reputation": 2.0, "elsewhere_open_new": 30.0}
TIGHT = {
    "allowance_cap": 500.0, "allowance_income_reach": 1.1, "cohort_finding_most": 0.0, "demand_widest": 0.5,
    "economy_finding_least": 1.0, "finding_most": 0.1, "losing_unemployment_least": 0.0, "move_burden_most": 0.05,
    "queue_employment_most": 0.6, "queue_gap": -0.3, "queue_offers": 2.0, "settled_employment_most": 0.62,
    "unemployment_volatility": 0.02,
}  # fmt: skip


@cache
def run_once(tight: bool) -> tuple[World, World, list[Outside]]:
    """A start, the same world some quarters later, and what its residents met outside in each of them."""
    start, model = (
        RenewalModel(
            load_region("estate-in-distress", 0.4), PRESETS["regional"], 8, years=3, levers=NOBODY_RENOVATES,
            parameters=load_parameters().replace(TIGHT if tight else USUAL),
        )
        for _ in range(2)
    )  # fmt: skip
    for one in (start, model):
        renew_some(one.world)
        one.world.buildings.comfort[1::2] += 0.2
        one.world.buildings.voice[::2] = 0.5
        one.world.lookers_start *= 10.0 if tight else 1.0
    watched = iter(Watched(model))
    return start.world, model.world, [next(watched) for _ in range(QUARTERS)]


def played_again(start: World, quarters: list[Outside]) -> OrdinaryModel:
    """The ordinary model from a start through these quarters."""
    other = OrdinaryModel(start, iter(quarters))
    for _ in quarters:
        other.step()
    return other


@pytest.mark.parametrize("tight", [False, True])
def test_quarters_can_be_played_again(tight: bool) -> None:
    start, ours, quarters = run_once(tight)
    assert differences(ours, played_again(start, quarters)) == []


# Numbers that only act where a run of two years in such a place hardly comes.
OUT_OF_REACH = {
    "placement_pay": "nobody is in a placement",
    "apprentice_pay": "nobody is an apprentice",
    "wage_trade": "nobody is a tradesperson",
    "find_trade": "the same",
}


def numbers_in_use() -> list[str]:
    """Parameters that are read in the files of the ordinary model."""
    files = Path(inspect.getfile(ordinary)).parent.glob("*.py")
    found = {name for file in files for name in re.findall(r"\bp\.([a-z_0-9]+)\b", file.read_text(encoding="utf-8"))}
    return sorted(found & set(load_parameters().values) - set(OUT_OF_REACH))


@pytest.mark.parametrize("name", numbers_in_use())
def test_a_number_that_only_one_side_has_makes_them_differ(name: str) -> None:
    assert any(differs_with(name, tight) for tight in (False, True))


def differs_with(name: str, tight: bool) -> bool:
    """Whether the two differ when the ordinary model has another value of this number."""
    start, ours, quarters = run_once(tight)
    changed = copy.copy(start)
    changed.p = start.p.replace({name: another(start.p.values[name], *start.p.records[name].bounds)})
    return bool(differences(ours, played_again(changed, quarters)))


def another(value: float, low: float, high: float) -> float:
    """A value within bounds that is far from this one."""
    near = (value * 1.75, value * 0.5, (value + low) / 2.0)
    return next(x for x in near if low <= x <= high and x != value) if value != 0.0 else (low + high) / 2.0


def test_draws_are_the_same_numbers() -> None:
    draws = Draws(7)
    rows = np.array([0, 1, 82_999, (5 << 32) + 3])
    ours = draws.at(Decision.REFILL, 11, rows, 13)
    theirs = [[uniform(key, row) for key in keys(draws, Decision.REFILL, 11, 13)] for row in rows.tolist()]
    assert ours.tolist() == theirs


@pytest.mark.parametrize("levers", [{"renovation": True}, {"turnover_renovation": True}, {"leaving": "disturbance"}])
def test_a_world_with_more_in_it_than_is_written_out_is_refused(levers: dict[str, object]) -> None:
    with pytest.raises(SamspelError, match="ordinary: "):
        OrdinaryModel(a_model(**levers).world, iter(()))


def test_a_world_under_way_is_refused() -> None:
    model = a_model()
    model.step()
    with pytest.raises(SamspelError, match="before its first quarter"):
        OrdinaryModel(model.world, iter(()))


def test_the_benchmark_has_a_ratio_and_whether_both_agree_for_each_size() -> None:
    ratio, differ = measured([700], rounds=1)
    assert ratio.part == differ.part == "a"
    assert ratio.ratio is not None and ratio.ratio > 0.0 and ratio.against == "an ordinary Mesa model"
    assert differ.value == 0.0 and differ.met == "yes"


def test_levers_of_the_benchmark_leave_nobody_to_renovate() -> None:
    assert isinstance(NOBODY_RENOVATES, Levers) and not NOBODY_RENOVATES.renovation
