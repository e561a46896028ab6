"""What is wrong with samspel itself is told as that, with file and line; never as somebody's damaged file or input."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from experiments.cli import status
from experiments.engine import checksums, earlier, earlier_tables, finals, reading, records
from experiments.engine.experiment import StoppedError
from sim import SamspelError, schedule
from sim.inputs.collaboration import Collaboration
from sim.inputs.levers import Levers
from sim.world.world import World

from .small_experiments import ROOT, design_of, run_into, same_tables

ASKED = [
    "compare", "--region", "botkyrka", "--scale", "0.02", "--arms", "siloed,local", "--no-figures", "--no-turns",
    "--jobs", "1",
]  # fmt: skip
OURS = "an error of samspel itself"
ERRORS = {
    "ValueError": ValueError("planted"),
    "OSError": OSError("planted"),
    "FileNotFoundError": FileNotFoundError(2, "No such file or directory", "/nonexistent/x"),
    "KeyError": KeyError("planted"),
    "SamspelError": SamspelError("planted"),
    "ArrowInvalid": pa.ArrowInvalid("planted"),
}


def asked(out: Path, *more: str, years: int = 1, replicates: int = 1) -> int:
    """Ask the same question into a folder."""
    return status([*ASKED, "--years", str(years), "--replicates", str(replicates), "--out", str(out), *more])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that nothing happened to."""
    out = tmp_path_factory.mktemp("finished") / "out"
    assert asked(out) == 0
    return out


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an experiment leaves that was stopped before its end."""
    folder = tmp_path_factory.mktemp("stopped")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("experiments.engine.experiment.write_runs", interrupted)
        with pytest.raises(StoppedError):
            run_into(folder / "out", design_of(replicates=1))
    return folder


def raising(error: Exception) -> Callable[..., Any]:
    """A function with a mistake in it."""

    def planted(*_: object, **__: object) -> Any:
        raise error

    return planted


# --- reading and sealing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS)
def test_a_defect_of_what_reads_tables_is_not_told_as_a_damaged_table(
    error: str, finished: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "frame_of", raising(ERRORS[error]))
    assert status(["plot", str(finished), "--outcome", "rent", "--out", str(finished.parent / "figures")]) == 1
    told = capsys.readouterr().err
    assert OURS in told and error in told and "test_own_defects.py:" in told
    assert "damaged" not in told and "cannot be read" not in told


PLACES = {
    "rows": (earlier, "rows_hold"), "sums": (checksums, "row_sums"), "ends": (earlier, "pack_numbers"),
    "curves": (earlier, "pack_curves"), "sums of what is kept": (earlier, "kept_sum"),
    "tables": (earlier_tables, "pack_tables"),
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("place", PLACES)
def test_a_defect_of_what_takes_finished_runs_over_throws_none_of_them_away(
    place: str, error: str, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    monkeypatch.setattr(*PLACES[place], raising(ERRORS[error]))
    assert asked(out, replicates=2) == 1
    told = capsys.readouterr().err
    assert "warning" not in told and "damaged" not in told
    assert OURS in told and error in told and "test_own_defects.py:" in told
    same_tables(out, finished)


@pytest.mark.parametrize("error", ERRORS)
def test_a_defect_of_seals_is_not_told_as_a_damaged_part(
    error: str, stopped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(stopped, tmp_path / "again")
    monkeypatch.setattr(records, "_seal_of", raising(ERRORS[error]))
    assert asked(tmp_path / "again" / "out") == 1
    told = capsys.readouterr().err
    assert OURS in told and error in told and "test_own_defects.py:" in told and "damaged" not in told
    assert [path.name for path in (tmp_path / "again").glob(".out.unfinished/parts/*")] == ["part-0-000001.parquet"]


@pytest.mark.parametrize("error", ["OSError", "SamspelError", "ValueError"])
def test_a_defect_of_unpacking_is_not_told_as_a_full_disk(
    error: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finals, "unpack_curves", records.computing()(raising(ERRORS[error])))
    assert asked(tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert OURS in told and error in told and "cannot be written" not in told


def test_what_a_library_cannot_read_although_its_checksum_holds_is_no_damage(finished: Path) -> None:
    with pytest.raises(
        reading.DefectError, match=r"runs\.parquet: cannot be read though its checksum holds \(.*nosuch"
    ):
        reading.read_parquet(finished / "runs.parquet", ["nosuch"])


def test_rows_that_do_not_hold_in_a_file_that_does_are_not_told_as_damage(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    usual = checksums.row_sums
    with monkeypatch.context() as changed:
        changed.setattr(checksums, "row_sums", lambda *given: [text[::-1] for text in usual(*given)])
        assert asked(out, replicates=2) == 0
    told = capsys.readouterr().err
    assert "runs.parquet: as it was written, but this version of samspel makes other checksums" in told
    assert "damaged" not in told


# --- phases -----------------------------------------------------------------------------------------------------------

PHASES: dict[str, tuple[Callable[[World], Any], str]] = {
    "ValueError": (lambda world: raising(ERRORS["ValueError"])(), "ValueError: planted"),
    "KeyError": (lambda world: raising(ERRORS["KeyError"])(), "KeyError: 'planted'"),
    "SamspelError": (lambda world: raising(ERRORS["SamspelError"])(), "SamspelError: planted"),
    "OSError": (lambda world: Path("/nonexistent/x").read_text(), "'/nonexistent/x'"),
    "parameter": (lambda world: world.p.heat_prise, 'unknown parameter "heat_prise"'),
    "preset": (lambda world: Collaboration.preset("sillo"), 'unknown preset "sillo"'),
    "practice": (lambda world: world.collaboration.replace(trainning=0.0), 'unknown practice "trainning"'),
    "lever": (lambda world: Levers.checked(grant_rat=0.0), 'unknown lever "grant_rat"'),
}


@pytest.mark.parametrize("quarter", [0, 7, 9])
@pytest.mark.parametrize("plant", PHASES)
def test_a_defect_of_a_phase_is_told_with_its_place_in_any_quarter(
    plant: str, quarter: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    planted, said = PHASES[plant]
    last = schedule.PHASES[-1]

    def advance(world: World) -> None:
        last.advance(world)
        if world.quarter == quarter:
            planted(world)

    monkeypatch.setattr(schedule, "PHASES", (*schedule.PHASES[:-1], replace(last, advance=advance)))
    assert asked(tmp_path / "out", years=3) == 1
    told = capsys.readouterr().err
    assert said in told and re.search(r"test_own_defects\.py:\d+\]", told), told
    assert (OURS if quarter < 8 else "all 2 runs failed; the first: run siloed/1") in told
    assert list(tmp_path.iterdir()) == []


def test_an_outcome_that_cannot_be_ends_the_command_as_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    last = schedule.PHASES[-1]

    def advance(world: World) -> None:
        last.advance(world)
        world.price_index = float("nan")

    monkeypatch.setattr(schedule, "PHASES", (*schedule.PHASES[:-1], replace(last, advance=advance)))
    assert asked(tmp_path / "out") == 1
    told = capsys.readouterr().err
    assert "outcome price_index of botkyrka in quarter 0: the model computed nan" in told and OURS in told


@pytest.mark.parametrize("quarter", [0, 9])
def test_a_defect_in_worker_processes_is_told_alike(quarter: int, tmp_path: Path) -> None:
    for name in ("sim", "experiments", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    phase = tmp_path / "sim" / "phases" / "ageing.py"
    head = "def advance(world: World) -> None:\n"
    before, after = phase.read_text(encoding="utf-8").split(head)
    planted = f"    if world.quarter == {quarter}:\n        world.p.heat_prise\n"
    doc, rest = re.match(r'(    """.*?"""\n)(.*)', after, re.DOTALL).groups()  # type: ignore[union-attr]
    phase.write_text(before + head + doc + planted + rest, encoding="utf-8")
    line = (before + head + doc + planted).count("\n")
    run = [sys.executable, "-m", "experiments", *ASKED, "--years", "3", "--replicates", "1", "--jobs", "2"]
    # A copy of the source has no kept code; where an error is told, it is no matter whether rules are compiled.
    told = subprocess.run(
        [*run, "--out", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": ".", "NUMBA_DISABLE_JIT": "1"},
    )
    assert told.returncode == 1, told.stderr
    assert f'unknown parameter "heat_prise"; did you mean "heat_price"? [sim/phases/ageing.py:{line}]' in told.stderr
    assert not (tmp_path / "out").exists()
