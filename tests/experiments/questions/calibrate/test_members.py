"""The set that is not ruled out: chosen, written, read back, and put into the parameter file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.pairs import Pairs, pairs_of
from experiments.design.kept_set import as_points, kept_set
from experiments.engine.results import Results
from experiments.engine.sampling import plausible_ranges
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.members import (
    members_of,
    points_of,
    waves_of,
    write_both,
    write_members,
    write_values,
)
from experiments.questions.calibrate.matching.middle import middle_of, narrower
from experiments.questions.calibrate.matching.plan import fittable, load_plan, varied
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.targets import fitted_patterns, planned, targets_of
from experiments.questions.calibrate.matching.waves import History, Wave
from experiments.questions.validate.measuring.patterns import load_patterns
from experiments.reporting.over_set import headlines_of
from experiments.reporting.quantity import quantity_of
from sim import Levers, SamspelError, load_parameters
from sim.inputs.seeds_folder import seeds_folder

SPACE = Space.of({"heat_price": (0.65, 0.9), "rent_yield": (0.045, 0.055)})


@pytest.fixture
def history() -> History:
    """A wave of one point, and five members by hand: a rent rise of 30 to 40 % fits, 46 % is still plausible, the first
    is not."""
    unit = np.array([[0.0, 0.0], [0.2, 0.5], [0.5, 0.5], [0.8, 0.5], [1.0, 1.0]])
    runs = np.array([0.10, 0.31, 0.35, 0.39, 0.46])[:, None, None]
    target = Target("P4.mean", 0.30, 0.40, 0.10, 0.10)
    wave = Wave(
        np.array([[0.3, 0.3]]),
        np.array([[0.33]]),
        0.8,
        3.0,
        unit.min(axis=0),
        unit.max(axis=0),
        np.ones(1),
        np.zeros(1),
    )
    found = History(SPACE, (target,), Rules(), [wave])
    found.take(unit, runs)
    return found


def test_all_fresh_points_are_members_and_weigh_what_they_fit(history: History) -> None:
    members = members_of(history)
    assert points_of(history)["kept"].tolist() == [1, 0, 1, 1, 1, 1]
    assert members["member"].tolist() == [1, 2, 3, 4, 5]
    assert members["P4.mean"].tolist() == pytest.approx([0.10, 0.31, 0.35, 0.39, 0.46])
    # 0.06 outside with a tolerance of 0.10: 3 x 0.6; 0.2 outside: 6.
    assert members["implausibility"].tolist() == pytest.approx([6.0, 0.0, 0.0, 0.0, 1.8])
    assert members["weight"].tolist() == pytest.approx([np.exp(-18.0), 1.0, 1.0, 1.0, np.exp(-1.62)])
    assert members["inside"].tolist() == [0, 1, 1, 1, 0]
    assert waves_of(history).loc[0, ["points_not_ruled_out", "points_inside", "cut_off"]].tolist() == [1.0, 1.0, 3.0]


SQUARE = Space.of({"heat_price": (0.0, 1.0), "rent_yield": (0.0, 1.0), "cost_midi": (0.0, 1.0)})


def _set(size: int, widths: tuple[float, float, float]) -> pd.DataFrame:
    """Members spread evenly over the middle part of each range, in an order of each parameter's own; weights alike."""
    draws = np.random.Generator(np.random.PCG64(1))
    even = (np.arange(size) + 0.5) / size
    columns = [0.5 + width * (draws.permutation(even) - 0.5) for width in widths]
    return pd.DataFrame(np.array(columns).T, columns=list(SQUARE.names)).assign(weight=1.0)


def test_narrower_by_is_of_nine_tenths_of_the_set_against_nine_tenths_of_the_range() -> None:
    assert narrower(_set(1000, (1.0, 0.5, 0.95)), SQUARE) == pytest.approx([0.0, 0.5, 0.05], abs=0.003)


def test_the_default_moves_to_the_median_of_what_has_narrowed_and_of_what_the_answer_hangs_on() -> None:
    members = _set(60, (1.0, 0.5, 1.0))
    moved = middle_of(members, SQUARE)
    assert moved["parameter"].tolist() == ["rent_yield"] and moved["why"].tolist() == ["narrowed"]
    assert moved["value"].tolist() == pytest.approx([0.5], abs=0.01)
    many = Space.of(dict.fromkeys((*SQUARE.names, *load_parameters().records)[:40], (0.0, 1.0)))
    draws = np.random.Generator(np.random.PCG64(2))
    wide = pd.DataFrame(draws.random((120, many.size)), columns=list(many.names)).assign(weight=1.0)
    wide["answer"] = 30.0 * wide["cost_midi"] + draws.normal(0.0, 1.0, 120)
    driven = middle_of(wide, many, "answer")
    assert "cost_midi" in set(driven.loc[driven["why"] == "drives the answer", "parameter"])
    assert len(driven) < 8, "what the answer does not hang on stays where it is"
    # Members that were not run say nothing of the answer.
    assert middle_of(wide.assign(answer=np.nan), many, "answer")["why"].tolist().count("drives the answer") == 0


