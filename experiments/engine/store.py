"""Results on disk: Parquet tables in a hidden folder that takes its real name only when all is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.design import Treatment
from experiments.engine.runs import RunResult
from sim.errors import SamspelError

RUNS = "runs.parquet"
CURVES = "curves.parquet"
MANIFEST = "manifest.json"
SUMMARY = "summary.md"
FIGURES = "figures"


class Staging:
    """A folder under construction. On success it becomes `target`, replacing an earlier result there;
    on any exception it vanishes and `target` stays as it was. Raises SamspelError if it cannot be made."""

    def __init__(self, target: Path) -> None:
        self.target = Path(os.path.abspath(target)).resolve()
        self.folder = self.target.parent / f".{self.target.name}.partial-{os.getpid()}"
        self._made: list[Path] = []

    def __enter__(self) -> Path:
        check_replaceable(self.target)
        try:
            self._make_parents()
            shutil.rmtree(self.folder, ignore_errors=True)
            (self.folder / FIGURES).mkdir(parents=True)
        except OSError as error:
            self._discard()
            raise SamspelError(f"--out {self.target}: cannot write there ({error.strerror or error})") from None
        return self.folder

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._discard()
            return
        check_replaceable(self.target)
        old = self.folder.with_name(f".{self.target.name}.replaced-{os.getpid()}")
        if self.target.exists():
            self.target.rename(old)
        self.folder.rename(self.target)
        shutil.rmtree(old, ignore_errors=True)

    def _make_parents(self) -> None:
        missing = [parent for parent in self.target.parents if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir()
            self._made.append(parent)

    def _discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for parent in reversed(self._made):
            try:
                parent.rmdir()
            except OSError:
                return


def check_replaceable(target: Path) -> None:
    """Refuse, with a SamspelError, a target that is a file, encloses the working folder, or holds other
    things than results."""
    if target.exists() and not target.is_dir():
        raise SamspelError(f"--out {target}: is a file; expected a folder")
    if target == Path.cwd() or target in Path.cwd().parents:
        raise SamspelError(f"--out {target}: encloses the folder you are in; name a folder of its own")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        raise SamspelError(f"--out {target}: holds files but no results of samspel; choose another folder")
    foreign = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if not _ours(path, target))
    if foreign:
        raise SamspelError(
            f"--out {target}: holds a file that is not ours ({foreign[0]}); move it or choose another folder"
        )


def _ours(path: Path, target: Path) -> bool:
    place = path.relative_to(target)
    if len(place.parts) == 1:
        return place.name in {RUNS, CURVES, MANIFEST, SUMMARY, FIGURES}
    return place.parts[0] == FIGURES and len(place.parts) == 2 and place.suffix in {".png", ".svg"}


class CurvesWriter:
    """Appends runs to the table of curves, one row group a run; holds one run in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> CurvesWriter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    def append(self, result: RunResult) -> None:
        """Write one run."""
        table = _curves_table(result)
        if self._writer is None:
            self._writer = _writer(self._path, table.schema)
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))


def write_runs(path: Path, results: Sequence[RunResult], changed: Sequence[str]) -> None:
    """The table of runs: one row a run in the order of the design; `changed` names the settings that differ
    from the defaults in some arm."""
    runs = [result.run for result in results]
    columns: dict[str, pa.Array] = {
        "run": pa.array([run.id for run in runs], pa.string()),
        "arm": pa.array([run.arm for run in runs], pa.string()),
        "replicate": pa.array([run.replicate for run in runs], pa.int16()),
        "seed": pa.array([run.seed for run in runs], pa.int64()),
    }
    for name in changed:
        columns[f"set_{name}"] = pa.array([_setting(run.treatment, name) for run in runs], pa.string())
    for name in results[0].ends:
        columns[name] = pa.array([result.ends[name] for result in results], pa.float64())
    table = pa.table(columns)
    with _writer(path, table.schema) as writer:
        writer.write_table(table)


def _setting(treatment: Treatment, name: str) -> str:
    return str({**treatment.parameters, **treatment.levers}.get(name, ""))


def _curves_table(result: RunResult) -> pa.Table:
    rows, run = len(result.quarter), result.run
    columns: dict[str, pa.Array] = {
        "run": _repeated(run.id, rows),
        "arm": _repeated(run.arm, rows),
        "replicate": pa.array(np.full(rows, run.replicate, np.int16)),
        "quarter": pa.array(result.quarter),
        "area": pa.array(result.area, pa.string()),
        "area_kind": pa.array(result.area_kind, pa.string()),
    }
    for index, name in enumerate(result.outcomes):
        columns[name] = pa.array(result.values[:, index])
    return pa.table(columns)


def _repeated(text: str, rows: int) -> pa.Array:
    return pa.array([text] * rows, pa.string())


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    others = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=others,
        use_byte_stream_split=floats,
        write_statistics=others,
    )
