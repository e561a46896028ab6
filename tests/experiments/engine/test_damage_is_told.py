"""What a disk, or somebody, has done to stored runs is told and computed again; it never becomes a number.

SAMSPEL_FLIPS=500 tries more places than the usual few.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.cli import status, told
from experiments.engine.checksums import CHECKSUM, known_sums
from experiments.engine.experiment import Experiment, Failure, StoppedError
from experiments.engine.identity import digests
from experiments.engine.manifest import read_manifest, write_manifest
from experiments.engine.part_file import NAME, SCHEMA, read_noted
from experiments.engine.parts import MERGE_AT, Parts
from experiments.engine.reading import check
from experiments.engine.records import Record, holds, sealed
from experiments.engine.results import Results
from experiments.engine.runs import RunError, perform
from sim import SamspelError

from ..resealed import resealed
from .small_experiments import QUIET, design_of, run_into, same_tables

FLIPS = int(os.environ.get("SAMSPEL_FLIPS", "24"))


def flipped(content: bytes, count: int = FLIPS) -> Iterator[bytes]:
    """The content with one bit changed, in places from the first byte to the last."""
    for number, place in enumerate(np.linspace(0, len(content) - 1, count).astype(int)):
        changed = bytearray(content)
        changed[place] ^= 1 << (number % 8)
        yield bytes(changed)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that nothing happened to."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run_into(out, design_of(replicates=1))
    return out


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the same experiment leaves when it is stopped before its end: one part with both runs."""
    folder = tmp_path_factory.mktemp("stopped")
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as changed:
        changed.setattr("experiments.engine.experiment.write_runs", interrupted)
        with pytest.raises(StoppedError, match="2 finished runs kept"):
            run_into(folder / "out", design_of(replicates=1))
    return folder


def interrupted(*_: object) -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def part_in(folder: Path) -> Path:
    """The only part of an unfinished experiment."""
    (part,) = folder.glob(".out.unfinished/parts/part-*.parquet")
    return part


