"""A disk that is full, a folder that is somebody else's, a cluster not to be trusted: told before or as it happens."""

from __future__ import annotations

import errno
import json
import shutil
import signal
from collections.abc import Callable
from concurrent.futures import Future
from math import ceil, floor
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
from experiments.engine.manifest import add_figures, read_manifest
from experiments.engine.ours import check_replaceable
from experiments.engine.store import Workplace
from sim import SamspelError

from .small_experiments import QUIET, design_of, run_into, same_tables

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
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 3_900))
    said = r"--out .*out: .* take about 1 MB .* 3 kB are free.*fewer --replicates"
    experiment = Experiment(tmp_path / "out", "test", ["test"], QUIET)
    with pytest.raises(SamspelError, match=said), experiment:
        experiment.announce(design_of())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("size", "free", "said"), [
    (1.4e6, 1.3e6, "2 MB 1 MB"), (2e5 + 1, 2e5, "1 MB 200 kB"), (1.04e9, 1.01e9, "1.1 GB 1.0 GB"),
    (1e9, 999.9e6, "1.0 GB 999 MB"), (5e6, 0.0, "5 MB 0 kB"),
])  # fmt: skip
def test_what_is_needed_and_what_is_free_never_read_the_same(size: float, free: float, said: str) -> None:
    assert f"{disk.amount(size, ceil)} {disk.amount(free, floor)}" == said


def test_a_disk_that_stays_full_is_told_in_words_that_stand_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SECONDS", 0.0)
    monkeypatch.setattr(part_file.pq, "ParquetWriter", Full)
    Full.room = 1
    with pytest.raises(OSError, match="No space left") as caught:
        run_into(tmp_path / "out", design_of())
    notes = "".join(getattr(caught.value, "__notes__", ()))
    assert "(the latest cannot be written: No space left on device): the same command" in notes


# --- folders of somebody else -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results."""
    out = tmp_path_factory.mktemp("made") / "out"
    run_into(out, design_of(replicates=1))
    return out


@pytest.fixture
def drawn(made: Path, tmp_path: Path) -> Path:
    """A copy of results, as if figures had been drawn into them by their command and later."""
    shutil.copytree(made, tmp_path / "out")
    (tmp_path / "out" / "figures").mkdir()
    for name in ("curves.png", "curves.svg", "curves-rent.png"):
        (tmp_path / "out" / "figures" / name).write_bytes(b"drawn")
    add_figures(tmp_path / "out", ["curves.png", "curves.svg"])
    add_figures(tmp_path / "out", ["curves-rent.png"])
    return tmp_path / "out"


def test_results_with_all_that_samspel_wrote_are_replaced(drawn: Path) -> None:
    assert read_manifest(drawn).made["figures"] == ["curves-rent.png", "curves.png", "curves.svg"]
    check_replaceable(drawn)
    run_into(drawn, design_of(replicates=1))
    assert not (drawn / "figures").exists()
    (drawn / "curves.parquet").unlink()  # what is gone is no reason to refuse
    run_into(drawn, design_of(replicates=1))
    assert (drawn / "curves.parquet").is_file()


@pytest.mark.parametrize("name", [
    "thesis.txt", "thesis.csv", "data.parquet", ".bashrc", "runs-x.parquet.bak", "runs-thesis.parquet", "design.py",
    "design-of-mine.toml", "points.csv", "box.json", "summary.md", "summary.json", "curves.csv", "Runs.parquet",
    "figures-of-mine.png", "figures/holiday.png", "figures/holiday.svg", "figures/x.txt", "figures/curves-lund.png",
    "figures/deep/curves.png", "figures/.curves.png.new", "inputs/thesis.docx", "inputs/parameters-of-mine.toml",
    "inputs/region/mine/neighbourhoods.csv", "inputs/region/region.toml", "inputs/region/botkyrka/mine.csv",
    "inputs/region/botkyrka/deep/region.toml", "runs.parquet.d/runs.parquet", ".out.unfinished/parts/x.parquet",
])  # fmt: skip
def test_only_what_the_manifest_names_under_its_seals_is_ours(name: str, drawn: Path) -> None:
    file = drawn / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("years of work")
    with pytest.raises(SamspelError, match="holds a file that is not ours") as caught:
        run_into(drawn, design_of(replicates=1))
    assert Path(name).parts[0] in str(caught.value)
    assert file.read_text() == "years of work" and (drawn / "runs.parquet").is_file()
    assert [path.name for path in drawn.parent.iterdir()] == ["out"]


def listed(manifest: dict[str, Any]) -> None:
    manifest["files"] += ["points.csv", "runs-thesis.parquet"]


