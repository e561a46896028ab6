"""What the summary of a calibration says: cut-offs that were not as planned, and numbers over the set by weight."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.members import waves_of
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.waves import History, Wave
from experiments.questions.calibrate.narrowing import correlated
from experiments.questions.calibrate.result import Calibrated
from experiments.questions.calibrate.words import in_set, raised

SPACE = Space.of({"heat_price": (0.0, 1.0), "cost_midi": (0.0, 1.0)})
TARGET = Target("P1.a", 0.0, 1.0, 1.0, 1.0)
RULES = Rules(cut_offs=(3.0, 0.0, -0.5), spare=0.25)


def found(used: tuple[float, ...] = (3.0,), members: Any = None) -> Calibrated:
    """A calibration of which only these cut-offs and members are known."""
    waves = pd.DataFrame({"wave": range(1, len(used) + 1), "cut_off": used})
    other: Any = SimpleNamespace()
    return Calibrated(
        results=other, patterns=(), space=SPACE, targets=(TARGET,), rules=RULES, waves=waves, points=other,
        means=other, by_target=other, members=members, runs=other, again=other, middle=other, checked=(), over=(),
        where="",
    )  # fmt: skip


def test_a_cut_off_that_was_raised_is_told_with_the_planned_one_and_why() -> None:
    (said,) = raised(found((3.0, 1.2, 1.3)))
    assert "cut-offs of waves 2 and 3" in said and "Planned 0 and −0.5, used 1.2 and 1.3" in said
    assert "nothing would have been left" in said and "0.25 above" in said
    (said,) = raised(found((3.0, 1.2)))
    assert "cut-off of wave 2.**" in said


def test_where_the_plan_was_followed_nothing_is_told_of_cut_offs() -> None:
    assert raised(found((3.0, 0.0, -0.5, -0.5))) == []


def test_waves_keep_the_cut_off_as_planned_beside_the_one_in_use() -> None:
    none = np.zeros(2)
    wave = Wave(np.full((1, 2), 0.5), np.array([[0.5]]), 0.8, 3.0, none, none, np.ones(1), np.zeros(1))
    kept = waves_of(History(SPACE, (TARGET,), RULES, [wave, replace(wave, cut_off=1.2)]))
    assert kept["cut_off_planned"].tolist() == [3.0, 0.0] and kept["cut_off"].tolist() == [3.0, 1.2]


def test_measures_over_the_set_count_members_by_their_weight() -> None:
    members = pd.DataFrame({"P1.a": [0.5, 3.0, np.nan], "weight": [0.25, 0.75, 9.0]})
    assert in_set(found(members=members), TARGET) == ("0.500 to 3.00", "25.0 %")
    heavy = members.assign(weight=[0.99, 0.01, 9.0])
    assert in_set(found(members=heavy), TARGET) == ("0.500 to 0.500", "99.0 %")
    assert in_set(found(members=members.iloc[:0]), TARGET) == ("–", "–")


def test_parameters_go_together_by_the_weight_of_members() -> None:
    x = np.arange(20.0)
    members = pd.DataFrame({"heat_price": x, "cost_midi": np.where(x < 10, x, 29 - x)})
    alike = correlated(found(members=members.assign(weight=1.0)))
    assert [rho for *_, rho in alike] == pytest.approx([members.corr(method="spearman").to_numpy()[0, 1]])
    rising = correlated(found(members=members.assign(weight=np.where(x < 10, 1.0, 1e-9))))
    assert [(a, b) for a, b, _ in rising] == [("cost_midi", "heat_price")] and rising[0][2] > 0.99
