"""What society gains along everything that was varied, and where that turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.intervals import Interval
from experiments.questions.compare.turns.result import Line
from experiments.questions.compare.turns.words import verdict_of
from experiments.reporting.accounts import UNIT
from experiments.reporting.finding import WHITE, Finding
from experiments.reporting.marks import line_colour
from experiments.reporting.names import drawn_label
from experiments.reporting.style import INK, head, panel_grid, wrapped

if TYPE_CHECKING:
    from experiments.questions.compare.result import Compared

STEPS = 120


def draw_turns(compared: Compared) -> Figure:
    """A panel for each setting: the difference with its interval, the values tried, where it stands and turns."""
    results, lines = compared.results, compared.turns
    on, off = (drawn_label(results, arm) for arm in compared.pair or ("", ""))
    figure, panels = panel_grid(len(lines))
    note = (
        f"What society gains by {on.lower()} against {off.lower()}, present value, if one thing is another; everything "
        "run again at each dot. Band: 95 % interval; where it covers zero, the difference is not statistically "
        "distinguishable from zero. Dashed: where things stand. ◇: where the mean turns, with its interval."
    )
    head(figure, "Where the answer turns", results, note)
    for axes, line in zip(panels, lines, strict=False):
        _panel(axes, line)
    low, high = zip(*(axes.get_ylim() for axes in panels[: len(lines)]), strict=True)
    for axes in panels[: len(lines)]:  # one scale, so that what matters most is seen
        axes.set_ylim(min(low), max(high))
    return figure


def _panel(axes: Axes, line: Line) -> None:
    grid = np.unique(np.concatenate([np.linspace(*line.ends, STEPS), line.along.values]))
    found = [line.along.at(float(value)) for value in grid]
    low, high = ([getattr(one, name) for one in found] for name in ("low", "high"))
    axes.fill_between(grid, low, high, color=INK, alpha=0.13, linewidth=0)
    axes.plot(grid, [one.mean for one in found], color=INK)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(line.stands, color="#808080", linestyle=(0, (4, 2)), linewidth=1)
    for value, one in zip(line.along.values, line.tried, strict=True):
        _dot(axes, float(value), one)
    first, last = line.ends
    for turn in line.turns:
        if not np.isnan(turn.low):
            span = [max(turn.low, first), min(turn.high, last)]
            axes.plot(span, [0, 0], color=INK, linewidth=3, solid_capstyle="butt")
        axes.plot(turn.at, 0, "D", markersize=7, markerfacecolor="white", markeredgecolor=INK, zorder=5)
    axes.set_xlabel(wrapped(line.varied.what, 38))
    axes.set_ylabel(UNIT)
    axes.set_title(wrapped(_verdict(line), 34))


def _dot(axes: Axes, value: float, one: Interval) -> None:
    """Filled where the interval excludes zero, else empty."""
    finding = Finding(one)
    colour = line_colour(finding.verdict)
    face = colour if finding.mark.filled else WHITE
    axes.plot(value, one.mean, finding.mark.marker, markersize=7, color=colour, markerfacecolor=face)


def _verdict(line: Line) -> str:
    if not line.turns:
        return verdict_of(line)
    return "turns" if line.decided else "undecided (turns on average)"
