"""A disk that is full, a folder that is somebody else's, a cluster not to be trusted: told before or as it happens."""

from __future__ import annotations

import errno
import json
import re
import shutil
import signal
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from experiments.cli import status, told
from experiments.design.options import CLUSTER
from experiments.engine import cluster, disk, finals, part_file, parts
from experiments.engine.cluster import cluster_workers
from experiments.engine.disk import check_room, writing
from experiments.engine.experiment import Execution, Experiment
from experiments.engine.store import ALWAYS, OWN_FILES, STAGED, Workplace, check_replaceable
from sim import SamspelError

from .small_experiments import QUIET, ROOT, design_of, run_into, same_tables

# --- a full disk ------------------------------------------------------------------------------------------------------


class Full(pq.ParquetWriter):  # type: ignore[misc]
    """Writes as long as there is room, as Arrow tells it where there is none."""

    room = 0

    def write_table(self, *given: Any, **named: Any) -> None:
        """Write, while there is room."""
        Full.room -= 1
        if Full.room < 0:
            raise OSError("[Errno 28] Error writing bytes to file. Detail: [errno 28] No space left on device")
        super().write_table(*given, **named)


@pytest.mark.parametrize(("module", "room", "kept", "named"), [
    (part_file, 0, 0, "part-0-000001.parquet"), (part_file, 1, 1, "part-0-000002.parquet"),
    (finals, 0, 4, "runs.parquet"), (finals, 1, 4, "curves.parquet"),
])  # fmt: skip
def test_a_full_disk_names_the_file_and_keeps_what_is_finished(
    module: Any, room: int, kept: int, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SECONDS", 0.0)
    monkeypatch.setattr(module.pq, "ParquetWriter", Full)
    if module is finals:
        monkeypatch.setattr(part_file, "pq", _Unhindered())
    Full.room = room
    with pytest.raises(OSError, match="No space left on device") as caught:
        run_into(tmp_path / "out", design_of())
    text, code = told(caught.value)
    assert code == 1 and named in text and "No space left on device" in text
    notes = "".join(getattr(caught.value, "__notes__", ()))
    assert (f"{kept} finished run{'s' * (kept > 1)} kept" in notes) == (kept > 0), notes
    monkeypatch.undo()
    assert not (tmp_path / "out").exists()
    assert (tmp_path / ".out.unfinished").exists() == (kept > 0)
    assert not list(tmp_path.rglob("*.tmp"))
    run_into(tmp_path / "out", design_of())
    run_into(tmp_path / "other", design_of())
    same_tables(tmp_path / "out", tmp_path / "other")


class _Unhindered:
    """Parquet as it is, for the module that is not under test."""

    ParquetWriter, ParquetFile, read_table = pq.ParquetWriter, pq.ParquetFile, staticmethod(pq.read_table)


@pytest.mark.parametrize("largest", [200, 40_000])
def test_a_file_that_the_system_does_not_let_grow_is_named(largest: int, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, kept[1]))
    try:
        with pytest.raises(OSError, match="cannot be written") as caught:
            run_into(tmp_path / "out", design_of("siloed", "coordinated", replicates=4, years=3))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, ignored)
    assert str(tmp_path) in caught.value.filename and caught.value.errno


def test_an_error_that_knows_its_file_stays_as_it_is() -> None:
    with pytest.raises(FileNotFoundError) as caught, writing(Path("here")):
        Path("/nowhere/at/all").read_text()
    assert caught.value.filename == "/nowhere/at/all"
    with pytest.raises(OSError, match="cannot be written: No space left") as caught, writing(Path("here")):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == "here" and caught.value.errno == errno.ENOSPC


def test_what_cannot_fit_on_the_disk_is_refused_before_the_first_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_room(tmp_path, 1e6, tmp_path)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    said = r"--out .*out: .* take about 1 MB .* 1 MB are free.*fewer --replicates"
    experiment = Experiment(tmp_path / "out", "test", ["test"], QUIET)
    with pytest.raises(SamspelError, match=said), experiment:
        experiment.announce(design_of())
    assert list(tmp_path.iterdir()) == []


# --- folders of somebody else -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results."""
    out = tmp_path_factory.mktemp("made") / "out"
    run_into(out, design_of(replicates=1))
    return out


@pytest.mark.parametrize("name", [
    "thesis.txt", "thesis.csv", "data.parquet", ".bashrc", "runs-x.parquet.bak", "design.py", "runs-../x.parquet",
    "curves.csv", "figures-of-mine.png", "Runs.parquet", "summary.html",
])  # fmt: skip
def test_a_manifest_cannot_make_a_file_ours(name: str, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    file = tmp_path / "out" / name.replace("/", "_")
    file.write_text("years of work")
    manifest["files"] += [name, file.name]
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SamspelError, match="holds a file that is not ours"):
        run_into(tmp_path / "out", design_of(replicates=1))
    assert file.read_text() == "years of work"


