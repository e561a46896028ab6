"""Stored runs by hand: a few quarters and rows whose measures can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.questions.hindcast.episode.model import Measure
from experiments.questions.hindcast.measuring.measured import measured
from experiments.questions.hindcast.measuring.runs import StoredRuns
from sim import EVENT_TABLES, TABLES, Parameters, load_parameters

COLUMNS = TABLES | EVENT_TABLES
WHERE = {"Alby": "Botkyrka", "Fittja": "Botkyrka", "Ronna": "Södertälje"}
Rows = Sequence[Mapping[str, Any]]


class Planted(StoredRuns):
    """Two runs an arm, two years from 2011, half of the region. curves: by outcome, arm and area, a run a row. rows: by
    table and arm, those of each run. empty: flats (rows) in which nobody lived at the start."""

    def __init__(
        self,
        curves: Mapping[tuple[str, str, str], Sequence[Sequence[float]]] | None = None,
        rows: Mapping[tuple[str, str], Sequence[Rows]] | None = None,
        *,
        ends: Mapping[str, Sequence[tuple[str, float]]] | None = None,
        years: int = 2,
        flats: int = 8,
        empty: Sequence[int] = (),
        fallen: Mapping[str, Sequence[bool]] | None = None,
    ) -> None:
        self.scale, self.first_year, self.span = 0.5, 2011, (2011, 2011 + years - 1)
        made = SimpleNamespace(flats=flats, quarters=4 * years, municipality_of=WHERE)
        self.made = cast(Any, made)
        self.living = np.setdiff1d(np.arange(flats), empty)
        self.curves, self.planted, self.fallen = curves or {}, rows or {}, fallen or {}
        table = {"arm": [], "run": []} | {name: [] for name in ends or {}}
        for name, values in (ends or {}).items():
            table["arm"], table[name] = [arm for arm, _ in values], [value for _, value in values]
        self.results = cast(Any, SimpleNamespace(runs=pd.DataFrame({k: v for k, v in table.items() if v})))

    @property
    def households(self) -> NDArray[Any]:  # type: ignore[override]
        return self.living

    def runs_of(self, arm: str) -> list[str]:
        return [f"{arm}/1", f"{arm}/2"]

    def failed(self, arm: str) -> NDArray[Any]:
        return np.array(self.fallen.get(arm, (False, False)))

    def quarterly(self, outcome: str, arm: str, kind: str, area: str | None) -> NDArray[Any]:
        return np.array(self.curves[outcome, arm, area or "all"], np.float64)

    def rows(self, table: str, arm: str) -> list[pd.DataFrame]:
        columns = COLUMNS[table]
        blank = {name: kind() for name, kind in columns.items()}
        found = self.planted.get((table, arm), ((), ()))
        kinds = {name: object if kind is str else kind for name, kind in columns.items()}
        return [pd.DataFrame([blank | dict(row) for row in run], columns=list(columns)).astype(kinds) for run in found]

    def parameters(self, arm: str) -> list[Parameters]:
        return [load_parameters()] * 2


def measure(what: str, unit: str, **keys: Any) -> Measure:
    """A measure of which only what matters is said."""
    usual = {"name": "m", "what": what, "unit": unit, "arm": "a", "source": "s", "grade": "invented"}
    observed = {} if {"observed", "low", "high"} & set(keys) else {"observed": 0.0}
    return Measure.model_validate(usual | observed | keys)


def numbers(stored: StoredRuns, what: str, unit: str, **keys: Any) -> list[float]:
    """What it comes to, a number a run."""
    return [round(float(x), 9) for x in measured(stored, measure(what, unit, **keys))]
