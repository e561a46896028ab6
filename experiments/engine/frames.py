"""An experiment's tables as data frames: end outcomes, curves, and paired differences between arms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from experiments.engine.design import Design
from experiments.engine.design_file import read_design
from sim import SamspelError
from sim.errors import unknown


def table_name(kind: str, stage: str) -> str:
    """The name of a table's file: runs.parquet, or runs-STAGE.parquet."""
    return f"{kind}-{stage}.parquet" if stage else f"{kind}.parquet"


class Tables:
    """The runs and curves of one design in a folder of results."""

    def __init__(self, folder: Path, design: Design, stage: str = "") -> None:
        self.folder, self.design, self.stage = folder, design, stage

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run, in the order of the design; `error` is None where the run went well."""
        runs: pd.DataFrame = pq.read_table(self.folder / table_name("runs", self.stage)).to_pandas()
        return runs

    @property
    def good(self) -> pd.DataFrame:
        """The runs that did not fail."""
        return self.runs[self.runs["error"].isna()]

    def curves(self, outcomes: Sequence[str] | None = None, kind: str = "region") -> pd.DataFrame:
        """Outcomes by run, quarter and area of a kind (region, municipality, neighbourhood); only the columns
        asked for are read. Raises SamspelError where the outcome is unknown or no curves were kept."""
        path = self.folder / table_name("curves", self.stage)
        if not path.is_file():
            raise SamspelError(f"{self.folder}: holds no curves")
        names = pq.read_schema(path).names
        keys = names[: names.index("area_kind") + 1]
        for outcome in outcomes or ():
            if outcome not in names:
                raise unknown("outcome", outcome, names[len(keys) :], str(self.folder))
        columns = names if outcomes is None else [*keys, *outcomes]
        table = pq.read_table(path, columns=columns, filters=[("area_kind", "=", kind)])
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def paired(self, column: str, on: str = "coordinated", off: str = "siloed") -> pd.DataFrame:
        """One column of `runs` in two arms on the same random numbers: keys, settings, `on`, `off` and
        `difference`. Pairs of which a half failed are left out."""
        runs = self.good
        if column not in runs:
            raise unknown("outcome", column, [str(name) for name in runs.columns], str(self.folder))
        for arm in (on, off):
            if arm not in set(self.runs["arm"]):
                raise unknown("arm", arm, set(self.runs["arm"]), str(self.folder))
        keys = [name for name in ("point", "replicate", "seed") if name in runs]
        settings = [f"set_{name}" for name in self.design.varied]
        left = runs.loc[runs["arm"] == on, [*keys, *settings, column]].rename(columns={column: "on"})
        right = runs.loc[runs["arm"] == off, [*keys[:-1], column]].rename(columns={column: "off"})
        both = left.merge(right, on=keys[:-1], how="inner")
        return both.assign(difference=both["on"] - both["off"])


def read_tables(folder: Path, stage: str = "") -> Tables:
    """Tables of finished results. Raises SamspelError where there are none."""
    if not (folder / table_name("runs", stage)).is_file():
        raise SamspelError(f"{folder}: holds no {table_name('runs', stage)}; expected a folder that samspel wrote")
    return Tables(folder, read_design(folder, stage), stage)
