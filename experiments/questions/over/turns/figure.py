"""The gain over the set along everything that was varied, and where the odds are even."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.engine.results import Results
from experiments.questions.over.turns.result import Line
from experiments.questions.over.turns.words import said, short_name
from experiments.reporting.accounts import UNIT
from experiments.reporting.finding import BLUE, INK, ORANGE, WHITE
from experiments.reporting.names import lines_of
from experiments.reporting.style import head, panel_grid, wrapped

Array = NDArray[Any]

A_ROW, HEIGHT, TITLE = 2, 2.1, 2.7  # panels a row; inches of a row, and that a panel's title may be wide
SHARE = "#000000"
EDGE = 1.06  # so that a share of all, or of none, is not drawn on the frame


def draw_turns(results: Results, lines: Sequence[Line], title: str) -> Figure:
    """A panel for each setting of a page: median and range of the gain over the set, the share of it that gains, the
    values tried, where it stands, and where the odds are even. Gain and share have one zero line: even odds. title: of
    all pages."""
    figure, panels = panel_grid(len(lines), A_ROW, HEIGHT)
    members, flats = lines[0].profile.gains.shape[1], results.made.options["turned"]["flats"]
    note = (
        f"Society's gain in {members} members of the set if one thing is another; all is run again at each mark, with "
        f"{flats:,} flats. Line: median, blue where society gains and orange where it loses; band: nine tenths of the "
        "set. Dotted: share of the set that gains (right axis). Horizontal line: no gain, and even odds. Grey: "
        "plausible range. Dashed: where things stand."
    )
    if any(line.even is not None for line in lines):
        note += " ◇: where the odds turn."
    head(figure, title, results, note)
    most = 1.08 * max(abs(end) for line in lines for value in line.profile.grid for end in _ends(line, float(value)))
    for axes, line in zip(panels, lines, strict=False):
        _panel(axes, line, most or 1.0)
    return figure


def _ends(line: Line, value: float) -> tuple[float, float]:
    band = line.profile.band(value)
    return band.low, band.high


def _panel(axes: Axes, line: Line, most: float) -> None:
    grid = line.profile.grid
    bands = [line.profile.band(float(value)) for value in grid]
    middle, low, high = (np.array([getattr(band, name) for band in bands]) for name in ("mean", "low", "high"))
    if line.plausible is not None:
        first, last = (min(max(end, grid[0]), grid[-1]) for end in line.plausible)
        axes.axvspan(first, last, color="#808080", alpha=0.13, linewidth=0)
    axes.fill_between(grid, low, high, color="#56B4E9", alpha=0.3, linewidth=0)
    axes.plot(grid, np.where(middle >= 0, middle, np.nan), color=BLUE)
    axes.plot(grid, np.where(middle <= 0, middle, np.nan), color=ORANGE)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(line.stands, color="#606060", linestyle=(0, (4, 2)), linewidth=1)
    for value in line.profile.values:
        found = line.profile.band(float(value)).mean
        axes.plot(value, found, "o" if found >= 0 else "s", markersize=5, color=BLUE if found >= 0 else ORANGE)
    if line.even is not None:
        axes.plot(line.even.at, 0, "D", markersize=7, markerfacecolor=WHITE, markeredgecolor=INK, zorder=5)
    axes.set_ylim(-EDGE * most, EDGE * most)
    axes.set_xlabel(wrapped(line.varied.what, 44))
    axes.set_ylabel(UNIT)
    # The share on the scale of the gain, half of the set at zero: both cross the one line at the same value.
    gaining = np.array([line.profile.share(float(value)) for value in grid])
    axes.plot(grid, (2.0 * gaining - 1.0) * most, color=SHARE, linestyle=":", linewidth=1.3)
    share = axes.secondary_yaxis("right", functions=(partial(_percent, most=most), partial(_gain, most=most)))
    share.set_yticks([0, 25, 50, 75, 100])
    share.set_ylabel("% of the set")
    axes.set_title("\n".join(lines_of(_verdict(line), TITLE, 9.5, bold=True)))


def _percent(gain: Array, most: float) -> Array:
    return 50.0 + 50.0 * gain / most


def _gain(percent: Array, most: float) -> Array:
    return (percent / 50.0 - 1.0) * most


def _verdict(line: Line) -> str:
    name = short_name(line)
    name = name[:1].upper() + name[1:]
    if line.even is not None:
        unit = line.varied.unit if line.varied.unit.strip() == "SEK" else ""
        return f"{name}: even odds at {said(line.even.at)}{unit}"
    shares = [line.profile.share(float(value)) for value in line.profile.values]
    return f"{name}: {'gains' if min(shares) > 0.5 else 'loses'} in most of the set throughout"
