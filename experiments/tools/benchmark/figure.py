"""A benchmark drawn: how far each target is met, and where the time goes against what it is compared with."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.reporting.finding import BLUE, GREY, INK, ORANGE
from experiments.reporting.numbers import short
from experiments.reporting.style import house_style, lay_out, new_figure, put_head
from experiments.tools.benchmark.parts import NS
from experiments.tools.benchmark.rows import NOT_MEASURED, Row
from experiments.tools.benchmark.words import targets, verdict

WIDTH = 58  # letters of a name in a line
LINE = 0.3  # inches a row
MOST = 20.0  # times that a target is reached, or missed, as far as the figure tells them apart
READ = "Above: each target; at 1 it is just met, to the right of it there is room. Numbers are times as fast."


def draw(rows: Sequence[Row], machine: str, file: Path) -> None:
    """Write the figure as a PNG."""
    with house_style():
        figure = figure_of(rows, machine)
        lay_out(figure)
        png = io.BytesIO()
        figure.savefig(png, format="png")
    file.write_bytes(png.getvalue())


def figure_of(rows: Sequence[Row], machine: str) -> Figure:
    """The figure: a panel of targets, and one a preset of the time of a run's parts, where there are such rows."""
    judged, timed = [row for row in targets(rows) if row.met != NOT_MEASURED], _timed(rows)
    runs = list(dict.fromkeys(_run(row) for row in timed))
    parts = list(dict.fromkeys(_part(row) for row in timed))
    heights = [LINE * max(size, 2) + 0.5 for size in (len(judged), len(parts)) if size]
    figure = new_figure(sum(heights) or 1.0)
    grid = figure.add_gridspec(len(heights) or 1, max(len(runs), 1), height_ratios=heights or [1.0])
    if not heights:
        figure.add_subplot(grid[0, 0]).set_axis_off()
    if judged:
        _targets(figure.add_subplot(grid[0, :]), judged)
    first: Axes | None = None
    for column, run in enumerate(runs):
        axes = figure.add_subplot(grid[-1, column], sharex=first)
        _times(axes, [row for row in timed if _run(row) == run], parts)
        axes.set_title(", ".join(run.split(", ")[-2:]))
        if first is not None:
            axes.tick_params(labelleft=False)
        first = first or axes
    compared = next((row.against for row in timed if row.baseline is not None), "")
    below = f" Below: {NS}, dark for this version{f', light for {compared}' if compared else ''}." if timed else ""
    put_head(figure, f"Speed and memory: {verdict(rows)}", READ + below, machine.rstrip("."))
    return figure


def _run(row: Row) -> str:
    return row.name.partition(": ")[0]


def _part(row: Row) -> str:
    return row.name.partition(": ")[2]


def _timed(rows: Sequence[Row]) -> list[Row]:
    """Rows of the parts of a run: those against an earlier commit, or else those of this version."""
    against = [row for row in rows if row.part == "f" and "by the clock" not in row.name]
    found = [row for row in against if row.ratio is not None] or [row for row in rows if row.part == "d"]
    return [row for row in found if row.unit == NS and row.value is not None]


def _targets(axes: Axes, rows: Sequence[Row]) -> None:
    """How many times over each target is met, on a scale of factors."""
    for y, row in enumerate(rows):
        reached, met = _reached(row), row.met == "yes"
        colour = BLUE if met else ORANGE
        axes.plot([1.0, reached], [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(reached, y, marker="o" if met else "X", color=colour, markersize=7, linestyle="", zorder=4)
        shown = row.ratio if row.target is not None and row.target.of == "ratio" else row.value
        unit = " times" if row.target is not None and row.target.of == "ratio" else f" {row.unit}"
        wanted = f"{row.target}".split()[-1] if row.target else ""
        words = f"{short(shown or 0.0)}{unit}, {'met' if met else 'missed'}: {wanted}"
        left = reached < 1.0
        axes.annotate(words, (max(reached, 1.0) if left else reached, y), xytext=(7, 0), textcoords="offset points",
                      va="center", color=INK)  # fmt: skip
    axes.axvline(1.0, color=INK, linewidth=1.0)
    axes.set_xscale("log")
    low, high = min(map(_reached, rows)), max(map(_reached, rows))
    axes.set_xlim(min(0.7, low / 1.2), max(1.5, high) * 6.0)
    marks = [mark for mark in (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if axes.get_xlim()[0] <= mark <= high * 2]
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.minorticks_off()
    _names(axes, [f"({row.part}) {row.name}" for row in rows])
    axes.set_title("Targets: how many times over they are reached")


def _reached(row: Row) -> float:
    """How far a target is reached; 1 where it is just met, more where it is by more."""
    if row.target is None:
        return math.nan
    found, limit = (row.ratio if row.target.of == "ratio" else row.value) or 0.0, row.target.limit
    if found == limit:
        return 1.0
    times = found / limit if row.target.sign == ">=" else limit / found if found else MOST
    return min(max(times, 1.0 / MOST), MOST)


def _times(axes: Axes, rows: Sequence[Row], parts: Sequence[str]) -> None:
    """Time of each part of a run, as bars."""
    for row in rows:
        y, reach = parts.index(_part(row)), max(row.value or 0.0, row.baseline or 0.0)
        axes.barh(y - 0.19, row.value or 0.0, height=0.36, color=BLUE)
        if row.baseline is not None:
            axes.barh(y + 0.19, row.baseline, height=0.36, color=GREY)
        if row.ratio is not None:
            axes.annotate(f"{row.ratio:.1f} ×", (reach, y), xytext=(4, 0), textcoords="offset points", va="center",
                          color=INK)  # fmt: skip
    axes.margins(x=0.16)
    _names(axes, parts)


def _names(axes: Axes, names: Sequence[str]) -> None:
    """Names down the side, the first on top."""
    axes.set_yticks(range(len(names)), ["\n".join(textwrap.wrap(name, WIDTH)[:2]) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