def summed(manifest: dict[str, Any]) -> None:
    manifest["made"]["checksums"] |= {"points.csv": "0" * 32, "runs-thesis.parquet": "0" * 32}


def pictured(manifest: dict[str, Any]) -> None:
    manifest["made"]["figures"] = ["holiday.png"]


def bare(manifest: dict[str, Any]) -> None:
    manifest.clear()
    manifest |= {"files": ["points.csv", "runs-thesis.parquet", "design.csv"]}


def unsealed(manifest: dict[str, Any]) -> None:
    listed(manifest)
    del manifest["seals"]


def of_before(manifest: dict[str, Any]) -> None:
    manifest["schema"] = 2


@pytest.mark.parametrize("change", [listed, summed, pictured, bare, unsealed, of_before])
def test_a_manifest_whose_seals_do_not_hold_makes_no_file_ours(
    change: Callable[[dict[str, Any]], None], drawn: Path
) -> None:
    manifest = json.loads((drawn / "manifest.json").read_text())
    change(manifest)
    (drawn / "manifest.json").write_text(json.dumps(manifest))
    own = [drawn / "points.csv", drawn / "runs-thesis.parquet", drawn / "figures" / "holiday.png"]
    for file in own:
        file.write_text("years of work")
    with pytest.raises(SamspelError, match=r"manifest\.json cannot be read, or is not as .* \(.+\) may not be ours"):
        run_into(drawn, design_of(replicates=1))
    assert [file.read_text() for file in own] == ["years of work"] * 3


def test_a_manifest_that_is_cut_off_makes_no_file_ours(drawn: Path) -> None:
    (drawn / "manifest.json").write_text("{ cut off")
    with pytest.raises(SamspelError, match=r"manifest\.json cannot be read"):
        check_replaceable(drawn)


def test_naming_figures_leaves_the_rest_of_a_manifest_as_it_is(drawn: Path) -> None:
    before = json.loads((drawn / "manifest.json").read_text()) | {"of a later version": 1.5}
    (drawn / "manifest.json").write_text(json.dumps(before))
    add_figures(drawn, ["curves.png"])
    assert json.loads((drawn / "manifest.json").read_text()) == before
    add_figures(drawn, ["stock.png"])
    after = json.loads((drawn / "manifest.json").read_text())
    assert after["made"].pop("figures") == [*before["made"].pop("figures"), "stock.png"]
    assert after["seals"].pop("made") != before["seals"].pop("made") and after == before
    assert read_manifest(drawn).made["figures"] and not list(drawn.glob(".*"))


# --- the folder beside ------------------------------------------------------------------------------------------------


def test_a_second_command_between_two_renamings_touches_nothing(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    shutil.copytree(made, out)
    rename, seen = Path.rename, []

    def renamed(path: Path, target: Path) -> Path:
        there = rename(path, target)
        if path == out:
            with pytest.raises(SamspelError, match="another samspel is writing there"):
                Workplace(out).open(fresh=True)
            seen.append((tmp_path / ".out.replaced").is_dir() and not out.exists())
        return there

    monkeypatch.setattr(Path, "rename", renamed)
    run_into(out, design_of(replicates=1))
    assert seen == [True]
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and (out / "runs.parquet").is_file()


def test_results_left_between_two_renamings_are_put_back(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / ".out.replaced")
    place = Workplace(tmp_path / "out")
    place.open(fresh=False)
    place.leave(keep=False)
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("name", [
    ".out.unfinished", ".out.unfinished/parts", ".out.unfinished/results", ".out.unfinished/lock/x", ".out.replaced",
])  # fmt: skip
def test_something_else_where_finished_runs_would_lie_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")
    with pytest.raises(SamspelError, match=r"is a (file|folder); expected .* samspel makes there.*; move it") as caught:
        run_into(tmp_path / "out", design_of(replicates=1))
    assert str(caught.value).startswith(str(tmp_path / name.removesuffix("/x")) + ":")
    assert file.read_text() == "mine" and not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_gone_on_in_keeps_its_finished_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / ".out.unfinished" / "parts" / "part-0-000001.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"finished")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(SamspelError, match="no results of samspel"):
        Workplace(tmp_path / "out").open(fresh=True)
    (tmp_path / "out" / "thesis.txt").unlink()
    monkeypatch.setattr("experiments.engine.store.FIGURES", "x" * 300)
    with pytest.raises(SamspelError, match=r"cannot write there \(File name too long"):
        Workplace(tmp_path / "out").open(fresh=False)
    assert part.read_bytes() == b"finished"


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
