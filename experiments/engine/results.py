"""Results read back, finished or under construction: what every table, summary and figure is made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.pairs import Pairs, by_point_and_replicate, mean_of_known, pairs_of
from experiments.engine.design import Design
from experiments.engine.design_file import read_design
from experiments.engine.layout import ROW_TABLES
from experiments.engine.manifest import Manifest, read_manifest
from experiments.engine.points import baseline_of, focus_of
from experiments.engine.reading import is_stored, read_columns, read_parquet
from experiments.engine.records import KEYS
from experiments.engine.settings import Setting
from sim.errors import SamspelError, clip, unknown

Array = NDArray[Any]

QUARTERS_A_YEAR = 4
NOT_OUTCOMES = {"run", "point", "arm", "replicate", *KEYS}


def table_name(kind: str, stage: str) -> str:
    """The name of a table's file: runs.parquet, or runs-STAGE.parquet."""
    return f"{kind}-{stage}.parquet" if stage else f"{kind}.parquet"


def row_tables(folder: Path, names: Iterable[str], stage: str = "") -> dict[str, Path]:
    """Where these tables of single rows lie, or would, by name; a stage has only those with a row."""
    return {name: folder / table_name(name, stage) for name in names}


class Results:
    """The runs and curves of one design in a folder of results. Raises SamspelError where there are none.

    stage: which of its designs, where it has several.
    """

    def __init__(self, folder: Path, stage: str = "") -> None:
        self.folder, self.stage = folder, stage
        self._keys_of: dict[str, pd.DataFrame] = {}

    @cached_property
    def made(self) -> Manifest:
        """What they were made from."""
        return read_manifest(self.folder)

    def at(self, stage: str) -> Results:
        """Another design of the same folder."""
        return Results(self.folder, stage)

    @cached_property
    def design(self) -> Design:
        """The design that was run, for running it or one of its runs again."""
        return read_design(self.folder, self.stage)

    # --- arms and points ----------------------------------------------------------------------------------------------

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in the order given."""
        stage = self.made.stages.get(self.stage)
        return stage.arms if stage is not None else tuple(arm.name for arm in self.made.arms)

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return baseline_of(self.arms)

    @property
    def focus(self) -> str | None:
        """The arm that the questions are about, if there is more than one arm."""
        return focus_of(self.arms)

    @property
    def treatment(self) -> str:
        """What the questions are about, within a sentence: coordination, or else another arm by its label."""
        return "coordination" if self.focus in (None, "coordinated") else f"“{self.label(str(self.focus))}”"

    def label(self, arm: str) -> str:
        """An arm's name for a reader."""
        return self.made.arm(arm).label

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of what differs from point to point."""
        return self.made.stages[self.stage].varied

    def setting(self, name: str) -> Setting:
        """One of them in words, as it stood when it was run."""
        return self.made.setting(name)

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a point, in order: what it sets, by name."""
        columns = [f"set_{name}" for name in self.varied]
        keys = ["point"] if "point" in self.runs else []
        frame = self.runs[[*keys, *columns]].drop_duplicates().sort_values(keys or columns)
        return frame[columns].rename(columns=lambda name: str(name).removeprefix("set_")).reset_index(drop=True)

    @property
    def source(self) -> str:
        """Region, size, years and replicates, and whether it was a quick look: for the foot of a figure."""
        replicates = self.made.replicates
        return f"{self.made.title}, {replicates} replicate{'s' * (replicates != 1)}"

    # --- runs ---------------------------------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run, in the order of the design; a run that failed has its `error` and no outcomes."""
        path = self.folder / table_name("runs", self.stage)
        if not is_stored(path):
            raise SamspelError(f"{self.folder}: holds no {path.name}; expected a folder that samspel wrote")
        runs = read_parquet(path)
        runs["error"] = runs["error"].astype(object).where(runs["error"] != "", None)
        return runs

    @property
    def good(self) -> pd.DataFrame:
        """The runs that did not fail."""
        return self.runs[self.runs["error"].isna()]

    def levels(self, values: Array | str, arm: str) -> Array:
        """One number a run in one arm, points × replicates: a column of the table of runs, or one value a row of it."""
        return by_point_and_replicate(self.runs, self._values(values), arm)

    def pairs(self, values: Array | str, on: str | None = None, off: str | None = None) -> Pairs:
        """The paired difference of two arms, by default of the focus and the baseline. Raises SamspelError for an arm
        that is not there, or where there is nothing to compare with."""
        treated, control = on or self.focus, off or self.baseline
        if treated is None:
            raise SamspelError(f"{self.folder}: holds one arm only; a difference needs two")
        for arm in (treated, control):
            if arm not in self.arms:
                raise unknown("arm", arm, self.arms, str(self.folder))
        return pairs_of(self.runs, self._values(values), treated, control)

    def ends(self, column: str, arm: str) -> Array:
        """One column of the table of runs in one arm of a design without points, replicate by replicate."""
        return np.asarray(self.levels(column, arm)[0])

    def _values(self, values: Array | str) -> Array:
        if not isinstance(values, str):
            return values
        if values not in self.runs:
            raise unknown("outcome", values, [str(name) for name in self.runs.columns], str(self.folder))
        return self.runs[values].to_numpy(np.float64)

    # --- curves -------------------------------------------------------------------------------------------------------

    @property
    def years(self) -> Array:
        """Calendar years of the runs, which of another design of the same folder may be fewer."""
        stage = self.made.stages.get(self.stage)
        count = None if stage is None else stage.years
        return np.asarray(self.made.first_year + np.arange(count or self.made.years))

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes recorded by quarter; none where no curves were kept."""
        return tuple(name for name in self._columns if name not in NOT_OUTCOMES)

    def curves(self, outcomes: Sequence[str] | None = None, kind: str = "region") -> pd.DataFrame:
        """Outcomes by run, quarter and area of a kind (region, municipality, neighbourhood); only the columns asked for
        are read. Raises SamspelError where the outcome is unknown or no curves were kept."""
        for outcome in outcomes or ():
            self._check(outcome)
        if not self._columns:
            raise SamspelError(f"{self.folder}: holds no curves")
        keys = self._columns[: self._columns.index("area_kind") + 1]
        return self._read(kind, self._columns if outcomes is None else [*keys, *outcomes])

    def areas(self, kind: str) -> tuple[str, ...]:
        """Names of the areas of a kind (region, municipality, neighbourhood), in file order, if recorded."""
        return tuple(self._keys(kind)["area"].unique())

    def kind_of(self, area: str) -> str:
        """The kind of an area. Raises SamspelError if it was not recorded, or two areas have this name."""
        known = {kind: self.areas(kind) for kind in ("neighbourhood", "municipality", "region")}
        kinds = [kind for kind, names in known.items() if area in names]
        if not kinds:
            raise unknown("area", area, [name for names in known.values() for name in names], str(self.folder))
        if len(kinds) > 1:
            raise SamspelError(
                f'{self.folder}: "{clip(area)}" is a {" and a ".join(kinds)}; nobody can tell which is meant'
            )
        return kinds[0]

    def paths(self, outcome: str, arm: str, kind: str = "region") -> Array:
        """An outcome as recorded: points × replicates × quarters × areas; NaN where a run failed. Raises SamspelError
        if it is unknown."""
        self._check(outcome)
        chosen = (self._keys(kind)["arm"] == arm).to_numpy()
        shape = (-1, len(self.years) * QUARTERS_A_YEAR, len(self.areas(kind)))
        values = self._column(kind, outcome)[chosen].astype(np.float64).reshape(shape)
        # Curves stand in the order of the runs that went well.
        place = by_point_and_replicate(self.runs, self._places(arm), arm)
        found = np.full((*place.shape, *values.shape[1:]), np.nan)
        known = ~np.isnan(place)
        found[known] = values[place[known].astype(int)]
        return found

    def quarterly(self, outcome: str, arm: str, kind: str = "region") -> Array:
        """The same for a design without points: replicates × quarters × areas."""
        return np.asarray(self.paths(outcome, arm, kind)[0])

    def yearly(self, outcome: str, arm: str, kind: str = "region", area: str | None = None) -> Array:
        """Means over the quarters of each year that have a value: replicates × years × areas, or
        replicates × years for one area (the region unless named otherwise)."""
        means = yearly_means(self.quarterly(outcome, arm, kind))
        if kind != "region" and area is None:
            return means
        return np.asarray(means[:, :, self.areas(kind).index(area) if area else 0])

    # --- single rows --------------------------------------------------------------------------------------------------

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table of single rows (`ROW_TABLES`), or these of its columns. Raises SamspelError where there is no such
        table, or it was not kept: with end outcomes alone it is not, nor was it by earlier versions."""
        if name not in ROW_TABLES:
            raise unknown("table", name, ROW_TABLES, str(self.folder))
        path = self.folder / table_name(name, self.stage)
        if not is_stored(path):
            kept = "only where outcomes are kept by quarter, and by no version before there was such a table"
            raise SamspelError(f"{self.folder}: holds no {path.name}; it is kept {kept}")
        return read_parquet(path, columns)

    def has_table(self, name: str) -> bool:
        """Whether a table of single rows was kept. Raises SamspelError where it was and is gone or damaged."""
        return is_stored(self.folder / table_name(name, self.stage))

    def _check(self, outcome: str) -> None:
        if outcome not in self.outcomes:
            if not self.outcomes:
                raise SamspelError(f"{self.folder}: holds no curves")
            raise unknown("outcome", outcome, self.outcomes, str(self.folder))

    def _places(self, arm: str) -> Array:
        """For each row of runs: its place among the runs of the arm that went well; NaN for those that did not."""
        well = (self.runs["arm"] == arm) & self.runs["error"].isna()
        return np.where(well, np.cumsum(well) - 1.0, np.nan)

    def _keys(self, kind: str) -> pd.DataFrame:
        if kind not in self._keys_of:
            columns = ["arm", "area", *(self.outcomes if kind == "region" and not self.varied else ())]
            self._keys_of[kind] = self._read(kind, columns)
        return self._keys_of[kind]

    def _column(self, kind: str, outcome: str) -> Array:
        table = self._keys(kind)
        if outcome not in table:
            table[outcome] = self._read(kind, [outcome])[outcome].to_numpy()
        return table[outcome].to_numpy()

    def _read(self, kind: str, columns: list[str]) -> pd.DataFrame:
        if not self._columns:
            raise SamspelError(f"{self.folder}: holds no curves")
        return read_parquet(self._curves, columns, ("area_kind", kind))

    @property
    def _curves(self) -> Path:
        return self.folder / table_name("curves", self.stage)

    @cached_property
    def _columns(self) -> list[str]:
        """Of the table of curves; none where no curves were kept."""
        return read_columns(self._curves) if is_stored(self._curves) else []


def yearly_means(values: Array) -> Array:
    """Means over the quarters of each year that have a value, of arrays … × quarters × areas."""
    split = values.reshape(*values.shape[:-2], -1, QUARTERS_A_YEAR, values.shape[-1])
    return mean_of_known(split, axis=-2)
