"""Tables of single rows in finished results, run by run, as they were packed when they were stored."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from experiments.engine.checksums import DamageError, damage
from experiments.engine.finals import CELLS
from experiments.engine.layout import ROW_TABLES
from experiments.engine.packed_tables import pack_tables
from experiments.engine.reading import open_table, read_rows
from sim.errors import computing


class StoredTables:
    """What each run has in these tables. Of a table that is gone, or a part of it that is damaged, a run seems to have
    no rows, which its checksum tells."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._files: dict[str, pq.ParquetFile] = {}
        self._where: dict[str, dict[str, int]] = {name: {} for name in paths}
        self._read: dict[str, tuple[int, dict[str, pd.DataFrame]]] = {}
        for name, path in paths.items():
            with suppress(DamageError):
                self._open(name, path)

    def of(self, run: str) -> bytes:
        """The tables of a run, packed."""
        rows = {name: self._rows(name, run) for name in self._where}
        with computing():
            return pack_tables(rows)

    def _open(self, name: str, path: Path) -> None:
        file = open_table(path)
        kinds = {"run": CELLS[str]} | {column: CELLS[kind] for column, kind in ROW_TABLES[name].items()}
        schema = file.schema_arrow
        if not all(schema.names.count(one) == 1 and schema.field(one).type == kind for one, kind in kinds.items()):
            return  # another version's
        self._files[name] = file
        for group in range(file.num_row_groups):
            with suppress(DamageError):
                table = read_rows(file, group, ["run"])
                with damage():
                    self._where[name] |= dict.fromkeys(table["run"].unique().to_pylist(), group)

    def _rows(self, name: str, run: str) -> pd.DataFrame:
        group = self._where[name].get(run)
        if group is None:
            return _nothing(name)
        if self._read.get(name, (-1,))[0] != group:
            self._read[name] = group, self._split(name, group)
        return self._read[name][1].get(run, _nothing(name))

    def _split(self, name: str, group: int) -> dict[str, pd.DataFrame]:
        columns = list(ROW_TABLES[name])
        try:
            table = read_rows(self._files[name], group, ["run", *columns])
            if any(table[column].null_count for column in columns):
                return {}
            with damage():
                frame = table.to_pandas()
        except DamageError:
            return {}
        with computing():
            return {str(run): rows[columns] for run, rows in frame.groupby("run", sort=False)}


def _nothing(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype=kind) for column, kind in ROW_TABLES[name].items()})
