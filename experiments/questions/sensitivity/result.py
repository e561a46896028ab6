"""What a sensitivity analysis found: effects of the screening, and shares of variance from the second stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.sobol import Effect, Index, convergence, screen
from experiments.engine.results import Results
from experiments.reporting.accounts import ACCOUNT, HEADLINE
from experiments.reporting.quantity import Quantity, quantities_of
from experiments.reporting.summary import Headline

Range = tuple[float, float]

DEFAULT_OUTCOMES = (HEADLINE.name, ACCOUNT["npv_society_public"].name)
SCREENING = "morris"  # the stage of the screening, in the names of its files


@dataclass(frozen=True)
class Response:
    """What one quantity's difference responds to. effects: of the screening, largest first; indices: by number of base
    points, the last from all; mean, spread: of the difference over the points of the second stage, in the unit of
    differences."""

    quantity: Quantity
    effects: Sequence[Effect]
    indices: Mapping[int, Sequence[Index]]
    mean: float
    spread: float

    @property
    def final(self) -> Sequence[Index]:
        """The indices from the whole sample, largest total first."""
        return self.indices[max(self.indices)] if self.indices else ()


@dataclass(frozen=True)
class Sensitivity:
    """The second stage's results, and the responses. ranges: what was screened, and over which range; uncertain: how
    many parameters could have been; trajectories: Morris' ways through. The difference is between the arms `on` and
    `off`."""

    results: Results
    responses: tuple[Response, ...]
    ranges: Mapping[str, Range]
    uncertain: int
    trajectories: int
    on: str
    off: str


def read(folder: Path) -> Sensitivity:
    """What stored results of a sensitivity analysis hold: everything is computed from both stages' runs, the ranges
    and the seed, all of them stored. Raises SamspelError."""
    results = Results(folder)
    options, seed = results.made.options, results.made.seed or 0
    ranges = {name: (float(low), float(high)) for name, (low, high) in options["ranges"].items()}
    quantities = quantities_of(options["outcome"] or DEFAULT_OUTCOMES, results.made.flats)
    effects = screening(results.at(SCREENING), quantities, ranges, seed)
    chosen = {name: ranges[name] for name in results.varied}
    responses = tuple(_response(results, quantity, effects[quantity.name], chosen, seed) for quantity in quantities)
    on = results.focus or results.baseline
    return Sensitivity(results, responses, ranges, options["uncertain"], options["trajectories"], on, results.baseline)


def screening(
    results: Results, quantities: Sequence[Quantity], ranges: Mapping[str, Range], seed: int
) -> dict[str, list[Effect]]:
    """Morris' effects on the paired difference, by quantity. A way through on which a point has no pair is left out."""
    points = results.points[list(ranges)].to_numpy(np.float64)
    return {q.name: screen(points, results.pairs(q.of(results.runs)).by_point(), ranges, seed) for q in quantities}


def strongest_of(effects: Iterable[Sequence[Effect]], most: int) -> list[str]:
    """The parameters with the largest effects on any quantity, each effect by the largest on the same quantity."""
    reached: dict[str, float] = {}
    for found in effects:
        largest = max((effect.size for effect in found), default=0.0) or 1.0
        for effect in found:
            reached[effect.name] = max(reached.get(effect.name, 0.0), effect.size / largest)
    return sorted(reached, key=lambda name: -reached[name])[:most]


def _response(
    results: Results, quantity: Quantity, effects: Sequence[Effect], ranges: Mapping[str, Range], seed: int
) -> Response:
    values = results.pairs(quantity.of(results.runs)).by_point()
    known = values[~np.isnan(values)]
    mean, spread = (float(known.mean()), float(known.std())) if known.size else (float("nan"), float("nan"))
    return Response(quantity, effects, convergence(values, ranges, seed), mean, spread)


def write_tables(found: Sensitivity, folder: Path) -> None:
    """All effects and indices as tables: morris.csv and sobol.csv, one row a quantity and parameter."""
    responses = found.responses
    _rows({each.quantity.name: each.effects for each in responses}).to_csv(folder / "morris.csv", index=False)
    _rows({each.quantity.name: each.final for each in responses}).to_csv(folder / "sobol.csv", index=False)


def _rows(parts: Mapping[str, Sequence[Effect] | Sequence[Index]]) -> pd.DataFrame:
    return pd.DataFrame([{"outcome": name, **asdict(one)} for name, many in parts.items() for one in many])


def headline(found: Sensitivity) -> Headline:
    """The first quantity's difference, averaged over the points of the second stage. There is no interval: the points
    share values with one another (Saltelli's scheme) and are not draws of their own."""
    response = found.responses[0]
    quantity = response.quantity
    mean = response.mean if np.isfinite(response.mean) else None
    return Headline(quantity.name, mean, None, None, quantity.unit_of_difference, quantity.better)


def verdicts(found: Sensitivity) -> dict[str, Any]:
    """For summary.json: how much was screened, and every quantity's effects, largest first, and indices from the whole
    sample; `half` is that of a 95 % interval."""
    quantities = [
        {
            "account": each.quantity.name,
            "unit": each.quantity.unit_of_difference,
            "mean": each.mean,
            "spread": each.spread,
            "effects": [asdict(effect) for effect in each.effects],
            "indices": [asdict(index) for index in each.final],
            "base_points": max(each.indices, default=0),
        }
        for each in found.responses
    ]
    return {
        "arms": [found.on, found.off],
        "screened": len(found.ranges),
        "uncertain": found.uncertain,
        "quantities": quantities,
    }
