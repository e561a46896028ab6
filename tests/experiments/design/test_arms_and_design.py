"""Which arms run, on which seeds, and whose money they get."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.arms import DEFAULT_ARMS, NAMED_ARMS, Arm, choose_arms
from experiments.design.own_design import read_own_design
from experiments.design.settings import ArmTable
from experiments.engine.design import Design, Treatment, World, make_design, replicate_seed
from experiments.engine.design_file import read_design, write_design
from sim.errors import SamspelError
from sim.vocabulary import Partner

WORLD = World("botkyrka", 0.05, 2, True)


def design(*names: str, replicates: int = 3, shared_seeds: bool = True) -> Design:
    arms = choose_arms(names, {})
    treatments = [Treatment(arm.name, arm.collaboration(), {}, {}, arm.same_money_as) for arm in arms]
    return make_design(WORLD, treatments, replicates, 1, shared_seeds)


def test_all_arms_of_a_replicate_share_a_seed_and_replicates_do_not() -> None:
    runs = design(*DEFAULT_ARMS).runs
    assert len({run.seed for run in runs if run.replicate == 2}) == 1
    assert len({run.seed for run in runs}) == 3


def test_with_own_seeds_arms_differ_except_the_pair_that_shares_money() -> None:
    seeds = {run.arm: run.seed for run in design(*DEFAULT_ARMS, replicates=1, shared_seeds=False).runs}
    assert seeds["siloed"] != seeds["coordinated"]
    assert seeds["siloed-same-money"] == seeds["coordinated"]


def test_a_seed_depends_on_root_and_replicate_only_and_never_changes_between_versions() -> None:
    assert replicate_seed(1, 1) == 1858948217
    assert replicate_seed(1, 2) != replicate_seed(2, 1)


def test_a_run_stands_replicate_by_replicate_and_arm_by_arm_whatever_the_tasks() -> None:
    made = design("siloed-same-money", "siloed", "coordinated", replicates=2)
    assert [run.id for run in made.runs][:3] == ["siloed-same-money/1", "siloed/1", "coordinated/1"]
    assert [run.position for run in made.runs] == list(range(6))


def test_the_arm_that_takes_money_runs_in_one_task_after_the_arm_that_gives_it() -> None:
    tasks = design("siloed-same-money", "siloed", "coordinated", replicates=2).tasks()
    assert [[run.arm for run in task.runs] for task in tasks[:2]] == [
        ["coordinated", "siloed-same-money"],
        ["siloed"],
    ]
    assert sum(len(task.runs) for task in tasks) == 6


def test_an_arm_whose_money_comes_from_an_arm_that_does_not_run_is_refused() -> None:
    with pytest.raises(SamspelError, match='add "coordinated" to the arms'):
        choose_arms(("siloed", "siloed-same-money"), {})


def test_money_is_not_handed_on_twice() -> None:
    third = Arm("third", "Third", "", "siloed", same_money_as="siloed-same-money")
    with pytest.raises(SamspelError, match="itself takes"):
        choose_arms(("siloed", "coordinated", "siloed-same-money", "third"), {"third": third})


def test_an_unknown_arm_is_told_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match='unknown arm "coordinatd"; did you mean "coordinated"'):
        choose_arms(("siloed", "coordinatd"), {})


def test_coordinated_is_the_regional_preset_and_triple_cost_changes_its_cost_alone() -> None:
    coordinated = NAMED_ARMS["coordinated"].collaboration()
    triple = NAMED_ARMS["coordinated-triple-cost"].collaboration()
    assert coordinated == NAMED_ARMS["regional"].collaboration()
    assert triple == coordinated.replace(cost_factor=3.0)


def test_an_arm_declared_in_a_file_is_its_preset_with_its_changes() -> None:
    table = ArmTable(preset="regional", training=0.0, partners=("own_municipality", "civil_society"))
    collaboration = table.arm("mine").collaboration()
    assert collaboration.settings()["training"] == 0.0 and collaboration.settings()["shared_calculation"] == 1.0
    assert collaboration.partners == {Partner.OWN_MUNICIPALITY, Partner.CIVIL_SOCIETY}


def test_values_are_kept_as_the_model_takes_them(tmp_path: Path) -> None:
    """Whole numbers where a number may have decimals, and the other way round: a column of a table has one kind."""
    (tmp_path / "mine.toml").write_text(
        'region = "botkyrka"\nscale = 0.02\nreplicates = 1\nselect = ["siloed", "mine"]\n'
        "set = { heat_price = 1, grant_cap_per_flat = 5 }\n[arms.mine]\ntraining = 1\nset = { grant_burden = 7 }\n"
        "[vary]\ngrant_rate = [0, 0.5, 1]\nframework_packages = { from = 2, to = 4, steps = 3 }\ntraining = [0, 1]\n"
    )
    design, _ = read_own_design(tmp_path / "mine.toml")
    table = design.table()
    assert [str(table[name].dtype) for name in ("grant_rate", "framework_packages", "training")] == [
        "float64", "int64", "float64",
    ]  # fmt: skip
    assert len(design.runs) == 3 * 3 * 2 * 2 and len(table.drop_duplicates(["grant_rate", "framework_packages"])) == 9
    ours = design.treatments[1]
    set_in_it = (*ours.parameters.values(), *ours.levers.values(), *ours.collaboration.strengths)
    assert {type(value) for value in set_in_it} == {float}
    write_design(tmp_path, design)
    again = read_design(tmp_path)
    assert [run.values for run in again.runs] == [run.values for run in design.runs]
    assert {type(run.values["grant_rate"]) for run in again.runs} == {float}
