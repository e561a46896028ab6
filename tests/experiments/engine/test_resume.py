"""Stopped, killed, failed: nothing is lost, nothing is computed twice, and the bytes are the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import status
from experiments.engine.design import Task
from experiments.engine.dispatch import ATTEMPTS, Dispatch
from experiments.engine.experiment import Execution, Experiment, StoppedError
from experiments.engine.identity import digests
from experiments.engine.parts import Parts
from experiments.engine.records import Record
from experiments.engine.workers import Here, Processes, perform_all
from sim import RenewalModel, SamspelError

from .conftest import QUIET, fingerprints, run, small

POINTS = [{"training": value, "grant_rate": rate} for value in (0.0, 1.0) for rate in (0.0, 0.3)]
ARMS = ("siloed", "coordinated", "siloed-same-money")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of an experiment that nobody disturbed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(out, small(*ARMS, points=POINTS))
    return out


class Counted(RenewalModel):
    """Counts runs, and raises what it is told to at the start of one."""

    started = 0
    raising: tuple[int, type[BaseException]] | None = None

    def run(self) -> RenewalModel:
        Counted.started += 1
        if Counted.raising is not None and Counted.started == Counted.raising[0]:
            raise Counted.raising[1]("no builders left")
        return super().run()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> type[Counted]:
    """Models that count themselves."""
    monkeypatch.setattr("sim.RenewalModel", Counted)
    Counted.started, Counted.raising = 0, None
    return Counted


def test_two_workers_write_the_same_bytes_as_one(whole: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", small(*ARMS, points=POINTS), Execution(2, show_progress=False))
    assert fingerprints(tmp_path / "out", "*.[ptc]*") != {}
    for pattern in ("*.parquet", "design.*"):
        assert fingerprints(tmp_path / "out", pattern) == fingerprints(whole, pattern)


def test_a_stopped_experiment_goes_on_where_it_was_to_the_same_bytes(
    whole: Path, tmp_path: Path, counted: type[Counted]
) -> None:
    design, out = small(*ARMS, points=POINTS), tmp_path / "out"
    different = len(set(digests(design)))
    counted.raising = 8, KeyboardInterrupt
    with pytest.raises(StoppedError, match=r"[67] finished runs kept"):
        run(out, design)
    assert not out.exists() and (tmp_path / ".out.unfinished").is_dir()
    counted.raising = None
    before = counted.started
    run(out, design)
    assert counted.started - before <= different - 6 + 1
    assert fingerprints(out) == fingerprints(whole)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
def test_an_experiment_that_is_killed_goes_on_where_it_was_to_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path\n"
        "from experiments.engine import parts; parts.SECONDS = 0.2\n"
        "from experiments.engine.design_file import read_design\n"
        "from experiments.engine.experiment import Execution, Experiment\n"
        "with Experiment(Path(sys.argv[2]), 'test', ['test'], Execution(2, show_progress=False)) as experiment:\n"
        "    experiment.run(read_design(Path(sys.argv[1])))\n"
    )
    out = tmp_path / "out"
    with subprocess.Popen([sys.executable, "-c", code, str(whole), str(out)], stderr=subprocess.DEVNULL) as running:
        while running.poll() is None and not list(tmp_path.glob(".out.unfinished/parts/*.parquet")):
            time.sleep(0.01)
        running.kill()
    assert not out.exists() and len(Parts(tmp_path / ".out.unfinished" / "parts")) > 0
    run(out, small(*ARMS, points=POINTS))
    assert fingerprints(out) == fingerprints(whole)


def test_more_replicates_run_only_what_is_new_and_fresh_runs_everything(tmp_path: Path, counted: type[Counted]) -> None:
    out = tmp_path / "out"
    run(out, small(replicates=2))
    run(out, small(replicates=3))
    assert counted.started == 4 + 2
    straight = tmp_path / "straight"
    run(straight, small(replicates=3))
    assert fingerprints(out) == fingerprints(straight)
    counted.started = 0
    run(out, small(replicates=3), Execution(1, fresh=True, show_progress=False))
    assert counted.started == 6


def test_equal_runs_are_computed_once_and_stand_at_every_point(tmp_path: Path, counted: type[Counted]) -> None:
    results = run(tmp_path / "out", small(replicates=1, points=[{"training": 0.0}, {"training": 1.0}]))
    assert counted.started == 3 and len(results.runs) == 4
    siloed = results.runs[results.runs["arm"] == "siloed"]
    assert siloed["employment"].nunique() == 1 and siloed["set_training"].tolist() == [0.0, 1.0]
    assert results.points["training"].tolist() == [0.0, 1.0]
    assert results.pairs("employment").difference.shape == (2, 1)
    assert len(results.curves(["rent"])) == 4 * 4


def test_a_run_that_fails_is_a_row_with_its_error_and_the_rest_goes_on(
    tmp_path: Path, counted: type[Counted], capsys: pytest.CaptureFixture[str]
) -> None:
    counted.raising = 2, ZeroDivisionError
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        results = experiment.run(small(*ARMS))
    assert experiment.exit_status == 1 and len(experiment.failures) == 2
    failed = results.runs[results.runs["error"].notna()]
    assert failed["run"].tolist() == ["coordinated/1", "siloed-same-money/1"]
    assert "ZeroDivisionError: no builders left" in failed["error"].iloc[0]
    assert 'its partner "coordinated" failed' in failed["error"].iloc[1]
    assert list(results.made.failed) == ["coordinated/1", "siloed-same-money/1"]
    assert "no builders left" in results.made.failed["coordinated/1"]
    difference = results.pairs("employment").one
    assert np.isnan(difference[0]) and np.isfinite(difference[1])
    counted.raising = None
    assert status(["rerun", "coordinated/1", "--results", str(tmp_path / "out")]) == 0
    assert "went well" in capsys.readouterr().out


def test_rerun_repeats_a_run_to_the_last_bit_and_diff_finds_what_differs(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["rerun", "3/siloed-same-money/2", "--results", str(whole)]) == 0
    assert "end outcomes are as stored" in capsys.readouterr().out
    assert status(["rerun", "3/siload/2", "--results", str(whole)]) == 2
    assert 'did you mean "3/siloed/2"' in capsys.readouterr().err
    run(tmp_path / "other", small(*ARMS, points=[{"training": 1.0, "grant_rate": 0.3}]))
    assert status(["diff", str(whole), str(whole)]) == 0
    assert "same numbers" in capsys.readouterr().out
    assert status(["diff", str(whole), str(tmp_path / "other")]) == 1
    told = capsys.readouterr().out
    assert "runs.parquet: 18 runs only in" in told and "curves.parquet: 72 rows only in" in told


def test_one_process_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
        with pytest.raises(SamspelError, match="another samspel is writing there"):
            run(tmp_path / "out", small(replicates=1))
        experiment.run(small(replicates=1))


def test_a_worker_that_is_killed_takes_nothing_with_it() -> None:
    design = small(replicates=6, years=2)
    tasks = [Task(task.world, task.runs, (task.runs[0].id,)) for task in design.tasks()]
    workers, found, killed = Processes(2), set(), 0
    try:
        for records in Dispatch(workers).run(tasks):
            found |= {record.digest for record in records if not record.error}
            if not killed and workers._busy:
                executor: Any = next(iter(workers._busy.values()))
                killed = next(iter(executor._processes))
                os.kill(killed, signal.SIGKILL)
    finally:
        workers.close()
    assert killed and found == {run.id for run in design.runs}


def test_a_run_that_kills_its_worker_is_tried_three_times_and_the_rest_goes_on() -> None:
    design = small("siloed", replicates=4)
    tasks = [Task(task.world, task.runs, (task.runs[0].id,)) for task in design.tasks()]
    tried: list[list[str]] = []

    class Deadly(Here):
        def submit(self, tasks: Any) -> Future[list[Record]]:
            names = [task.digests[0] for task in tasks]
            tried.append(names)
            future: Future[list[Record]] = Future()
            if "siloed/2" in names:
                future.set_exception(BrokenExecutor())
            else:
                future.set_result(perform_all(tasks))
            return future

    found = [record for records in Dispatch(Deadly(), seconds=0.5).run(tasks) for record in records]
    assert sum("siloed/2" in names for names in tried) == ATTEMPTS
    failed = [record for record in found if record.error]
    assert [record.digest for record in failed] == ["siloed/2"] and failed[0].passing
    assert {record.digest for record in found} == {run.id for run in design.runs}