def test_a_file_that_is_called_like_ours_but_was_not_listed_is_not_ours(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "out")
    check_replaceable(tmp_path / "out")
    (tmp_path / "out" / "points.csv").write_text("mine")
    with pytest.raises(SamspelError, match=r"not ours \(points\.csv\)"):
        check_replaceable(tmp_path / "out")
    (tmp_path / "out" / "manifest.json").write_text("{ cut off")
    with pytest.raises(SamspelError, match=r"manifest\.json cannot be read"):
        check_replaceable(tmp_path / "out")


def test_every_file_that_a_question_can_write_is_known_as_ours() -> None:
    names: set[str] = set()
    for path in (ROOT / "experiments").rglob("*.py"):
        names |= set(re.findall(r'"([a-z_]+\.(?:csv|parquet|json))"', path.read_text(encoding="utf-8")))
    unknown = {name for name in names if name not in OWN_FILES | ALWAYS and not STAGED.fullmatch(name)}
    assert unknown == set(), "a new table? store.OWN_FILES says which files a folder of results may hold"


def test_nothing_is_written_beside_what_was_asked_for(tmp_path: Path) -> None:
    run_into(tmp_path / "a" / "out", design_of("siloed", replicates=1))
    assert {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*.*")} == {("a", "out")}
    assert Workplace(tmp_path / "x").folder.parent == tmp_path


# --- clusters ---------------------------------------------------------------------------------------------------------


def test_the_help_says_that_a_cluster_is_trusted() -> None:
    assert "trust" in CLUSTER and "tls://" in CLUSTER


class Answering:
    """A client of a scheduler that is not there."""

    given: Any = None
    found: Any = None

    def __init__(self, address: str, **given: Any) -> None:
        Answering.given = given

    def wait_for_workers(self, *_: object, **__: object) -> None:
        """They are there."""

    def nthreads(self) -> dict[str, int]:
        """One worker of two threads."""
        return {"tls://10.0.0.7:1": 2}

    def run(self, function: Any, *given: Any) -> Any:
        """What every worker says."""
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def get_executor(self, pure: bool) -> Future[None]:
        """Not used."""
        return Future()

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def distributed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Dask with nobody behind it."""
    module = pytest.importorskip("distributed")
    monkeypatch.setattr(module, "Client", Answering)
    Answering.found = {}
    return module


KEYS = "distributed.comm.tls"


def test_tls_takes_its_certificates_from_the_configuration_of_dask(
    distributed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask

    with pytest.raises(SamspelError, match=r"TLS needs certificates; set distributed\.comm\.tls\.ca-file and .*cert"):
        cluster_workers("tls://10.0.0.7:8786", None)
    paths = {f"{KEYS}.ca-file": str(tmp_path / "ca.pem"), f"{KEYS}.client.cert": str(tmp_path / "me.pem")}
    with dask.config.set(paths):
        with pytest.raises(SamspelError, match=r"cannot be read .*No such file.* looked at .*ca\.pem, .*me\.pem"):
            cluster_workers("tls://10.0.0.7:8786", None)
        monkeypatch.setattr(distributed.Security, "get_connection_args", lambda *_: {})
        assert cluster_workers("tls://10.0.0.7:8786", None).capacity == 4
        assert Answering.given["security"].tls_ca_file == str(tmp_path / "ca.pem")
    cluster_workers("tcp://10.0.0.7:8786", None)
    assert Answering.given["security"] is None


@pytest.mark.parametrize(("found", "said"), [
    ({"tcp://w:1": "", "tcp://w:2": "worker process 7 on w has another version"}, r"tcp://w:2: worker process 7 on w"),
    (ModuleNotFoundError("No module named 'experiments'"), r"cannot import .*No module named 'experiments'.*the same"),
])  # fmt: skip
def test_a_cluster_with_another_model_is_refused_before_the_first_run(distributed: Any, found: Any, said: str) -> None:
    Answering.found = found
    with pytest.raises(SamspelError, match=said):
        cluster_workers("tcp://w:8786", None)


def test_a_cluster_that_nobody_answers_for_is_told_in_one_line(
    distributed: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise TypeError("TLS expects a `ssl_context` argument")

    monkeypatch.setattr(cluster, "import_module", lambda _: distributed)
    monkeypatch.setattr(distributed, "Client", refused)
    with pytest.raises(SamspelError, match="no scheduler with workers answers there"):
        run_into(tmp_path / "out", design_of(replicates=1), Execution(cluster="tcp://w:1", show_progress=False))
    assert status(["sweep", "--help"]) == 0
    assert "trust" in capsys.readouterr().out
