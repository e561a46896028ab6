"""The tables of an experiment, in the order of its design: `runs`, one row a run, `curves`, by quarter, and what else
runs keep row by row (`ROW_TABLES`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.engine.checksums import CHECKSUM, kept_sum, row_sums
from experiments.engine.design import Design, Run
from experiments.engine.disk import writing
from experiments.engine.layout import ROW_TABLES
from experiments.engine.packed_tables import unpack_tables
from experiments.engine.records import Curves, Record, unpack_curves, unpack_numbers
from experiments.engine.runs import end_names
from sim import OUTCOMES

RUNS_A_GROUP = 2000
ROWS_A_GROUP = 10_000

CELLS: dict[type, pa.DataType] = {int: pa.int32(), float: pa.float64(), str: pa.string()}

Entry = tuple[Run, Record]


def write_runs(path: Path, design: Design, digests: Sequence[str], get: Callable[[str], Record]) -> None:
    """The table of runs. A run that failed has its error and no outcomes."""
    numeric = {name for name in design.settings if all(_is_number(run.setting(name)) for run in design.runs)}
    with writing(path), _writer(path, _runs_schema(design, numeric)) as writer:
        for start in range(0, len(design.runs), RUNS_A_GROUP):
            runs = design.runs[start : start + RUNS_A_GROUP]
            found = [_summed(get(digest)) for digest in digests[start : start + RUNS_A_GROUP]]
            entries = [(run, record) for run, (record, _) in zip(runs, found, strict=True)]
            writer.write_table(_runs_table(design, numeric, entries, [kept for _, kept in found]))


def write_curves(path: Path, design: Design, digests: Sequence[str], get: Callable[[str], Record]) -> None:
    """The table of curves; a run lies within one row group. Holds one row group in memory."""
    with writing(path), _writer(path, _curves_schema(design)) as writer:
        for group in _groups((run, get(digest)) for run, digest in zip(design.runs, digests, strict=True)):
            writer.write_table(pa.concat_tables([_curves_table(design, run, curves) for run, curves in group]))


def write_tables(
    paths: Mapping[str, Path],
    design: Design,
    digests: Sequence[str],
    get: Callable[[str], Record],
    empty: bool = True,
) -> None:
    """The tables of single rows by name; a run lies within one row group. Holds one row group of each in memory. One
    without any row is stored only where `empty` says so."""
    filled: set[str] = set()
    held: dict[str, list[pa.Table]] = {name: [] for name in paths}
    with ExitStack() as stack:
        writers: dict[str, pq.ParquetWriter] = {}
        for name, path in paths.items():
            stack.enter_context(writing(path))
            writers[name] = stack.enter_context(_writer(path, _rows_schema(design, name)))

        def write(name: str) -> None:
            with writing(paths[name]):
                writers[name].write_table(pa.concat_tables(held[name]))
            held[name] = []
            filled.add(name)

        for run, digest in zip(design.runs, digests, strict=True):
            record = get(digest)
            for name, table in unpack_tables(record.tables).items() if record.tables else ():
                held[name] += [_rows_table(design, run, name, table)] * (table.num_rows > 0)
                if sum(one.num_rows for one in held[name]) >= ROWS_A_GROUP:
                    write(name)
        for name in paths:
            if held[name]:
                write(name)
    for name, path in paths.items():
        if not (empty or name in filled):
            path.unlink()


def _groups(entries: Iterator[Entry]) -> Iterator[list[tuple[Run, Curves]]]:
    group: list[tuple[Run, Curves]] = []
    rows = 0
    for run, record in entries:
        if not record.curves:
            continue
        group.append((run, unpack_curves(record.curves)))
        rows += len(group[-1][1].quarter)
        if rows >= ROWS_A_GROUP:
            yield group
            group, rows = [], 0
    if group:
        yield group


def _summed(record: Record) -> tuple[Record, str]:
    """What the table of runs has of a record, without what is kept beside, and the checksum of that."""
    return Record(record.digest, record.error, record.ends), kept_sum(record.curves, record.tables)


def _keys(design: Design) -> list[tuple[str, pa.DataType]]:
    point = [("point", pa.int32())] if design.varied else []
    return [("run", pa.string()), *point, ("arm", pa.string()), ("replicate", pa.int16())]


def _runs_schema(design: Design, numeric: set[str]) -> pa.Schema:
    settings = [(f"set_{name}", pa.float64() if name in numeric else pa.string()) for name in design.settings]
    identity = [(name, pa.string()) for name in ("digest", "error", CHECKSUM)]
    ends = [(name, pa.float64()) for name in end_names()]
    return pa.schema([*_keys(design), ("seed", pa.int64()), *settings, *identity, *ends])


def _runs_table(design: Design, numeric: set[str], entries: Sequence[Entry], kept: list[str]) -> pa.Table:
    schema = _runs_schema(design, numeric)
    columns: dict[str, list[Any]] = {name: [] for name in schema.names if name != CHECKSUM}
    for run, record in entries:
        for name in ("id", "point", "arm", "replicate", "seed"):
            if (column := "run" if name == "id" else name) in columns:
                columns[column].append(getattr(run, name))
        for name in design.settings:
            value = run.setting(name)
            columns[f"set_{name}"].append(float(value) if name in numeric else str(value))
        columns["digest"].append(record.digest)
        columns["error"].append(record.error)  # a column without any value could not go to Stata
    nothing = np.full(len(end_names()), np.nan)
    ends = np.array([unpack_numbers(record.ends) if record.ends else nothing for _, record in entries])
    place = schema.get_field_index(CHECKSUM)
    arrays = [pa.array(columns[name], schema.field(name).type) for name in schema.names[:place]]
    arrays += [pa.array(column) for column in ends.T]
    table = pa.Table.from_arrays(arrays, schema=schema.remove(place))
    return table.add_column(place, schema.field(place), pa.array(row_sums(table, kept), pa.string()))


def _curves_schema(design: Design) -> pa.Schema:
    keys = [*_keys(design), ("quarter", pa.int16()), ("area", pa.string()), ("area_kind", pa.string())]
    return pa.schema([*keys, *((outcome.name, pa.float32()) for outcome in OUTCOMES)])


def _curves_table(design: Design, run: Run, curves: Curves) -> pa.Table:
    arrays = _key_columns(design, run, len(curves.quarter))
    arrays += [pa.array(curves.quarter, pa.int16()), pa.array(curves.area), pa.array(curves.area_kind)]
    return pa.Table.from_arrays(
        [*arrays, *(pa.array(values) for values in curves.values)], schema=_curves_schema(design)
    )


def _key_columns(design: Design, run: Run, rows: int) -> list[pa.Array]:
    keys = {"run": run.id, "point": run.point, "arm": run.arm, "replicate": run.replicate}
    return [pa.repeat(pa.scalar(keys[name], kind), rows) for name, kind in _keys(design)]


def _rows_schema(design: Design, name: str) -> pa.Schema:
    return pa.schema([*_keys(design), *((column, CELLS[kind]) for column, kind in ROW_TABLES[name].items())])


def _rows_table(design: Design, run: Run, name: str, table: pa.Table) -> pa.Table:
    columns = [table[column].combine_chunks() for column in ROW_TABLES[name]]
    return pa.Table.from_arrays(
        [*_key_columns(design, run, table.num_rows), *columns], schema=_rows_schema(design, name)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
        write_page_checksum=True,
    )