def test_the_shipped_defaults_are_the_middle_of_the_shipped_set() -> None:
    frame = pd.read_csv(seeds_folder() / "not_ruled_out.csv")
    ranges = plausible_ranges()
    space = Space.of({str(name): ranges[str(name)] for name in frame.columns if name in ranges})
    middle = middle_of(frame, space, "npv_society")
    shipped = [load_parameters().values[name] for name in middle["parameter"]]
    assert space.size >= 100 and len(middle) >= 10
    assert shipped == pytest.approx(middle["value"].tolist(), rel=1e-9)


def test_the_written_set_can_be_read_back_as_parameters(history: History, tmp_path: Path) -> None:
    members = members_of(history)
    write_members(members, tmp_path / "set.csv")
    read = kept_set(tmp_path / "set.csv").parameters()
    assert [p.heat_price for p in read] == pytest.approx(members["heat_price"].tolist())
    assert all(p.changed().keys() <= {"heat_price", "rent_yield"} for p in read)
    assert [path.name for path in tmp_path.iterdir()] == ["set.csv"], "nothing half-written is left"


@pytest.fixture
def parameter_file(tmp_path: Path) -> Path:
    """A copy of the shipped parameters."""
    return Path(shutil.copy(seeds_folder() / "parameters.toml", tmp_path / "parameters.toml"))


def test_new_values_change_their_lines_and_no_other_character(parameter_file: Path) -> None:
    before = parameter_file.read_text(encoding="utf-8").splitlines()
    write_values({"heat_price": 0.81249, "tuning_rate": 0.01}, parameter_file)
    after = parameter_file.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new for _, new in changed] == ["value = 0.812", "value = 0.01"]
    shipped, written = load_parameters(), load_parameters(parameter_file)
    assert written.heat_price == 0.812 and written.tuning_rate == 0.01
    assert {n for n in shipped.values if shipped.values[n] != written.values[n]} == {"heat_price", "tuning_rate"}
    assert written.records["heat_price"].note == shipped.records["heat_price"].note


@pytest.mark.parametrize(("values", "said"), [({"heat_prise": 1.0}, "heat_prise"), ({"heat_price": 99.0}, "expected")])
def test_a_value_that_does_not_fit_leaves_the_file_as_it_was(
    parameter_file: Path, values: dict[str, float], said: str
) -> None:
    before = parameter_file.read_bytes()
    with pytest.raises(SamspelError, match=said):
        write_values(values, parameter_file)
    assert parameter_file.read_bytes() == before
    assert [path.name for path in parameter_file.parent.iterdir()] == ["parameters.toml"]


