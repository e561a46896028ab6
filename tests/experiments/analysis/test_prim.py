"""The box in which something happens: planted boxes are found, and chance is not."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.prim import Box, Limit, check_box, find_box
from sim import SamspelError


def inputs(count: int = 600, columns: int = 12) -> pd.DataFrame:
    drawn = np.random.default_rng(1).random((count, columns))
    return pd.DataFrame(drawn, columns=[f"x{number}" for number in range(columns)])


def planted(table: pd.DataFrame, noise: float = 0.05) -> np.ndarray:
    inside = (table["x2"] < 0.5) & (table["x5"] > 0.6)
    flipped = np.random.default_rng(2).random(len(table)) < noise
    return np.asarray(inside ^ flipped)


def test_a_planted_box_is_found_with_its_limits_and_nothing_else() -> None:
    table = inputs()
    box = find_box(table, planted(table))
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == {"x2", "x5"}
    assert limits["x2"].upper and limits["x2"].value == pytest.approx(0.5, abs=0.08)
    assert not limits["x5"].upper and limits["x5"].value == pytest.approx(0.6, abs=0.08)
    assert box.density > 0.85 and box.coverage > 0.7 and box.path[0] == (1.0, pytest.approx(box.base))


def test_a_planted_box_is_found_again_on_halves_and_holds_on_the_others() -> None:
    table = inputs()
    cases = planted(table)
    check = check_box(find_box(table, cases), table, cases)
    assert check.density > 0.75 and check.coverage > 0.6
    assert min(check.again.values()) >= 0.9


def test_where_cases_come_by_chance_there_is_no_box() -> None:
    table = inputs()
    assert find_box(table, np.random.default_rng(3).random(len(table)) < 0.3).limits == ()


@pytest.mark.parametrize("always", [True, False])
def test_where_all_or_no_runs_are_cases_there_is_no_box(always: bool) -> None:
    table = inputs(50, 3)
    box = find_box(table, np.full(50, always))
    assert box.limits == () and box.mass == 1 and box.base == float(always)


def test_a_box_holds_what_lies_within_all_of_its_limits() -> None:
    box = Box((Limit("x0", 0.5, True, 0.0), Limit("x1", 2.0, False, 0.0)), 1, 1, 1, 1)
    assert box.holds(pd.DataFrame({"x0": [0.4, 0.6, 0.5], "x1": [3, 3, 1]})).tolist() == [True, False, False]


def test_without_the_workbench_a_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    table = inputs(60, 3)
    with pytest.raises(SamspelError, match=r"pip install 'samspel\[discover\]'"):
        find_box(table, table["x0"].to_numpy() < 0.3)
