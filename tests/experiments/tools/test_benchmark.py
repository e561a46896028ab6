"""The benchmark: its rows, the table that a person reads, and what it says of targets."""

from __future__ import annotations

import pytest

from experiments.tools.benchmark.rows import Row, Target


@pytest.mark.parametrize(("better", "value", "ratio"), [("less", 50.0, 2.0), ("more", 200.0, 2.0)])
def test_a_ratio_says_how_many_times_better_a_figure_is(better: str, value: float, ratio: float) -> None:
    row = Row("d", "a run", value, "any", baseline=100.0, better="less" if better == "less" else "more")
    assert row.ratio == ratio


def test_a_target_is_met_or_missed_or_was_not_measured() -> None:
    target = Target.read("ratio >= 3")
    met = [Row("f", "a run", value, "s", baseline=9.0, target=target).met for value in (3.0, 4.0, None)]
    assert met == ["yes", "no", "not measured"] and Row("f", "a run", 3.0, "s").met == ""
    assert Row("c", "memory", 601.0, "MB", baseline=1e6, target=Target.read("value <= 600")).met == "no"


def test_a_row_comes_back_from_its_file() -> None:
    row = Row("e", "runs", 190.0, "runs a minute", 100.0, "one worker", "more", Target("ratio", ">=", 1.9))
    assert Row.read(row.written()) == row