@pytest.mark.parametrize("broken", ["value", "place"])
def test_the_set_and_the_defaults_are_replaced_together_or_neither_is(
    history: History, parameter_file: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    members, file = members_of(history), parameter_file.with_name("set.csv")
    write_both(members, file, {"heat_price": 0.8}, parameter_file)
    before = file.read_bytes(), parameter_file.read_bytes()
    assert load_parameters(parameter_file).heat_price == 0.8 and len(kept_set(file)) == 5
    replace = os.replace

    def full(new: Path, old: Path) -> None:
        if old == parameter_file:
            raise OSError(28, "No space left on device")
        replace(new, old)

    if broken == "place":
        monkeypatch.setattr(os, "replace", full)
    values = {"heat_price": 99.0 if broken == "value" else 0.7}
    with pytest.raises(SamspelError if broken == "value" else OSError):
        write_both(members.iloc[:2], file, values, parameter_file)
    assert (file.read_bytes(), parameter_file.read_bytes()) == before
    assert {path.name for path in file.parent.iterdir()} == {"set.csv", "parameters.toml"}


# --- what is fitted

BY_COST = Levers(rents_follow="cost")


def test_only_patterns_marked_for_fitting_are_fitted_and_only_where_they_are_evidence() -> None:
    patterns = fitted_patterns((), BY_COST)
    assert tuple(pattern.key for pattern in patterns) == planned(load_plan())
    assert all(pattern.use == "fit" for pattern in patterns)
    assert {target.name for target in targets_of(patterns)} == set(load_plan().discrepancy)
    with pytest.raises(SamspelError, match="P1 is kept for checking"):
        fitted_patterns(["P1"])
    with pytest.raises(SamspelError, match="P99"):
        fitted_patterns(["P99"])


def test_the_rent_ladder_is_no_target_where_use_values_put_it_in() -> None:
    assert [p.key for p in fitted_patterns()] == [key for key in planned(load_plan()) if key != "P4"]
    with pytest.raises(SamspelError, match="P4 is put into the model; expected --set rents_follow=cost"):
        fitted_patterns(["P4"])


def test_a_third_of_the_patterns_and_all_controls_are_only_ever_checked_or_predicted() -> None:
    patterns = load_patterns()
    kept = [p for p in patterns if not p.fitted and not p.control]
    assert 3 * len(kept) >= len([p for p in patterns if not p.control])
    assert not any(p.fitted for p in patterns if p.control or p.key in ("P17", "P20"))


def test_of_the_parameters_of_rents_those_of_the_rule_are_varied() -> None:
    by_use, by_cost = varied(load_plan(), Levers()), varied(load_plan(), BY_COST)
    assert {"use_value_mini", "use_value_midi", "use_value_maxi"} == set(by_use) - set(by_cost)
    assert {"recognised_mini", "recognised_midi", "recognised_maxi", "rent_yield"} == set(by_cost) - set(by_use)


def test_three_standard_deviations_of_the_discrepancy_are_the_cut_off() -> None:
    for target in targets_of(fitted_patterns((), BY_COST)):
        sd = load_plan().discrepancy[target.name].sd
        for edge, reach in ((target.low, target.below), (target.high, target.above)):
            assert reach == pytest.approx(3.0 * sd) if np.isfinite(edge) else reach == 0.0


PLAN = (seeds_folder() / "matching.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("waves = 6", "waves = 0", "rules.waves"),
        ("[3.0, 2.0, 1.0", "[2.0, 3.0, 1.0", "that do not rise"),
        ('[discrepancy."P5.excess"]', '[discrepancy."P5.exces"]', "P5.excess"),
        ('[discrepancy."P5.excess"]', '[discrepancy."P17.first_year"]', "P17.first_year"),
        ("sd = 0.05", "sd = 0.0", "sd"),
        ('"cost_mini"', '"cost_minni"', "cost_mini"),
        ("waves = 6", "waves = 6\nstop = 3", "rules.stop"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused_with_its_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PLAN
    (tmp_path / "matching.toml").write_text(PLAN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SamspelError, match=r"matching\.toml") as refused:
        load_plan(tmp_path / "matching.toml")
    assert said in str(refused.value)


def test_every_discrepancy_is_of_a_measure_that_a_single_point_has() -> None:
    known = fittable(load_patterns())
    assert set(load_plan().discrepancy) <= set(known)
    assert not {"P10.ordered", "P17.first_year", "C1.gain"} & set(known)


# --- headlines over the set


def test_members_for_headlines_are_the_first_in_the_order_of_drawing(history: History) -> None:
    members = members_of(history)
    assert as_points(members[list(SPACE.names)], 2)[1] == pytest.approx({"heat_price": 0.7, "rent_yield": 0.05})
    assert len(as_points(members[list(SPACE.names)], 10)) == 5


class Runs:
    """A table of runs by hand: three members, two replicates, both arms."""

    @property
    def runs(self) -> pd.DataFrame:
        off = {"siloed": [10, 10, 10, 10, 10, 10], "coordinated": [9, 8, 11, 12, 10, 10]}
        keys = [(point, replicate) for point in (1, 2, 3) for replicate in (1, 2)]
        rows = [
            {"arm": arm, "point": point, "replicate": replicate, "rent": value}
            for arm, values in off.items()
            for (point, replicate), value in zip(keys, values, strict=True)
        ]
        return pd.DataFrame(rows)

    def pairs(self, values: np.ndarray) -> Pairs:
        return pairs_of(self.runs, values, "coordinated", "siloed")


def test_the_share_of_the_set_in_which_coordination_wins_counts_the_better_sign_by_fit() -> None:
    results: Results = Runs()  # type: ignore[assignment]
    (found,) = headlines_of(results, [quantity_of("rent", 100)], np.ones(3))
    # Rents fall by 1.5 in the first, rise by 1.5 in the second, stay in the third: lower is better.
    assert found.members == 3 and found.wins == pytest.approx(1 / 3) and found.ties == pytest.approx(1 / 3)
    assert (found.over.low, found.over.mean, found.over.high) == (-1.5, 0.0, 1.5) and not found.clear
    (found,) = headlines_of(results, [quantity_of("rent", 100)], np.array([1.0, 0.01, 0.01]))
    assert found.wins == pytest.approx(1 / 1.02) and found.over.mean == -1.5 and found.clear


def test_the_plan_varies_all_that_the_screening_does_not_clear() -> None:
    screened = pd.read_csv(seeds_folder() / "screening.csv").set_index("parameter")
    found = set(screened.index[screened["measures_that_answer"] > 0])
    plan = load_plan()
    assert len(found) >= 40 and found <= set(plan.parameters) <= set(screened.index)
    assert len(set(plan.parameters)) == len(plan.parameters)
    # Every practice has some of its own among them.
    practices = ("appraisal_", "voice_", "joint_", "clause_", "transfers_", "image_", "presence_")
    assert all(any(name.startswith(start) for name in plan.parameters) for start in practices)
