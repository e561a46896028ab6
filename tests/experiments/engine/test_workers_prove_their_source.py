"""Every worker computes with the model that the command began with, wherever one stands; or says why it cannot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from experiments.cli import told
from experiments.engine import identity, pool, workers
from experiments.engine.begin import _unlike
from experiments.engine.design import Task
from experiments.engine.dispatch import Dispatch
from experiments.engine.experiment import Execution
from experiments.engine.identity import inputs_digest, origin
from experiments.engine.many import each
from experiments.engine.pool import StartError, worker_pool
from experiments.engine.workers import Here, Processes, perform_alike, perform_there, unlike
from experiments.questions.calibrate.matching.measuring import Job, _perform
from experiments.questions.validate.measuring.ensemble import Ensemble, _measured_alike
from sim import SamspelError

from .small_experiments import ROOT, SWEEP, design_of, same_tables

# Without a guard, as an installed command may be.
SCRIPT = "import sys\nfrom experiments.cli import main\nsys.exit(main())\n"
FAKES = ("sim.py", "random.py", "numpy.py", "signal.py", "experiments/__init__.py", "experiments/engine/workers.py")


def command(folder: Path, out: Path, *more: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """A sweep from a script of its own, standing in a folder."""
    script = out.parent / "bin" / "samspel"
    script.parent.mkdir(exist_ok=True)
    script.write_text(SCRIPT)
    call = [sys.executable, str(script), *SWEEP, "--out", str(out), *more]
    found = os.environ | {"PYTHONPATH": str(ROOT)} | surroundings
    return subprocess.run(call, cwd=folder, env=found, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sweep without workers, from an empty folder."""
    folder = tmp_path_factory.mktemp("alone")
    assert command(folder, folder / "out", "--jobs", "1").returncode == 0
    return folder / "out"


def test_workers_import_nothing_from_the_folder_one_stands_in(alone: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    for name in FAKES:
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_text(f'open("{tmp_path}/imported", "a").write(__file__)\nraise ValueError("foreign")\n')
    made = command(there, tmp_path / "out", "--jobs", "2")
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "imported").exists()
    same_tables(tmp_path / "out", alone)


