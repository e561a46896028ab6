"""Stored results, read back: what tables, summaries and figures are made from."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from experiments.design.arms import baseline_of, focus_of
from experiments.engine.records import KEYS
from experiments.engine.store import CURVES, MANIFEST, RUNS
from sim.errors import SamspelError, unknown

Array = NDArray[Any]

QUARTERS_A_YEAR = 4
NOT_OUTCOMES = {"run", "point", "arm", "replicate", *KEYS}


class Results:
    """A folder of finished results. Raises SamspelError if it holds none."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SamspelError(f"{folder}: no such folder; expected one that samspel wrote")
        if not (folder / MANIFEST).is_file():
            raise SamspelError(
                f"{folder}: holds no finished results (no {MANIFEST}); expected a folder that samspel wrote"
            )
        self.folder = folder
        self._tables: dict[str, pd.DataFrame] = {}
        try:
            self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.outcomes = tuple(n for n in pq.read_schema(folder / CURVES).names if n not in NOT_OUTCOMES)
        except (OSError, ValueError) as error:
            raise SamspelError(f"{folder}: cannot be read ({error})") from None

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The table of runs."""
        runs: pd.DataFrame = pq.read_table(self.folder / RUNS).to_pandas()
        return runs

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in the order given."""
        return tuple(arm["name"] for arm in self.manifest["arms"])

    @property
    def baseline(self) -> str:
        """The arm that the others are compared with."""
        return baseline_of(self.arms)

    @property
    def focus(self) -> str | None:
        """The arm that the questions are about, if there is more than one arm."""
        return focus_of(self.arms)

    def label(self, arm: str) -> str:
        """An arm's name for a reader."""
        return next(str(known["label"]) for known in self.manifest["arms"] if known["name"] == arm)

    @property
    def years(self) -> Array:
        """Calendar years of the runs."""
        return np.asarray(self.manifest["first_year"] + np.arange(self.manifest["years"]))

    def ends(self, column: str, arm: str) -> Array:
        """One column of the table of runs in one arm, replicate by replicate."""
        runs = self.runs[self.runs["arm"] == arm].sort_values("replicate")
        return runs[column].to_numpy(np.float64)

    def areas(self, kind: str) -> tuple[str, ...]:
        """Names of the areas of a kind (region, municipality, neighbourhood), in file order, if recorded."""
        return tuple(self._keys(kind)["area"].unique())

    def kind_of(self, area: str) -> str:
        """The kind of an area. Raises SamspelError if it was not recorded."""
        known = {name: kind for kind in ("neighbourhood", "municipality", "region") for name in self.areas(kind)}
        if area not in known:
            raise unknown("area", area, known, str(self.folder))
        return known[area]

    def quarterly(self, outcome: str, arm: str, kind: str = "region") -> Array:
        """An outcome as recorded: replicates × quarters × areas. Raises SamspelError if it is unknown."""
        if outcome not in self.outcomes:
            raise unknown("outcome", outcome, self.outcomes, str(self.folder))
        keys = self._keys(kind)
        chosen = (keys["arm"] == arm).to_numpy()
        shape = (-1, int(self.manifest["quarters"]), len(self.areas(kind)))
        return self._column(kind, outcome)[chosen].astype(np.float64).reshape(shape)

    def yearly(self, outcome: str, arm: str, kind: str = "region", area: str | None = None) -> Array:
        """Means over the quarters of each year that have a value: replicates × years × areas, or
        replicates × years for one area (the region unless named otherwise)."""
        values = self.quarterly(outcome, arm, kind)
        split = values.reshape(values.shape[0], -1, QUARTERS_A_YEAR, values.shape[2])
        means = mean_of_known(split, axis=2)
        if kind != "region" and area is None:
            return means
        one: Array = means[:, :, self.areas(kind).index(area) if area else 0]
        return one

    def _keys(self, kind: str) -> pd.DataFrame:
        if kind not in self._tables:
            columns = ["arm", "area", *(self.outcomes if kind == "region" else ())]
            self._tables[kind] = self._read(kind, columns)
        return self._tables[kind]

    def _column(self, kind: str, outcome: str) -> Array:
        table = self._keys(kind)
        if outcome not in table:
            table[outcome] = self._read(kind, [outcome])[outcome].to_numpy()
        return table[outcome].to_numpy()

    def _read(self, kind: str, columns: list[str]) -> pd.DataFrame:
        table = pq.read_table(self.folder / CURVES, columns=columns, filters=[("area_kind", "=", kind)])
        frame: pd.DataFrame = table.to_pandas()
        return frame


def mean_of_known(values: Array, axis: int) -> Array:
    """The mean of what is not NaN along an axis; NaN where nothing is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
