"""Neighbourhoods over time: when and where collaboration makes a difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from experiments.analysis.pairs import Pairs, mean_of_known
from experiments.engine.results import Results
from experiments.questions.compare.areas import (
    MAIN,
    OUTCOMES,
    area_findings,
    areas_title,
    row_label,
    rows_by_municipality,
)
from experiments.reporting.marks import shades
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import SIZE, head, new_figure, wrapped

Array = NDArray[Any]


def draw_heatmaps(results: Results, treated: str, control: str) -> Figure:
    """The difference between two arms, year by year. Each neighbourhood is a row of cells."""
    order = rows_by_municipality(results)
    figure = new_figure(0.165 * len(order) + 1.3)
    on, off = (drawn_label(results, arm).lower() for arm in (treated, control))
    note = (
        f"Yearly means over replicates, {on} minus {off}. Blue is better, orange worse, white no difference; single "
        "cells are not tested. Lines separate municipalities."
    )
    verdicts = [one.verdict for one in area_findings(results, MAIN, treated, control)]
    head(figure, areas_title(results, treated, control, verdicts), results, note)
    grid = figure.subplots(1, len(OUTCOMES), sharey=True)
    for axes, outcome in zip(grid, OUTCOMES, strict=True):
        measure = measure_of(outcome)
        on_curves, off_curves = (results.yearly(outcome, arm, "neighbourhood") for arm in (treated, control))
        difference = _mean(Pairs(on_curves, off_curves).difference)[order] * measure.factor
        image = _image(axes, results, difference, measure.better)
        _bar(figure, image, axes, wrapped(measure.difference_unit, 22))
        axes.set_title(wrapped(measure.label, 22))
    _name_rows(grid[0], results, order)
    return figure


def _mean(curves: Array) -> Array:
    # Replicates × years × neighbourhoods to neighbourhoods × years.
    return mean_of_known(curves, axis=0).T


def _reach(difference: Array) -> float:
    known = np.abs(difference[~np.isnan(difference)])
    return float(known.max()) if known.size and known.max() > 0 else 1.0


def _image(axes: Axes, results: Results, values: Array, better: int) -> AxesImage:
    years = results.years
    extent = (years[0] - 0.5, years[-1] + 0.5, values.shape[0] - 0.5, -0.5)
    reach = _reach(values)
    image = axes.imshow(values, aspect="auto", extent=extent, cmap=shades(better), interpolation="nearest",
                        vmin=-reach, vmax=reach)  # fmt: skip
    axes.grid(visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    return image


def _bar(figure: Figure, image: AxesImage, axes: Axes, unit: str) -> None:
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=24, pad=0.02, fraction=0.05)
    bar.locator = MaxNLocator(4)
    bar.set_label(unit)
    bar.outline.set_visible(False)


def _name_rows(axes: Axes, results: Results, order: list[int]) -> None:
    names = results.areas("neighbourhood")
    towns = [results.made.municipality_of[names[index]] for index in order]
    labels = []
    for place, index in enumerate(order):
        starts = place == 0 or towns[place] != towns[place - 1]
        labels.append(row_label(names[index], towns[place] if starts else ""))
        if starts and place:
            for panel in axes.get_figure().axes:  # type: ignore[union-attr]
                if panel.images and panel.get_subplotspec() is not None:
                    panel.axhline(place - 0.5, color="white", linewidth=0.8)
    axes.set_yticks(range(len(order)), labels, fontsize=SIZE)
