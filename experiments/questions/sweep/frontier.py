"""Two settings over ranges: a map of what coordination adds, and the frontier where it starts to pay."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.analysis.frontier import zero_contour
from experiments.questions.sweep.result import Axis, Swept
from experiments.questions.sweep.words import over
from experiments.reporting.finding import WHITE
from experiments.reporting.marks import EDGE, shades
from experiments.reporting.names import drawn_label
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import PANELS_A_ROW, new_figure, put_head, wrapped

MOST = 6
PALE = "#E6E6E6"  # where nothing is decided


def draw_maps(swept: Swept) -> Figure:
    """A map a quantity: colour, the paired difference; black line, where it is zero; dots, where the interval covers
    zero; star, where the parameters stand."""
    shown = swept.quantities[:MOST]
    columns = 2 if len(shown) in (2, 4) else min(PANELS_A_ROW, len(shown))
    rows = -(-len(shown) // columns)
    figure = new_figure(2.75 * rows if columns > 1 else 4.2)
    on, off = (drawn_label(swept.results, arm) for arm in (swept.on, swept.off))
    note = (
        f"{on} minus {off.lower()}, paired on common random numbers, mean over replicates. Blue: better; orange: worse "
        "(purple and olive: more and less, where neither is better). Black line: the frontier, where the difference is "
        "zero. Grey with a circle: undecided, as the 95 % interval covers zero. Star: where settings stand otherwise."
    )
    first, second = (swept.results.setting(axis.name).label for axis in swept.axes)
    put_head(figure, over(swept), note, swept.results.source, across=first)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, quantity in zip(grid.flat, shown, strict=False):
        _map(figure, axes, swept, quantity)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    for row in grid:
        row[0].set_ylabel(wrapped(second, 26 if columns > 1 else 50))
    return figure


def _map(figure: Figure, axes: Axes, swept: Swept, quantity: Quantity) -> None:
    first, second = swept.axes
    found = swept.differences(quantity)
    shape = (len(first.values), len(second.values))
    means = np.array([value.mean for value in found]).reshape(shape).T
    unsure = np.array([not value.distinguishable for value in found]).reshape(shape).T
    known = np.abs(means[~np.isnan(means)])
    reach = float(known.max()) if known.size and known.max() > 0 else 1.0
    axes.set_facecolor(PALE)
    decided = np.ma.masked_array(means, unsure)
    colours = shades(quantity.better)
    image = axes.pcolormesh(first.values, second.values, decided, cmap=colours, vmin=-reach, vmax=reach,
                            shading="nearest")  # fmt: skip
    for line in zero_contour(first.values, second.values, means):
        axes.plot(line[:, 0], line[:, 1], color="white", linewidth=4)
        axes.plot(line[:, 0], line[:, 1], color="black", linewidth=2)
    x, y = np.meshgrid(first.values, second.values)
    axes.plot(x[unsure], y[unsure], linestyle="", marker="o", markersize=5, color=WHITE, markeredgecolor=EDGE)
    here = (_stands(swept, first), _stands(swept, second))
    if here[0] is not None and here[1] is not None:
        axes.plot([here[0]], [here[1]], marker="*", markersize=13, color="white", markeredgecolor="black", linestyle="")
    axes.grid(visible=False)
    if max(shape) <= 9:
        axes.set_xticks(first.values, [f"{value:.{first.digits}g}" for value in first.values])
        axes.set_yticks(second.values, [f"{value:.{second.digits}g}" for value in second.values])
    axes.set_title(wrapped(quantity.title, 25))
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=32, fraction=0.05, pad=0.03)
    bar.set_label(wrapped(quantity.unit_of_difference, 26))
    bar.locator = MaxNLocator(5)
    bar.update_ticks()
    bar.outline.set_visible(False)


def _stands(swept: Swept, axis: Axis) -> float | None:
    """The value where nothing was set when it was run, if it lies in the range."""
    value = swept.results.setting(axis.name).default
    return value if value is not None and axis.values[0] <= value <= axis.values[-1] else None
