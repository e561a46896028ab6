"""What society gains along everything that was varied, and where that turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.intervals import Interval
from experiments.questions.compare.turns.result import Line
from experiments.questions.compare.turns.words import at_words, short_name, title_of, verdict_of
from experiments.reporting.accounts import UNIT
from experiments.reporting.finding import INK, WHITE, Finding, Verdict, key
from experiments.reporting.marks import EDGE, line_colour
from experiments.reporting.names import drawn_label, lines_of
from experiments.reporting.style import head, panel_grid, wrapped

if TYPE_CHECKING:
    from experiments.questions.compare.result import Compared

STEPS = 120
A_ROW, HEIGHT, TITLE = 2, 2.0, 3.05  # panels a row; inches of a row, and that a panel's title may be wide


def draw_turns(compared: Compared) -> Figure:
    """A panel for each setting: the difference with its interval, the values tried, where it stands and turns."""
    results, lines = compared.results, compared.turns
    on, off = (drawn_label(results, arm) for arm in compared.pair or ("", ""))
    figure, panels = panel_grid(len(lines), A_ROW, HEIGHT)
    tried = {Finding(one).verdict for line in lines for one in line.tried}
    note = (
        f"What society gains by {on.lower()} against {off.lower()}, present value, if one thing is another: everything "
        "is run again at each mark. Line: mean; band: 95 % interval. Dashed: where things stand. ◇: where the mean "
        f"turns, with its interval. {key(tried)}."
    )
    head(figure, title_of(lines), results, note)
    for axes, line in zip(panels, lines, strict=False):
        _panel(axes, line)
    low, high = zip(*(axes.get_ylim() for axes in panels[: len(lines)]), strict=True)
    for axes in panels[: len(lines)]:  # one scale, so that what matters most is seen
        axes.set_ylim(min(low), max(high))
    return figure


def _panel(axes: Axes, line: Line) -> None:
    grid = np.unique(np.concatenate([np.linspace(*line.ends, STEPS), line.along.values]))
    found = [line.along.at(float(value)) for value in grid]
    for first, last, verdict in _stretches(found):
        part = slice(first, last + 1)
        colour = line_colour(verdict)
        low, high = ([getattr(one, name) for one in found[part]] for name in ("low", "high"))
        axes.fill_between(grid[part], low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(grid[part], [one.mean for one in found[part]], color=colour, solid_capstyle="butt")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(line.stands, color="#808080", linestyle=(0, (4, 2)), linewidth=1)
    for value, one in zip(line.along.values, line.tried, strict=True):
        finding = Finding(one)
        colour = line_colour(finding.verdict)
        axes.plot(value, one.mean, linestyle="", marker=finding.mark.marker, markersize=7, color=colour,
                  markerfacecolor=colour if finding.mark.filled else WHITE, zorder=4)  # fmt: skip
    _turns(axes, line)
    axes.set_xlabel(wrapped(line.varied.what, 44))
    axes.set_ylabel(UNIT)
    axes.set_title("\n".join(lines_of(_verdict(line), TITLE, 9.5, bold=True)))


def _stretches(found: Sequence[Interval]) -> Iterator[tuple[int, int, Verdict]]:
    """Where one verdict follows another: first and last place, the last one shared with the next stretch."""
    verdicts = [Finding(one).verdict for one in found]
    place = 0
    for verdict, group in groupby(verdicts):
        length = len(list(group))
        yield place, min(place + length, len(found) - 1), verdict
        place += length


def _turns(axes: Axes, line: Line) -> None:
    first, last = line.ends
    for turn in line.turns:
        if not np.isnan(turn.low):
            span = [max(turn.low, first), min(turn.high, last)]
            axes.plot(span, [0, 0], color=EDGE, linewidth=3.5, solid_capstyle="butt", zorder=3)
        axes.plot(turn.at, 0, "D", markersize=7, markerfacecolor=WHITE, markeredgecolor=INK, zorder=5)


def _verdict(line: Line) -> str:
    name = short_name(line)
    name = name[:1].upper() + name[1:]
    if not line.turns:
        return f"{name}: {verdict_of(line)}"
    return f"{name}: turns at {at_words(line)}" if line.decided else f"{name}: undecided (turns on average)"
