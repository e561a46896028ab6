"""Neighbourhoods over time: where things get better, and where collaboration makes the difference."""

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
from experiments.reporting.names import drawn_label, fitted, width
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import head, new_figure

ROOM, SIZE = 2.3, 7.0  # inches beside a row, which leave the panels as wide as their titles; points of its letters
OUTCOMES = ("reputation", "employment", "renovated_share")
Array = NDArray[Any]


def draw_heatmaps(results: Results, treated: str, control: str) -> Figure:
    """Above: levels in one arm; below: its difference to the other. Each neighbourhood is a row of cells."""
    order = rows_by_municipality(results)
    figure = new_figure(2.0 + 0.29 * len(order) + 0.6)
    on, off = (drawn_label(results, arm).lower() for arm in (treated, control))
    note = (
        f"Mean over replicates. Above: {on}. Below: {on} minus {off}; white is no difference. "
        "Lines separate municipalities."
    )
    head(figure, f"Neighbourhood by neighbourhood: {on} and what differs from {off}", results, note)
    grid = figure.subplots(2, len(OUTCOMES), sharex=True, sharey=True)
    for column, outcome in enumerate(OUTCOMES):
        measure = measure_of(outcome)
        on_curves, off_curves = (results.yearly(outcome, arm, "neighbourhood") for arm in (treated, control))
        level = _mean(on_curves)[order] * measure.factor
        difference = _mean(Pairs(on_curves, off_curves).difference)[order] * measure.factor
        image = _image(grid[0, column], results, level, None)
        _bar(figure, image, grid[0, column], measure.unit)
        image = _image(grid[1, column], results, difference, _reach(difference))
        _bar(figure, image, grid[1, column], measure.difference_unit)
        grid[0, column].set_title(measure.label)
        grid[1, column].set_title(f"{measure.label}: difference")
    for axes in grid[:, 0]:
        _name_rows(axes, results, order)
    return figure


def rows_by_municipality(results: Results) -> list[int]:
    """Positions of the neighbourhoods, those of a municipality together, in the order in which they come."""
    names = results.areas("neighbourhood")
    municipality = results.made.municipality_of
    first = {town: index for index, town in reversed(list(enumerate(municipality.values())))}
    return sorted(range(len(names)), key=lambda index: (first[municipality[names[index]]], index))


def _mean(curves: Array) -> Array:
    # Replicates × years × neighbourhoods to neighbourhoods × years.
    return mean_of_known(curves, axis=0).T


def _reach(difference: Array) -> float:
    known = np.abs(difference[~np.isnan(difference)])
    return float(known.max()) if known.size and known.max() > 0 else 1.0


def _image(axes: Axes, results: Results, values: Array, reach: float | None) -> AxesImage:
    years = results.years
    extent = (years[0] - 0.5, years[-1] + 0.5, values.shape[0] - 0.5, -0.5)
    image = axes.imshow(
        values,
        aspect="auto",
        extent=extent,
        cmap="viridis" if reach is None else "PuOr",
        interpolation="nearest",
        vmin=None if reach is None else -reach,
        vmax=reach,
    )
    axes.grid(visible=False)
    return image


def _bar(figure: Figure, image: AxesImage, axes: Axes, unit: str) -> None:
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=32, pad=0.02, fraction=0.05)
    bar.locator = MaxNLocator(6)
    bar.set_label(unit, fontsize=8)
    bar.outline.set_visible(False)


def row_label(name: str, town: str) -> str:
    """What stands beside a row, within its room: the neighbourhood, after the municipality where that begins."""
    if not town:
        return fitted(name, ROOM, SIZE)
    parting = ":  "
    room = ROOM - width(parting, SIZE)
    first = fitted(town, max(room / 2, room - width(name, SIZE)), SIZE)
    return f"{first}{parting}{fitted(name, room - width(first, SIZE), SIZE)}"


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
