"""Parts on disk: whole or not at all, few however many runs; and what is said while they fill."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.intervals import Interval
from experiments.engine import progress as progress_module
from experiments.engine.estimate import Estimate
from experiments.engine.experiment import Experiment
from experiments.engine.parts import MERGE_AT, Parts
from experiments.engine.precision import precision_of, replicate_until
from experiments.engine.progress import Progress, duration
from experiments.engine.records import Record, pack_curves, unpack_curves
from sim import OUTCOMES

from .conftest import QUIET, run, small


def test_parts_are_merged_so_that_files_stay_few_and_every_record_is_found(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    for number in range(3 * MERGE_AT**2):
        parts.add(Record(str(number), ends=bytes([number % 256])))
        parts.flush()
    assert len(list(tmp_path.iterdir())) < 3 * MERGE_AT
    again = Parts(tmp_path)
    assert len(again) == 3 * MERGE_AT**2
    assert all(again.get(str(number)).ends == bytes([number % 256]) for number in range(0, len(again), 7))


def test_a_part_cut_off_while_it_was_written_is_forgotten(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.add(Record("whole"))
    parts.flush()
    (tmp_path / "part-0-000002.tmp").write_bytes(b"PAR1 half")
    again = Parts(tmp_path)
    assert "whole" in again and len(list(tmp_path.iterdir())) == 1


def test_a_run_whose_worker_died_is_not_remembered_as_finished(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.add(Record("a", "died", passing=True))
    parts.flush()
    assert "a" in parts and "a" not in Parts(tmp_path)


def test_curves_come_out_as_they_were_packed() -> None:
    frame = pd.DataFrame(
        {"quarter": [0, 0, 1, 1], "area": ["x", "y"] * 2, "area_kind": ["region", "municipality"] * 2}
    ).assign(a=[1.5, np.nan, 3.0, -4.0], b=[0.1, 0.2, 0.3, 0.4])
    curves = unpack_curves(pack_curves(frame))
    assert curves.quarter.tolist() == [0, 0, 1, 1] and curves.area == ["x", "y", "x", "y"]
    np.testing.assert_array_equal(curves.values, frame[["a", "b"]].to_numpy(np.float32).T)


def test_runs_and_curves_join_on_the_run_and_open_in_pandas(tmp_path: Path) -> None:
    tables = run(tmp_path / "out", small(points=[{"grant_rate": 0.2}]))
    runs, curves = (pd.read_parquet(tmp_path / "out" / f"{name}.parquet") for name in ("runs", "curves"))
    both = curves.merge(runs[["run", "set_grant_rate"]], on="run")
    assert len(both) == len(curves) == 4 * 4 and set(both["set_grant_rate"]) == {0.2}
    last = curves[curves["run"] == "1/siloed/1"].tail(4)
    for outcome in OUTCOMES:
        expected = tables.runs.loc[0, outcome.name]
        assert last[outcome.name].mean() == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_without_curves_only_end_outcomes_are_kept(tmp_path: Path) -> None:
    run(tmp_path / "out", small(curves=False))
    assert not (tmp_path / "out" / "curves.parquet").exists()


def test_an_experiment_says_beforehand_how_many_runs_where_how_long_and_how_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = small()
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        guess = experiment.announce(design)
        experiment.run(design)
        again = experiment.announce(design)
    assert guess.pending == 4 and guess.seconds > 0 and guess.bytes > 0 and again.pending == 0
    words = Estimate(4000, 3000, 600.0, 5e6, 0.4).words(design, 2)
    assert words == (
        "4,000 runs (1,000 of them done) of botkyrka at scale 0.02, 1 years: about 10 min on 2 workers, 5 MB on disk"
    )


def test_where_nobody_watches_a_plain_line_comes_every_so_often(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: now[0])
    with Progress(100, 0, None) as shown:
        for _ in range(10):
            now[0] += 7.0
            shown.add(2, 0)
        shown.add(0, 0)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and told[0] == "10 of 100 runs, 0.29 a second, 5 min left, 0 failed"
    assert duration(2) == "2 s" and duration(7200) == "2.0 h"


def test_replicates_are_added_until_the_interval_is_narrow(tmp_path: Path) -> None:
    widths = {2: 1.0, 4: 0.4}
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        tables, precision = replicate_until(
            experiment,
            lambda count: small(replicates=count),
            lambda found: Interval(1.0, 1.0, 1.0 + widths[found.design.replicates], found.design.replicates),
            width=0.5,
            start=2,
        )
    assert tables.design.replicates == 4 and precision.enough
    assert "not enough" in precision_of(Interval(1.0, 0.0, 2.0, 10), 0.5).words()
    assert "so they were enough" in precision_of(Interval(1.0, 0.9, 1.1, 10), 0.5).words("the gain")
