"""The set that is not ruled out: chosen, written, read back, and put into the parameter file."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.pairs import Pairs, pairs_of
from experiments.questions.calibrate.command import default_parameters
from experiments.questions.calibrate.matching.confirming import patterns_to_fit
from experiments.questions.calibrate.matching.headlines import chosen_points, headlines_of
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.members import (
    members_of,
    middle_values,
    points_of,
    read_members,
    waves_of,
    write_members,
    write_values,
)
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.targets import DEFAULT_PATTERNS, fitted_patterns, targets_of
from experiments.questions.calibrate.matching.waves import History, Rules, Wave
from experiments.questions.validate.measuring.score import verdict
from experiments.reporting.quantity import quantity_of
from sim import Levers, SamspelError, load_parameters
from sim.inputs.seeds_folder import seeds_folder

SPACE = Space.of({"heat_price": (0.65, 0.9), "rent_yield": (0.045, 0.055)})


@pytest.fixture
def history() -> History:
    """Five points by hand: a rent rise of 30 to 40 % fits, 24 and 46 % are still plausible, the first is not."""
    unit = np.array([[0.0, 0.0], [0.2, 0.5], [0.5, 0.5], [0.8, 0.5], [1.0, 1.0]])
    runs = np.array([0.10, 0.31, 0.35, 0.39, 0.46])[:, None, None]
    target = Target("P4.mean", 0.30, 0.40, 0.10, 0.10)
    wave = Wave(unit, runs, 0.8, unit.min(axis=0), unit.max(axis=0), np.ones(1), np.zeros(1))
    return History(SPACE, (target,), Rules(), [wave])


def test_members_are_points_that_the_model_itself_does_not_rule_out(history: History) -> None:
    members = members_of(history)
    assert points_of(history)["kept"].tolist() == [0, 1, 1, 1, 1]
    assert members["P4.mean"].tolist() == pytest.approx([0.31, 0.35, 0.39, 0.46])
    # 0.06 outside with a tolerance of 0.10: 3 x 0.6.
    assert members["implausibility"].tolist() == pytest.approx([0.0, 0.0, 0.0, 1.8])
    assert waves_of(history)["points_not_ruled_out"].tolist() == [0.8]


def test_the_middle_is_the_member_nearest_the_median_of_every_parameter(history: History) -> None:
    # Medians over members: 0.65 and 0.5 of the ranges; (0.5, 0.5) and (0.8, 0.5) are equally near, the first is taken.
    assert middle_values(members_of(history), SPACE.names) == pytest.approx({"heat_price": 0.775, "rent_yield": 0.05})


def test_a_member_nearer_the_middle_that_fits_worse_is_passed_over(history: History) -> None:
    wave = history.waves[0]
    wave.runs[:, 0, 0] = 0.10, 0.26, 0.26, 0.39, 0.46
    assert middle_values(members_of(history), SPACE.names) == pytest.approx({"heat_price": 0.85, "rent_yield": 0.05})


def test_the_shipped_defaults_are_the_member_near_the_middle_of_the_shipped_set() -> None:
    frame = pd.read_csv(seeds_folder() / "not_ruled_out.csv")
    names = [str(name) for name in frame.columns if name in load_parameters().records]
    shipped = {name: load_parameters().values[name] for name in names}
    assert len(names) >= 10 and shipped == pytest.approx(middle_values(frame, names), rel=5.1e-3)


def test_the_written_set_can_be_read_back_as_parameters(history: History, tmp_path: Path) -> None:
    members = members_of(history)
    write_members(members, tmp_path / "set.csv")
    read = read_members(tmp_path / "set.csv")
    assert [p.heat_price for p in read] == pytest.approx(members["heat_price"].tolist())
    assert all(p.changed().keys() <= {"heat_price", "rent_yield"} for p in read)
    assert [path.name for path in tmp_path.iterdir()] == ["set.csv"], "nothing half-written is left"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_file_that_is_no_set_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "set.csv").write_text(text)
    with pytest.raises(SamspelError, match="samspel calibrate"):
        read_members(tmp_path / "set.csv")
    with pytest.raises(SamspelError, match="cannot be read"):
        read_members(tmp_path / "missing.csv")


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


# --- what is fitted

BY_COST = Levers(rents_follow="cost")


def test_only_patterns_marked_for_fitting_are_fitted_and_no_test_that_is_an_input() -> None:
    patterns = fitted_patterns((), BY_COST)
    assert tuple(pattern.key for pattern in patterns) == DEFAULT_PATTERNS
    assert all(pattern.use == "fit" for pattern in patterns)
    named = {target.name for target in targets_of(patterns)}
    tests = {pattern.measure_of(test): (pattern, test) for pattern in patterns for test in pattern.tests}
    assert named == {n for n, (q, t) in tests.items() if t.over == "median" and q.input_of(t) != "yes"}
    with pytest.raises(SamspelError, match="P1 is kept for checking"):
        fitted_patterns(["P1"])
    with pytest.raises(SamspelError, match="P99"):
        fitted_patterns(["P99"])


def test_the_rent_ladder_is_no_target_where_use_values_put_it_in() -> None:
    assert [pattern.key for pattern in fitted_patterns()] == [key for key in DEFAULT_PATTERNS if key != "P4"]
    assert "P4" not in {pattern.key for pattern in patterns_to_fit()}
    assert "P4" in {pattern.key for pattern in patterns_to_fit(BY_COST)}
    with pytest.raises(SamspelError, match="no test of a median that is not an input"):
        targets_of(fitted_patterns(["P4"]))


def test_of_the_parameters_of_rents_those_of_the_rule_are_varied() -> None:
    by_use, by_cost = default_parameters(Levers()), default_parameters(BY_COST)
    assert {"use_value_mini", "use_value_midi", "use_value_maxi"} == set(by_use) - set(by_cost)
    assert {"recognised_mini", "recognised_midi", "recognised_maxi", "rent_yield"} == set(by_cost) - set(by_use)


def test_where_near_ends_on_the_scoreboard_the_cut_off_is_reached() -> None:
    for pattern in fitted_patterns((), BY_COST):
        for target in targets_of([pattern]):
            test = next(t for t in pattern.tests if pattern.measure_of(t) == target.name)
            for edge, step in ((target.low - target.below, -1e-6), (target.high + target.above, 1e-6)):
                if np.isfinite(edge):
                    assert verdict(test, edge - step) == "near" and verdict(test, edge + step) == "miss", target.name


# --- headlines over the set


def test_members_for_headlines_are_spread_and_hold_the_middle_one(history: History) -> None:
    members = members_of(history)
    points = chosen_points(members, SPACE.names, 2)
    assert points[0] == pytest.approx(middle_values(members, SPACE.names))
    assert points[1] == pytest.approx({"heat_price": 0.9, "rent_yield": 0.055})
    assert len(chosen_points(members, SPACE.names, 10)) == 4


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


def test_the_share_of_members_in_which_coordination_wins_counts_the_better_sign() -> None:
    (found,) = headlines_of(Runs(), [quantity_of("rent", 100)])  # type: ignore[arg-type]
    # Rents fall by 1.5 in the first, rise by 1.5 in the second, stay in the third: lower is better.
    assert found.members == 3 and found.wins == pytest.approx(1 / 3) and found.ties == pytest.approx(1 / 3)
    assert found.mean.mean == pytest.approx(0.0) and not found.clear
