"""Outcome curves: outcomes over the years, all arms, with what replicates differ by."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.names import PLACE, drawn
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import flat_axis, head, panel_grid, wrapped, year_axis

BANDS = ((5, 95, 0.12), (25, 75, 0.22))


def draw_curves(results: Results, outcomes: Sequence[str], arms: Sequence[str], area: str | None = None) -> Figure:
    """Small multiples, one panel an outcome: yearly means, median and bands over replicates. For designs without
    points."""
    figure, panels = panel_grid(len(outcomes))
    place = drawn(area or results.made.region.title, PLACE)
    note = (
        "Yearly means; line: median over replicates, bands: the middle 50 and 90 % of replicates. "
        f"{'Siloed: all practices off. ' * ('siloed' in arms)}Axes do not start at zero."
    )
    head(figure, f"What happens in {place}", results, note, arms)
    for axes, outcome in zip(panels, outcomes, strict=False):
        for arm in arms:
            _curve(axes, results, outcome, arm, area)
        _describe(axes, results, outcome)
    return figure


def percentiles(values: NDArray[Any], levels: Sequence[float]) -> NDArray[Any]:
    """Percentiles over replicates (axis 0), NaN left out."""
    with warnings.catch_warnings():
        # A year in which no replicate has a value stays empty in the figure.
        warnings.filterwarnings("ignore", "All-NaN slice")
        found: NDArray[Any] = np.nanpercentile(values, levels, axis=0)
    return found


def _curve(axes: Axes, results: Results, outcome: str, arm: str, area: str | None) -> None:
    kind = results.kind_of(area) if area else "region"
    values = results.yearly(outcome, arm, kind, area) * measure_of(outcome).factor
    colour, dashes, _ = arm_style(results, arm)
    for low, high, alpha in BANDS:
        lower, upper = percentiles(values, [low, high])
        axes.fill_between(results.years, lower, upper, color=colour, alpha=alpha, linewidth=0)
    axes.plot(results.years, percentiles(values, [50])[0], color=colour, linestyle=dashes)


def _describe(axes: Axes, results: Results, outcome: str) -> None:
    measure = measure_of(outcome)
    axes.set_title(wrapped(measure.label, 27))
    axes.set_ylabel(wrapped(measure.unit, 24))
    year_axis(axes, results)
    flat_axis(axes)
