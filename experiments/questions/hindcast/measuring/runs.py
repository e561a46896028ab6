"""The stored runs of an episode, arm by arm, in one order: point by point, and replicate by replicate within."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.engine.design_file import design_name
from experiments.engine.inputs import region_beside, stored_parameters
from experiments.engine.layout import INPUTS, ROW_TABLES, VALUES
from experiments.engine.results import Results
from experiments.engine.runs import region_of
from sim.inputs.parameters import Parameters
from sim.recording.work_spells import packed_work

Array = NDArray[Any]
Span = tuple[int, int]


class StoredRuns:
    """What measures are read from. Arrays have one entry a run of an arm; run i of two arms met the same random
    numbers."""

    def __init__(self, results: Results) -> None:
        self.results, self.made = results, results.made
        self.scale, self.first_year = self.made.region.scale, self.made.first_year
        self.span: Span = (self.first_year, self.first_year + self.made.years - 1)
        self._tables: dict[str, dict[str, pd.DataFrame]] = {}

    def runs_of(self, arm: str) -> list[str]:
        """Names of the runs of an arm; a run that failed has no rows anywhere."""
        runs = self.results.runs
        return [str(name) for name in runs.loc[runs["arm"] == arm, "run"]]

    def failed(self, arm: str) -> Array:
        """Whether each run of an arm failed."""
        runs = self.results.runs
        return np.asarray(runs.loc[runs["arm"] == arm, "error"].notna())

    def quarterly(self, outcome: str, arm: str, kind: str, area: str | None) -> Array:
        """An outcome of an area: runs × quarters; NaN where a run failed."""
        values = self.results.paths(outcome, arm, kind)
        place = self.results.areas(kind).index(area) if area is not None else 0
        return np.asarray(values[..., place].reshape(-1, values.shape[2]))

    def rows(self, table: str, arm: str) -> list[pd.DataFrame]:
        """A table of rows, one frame a run of the arm."""
        if table not in self._tables:
            whole = self._whole(table)
            self._tables[table] = {str(run): rows for run, rows in whole.groupby("run", sort=False)}
            self._tables[table][""] = whole.head(0)
        found = self._tables[table]
        return [found.get(run, found[""]) for run in self.runs_of(arm)]

    def _whole(self, table: str) -> pd.DataFrame:
        """All rows of a table; a further design of some results keeps no table without a row."""
        if self.results.stage and not self.results.has_table(table):
            kinds = {"run": str, **ROW_TABLES[table]}
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
        return self.results.table(table)

    def years(self, quarters: pd.Series[int]) -> Array:
        """Calendar years of quarters that are counted from the start; before it where there is none yet."""
        return np.asarray(self.first_year + quarters // 4)

    def at_work(self, arm: str) -> list[Array]:
        """A bit for each household of 2011 and quarter: at work; one array (quarters, bytes) a run."""
        found = []
        for rows in self.rows("work", arm):
            who, began, ended = (rows[name].to_numpy() for name in ("household", "from_quarter", "to_quarter"))
            found.append(packed_work(who, began, ended, self.made.quarters, self.made.flats))
        return found

    @cached_property
    def households(self) -> Array:
        """Who lived here in 2011, by their ids: a household in every flat that did not start empty. Ids of flats that
        did are nobody's."""
        of = self.made.region
        region = region_beside(
            self.results.folder / design_name(self.results.stage, ".toml"), of.name, of.scale, of.digest
        )
        return np.flatnonzero(~region_of(region, of.scale).neighbourhoods.empty)

    @cached_property
    def _values(self) -> dict[str, float]:
        """Values of all parameters as they stood when it was run, whatever they are in this version."""
        return stored_parameters(self.results.folder / INPUTS / VALUES)

    def parameters(self, arm: str) -> list[Parameters]:
        """The parameters of each run of an arm."""
        runs = self.results.runs
        own = {name: float(value) for name, value in self.made.arm(arm).parameters.items()}
        varied = [name for name in self.results.varied if name in self._values]
        points = runs.loc[runs["arm"] == arm, [f"set_{name}" for name in varied]].to_numpy(np.float64)
        return [Parameters({}, {**self._values, **own, **dict(zip(varied, point, strict=True))}) for point in points]

    def municipality(self, neighbourhoods: pd.Series[str]) -> pd.Series[str]:
        """Where neighbourhoods lie."""
        return neighbourhoods.map(self.made.municipality_of)
