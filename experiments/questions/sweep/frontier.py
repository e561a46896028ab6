"""Two settings over ranges: a map of what coordination adds, and the frontier where it starts to pay."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.frontier import zero_contour
from experiments.questions.sweep.result import Axis, Swept
from experiments.reporting.names import drawn_label, drawn_treatment
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import INK, new_figure, put_head, wrapped

COLUMNS = 3


def draw_maps(swept: Swept) -> Figure:
    """A map a quantity: colour, the paired difference; black line, where it is zero; dots, where the interval covers
    zero; star, where the parameters stand."""
    count = len(swept.quantities)
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    figure = new_figure(1.5 + 3.7 * rows, max(4.1 * columns, 7.0))
    about = drawn_treatment(swept.results)
    on, off = (drawn_label(swept.results, arm) for arm in (swept.on, swept.off))
    note = (
        f"{on} minus {off.lower()}, paired on common random numbers, mean over replicates. Purple: {about} raises; "
        "orange: it lowers. Black line: the frontier, where the difference is zero. Dots: the 95 % interval covers "
        "zero. Star: where the settings stand otherwise."
    )
    put_head(figure, f"The frontier where {about} starts to pay", note, swept.results.source)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, quantity in zip(grid.flat, swept.quantities, strict=False):
        _map(figure, axes, swept, quantity)
    for axes in list(grid.flat)[count:]:
        axes.set_visible(False)
    return figure


def _map(figure: Figure, axes: Axes, swept: Swept, quantity: Quantity) -> None:
    first, second = swept.axes
    found = swept.differences(quantity)
    shape = (len(first.values), len(second.values))
    means = np.array([value.mean for value in found]).reshape(shape).T
    unsure = np.array([not value.distinguishable for value in found]).reshape(shape).T
    known = np.abs(means[~np.isnan(means)])
    reach = float(known.max()) if known.size and known.max() > 0 else 1.0
    image = axes.pcolormesh(first.values, second.values, means, cmap="PuOr", vmin=-reach, vmax=reach, shading="nearest")
    for line in zero_contour(first.values, second.values, means):
        axes.plot(line[:, 0], line[:, 1], color="white", linewidth=4)
        axes.plot(line[:, 0], line[:, 1], color="black", linewidth=2)
    x, y = np.meshgrid(first.values, second.values)
    axes.plot(x[unsure], y[unsure], linestyle="", marker="o", markersize=3.5, color=INK, markeredgecolor="white")
    here = (_stands(swept, first), _stands(swept, second))
    if here[0] is not None and here[1] is not None:
        axes.plot([here[0]], [here[1]], marker="*", markersize=13, color="white", markeredgecolor="black", linestyle="")
    axes.grid(visible=False)
    if max(shape) <= 9:
        axes.set_xticks(first.values, [f"{value:.3g}" for value in first.values])
        axes.set_yticks(second.values, [f"{value:.3g}" for value in second.values])
    axes.set_xlabel(wrapped(swept.results.setting(first.name).label, 46))
    axes.set_ylabel(wrapped(swept.results.setting(second.name).label, 40))
    direction = {1: " (more is better)", -1: " (less is better)"}.get(quantity.better, "")
    axes.set_title(wrapped(quantity.title + direction, 40))
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=32, fraction=0.05, pad=0.03)
    bar.set_label(quantity.unit_of_difference, fontsize=8)
    bar.outline.set_visible(False)


def _stands(swept: Swept, axis: Axis) -> float | None:
    """The value where nothing was set when it was run, if it lies in the range."""
    value = swept.results.setting(axis.name).default
    return value if value is not None and axis.values[0] <= value <= axis.values[-1] else None
