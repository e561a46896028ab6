"""Runs on a Dask cluster: a real scheduler and two real workers on this machine, one of them killed midway."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


Cluster = tuple[str, list[subprocess.Popen[bytes]]]


@contextmanager
def started(folder: Path, count: int, *options: str) -> Iterator[Cluster]:
    """Address of a scheduler, and workers that belong to it."""
    file = folder / "scheduler.json"
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}

    def start(what: str, *own: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file), "--no-dashboard"]
        return subprocess.Popen([*call, *own, *options], env=surroundings, cwd=folder, stderr=subprocess.DEVNULL)

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
    while not file.exists() or not file.read_text():
        assert scheduler.poll() is None
        time.sleep(0.05)
    alone = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny")
    workers = [start("worker", *alone) for _ in range(count)]
    try:
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Address of a scheduler, and the two workers that belong to it."""
    pytest.importorskip("distributed")
    with started(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


def test_a_cluster_loses_nothing_when_a_worker_is_killed_and_writes_the_same_bytes(
    dask: Cluster, tmp_path: Path
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


def certificate(folder: Path, name: str) -> dict[str, str]:
    """A key with a certificate that vouches for itself, as Dask's configuration names them."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    call = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -addext"
    usage = "keyUsage=critical,digitalSignature,keyCertSign"
    made = [*call.split(), usage, "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(made, check=True, capture_output=True)
    where = "distributed.comm.tls"
    own = {f"{where}.{side}.{kind}": str(file) for side in ("client", "worker", "scheduler")
           for kind, file in (("key", key), ("cert", cert))}  # fmt: skip
    return {f"{where}.ca-file": str(cert)} | own


@pytest.mark.skipif(shutil.which("openssl") is None, reason="nothing here makes certificates")
def test_a_cluster_with_tls_answers_those_whose_certificates_it_knows_and_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    import dask

    ours, strange = certificate(tmp_path, "ours"), certificate(tmp_path, "strange")
    files = [str(tmp_path / name) for name in ("ours.pem", "ours.pem", "ours.key")]
    options = [word for pair in zip(("--tls-ca-file", "--tls-cert", "--tls-key"), files, strict=True) for word in pair]
    design = small("siloed", replicates=2)
    with started(tmp_path, 1, "--protocol", "tls", *options) as (address, _):
        assert address.startswith("tls://")
        with dask.config.set(ours):
            run(tmp_path / "cluster", design, Execution(cluster=address, show_progress=False))
        monkeypatch.setattr(cluster, "WAIT", "2s")
        for config, other in ((strange, address), ({}, address.replace("tls://", "tcp://"))):
            with dask.config.set(config), pytest.raises(SamspelError, match="no scheduler with workers answers there"):
                cluster_workers(other, None)
    run(tmp_path / "here", design)
    assert fingerprints(tmp_path / "cluster") == fingerprints(tmp_path / "here")
