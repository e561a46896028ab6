"""What of the misses is chance: told apart from what parameters do."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.questions.calibrate.chance import apart, at_best, from_table, in_table, told
from experiments.questions.calibrate.matching.implausibility import Target

TARGETS = (Target("P1.sure", 0.0, 1.0, 1, 1), Target("P2.noisy", -1.0, 1.0, 1, 1), Target("P3.far", 0.0, 1.0, 1, 1))


def _runs() -> np.ndarray:
    """40 members on 50 seeds: the first measure always inside; the second all chance; the third all members, half of
    them inside."""
    draws = np.random.Generator(np.random.PCG64(3))
    runs = np.full((40, 50, 3), 0.5)
    runs[:, :, 1] = draws.normal(0.0, 2.0, (40, 50))
    runs[:, :, 2] += 4.0 * (np.arange(40) % 2)[:, None] + draws.normal(0.0, 0.01, (40, 50))
    return runs


def test_chance_and_members_are_told_apart_and_what_nobody_misses_is_not_told() -> None:
    found = {one.name: one for one in apart(TARGETS, _runs())}
    assert set(found) == {"P2.noisy", "P3.far"}
    noisy, far = found["P2.noisy"], found["P3.far"]
    assert noisy.seeds == pytest.approx(2.0, rel=0.05) and noisy.members < 0.15
    assert noisy.runs == pytest.approx(0.383, abs=0.03) and noisy.means > 0.95  # within half a standard deviation
    assert far.seeds == pytest.approx(0.01, rel=0.05) and far.members == pytest.approx(2.0, rel=0.05)
    assert (far.runs, far.means, far.best) == (0.5, 0.5, 1.0)
    assert at_best(list(found.values())) == pytest.approx(noisy.best)


def test_what_could_not_be_measured_misses_nothing() -> None:
    runs = _runs()
    runs[:, 1:, 2] = np.nan
    far = {one.name: one for one in apart(TARGETS, runs)}["P3.far"]
    assert far.means == 0.5 and far.best == 1.0 and np.isfinite(far.members)


def test_runs_come_back_from_their_table_as_they_were_and_are_told_in_words() -> None:
    runs = _runs()
    table = in_table(tuple(target.name for target in TARGETS), np.arange(1, 41), runs)
    assert np.array_equal(from_table(table, TARGETS), runs)
    said = told(TARGETS, table)
    assert "40 members that fit best were run again on 50 seeds each" in said and "P1.sure" not in said
    assert "50.0 % of the members" in said or "50 % of the members" in said
