"""What a screening found: points, what was measured in them, and what answers to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.screening import answers, strongest
from experiments.engine.reading import read_csv, read_parquet
from experiments.engine.results import Results
from experiments.questions.calibrate.matching.space import Space
from experiments.reporting.summary import Headline

Array = NDArray[Any]

HEADLINE = "headline.society"  # what full collaboration brings society against silos, SEK a flat at present value
POINTS, MEASURED, ANSWERS = "points.csv", "measured.parquet", "answers.csv"


@dataclass(frozen=True)
class Screened:
    """A screening as stored. points: parameters, one row a point. measured: the headline and every pattern's measures,
    one row a point. answers: every measure with every parameter (``experiments.analysis.screening``). table: the
    strongest answer to every parameter, strongest first."""

    results: Results
    points: pd.DataFrame
    measured: pd.DataFrame
    answers: pd.DataFrame
    table: pd.DataFrame

    @property
    def matter(self) -> list[str]:
        """Parameters that some measure answers to, strongest first."""
        return [str(name) for name in self.table.loc[self.table["outputs"] > 0, "input"]]

    @property
    def cleared(self) -> list[str]:
        """Parameters that no measure answers to, by name."""
        return sorted(str(name) for name in self.table.loc[self.table["outputs"] == 0, "input"])


def write(folder: Path, space: Space, unit: Array, names: Sequence[str], measured: Array) -> None:
    """The tables of points, of what was measured in them, and of answers."""
    outputs = pd.DataFrame(measured, columns=list(names))
    pd.DataFrame(space.values(unit), columns=list(space.names)).to_csv(folder / POINTS, index=False)
    outputs.to_parquet(folder / MEASURED, index=False)
    answers(pd.DataFrame(unit, columns=list(space.names)), outputs).to_csv(folder / ANSWERS, index=False)


def read(folder: Path) -> Screened:
    """What stored results of a screening hold. Raises SamspelError."""
    found = read_csv(folder / ANSWERS)
    results, points = Results(folder), read_csv(folder / POINTS)
    return Screened(results, points, read_parquet(folder / MEASURED), found, strongest(found))


def gain(found: Screened) -> Array:
    """The headline in every point that tells it, thousand SEK a flat."""
    values = found.measured[HEADLINE].to_numpy(np.float64) / 1e3
    return np.asarray(values[np.isfinite(values)])


def headline(found: Screened) -> Headline:
    """What coordination brings society over all that is uncertain: median, and the ends between which nine points in
    ten lie."""
    values = gain(found)
    low, middle, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95))) if len(values) else (None,) * 3
    return Headline("npv_society", middle, low, high, "kSEK a flat", 1)


def verdicts(found: Screened) -> dict[str, Any]:
    """For summary.json: what matters and what is cleared, and in which share of points coordination wins."""
    values = gain(found)
    share = float((values > 0).mean()) if len(values) else None
    return {"matter": found.matter, "cleared": found.cleared, "share_better": share, "points": len(found.points)}
