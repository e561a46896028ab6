"""Where the flats are: renovated by standard and by energy level over time, against need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results
from experiments.reporting.curves import end_finding
from experiments.reporting.ends import End, label_ends
from experiments.reporting.finding import INK, WHITE
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import number, percent
from experiments.reporting.style import SIZE, head, new_figure, year_axis

Array = NDArray[Any]
ROW, PANEL = 2.5, 2.0  # inches of a row, and of a panel without what stands around it
THIN, WIDE = 1.0, 8.0  # % of flats: under the one an area has no label, over the other there is room for it inside
STEEL, SAND, NONE, WORN = ("#123F3F", "#4E9C9A", "#BFE0DE"), ("#4A3B12", "#A98D3A", "#EADFB4"), "#F0F0F0", "#DADADA"


@dataclass(frozen=True)
class Band:
    """An area: what it is, its colour and hatch, and its share of flats by year, %."""

    words: str
    colour: str
    values: Array
    hatch: str = ""


def draw_stock(results: Results, arms: Sequence[str]) -> Figure:
    """Stacked areas that add up to all flats, a column an arm: standard and need above, energy below."""
    figure = new_figure(2 * ROW)
    note = (
        "% of flats, mean over replicates. In need: in worn buildings. Renovated: since "
        f"{results.made.first_year}. Darker is more: to the full standard, more heat saved."
    )
    head(figure, stock_title(results, arms), results, note)
    grid = figure.subplots(2, len(arms), sharex=True, sharey=True, squeeze=False)
    for column, arm in enumerate(arms):
        name = drawn_label(results, arm, 30)
        last = column == len(arms) - 1
        for axes, bands, what in (
            (grid[0, column], _by_standard(results, arm), "standard and need"),
            (grid[1, column], _by_energy(results, arm), "energy level"),
        ):
            _stack(axes, results, bands)
            axes.set_title(f"{name}: {what}")
            _label(axes, results, bands, named=last)
    for row in grid:
        row[0].set_ylabel("% of flats")
    return figure


def stock_title(results: Results, arms: Sequence[str]) -> str:
    """How many flats are renovated in the end, and to which standard."""
    year = results.years[-1]
    shares = [[float(_share(results, name, arm)[-1]) for arm in arms] for name in ("renovated_share", "renovated_maxi")]
    names = [drawn_label(results, arm) for arm in arms]
    done, full = ([percent(share / 100) for share in row] for row in shares)
    if len(arms) == 1:
        return f"{names[0]}: {done[0]} of flats are renovated by {year}, {full[0]} to the full standard"
    off, on = names[0].lower(), names[-1]
    verdict = end_finding(results, "renovated_share", arms[-1], arms[0]).verdict
    return (
        f"{on}: {done[-1]} of flats are renovated by {year}, against {done[0]} {off} ({verdict.value}); to the full "
        f"standard {full[-1]} against {full[0]}"
    )


def _share(results: Results, outcome: str, arm: str) -> Array:
    return mean_of_known(results.yearly(outcome, arm), axis=0) * 100


def _by_standard(results: Results, arm: str) -> list[Band]:
    mini, midi, maxi = (_share(results, f"renovated_{name}", arm) for name in ("mini", "midi", "maxi"))
    need = _share(results, "need_share", arm)
    rest = np.clip(100 - mini - midi - maxi - need, 0, None)
    return [
        Band("full standard", STEEL[0], maxi),
        Band("intermediate", STEEL[1], midi),
        Band("basic", STEEL[2], mini),
        Band("no need yet", NONE, rest),
        Band("in need", WORN, need, "////"),
    ]


def _by_energy(results: Results, arm: str) -> list[Band]:
    none, medium, deep = (_share(results, f"energy_{name}", arm) for name in ("none", "medium", "deep"))
    rest = np.clip(100 - none - medium - deep, 0, None)
    return [
        Band("deep, 50–68 % saved", SAND[0], deep),
        Band("medium, 30–45 % saved", SAND[1], medium),
        Band("no energy measures", SAND[2], none),
        Band("not renovated", NONE, rest),
    ]


def _stack(axes: Axes, results: Results, bands: list[Band]) -> None:
    areas = axes.stackplot(
        results.years,
        [band.values for band in bands],
        colors=[band.colour for band in bands],
        edgecolor=WHITE,
        linewidth=0.5,
    )
    for area, band in zip(areas, bands, strict=True):
        area.set_hatch(band.hatch)
    axes.set_ylim(0, 100)
    axes.tick_params(colors=INK)
    year_axis(axes, results)


def _label(axes: Axes, results: Results, bands: list[Band], named: bool) -> None:
    """The share of each area in the end beside it; in the last column its name as well."""
    ends, under = [], 0.0
    for band in bands:
        share = float(band.values[-1])
        if share >= THIN:
            words = f"{number(share, 0)} {band.words}" if named else number(share, 0)
            ends.append(End(under + share / 2, words, INK))
        under += share
    label_ends(axes, ends, PANEL)
    _inside(axes, results, bands)


def _inside(axes: Axes, results: Results, bands: list[Band]) -> None:
    """Names of areas that are gone in the end, where they are widest."""
    below = np.cumsum([band.values for band in bands], axis=0)
    for band, top in zip(bands, below, strict=True):
        if float(band.values[-1]) >= THIN or float(band.values.max()) < WIDE:
            continue
        # The stretch as long as a name over which the area is highest.
        long = max(1, len(results.years) // 3)
        least = np.lib.stride_tricks.sliding_window_view(band.values, long).min(axis=1)
        first = int(np.argmax(least))
        place = first + long // 2
        middle = float(top[place] - band.values[place] / 2)
        axes.text(results.years[place], middle, band.words, ha="center", va="center", fontsize=SIZE, color=INK)
