"""Where the flats are: renovated by standard and by energy level over time, against need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results
from experiments.reporting.names import drawn_label
from experiments.reporting.style import INK, head, new_figure, year_axis

Array = NDArray[Any]
Band = tuple[str, str, Array]


def draw_stock(results: Results, arms: Sequence[str]) -> Figure:
    """Stacked areas that add up to all flats, a column an arm: standard and need above, energy below."""
    figure = new_figure(8.4)
    note = "Mean over replicates. In need: in worn buildings. Renovated: since 2011."
    head(figure, "Where the flats are: renovated by standard and energy level, against need", results, note)
    grid = figure.subplots(2, len(arms), sharex=True, sharey=True, squeeze=False)
    for column, arm in enumerate(arms):
        _stack(grid[0, column], results, _by_standard(results, arm))
        _stack(grid[1, column], results, _by_energy(results, arm))
        name = drawn_label(results, arm, 30)
        grid[0, column].set_title(f"{name}: standard and need")
        grid[1, column].set_title(f"{name}: energy level")
    for row in grid:
        row[0].set_ylabel("% of flats")
        handles, labels = row[-1].get_legend_handles_labels()
        row[-1].legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def _share(results: Results, outcome: str, arm: str) -> Array:
    return mean_of_known(results.yearly(outcome, arm), axis=0) * 100


def _by_standard(results: Results, arm: str) -> list[Band]:
    mini, midi, maxi = (_share(results, f"renovated_{name}", arm) for name in ("mini", "midi", "maxi"))
    need = _share(results, "need_share", arm)
    rest = np.clip(100 - mini - midi - maxi - need, 0, None)
    return [
        ("renovated, full (maxi)", "#004C6D", maxi),
        ("renovated, intermediate (midi)", "#0072B2", midi),
        ("renovated, basic (mini)", "#7CC0EA", mini),
        ("not renovated since 2011, no need", "#E0E0E0", rest),
        ("in need", "#D55E00", need),
    ]


def _by_energy(results: Results, arm: str) -> list[Band]:
    none, medium, deep = (_share(results, f"energy_{name}", arm) for name in ("none", "medium", "deep"))
    rest = np.clip(100 - none - medium - deep, 0, None)
    return [
        ("deep, 50–68 % saved", "#00543D", deep),
        ("medium, 30–45 % saved", "#009E73", medium),
        ("renovated without energy measures", "#E6C84F", none),
        ("not renovated since 2011", "#E0E0E0", rest),
    ]


def _stack(axes: Axes, results: Results, bands: list[Band]) -> None:
    values = [values for _, _, values in bands]
    axes.stackplot(
        results.years,
        values,
        labels=[label for label, _, _ in bands],
        colors=[colour for _, colour, _ in bands],
        edgecolor="white",
        linewidth=0.5,
    )
    axes.set_ylim(0, 100)
    axes.tick_params(colors=INK)
    year_axis(axes, results)
