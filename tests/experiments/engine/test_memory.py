"""What cannot fit into memory is refused before anything is made of it; what is free is read, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from experiments.cli import status
from experiments.engine import memory, need, sampling
from experiments.engine.disk import amount
from experiments.engine.memory import available
from experiments.engine.need import check_memory, need_of
from experiments.questions.calibrate.matching.space import latin_hypercube
from sim import RenewalModel, SamspelError

from .conftest import small

SMALL = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--no-figures"]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets what is free on this machine."""

    def set_to(size: float) -> None:
        for module in (memory, need):
            monkeypatch.setattr(module, "available", lambda: size)

    return set_to


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be made before it is known to fit."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was made")

    monkeypatch.setattr(RenewalModel, "__init__", refuse)


MANY = 'region = "botkyrka"\nscale = 0.02\nyears = 1\nreplicates = 10\n'
VARY = "{ from = 0.0, to = 1.0, steps = 400 }"
SAMPLE = f"[vary]\ntraining = {VARY}\n[sample]\nmethod = "


@pytest.mark.parametrize(("more", "said"), [
    (f"[vary]\ntraining = {VARY}\nparticipation = {VARY}\n", "design: 160,000 points need about 80 MB"),
    ("[vary]\ntraining = { from = 0.0, to = 1.0, steps = 200000 }\n", "design: 200,000 points need about 80 MB"),
    (f"{SAMPLE}'latin-hypercube'\nn = 60000\n", "60,000 points need"),
    (f"{SAMPLE}'sobol'\nn = 60000\n", "60,000 points need about"),
    (f"{SAMPLE}'morris'\nn = 60000\n", "120,000 points need about"),
    (f"{SAMPLE}'saltelli'\nn = 65536\n", "196,608 points need about"),
    (f"[vary]\ntraining = {VARY}\n", "20,000 runs need about 160 MB of memory, and this machine has 10 MB free"),
])  # fmt: skip
@pytest.mark.usefixtures("no_model")
def test_a_design_that_cannot_fit_is_refused_before_it_is_made(
    more: str, said: str, free: Callable[[float], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free(10e6)
    (tmp_path / "mine.toml").write_text(MANY + more)
    assert status(["run", str(tmp_path / "mine.toml"), "--out", str(tmp_path / "out"), "--jobs", "1"]) == 2
    told = capsys.readouterr().err
    assert said in told and "ask for fewer points" in told and told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(("arguments", "said"), [
    (["compare", "--replicates", "30000"], "design: 150,000 runs need about 1.2 GB"),
    (["compare", "--replicates", "10000000"], "--replicates: got 10000000; expected 30000 or less"),
    (["compare", "--scale", "50"], "--scale: got 50"),
    (["compare", "--years", "100000"], "--years: got 100000; expected 200 or less"),
    (["discover", "--runs", "100000000"], "design: 100,000,000 points need"),
    (["sensitivity", "--trajectories", "100000000"], "points need about"),
    (["calibrate", "--points", "1000000000"], "design: 1,000,000,000 points need"),
    (["sweep", "cost_factor=0:6:1000", "trust_start=0.1:0.9:1000"], "design: 1,000,000 points need about"),
    (["sweep", "cost_factor=0:6:1000000000"], "sweep cost_factor=0:6:1000000000: expected 1,000 steps at most"),
])  # fmt: skip
@pytest.mark.usefixtures("no_model")
def test_a_question_that_cannot_fit_is_refused_before_anything_is_made(
    arguments: list[str], said: str, free: Callable[[float], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free(200e6)
    small_first = [arguments[0], *SMALL, "--jobs", "1", *arguments[1:]]
    assert status([*small_first, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("samspel: ") == 1 and "itself" not in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["compare", "validate", "calibrate"])
@pytest.mark.usefixtures("no_model")
def test_workers_that_cannot_fit_are_refused_with_the_number_that_does(
    command: str, free: Callable[[float], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free(300e6)
    asked = [command, "--region", "botkyrka", "--scale", "1", "--jobs", "8", "--out", str(tmp_path / "out")]
    assert status(asked) == 2
    told = capsys.readouterr().err
    assert "memory: botkyrka at scale 1 (34,000 flats), 30 years: about " in told
    assert "with 8 workers" in told and "and this machine has 300 MB free; try --jobs 3" in told
    free(10e6)
    assert status(asked) == 2
    assert "try a smaller --scale or fewer --years" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_curves_that_cannot_be_read_again_are_refused_before_the_first_run(
    free: Callable[[float], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free(400e6)
    asked = ["compare", *SMALL[:4], "--replicates", "4000", "--arms", "siloed", "--jobs", "1", "--no-figures"]
    assert status([*asked, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "to read the results" in told and "ask for fewer --replicates, points or --years" in told
    assert list(tmp_path.iterdir()) == []


def test_much_memory_is_told_and_little_is_not(free: Callable[[float], None]) -> None:
    design = small(years=30)
    free(8e9)
    assert check_memory(design, 4, 2) == ""
    assert re.match(r"about 6\.\d GB of memory: 10", check_memory(design, 10_000, 2))
    free(1e12)
    assert check_memory(design, 10_000, 2) == ""


def test_need_grows_with_what_is_asked() -> None:
    base = need_of(small(), 4, 2)
    assert need_of(small(), 4, 0).running < base.running < need_of(small(), 4, 3).running
    assert need_of(small(years=9), 4, 2).one > base.one
    assert need_of(small(), 400, 2).results > need_of(small(curves=False), 400, 2).results > base.results


def test_of_a_design_with_points_places_count_where_they_are_kept() -> None:
    design = small(points=({"heat_price": 0.7}, {"heat_price": 0.9}))
    places = replace(design, world=replace(design.world, detail=True))
    assert need_of(design, 4, 2).results == need_of(small(curves=False), 4, 2).results  # nothing is read at once
    few, many = (need_of(places, runs, 2).results for runs in (4, 400))
    assert few > need_of(design, 4, 2).results and many == pytest.approx(100 * few)


def test_samplers_refuse_what_cannot_fit(free: Callable[[float], None]) -> None:
    free(1e6)
    for make in (
        lambda: sampling.factorial({name: range(100) for name in "abcdef"}),
        lambda: latin_hypercube(10, 10**9, 1),
    ):
        with pytest.raises(SamspelError, match=r"points need about .* this machine has 1 MB free"):
            make()


def test_want_of_memory_while_runs_are_made_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[int] = []

    class Large(RenewalModel):
        def run(self) -> RenewalModel:
            started.append(1)
            if len(started) > 3:
                raise MemoryError
            return super().run()

    monkeypatch.setattr("sim.RenewalModel", Large)
    asked = ["compare", *SMALL, "--replicates", "4", "--arms", "siloed,coordinated", "--jobs", "1", "--no-turns"]
    assert status([*asked, "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert "memory" in told and "itself" not in told and "Traceback" not in told
    monkeypatch.undo()
    assert status([*asked, "--out", str(tmp_path / "out")]) == 0
    assert len(started) < 3 + 3 * 8


# --- the machine ------------------------------------------------------------------------------------------------------


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """A machine as its files tell it."""
    monkeypatch.setattr(memory, "PROC", folder / "proc")
    monkeypatch.setattr(memory, "GROUPS", folder / "groups")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_of_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_what_is_free_is_what_the_system_and_every_group_around_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert available() > 0 and amount(2.5e9) == "2.5 GB" and amount(3e6) == "3 MB"
    machine(tmp_path, monkeypatch)
    assert available() == float("inf")
    machine(tmp_path, monkeypatch, proc__meminfo="MemTotal: 9000 kB\nMemAvailable: 8000 kB\n")
    assert available() == 8000 * 1024
    group = {"groups__job__memory_of_max": "max\n", "groups__job__memory_of_current": "5\n"}
    machine(tmp_path, monkeypatch, proc__self__cgroup="0::/job/step\n", **group)
    assert available() == 8000 * 1024
    machine(tmp_path, monkeypatch, groups__job__memory_of_max="1005\n")
    assert available() == 1000
    machine(tmp_path, monkeypatch, groups__job__memory_of_stat="anon 3\ninactive_file 2\n")
    assert available() == 1002
    machine(tmp_path, monkeypatch, groups__memory_of_max="700\n", groups__memory_of_current="100\n")
    assert available() == 600
    machine(tmp_path, monkeypatch, groups__memory_of_current="900\n")
    assert available() == 0


def test_groups_of_the_first_version_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(
        tmp_path, monkeypatch,
        proc__self__cgroup="12:cpu,cpuacct:/\n9:memory:/slurm/job_7\n",
        groups__memory__slurm__memory_of_limit_in_bytes="4000\n",
        groups__memory__slurm__memory_of_usage_in_bytes="1000\n",
    )  # fmt: skip
    assert available() == 3000
    machine(tmp_path, monkeypatch, proc__self__cgroup="nonsense\n")
    assert available() == float("inf")
