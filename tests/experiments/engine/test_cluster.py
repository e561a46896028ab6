"""Runs on a Dask cluster: a real scheduler and two real workers on this machine, one of them killed midway."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.engine import cluster
from experiments.engine.cluster import cluster_workers
from experiments.engine.design import Task
from experiments.engine.dispatch import Dispatch
from experiments.engine.experiment import Execution
from experiments.engine.identity import digests
from sim import SamspelError

from .conftest import fingerprints, run, small

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler, and the two workers that belong to it."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}

    def start(what: str, *options: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file), "--no-dashboard"]
        return subprocess.Popen([*call, *options], env=surroundings, cwd=folder, stderr=subprocess.DEVNULL)

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    while not file.exists() or not file.read_text():
        assert scheduler.poll() is None
        time.sleep(0.05)
    alone = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny")
    workers = [start("worker", *alone) for _ in range(2)]
    yield json.loads(file.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_cluster_loses_nothing_when_a_worker_is_killed_and_writes_the_same_bytes(
    dask: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, processes = dask
    design = small("siloed", "coordinated", "siloed-same-money", replicates=8)
    tasks, known = design.tasks(), dict(zip((run.position for run in design.runs), digests(design), strict=True))
    named = [Task(one.world, one.runs, tuple(known[run.position] for run in one.runs)) for one in tasks]
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    workers = cluster_workers(address, None)
    try:
        found: set[str] = set()
        for records in Dispatch(workers).run(named):
            found |= {record.digest for record in records if not record.error}
            if found and processes[0].poll() is None:
                processes[0].kill()
    finally:
        workers.close()
    assert found == set(known.values())
    run(tmp_path / "cluster", design, Execution(cluster=address, show_progress=False))
    run(tmp_path / "here", design)
    assert fingerprints(tmp_path / "cluster") == fingerprints(tmp_path / "here")


def test_a_cluster_without_dask_or_without_a_scheduler_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(SamspelError, match=r"pip install 'samspel\[cluster\]'"):
        cluster_workers("local", 1)
