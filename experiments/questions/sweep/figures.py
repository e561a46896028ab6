"""One setting over a range: outcomes in all arms, what coordination adds, and how things go over the years."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis.frontier import crossings
from experiments.analysis.intervals import band
from experiments.analysis.pairs import Pairs
from experiments.questions.question import Drawing, View
from experiments.questions.sweep.frontier import draw_maps
from experiments.questions.sweep.result import Swept
from experiments.reporting.arms import arm_style
from experiments.reporting.names import drawn_label, drawn_treatment
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import (
    INK,
    arm_legend,
    flat_axis,
    legend_height,
    new_figure,
    put_head,
    wrapped,
    year_axis,
)

Array = NDArray[Any]
COLUMNS = 3


def draw(swept: Swept, view: View) -> Sequence[Drawing]:
    """Along one setting levels and years, over two a map."""
    if len(swept.axes) > 1:
        return [Drawing("frontier", partial(draw_maps, swept))]
    drawings = [Drawing("sweep", partial(draw_levels, swept))]
    if any(quantity.curve for quantity in swept.quantities):
        drawings.append(Drawing("years", partial(draw_years, swept)))
    return drawings


def draw_levels(swept: Swept) -> Figure:
    """Two panels a quantity, along the setting: levels of all arms, and below the paired difference."""
    count = len(swept.quantities)
    columns, blocks = min(COLUMNS, count), -(-count // COLUMNS)
    figure = new_figure(1.7 + 4.3 * blocks, 12.0 if columns > 2 else 8.0)
    note = (
        "Means over replicates with 95 % t intervals. Upper panels: each arm; lower: coordinated minus siloed, paired "
        "on common random numbers, with the values at which the mean crosses zero."
    )
    axis = swept.axes[0]
    setting = swept.results.setting(axis.name)
    top = put_head(
        figure,
        f"What {setting.words} does, and where {drawn_treatment(swept.results)} pays",
        note,
        swept.results.source,
        below=legend_height(figure, len(swept.arms)),
    )
    arm_legend(figure, swept.results, swept.arms, top)
    grid = figure.subplots(2 * blocks, columns, squeeze=False, sharex=True, height_ratios=[1.25, 1] * blocks)
    for index, quantity in enumerate(swept.quantities):
        block, column = divmod(index, columns)
        _levels(grid[2 * block, column], swept, quantity)
        _difference(grid[2 * block + 1, column], swept, quantity)
        grid[2 * block + 1, column].set_xlabel(wrapped(setting.label, 44))
        grid[2 * block + 1, column].tick_params(labelbottom=True)
    for index in range(count, blocks * columns):
        block, column = divmod(index, columns)
        grid[2 * block, column].set_visible(False)
        grid[2 * block + 1, column].set_visible(False)
    return figure


def _levels(axes: Axes, swept: Swept, quantity: Quantity) -> None:
    for arm in swept.arms:
        colour, dashes, _ = arm_style(swept.results, arm)
        mean, low, high = band(swept.samples(quantity, arm).T)
        axes.fill_between(swept.axes[0].values, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(swept.axes[0].values, mean, color=colour, linestyle=dashes)
    direction = {1: "more is better", -1: "less is better"}.get(quantity.better, "")
    axes.set_ylabel("\n".join(filter(None, [wrapped(quantity.unit, 26), direction])))
    axes.set_title(wrapped(quantity.title, 44))
    flat_axis(axes)


def _difference(axes: Axes, swept: Swept, quantity: Quantity) -> None:
    values = swept.axes[0].values
    mean, low, high = band(swept.pairs(quantity).difference.T)
    colour = arm_style(swept.results, swept.on).colour
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.fill_between(values, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(values, mean, color=colour, marker="o", markersize=3)
    for zero in crossings(values, list(mean)):
        axes.plot([zero.at], [0], marker="D", color=INK, markersize=5)
        axes.annotate(f"{zero.at:.3g}", (zero.at, 0), (4, 5), textcoords="offset points", fontsize=8, fontweight="bold")
    axes.set_ylabel(wrapped(f"difference, {quantity.unit_of_difference}", 24))
    flat_axis(axes)


def draw_years(swept: Swept) -> Figure:
    """A row a quantity that is recorded by quarter: siloed, coordinated, and their difference, over the years, one
    line a value of the setting."""
    shown = [quantity for quantity in swept.quantities if quantity.curve][:4]
    axis = swept.axes[0]
    setting = swept.results.setting(axis.name)
    figure = new_figure(1.5 + 2.5 * len(shown))
    note = (
        "Yearly means over replicates, one line a value of the setting; band: 95 % t interval at the lowest and the "
        "highest value."
    )
    put_head(figure, f"Over the years, as {setting.words} varies", note, swept.results.source)
    grid = figure.subplots(len(shown), 3, squeeze=False, sharex=True)
    norm = Normalize(axis.values[0], axis.values[-1])
    for row, quantity in zip(grid, shown, strict=True):
        on, off = (swept.yearly(quantity, arm) for arm in (swept.on, swept.off))
        names = (*(drawn_label(swept.results, arm).lower() for arm in (swept.off, swept.on)), "difference")
        for axes, name, values in zip(row, names, (off, on, Pairs(on, off).difference), strict=True):
            _lines(axes, swept, values, norm)
            axes.set_title(wrapped(f"{quantity.title}: {name}", 44))
            axes.set_ylabel(wrapped(quantity.unit_of_difference if name == "difference" else quantity.unit, 24))
        row[0].sharey(row[1])
        row[2].axhline(0, color=INK, linewidth=0.8)
    bar = figure.colorbar(ScalarMappable(norm, "viridis"), ax=grid, aspect=50, fraction=0.03, pad=0.015)
    bar.set_label(setting.label)
    return figure


def _lines(axes: Axes, swept: Swept, values: Array, norm: Normalize) -> None:
    settings, years = swept.axes[0].values, swept.results.years
    colours = matplotlib.colormaps["viridis"]
    for place, setting in enumerate(settings):
        mean, low, high = band(values[place])
        colour = colours(norm(setting))
        if place in (0, len(settings) - 1):
            axes.fill_between(years, low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(years, mean, color=colour, linewidth=1.3)
    year_axis(axes, swept.results)
    flat_axis(axes)