def test_workers_compute_with_the_first_of_two_checkouts_when_one_stands_in_the_second(
    alone: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    for package in ("sim", "experiments"):
        for file in (ROOT / package).rglob("*.py"):
            copied = second / file.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    value = second / "experiments" / "analysis" / "value.py"
    value.write_text(value.read_text(encoding="utf-8").replace("return ", "return 2 * ", 1), encoding="utf-8")
    made = command(second, tmp_path / "out", "--jobs", "2")
    assert made.returncode == 0, made.stderr
    same_tables(tmp_path / "out", alone)


@pytest.mark.parametrize("foreign", ["sim", "experiments"])
def test_a_worker_that_imports_another_model_is_refused_and_both_are_named(foreign: str, tmp_path: Path) -> None:
    there, hooks = tmp_path / "there", tmp_path / "hooks"
    package = there / foreign / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("")
    hooks.mkdir()
    hook = f"import sys\nif sys.argv[:1] == ['-c']:\n    sys.path.insert(0, {str(there)!r})\n    import {foreign}\n"
    (hooks / "sitecustomize.py").write_text(hook)
    made = command(tmp_path, tmp_path / "out", "--jobs", "2", PYTHONPATH=os.pathsep.join((str(hooks), str(ROOT))))
    assert made.returncode == 1 and not (tmp_path / "out").exists()
    last = made.stderr.splitlines()[-1]
    assert f"it imported {foreign} from {package}" in last and f"from {ROOT / foreign / '__init__.py'}" in last
    assert "memory" not in last and "stopped" not in last


def test_a_worker_that_cannot_import_says_what_it_could_not(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    hook = "import sys\nif sys.argv[:1] == ['-c']:\n    sys.modules['pandas'] = None\n"
    (tmp_path / "hooks" / "sitecustomize.py").write_text(hook)
    places = os.pathsep.join((str(tmp_path / "hooks"), str(ROOT)))
    made = command(tmp_path, tmp_path / "out", "--jobs", "2", PYTHONPATH=places)
    assert made.returncode == 1
    last = made.stderr.splitlines()[-1]
    assert "cannot begin: ModuleNotFoundError: import of pandas halted" in last and "memory" not in last


def test_a_source_that_was_changed_meanwhile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _unlike(origin()) == ""
    assert "changed meanwhile" in _unlike(origin() | {"source": "of yesterday"})
    assert "expected sim from /elsewhere" in _unlike(origin() | {"sim": "/elsewhere"})
    before = origin() | {"source": "of yesterday"}
    monkeypatch.setattr(identity, "origin", lambda: before)
    said = f"{origin()['sim']}.*expected of yesterday"
    monkeypatch.setattr(pool, "_proven", set())
    with pytest.raises(StartError, match=said):
        worker_pool(1)
    # Once one has begun, others are not waited for; they are refused with their first work.
    monkeypatch.setattr(pool, "_proven", {"forkserver", "spawn"})
    with pytest.raises(StartError, match=said), worker_pool(2) as workers:
        workers.submit(os.getpid).result()
    with pytest.raises(StartError, match=said):
        list(each(Execution(jobs=2), abs, [1, 2]))
    processes = Processes(1)
    with pytest.raises(StartError, match=said):
        list(Dispatch(processes).run(design_of("siloed", replicates=1).tasks()))
    processes.close()
    assert told(StartError("why"))[1] == 1


def test_a_worker_elsewhere_with_another_version_is_refused_and_both_are_named() -> None:
    assert unlike(origin()) == ""
    with pytest.raises(SamspelError, match=r"with digest .* expected of yesterday, as here \(sim from /x\)"):
        perform_there([], {"source": "of yesterday", "sim": "/x"}, [])


def test_a_worker_that_reads_other_tables_of_a_region_is_refused() -> None:
    tasks = design_of("siloed", replicates=1).tasks()
    known = inputs_digest(tasks[0].world.region, tasks[0].world.scale)
    assert len(perform_alike(tasks, [known])) == 1
    with pytest.raises(SamspelError, match="read other tables of botkyrka"):
        perform_alike(tasks, ["of yesterday"])


@pytest.mark.skipif(sys.platform == "win32", reason="no sockets with a path there")
@pytest.mark.parametrize("length", [99, 180])
def test_a_long_folder_for_temporary_files_is_no_hindrance(length: int, alone: Path, tmp_path: Path) -> None:
    long = tmp_path / ("x" * max(1, length - len(str(tmp_path)) - 1))
    long.mkdir()
    made = command(tmp_path, tmp_path / "out", "--jobs", "2", TMPDIR=str(long))
    assert made.returncode == 0 and "AF_UNIX" not in made.stderr, made.stderr
    same_tables(tmp_path / "out", alone)


def test_where_no_socket_can_be_made_workers_are_spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.engine.pool._room_for_a_socket", lambda: False)
    with worker_pool(1) as alone:
        assert alone.submit(os.getpid).result() != os.getpid()


def test_what_started_no_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("experiments.engine.pool._begun", refused)
    with pytest.raises(StartError, match=r"Resource temporarily unavailable.*try fewer --jobs"):
        worker_pool(1)


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
@pytest.mark.parametrize(("sign", "said"), [("SIGKILL", "by SIGKILL, perhaps for want of memory"), ("SIGTERM", "TERM")])
def test_how_a_worker_ended_is_told(sign: str, said: str) -> None:
    processes = Processes(1)
    try:
        future = processes.submit(design_of("siloed", replicates=1, years=30).tasks())
        os.kill(processes._busy[future].first.result(), getattr(signal, sign))
        with pytest.raises(BrokenExecutor):
            future.result()
        assert said in processes.lost(future)
    finally:
        processes.close()


def test_how_one_of_many_workers_ended_is_told() -> None:
    with (
        pytest.raises(StartError, match=r"a worker process ended with exit status 7; try fewer"),
        worker_pool(2) as two,
    ):
        two.submit(time.sleep, 0.2), two.submit(os._exit, 7).result()
    with pytest.raises(StartError, match="with exit status 7"):
        list(each(Execution(jobs=2), os._exit, [7, 7]))


def test_a_worker_that_would_measure_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ensemble = Ensemble("botkyrka", 0.02, 1, {}, {}, ())
    ensemble.check_identity(ensemble.identity(1, ["a"]), 1, ["a"])
    for digest, seed, names in (
        (ensemble.identity(2), 1, []),
        ("of yesterday", 1, []),
        (ensemble.identity(1), 1, ["a"]),
    ):
        with pytest.raises(SamspelError, match="botkyrka, or has another model or other parameters"):
            ensemble.check_identity(digest, seed, names)
    job = Job(ensemble, 1, "of yesterday")
    for measure in (lambda: _perform(job, ()), lambda: _measured_alike(ensemble, ("of yesterday", 1))):
        with pytest.raises(SamspelError, match="than this command began with"):
            measure()


def test_a_run_that_wants_more_memory_than_there_is_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(*_: object) -> None:
        raise MemoryError("Unable to allocate 9.00 TiB")

    monkeypatch.setattr(workers, "perform_all", greedy)
    task = design_of("siloed", replicates=1).tasks()[0]
    found = [one for some in Dispatch(Here()).run([Task(task.world, task.runs, ("x",))]) for one in some]
    assert "ran out of memory (Unable to allocate 9.00 TiB); try fewer --jobs or a smaller --scale" in found[0].error
    assert found[0].passing
    text, code = told(MemoryError("Unable to allocate 9.00 TiB"))
    assert code == 1 and "9.00 TiB" in text and "--scale" in text and "itself" not in text


def test_a_worker_that_cannot_be_reached_any_more_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr("multiprocessing.queues.Queue._start_thread", no_thread)
    for proven in ({"forkserver", "spawn"}, set()):
        monkeypatch.setattr("experiments.engine.pool._proven", proven)
        processes = Processes(1)
        # Newer versions of Python end what could not begin; before, nothing comes back.
        told_as = r"want of memory|a worker process ended before it could begin"
        with pytest.raises(StartError, match=told_as):
            list(Dispatch(processes).run([Task(task.world, task.runs, ("x",)) for task in design_of().tasks()]))
        processes.close()
    assert "out of memory" in told(RuntimeError("can't start new thread"))[0]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminals there")
def test_a_terminal_that_is_closed_keeps_what_is_finished(tmp_path: Path) -> None:
    soon = "from experiments.engine import dispatch, parts\nparts.SECONDS = 0.1\ndispatch.CHUNK_SECONDS = 0.1\n"
    (tmp_path / "samspel").write_text(soon + SCRIPT)
    many = ["--replicates", "200", "--out", str(tmp_path / "out"), "--jobs", "2"]
    running = subprocess.Popen(
        [sys.executable, str(tmp_path / "samspel"), *SWEEP, *many],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while running.poll() is None and not list(tmp_path.glob(".out.unfinished/parts/*.parquet")):
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGHUP)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130 and "kept" in said.splitlines()[-1], said
