"""Measures: what they need, hand cases, and ablations that must make patterns fail."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.questions.validate.measuring import building, moving, worlds
from experiments.questions.validate.measuring.measures import MEASURES, measure
from experiments.questions.validate.measuring.patterns import NOTHING, load_patterns
from experiments.questions.validate.measuring.renovating import package
from experiments.questions.validate.measuring.score import judged, verdict
from sim import Levers, Region, SamspelError, load_parameters, load_region

P = load_parameters()


@pytest.fixture(scope="module")
def middling() -> Region:
    """Botkyrka with its neighbours, large enough for clauses to give places."""
    return load_region("botkyrka", 0.5)


def verdict_on(key: str, name: str, found: dict[str, float]) -> str:
    pattern = next(p for p in load_patterns() if p.key == key)
    test = next(t for t in pattern.tests if t.measure == name)
    return verdict(test, judged(test, np.array([found[f"{key}.{name}"]])))


def test_every_test_of_the_file_has_a_measure_even_where_nothing_can_be_said(tiny_region: Region) -> None:
    found = measure(tiny_region, P, 1, years=1)
    wanted = {p.measure_of(t) for p in load_patterns() for t in p.tests if t.measure != NOTHING}
    assert wanted <= set(found)
    assert all(isinstance(value, float) for value in found.values())


def test_one_seed_gives_the_same_numbers_again_and_another_seed_others(tiny_region: Region) -> None:
    one, again, other = (measure(tiny_region, P, seed, ["P5", "P15"], years=6) for seed in (1, 1, 2))
    assert repr(one) == repr(again) != repr(other)


@pytest.mark.parametrize(
    ("patterns", "runs"),
    [(["P5"], 1), (["P2", "P6", "P13", "P16"], 1), (["P9"], 2), (["P12"], 3), (["P18", "P19"], 1), (["P20"], 1)],
)
def test_only_runs_that_are_needed_are_made(
    patterns: list[str], runs: int, tiny_region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, run = [], worlds.Worlds._run

    def counted(self: worlds.Worlds, *args: object, **kwargs: object) -> worlds.World:
        made.append(1)
        return run(self, *args, **kwargs)

    monkeypatch.setattr(worlds.Worlds, "_run", counted)
    early = P.replace({"clause_places": 2.0, "programme_least": 1e5})  # works, and places in them, from the first year
    found = measure(tiny_region, early, 1, patterns, years=4)
    assert len(made) == runs
    assert {name.split(".")[0] for name in found} == set(patterns)


def test_a_pattern_that_does_not_exist_is_refused(tiny_region: Region) -> None:
    with pytest.raises(SamspelError, match='unknown pattern "P55"'):
        measure(tiny_region, P, 1, ["P55"])


def test_additionality_emerges_near_four_tenths_and_full_additionality_does_not_meet_the_pattern(
    middling: Region,
) -> None:
    # One seed strays by more than a tenth.
    emergent, full = (
        {"P9.additionality": float(np.mean([one["P9.additionality"] for one in some]))}
        for some in (
            [measure(middling, P, seed, ["P9"], years=20) for seed in (1, 2)],
            [measure(middling, P, seed, ["P9"], years=20, levers=Levers(additionality="full")) for seed in (1, 2)],
        )
    )
    assert verdict_on("P9", "additionality", emergent) == "pass"
    assert verdict_on("P9", "additionality", full) != "pass"
    assert full["P9.additionality"] > emergent["P9.additionality"] + 0.25


def test_without_a_cycle_of_other_construction_prices_do_not_go_with_it(small_region: Region) -> None:
    with_cycle = measure(small_region, P, 1, ["P14"], years=12)
    steady = measure(small_region, P.replace({"boom_chance": 0.0, "slump_chance": 0.0}), 1, ["P14"], years=12)
    assert with_cycle["P14.cycle"] > 0.2 and steady["P14.cycle"] == 0.0
    assert verdict_on("P14", "cycle_less_experience", steady) == "miss"


def test_without_disturbance_the_excess_of_the_renovation_year_is_gone(small_region: Region) -> None:
    disturbed = measure(small_region, P, 1, ["P5"], years=12)
    calm = measure(small_region, P.replace({"excess_move": 0.0}), 1, ["P5"], years=12)
    assert disturbed["P5.excess"] > 0.04
    assert verdict_on("P5", "excess", calm) == "miss"


def test_where_heat_costs_a_fortune_energy_alone_pays(small_region: Region) -> None:
    dear = P.replace({"heat_price": min(20.0, P.records["heat_price"].bounds[1])})
    plain, rich = (measure(small_region, p, 1, ["P1"], years=6) for p in (P, dear))
    assert plain["P1.deep_on_energy_alone"] == 0.0 and plain["P1.below"] > rich["P1.below"]


def test_packages_are_light_medium_or_deep() -> None:
    works = pd.DataFrame({"standard": [1, 1, 1, 2, 2, 3, 3], "energy_level": [0, 1, 2, 0, 2, 0, 1]})
    assert package(works).tolist() == ["light", "medium", "deep", "medium", "deep", "medium", "medium"]
    assert package(works.iloc[:0]).empty


def test_controls_are_of_the_same_group_and_of_all_houses_where_it_has_none() -> None:
    moved = np.array([[2.0, 1.0, 0.0, 4.0]])
    flats = np.array([[10.0, 10.0, 0.0, 20.0]])  # the third house is being renovated
    rates = moving._rates(moved, flats, np.array([0, 0, 0, 1]))
    assert rates.tolist() == [[0.15, 0.15, 0.15, 0.2]]
    alone = moving._rates(moved, flats, np.array([0, 0, 5, 1]))
    assert alone[0, 2] == pytest.approx(7 / 40)


def test_what_never_changes_goes_with_nothing() -> None:
    steady, rising = pd.Series([1.0, 1.0, 1.0]), pd.Series([1.0, 2.0, 3.0])
    assert building.correlation(rising, steady) == 0.0
    assert building.correlation(rising, rising) == pytest.approx(1.0)
    assert math.isnan(moving.ratio(1.0, 0.0))


def test_every_pattern_has_a_measure_that_says_what_it_is() -> None:
    assert all((function.__doc__ or "").startswith(f"{key}. ") for key, function in MEASURES.items())