def continued(stopped: Path, folder: Path, change: Callable[[Path], object]) -> Path:
    """What becomes of a stopped experiment whose part was changed."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(stopped, folder)
    change(part_in(folder))
    run_into(folder / "out", design_of(replicates=1))
    assert [path.name for path in folder.iterdir()] == ["out"]
    return folder / "out"


def test_a_bit_that_flips_in_a_finished_part_never_becomes_a_number(
    whole: Path, stopped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = 0
    for content in flipped(part_in(stopped).read_bytes()):
        out = continued(stopped, tmp_path / "again", lambda part, content=content: part.write_bytes(content))
        same_tables(out, whole)
        told += "part-0-000001.parquet: " in capsys.readouterr().err
    assert told > 0.8 * FLIPS


def without(part: Path, name: str) -> None:
    """A part in which a cell has no value."""
    table = pq.read_table(part)
    values = [None, *table[name].to_pylist()[1:]]
    place = table.schema.get_field_index(name)
    pq.write_table(table.set_column(place, SCHEMA.field(name), pa.array(values, SCHEMA.field(name).type)), part)


CHANGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda part: part.write_bytes(b""),
    "cut off": lambda part: part.write_bytes(part.read_bytes()[:-5]),
    "half": lambda part: part.write_bytes(part.read_bytes()[: part.stat().st_size // 2]),
    "text": lambda part: part.write_text("notes of my own"),
    "another table": lambda part: pd.DataFrame({"digest": ["x"], "error": [1]}).to_parquet(part),
    "of an earlier version": lambda part: pq.write_table(pq.read_table(part).drop_columns(["seal"]), part),
    "a folder": lambda part: (part.unlink(), part.mkdir()),
    "another name": lambda part: part.rename(part.with_name("part-of-mine.parquet")),
    "a second one": lambda part: part.with_name("part-x-1.parquet").write_bytes(b"PAR1"),
    "no value": lambda part: without(part, "error"),
    "no digest": lambda part: without(part, "digest"),
    "no seconds": lambda part: without(part, "seconds"),
    "a huge number": lambda part: part.rename(part.with_name(f"part-0-{'9' * 40}.parquet")),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_part_that_is_damaged_or_foreign_is_told_and_is_no_hindrance(
    change: str, whole: Path, stopped: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same_tables(continued(stopped, tmp_path / "again", CHANGES[change]), whole)
    assert "warning: " in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files there")
def test_a_part_that_is_no_file_at_all_does_not_wait_for_ever(whole: Path, stopped: Path, tmp_path: Path) -> None:
    def piped(part: Path) -> None:
        part.unlink()
        os.mkfifo(part)

    same_tables(continued(stopped, tmp_path / "again", piped), whole)


def test_of_a_damaged_part_the_runs_that_hold_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = Parts(tmp_path)
    for number in range(200):
        parts.add(Record(str(number), ends=bytes(1000), curves=os.urandom(100)))
    parts.flush()
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    again = Parts(tmp_path)
    assert 120 <= len(again) < 200 and f"{len(again)} of its runs hold" in capsys.readouterr().err
    assert sorted(one.suffix for one in tmp_path.iterdir()) == [".damaged", ".parquet"]
    third = Parts(tmp_path)
    assert len(third) == len(again) and capsys.readouterr().err == ""
    for number in range(200):
        third.add(Record(str(number), ends=bytes(1000)))
    assert len(third) == 200


def test_after_a_part_of_the_highest_number_come_names_that_are_known_again(tmp_path: Path) -> None:
    first = Parts(tmp_path)
    first.add(Record("a"))
    first.flush()
    (path,) = tmp_path.iterdir()
    path.rename(tmp_path / "part-999999999-999999999.parquet")
    for number in range(3):
        again = Parts(tmp_path)
        again.add(Record(str(number)))
        again.flush()
    assert len(Parts(tmp_path)) == 4
    assert all(NAME.fullmatch(one.name) for one in tmp_path.iterdir()) and len(list(tmp_path.iterdir())) == 4


def test_a_changed_record_does_not_hold_even_in_a_part_without_a_fault(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.add(Record("a", ends=bytes(8), curves=b"x"))
    parts.add(Record("b", ends=bytes(8)))
    parts.flush()
    (path,) = tmp_path.iterdir()
    rows = pq.read_table(path).to_pylist()
    rows[0]["ends"] = bytes(7) + b"\x40"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path)
    again = Parts(tmp_path)
    assert "a" not in again and "b" in again


def test_a_part_that_is_damaged_while_it_is_in_use_is_told_by_name(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.add(Record("a", ends=os.urandom(8000)))
    parts.flush()
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:4000] + b"????" + path.read_bytes()[4004:])
    with pytest.raises(OSError, match="damaged since it was written") as caught:
        parts.get("a")
    assert caught.value.filename == str(path)


def test_a_part_without_seconds_is_damaged_for_whoever_asks_for_them(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.add(Record("a"))
    parts.flush()
    (path,) = tmp_path.iterdir()
    assert len(read_noted(path)) == 1
    without(path, "seconds")
    with pytest.raises(OSError, match=r"damaged since it was written .a cell without a value"):
        read_noted(path)


def test_seals_cover_every_field_and_outlive_merging(tmp_path: Path) -> None:
    base = Record("a", "e", b"1", b"2", b"t", b"3", 1.0, 2.0)
    assert holds(sealed(base)) and not holds(base)
    others = [
        Record("b", "e", b"1", b"2", b"t", b"3", 1.0, 2.0), Record("a", "", b"e1", b"2", b"t", b"3", 1.0, 2.0),
        Record("a", "e", b"12", b"", b"t", b"3", 1.0, 2.0), Record("a", "e", b"1", b"2t", b"", b"3", 1.0, 2.0),
        Record("a", "e", b"1", b"2", b"t3", b"", 1.0, 2.0),
        Record("a", "e", b"1", b"2", b"t", b"3", 1.5, 2.0), Record("a", "e", b"1", b"2", b"t", b"3", 1.0, 2.5),
    ]  # fmt: skip
    assert len({sealed(one).seal for one in (base, *others)}) == 8
    assert holds(sealed(Record("nan")))
    parts = Parts(tmp_path)
    for number in range(MERGE_AT):
        parts.add(Record(str(number)))
        parts.flush()
    assert all(holds(Parts(tmp_path).get(str(number))) for number in range(MERGE_AT))


# --- finished tables --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of two replicates that nothing happened to."""
    out = tmp_path_factory.mktemp("more") / "out"
    run_into(out, design_of())
    return out


def extended(whole: Path, folder: Path, change: Callable[[Path], object]) -> Path:
    """What becomes of changed results when one more replicate is asked for."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder / "out")
    change(folder / "out")
    run_into(folder / "out", design_of())
    return folder / "out"


@pytest.mark.parametrize("table", ["runs.parquet", "curves.parquet"])
def test_a_bit_that_flips_in_a_finished_table_never_becomes_a_number(
    table: str, whole: Path, more: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in flipped((whole / table).read_bytes(), FLIPS // 2):
        out = extended(whole, tmp_path / "again", lambda out, content=content: (out / table).write_bytes(content))
        same_tables(out, more)
        assert f"{table}: damaged" in capsys.readouterr().err


@pytest.mark.parametrize("table", ["runs.parquet", "curves.parquet"])
def test_a_table_with_any_bit_flipped_is_not_read(table: str, whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "out")
    for content in flipped((whole / table).read_bytes(), 10 * FLIPS):
        (tmp_path / "out" / table).write_bytes(content)
        results = Results(tmp_path / "out")
        with pytest.raises(SamspelError, match=rf"out/{table}: damaged"):
            _ = results.runs if table.startswith("runs") else results.curves(["rent"])
    (tmp_path / "out" / table).write_bytes((whole / table).read_bytes())
    assert len(Results(tmp_path / "out").runs) == 2 and len(Results(tmp_path / "out").curves(["rent"])) == 8


HARM: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "of somebody else": lambda path: pd.DataFrame({"digest": ["x"], "error": [1], "run": [2]}).to_parquet(path),
    "text": lambda path: path.write_text("notes of my own"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "not to be opened": lambda path: (path.unlink(), path.symlink_to(path)),
}  # fmt: skip


@pytest.mark.parametrize("table", ["runs.parquet", "curves.parquet"])
@pytest.mark.parametrize("harm", HARM)
def test_a_harmed_table_is_told_with_its_file_and_blocks_nothing(
    harm: str, table: str, whole: Path, more: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(whole, tmp_path / "out")
    HARM[harm](tmp_path / "out" / table)
    commands = {"runs.parquet": ["rerun", "siloed/1", "--results"], "curves.parquet": ["plot"]}
    for command in (["plot"], commands[table]):
        assert status([*command, str(tmp_path / "out")]) == 2
        assert f"out/{table}: " in capsys.readouterr().err
    same_tables(extended(whole, tmp_path / "again", lambda out: HARM[harm](out / table)), more)
    assert f"warning: {tmp_path / 'again' / 'out' / table}: " in capsys.readouterr().err


def written_in(column: str, value: object) -> Callable[[Path], None]:
    """Writes a value into the first row of the table of runs, as somebody with pandas might."""

    def change(out: Path) -> None:
        table = pq.read_table(out / "runs.parquet")
        place = table.schema.get_field_index(column)
        values = [value, *table[column].to_pylist()[1:]]
        pq.write_table(table.set_column(place, table.field(column), pa.array(values, table.field(column).type)),
                       out / "runs.parquet")  # fmt: skip

    return change


@pytest.mark.parametrize("manifest", [True, False])
@pytest.mark.parametrize(("column", "value"), [("rent", 1e12), ("employment", None), ("seed", 4), ("arm", "siload")])
def test_a_number_written_into_a_finished_table_is_not_taken_over(
    column: str, value: object, manifest: bool, whole: Path, more: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def change(out: Path) -> None:
        written_in(column, value)(out)
        kept = read_manifest(out)
        if not manifest:  # then the rows have to tell by themselves
            write_manifest(out, kept.model_copy(update={"made": {}}))
        with pytest.raises(SamspelError, match=r"runs\.parquet: damaged"):
            check(out / "runs.parquet")
        if not manifest:
            write_manifest(out, kept)
            resealed(out)

    same_tables(extended(whole, tmp_path / "again", change), more)
    said = capsys.readouterr().err
    assert "1 of its runs do not hold; 1 runs of it hold and are kept" in said


def test_a_curve_that_was_changed_is_not_taken_over(
    whole: Path, more: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(out: Path) -> None:
        table = pq.read_table(out / "curves.parquet")
        place = table.schema.get_field_index("rent")
        values = table["rent"].to_numpy().copy()
        values[0] += 1.0
        changed = table.set_column(place, table.field(place), pa.array(values, pa.float32()))
        pq.write_table(changed, out / "curves.parquet")

    same_tables(extended(whole, tmp_path / "again", change), more)
    said = capsys.readouterr().err
    assert "curves.parquet: damaged" in said and "1 runs of it hold and are kept" in said


def test_what_nothing_happened_to_is_taken_over_without_a_word(
    whole: Path, more: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()}
    assert set(known_sums(whole)) == files - {"manifest.json"} and len(files) == 15
    for name in known_sums(whole):
        check(whole / name)
    same_tables(extended(whole, tmp_path / "again", lambda out: None), more)
    assert capsys.readouterr().err == ""
    names = pq.read_schema(whole / "runs.parquet").names
    assert names[names.index("error") + 1] == CHECKSUM


def test_results_of_a_version_without_checksums_can_be_read(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "out")
    write_manifest(tmp_path / "out", read_manifest(whole).model_copy(update={"made": {}}))
    path = tmp_path / "out" / "runs.parquet"
    pq.write_table(pq.read_table(path).drop_columns([CHECKSUM]), path)
    assert len(Results(tmp_path / "out").runs) == 2 and len(Results(tmp_path / "out").curves()) == 8
    (tmp_path / "out" / "curves.parquet").unlink()
    assert Results(tmp_path / "out").outcomes == ()


def test_what_was_kept_beside_runs_that_all_failed_is_not_said_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("experiments.engine.runs.model_of", failing)
    with pytest.raises(RunError, match="all 2 runs failed") as caught:
        run_into(tmp_path / "out", design_of(replicates=1))
    assert not getattr(caught.value, "__notes__", ()) and list(tmp_path.iterdir()) == []


def test_finished_runs_are_kept_however_many_workers_were_lost(tmp_path: Path) -> None:
    design = design_of(replicates=1)

    def half_of_it() -> None:
        with Experiment(tmp_path / "out", "test", ["test"], QUIET) as experiment:
            experiment.keep(perform(replace(design.tasks()[0], digests=tuple(digests(design))))[0])
            experiment._failed[""] = [Failure(run.id, run.seed, "lost") for run in design.runs]
            raise OSError("a text alone")

    with pytest.raises(OSError, match="a text alone") as caught:
        half_of_it()
    assert told(caught.value) == (f"{tmp_path / 'out'}: a text alone", 1)
    assert len(Parts(tmp_path / ".out.unfinished" / "parts")) == 1
