"""The figure of a hindcast: a row a measure, what runs foretell beside what was observed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.questions.hindcast.result import Hindcast
from experiments.questions.hindcast.score import Scored, Verdict
from experiments.questions.hindcast.words import before, observed, of_runs, predicted, verdict
from experiments.questions.question import Drawing, View
from experiments.reporting.finding import BLUE, GREY, INK, ORANGE, WHITE
from experiments.reporting.marks import EDGE
from experiments.reporting.names import lines_of
from experiments.reporting.numbers import listed
from experiments.reporting.style import LINE, SIZE, new_figure, put_head

# As of patterns: what holds is dark and points up, what does not is lighter and points down, the rest is grey.
COLOURS: dict[Verdict, str] = {
    "inside": BLUE, "near": GREY, "far": ORANGE, "uninformative": WHITE, "not measured": WHITE,
}  # fmt: skip
EDGES: dict[Verdict, str] = {
    "inside": BLUE, "near": EDGE, "far": ORANGE, "uninformative": EDGE, "not measured": EDGE,
}  # fmt: skip
MARKERS: dict[Verdict, str] = {"inside": "^", "near": "D", "far": "v", "uninformative": "o", "not measured": "_"}
NOTE = (
    "A row a measure, each on a scale of its own. Coloured line: the interval that holds {who}, with the "
    "median as a mark: ▲ it holds the observed number, ◆ near, ▼ far outside, ○ hardly narrower than what was thought "
    "possible before, which is the pale band behind. Black: what was observed, a number (|) and its range; an arrow "
    "where the range has no end. Dotted: had nothing changed."
)
BAND = "#D3DEE8"  # what was thought possible before
WORDS, LEFT, RIGHT, NUMBERS, END = 2.9, 3.05, 5.15, 5.3, 7.9  # inches from the left
GAP, MOST = 0.16, 12  # inches between rows; rows of a figure
APART = 0.07  # inches between what runs foretell and what was observed


def draw(found: Hindcast, view: View) -> Sequence[Drawing]:
    """All measures, some a figure."""
    parts = [found.scored[at : at + MOST] for at in range(0, len(found.scored), MOST)]
    names = ["hindcast", *(f"hindcast-{number}" for number in range(2, len(parts) + 1))]
    return [Drawing(name, partial(draw_measures, found, part)) for name, part in zip(names, parts, strict=True)]


def draw_measures(found: Hindcast, scored: Sequence[Scored]) -> Figure:
    """Measures in the order of the episode."""
    height = sum(map(_height, scored)) + 0.3
    figure = new_figure(height)
    put_head(figure, finding(found), NOTE.format(who=of_runs(found)), found.source)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, END)
    axes.set_ylim(height, 0)
    for x, words in ((0.0, "Measure"), (NUMBERS, f"{_who(found)} (90 %), and observed")):
        axes.text(x, 0.1, words, fontsize=SIZE, va="center", color="#505050")
    top = 0.26
    for one in scored:
        _row(axes, one, top)
        top += _height(one)
        axes.axhline(top - GAP / 2, color="#E4E4E4", linewidth=0.6)
    return figure


def _who(found: Hindcast) -> str:
    return "Runs" if found.over is None else "Set"


def finding(found: Hindcast) -> str:
    """What the figure says, as a title."""
    counts, scored = found.counts, len(found.scored)
    parts = [f"{count} {'is' if count == 1 else 'are'} {name}" for name, count in counts.items()
             if name != "inside" and count]  # fmt: skip
    rest = f"; {listed(parts)}" if parts else ""
    which = f"{counts['inside']} of {scored}" if counts["inside"] else f"none of {scored}"
    who = "Runs foretell" if found.over is None else "What is not ruled out foretells"
    return f"{who} {which} observed numbers{rest}: {found.episode.title}"


def _words(one: Scored) -> tuple[list[str], list[str], list[str]]:
    """Name, unit and numbers of a measure, in lines."""
    m = one.measure
    name = lines_of(m.name, WORDS, SIZE, bold=True, most=3)
    told = [predicted(one), *([f"before: {before(one)}"] if one.prior else []), f"observed: {observed(one)}",
            verdict(one)]  # fmt: skip
    return (
        name,
        lines_of(m.unit, WORDS, SIZE, most=2),
        [x for line in told for x in lines_of(line, END - NUMBERS, SIZE)],
    )


def _height(one: Scored) -> float:
    name, unit, told = _words(one)
    return max(len(name) + len(unit), len(told)) * LINE + GAP


def _row(axes: Axes, one: Scored, top: float) -> None:
    name, unit, told = _words(one)
    middle = top + (_height(one) - GAP) / 2
    axes.text(0, top, "\n".join(name), fontsize=SIZE, fontweight="bold", va="top", color=INK)
    axes.text(0, top + LINE * len(name), "\n".join(unit), fontsize=SIZE, va="top", color="#505050")
    axes.text(NUMBERS, middle, "\n".join(told), fontsize=SIZE, va="center", color=INK)
    _strip(axes, one, middle)


def _strip(axes: Axes, one: Scored, y: float) -> None:
    """A measure's own scale: what runs foretell above, what was observed below."""
    m = one.measure
    told = (one.low, one.high, m.observed, m.low, m.high, one.no_change, *(one.prior or ()))
    ends = [x for x in told if x is not None and math.isfinite(x)]
    least, most = min(ends), max(ends)
    reach = (most - least) or max(abs(least), 1.0)

    def at(x: float) -> float:
        return float(np.clip(LEFT + (RIGHT - LEFT) * (0.1 + 0.8 * (x - least) / reach), LEFT, RIGHT))

    axes.barh(y, RIGHT - LEFT, left=LEFT, height=0.3, color="#F5F5F5", zorder=1)
    if one.prior is not None:
        left, right = (at(end) for end in one.prior)
        axes.barh(y, right - left, left=left, height=0.3, color=BAND, zorder=1.5)
    if one.no_change is not None:
        axes.plot(
            [at(one.no_change)] * 2, [y - 0.15, y + 0.15], color="#606060", linewidth=1.0, linestyle=":", zorder=2
        )
    _observed(axes, at, one, y + APART)
    if one.known:
        colour = EDGES[one.verdict]
        axes.plot(
            [at(one.low), at(one.high)], [y - APART] * 2, color=colour, linewidth=2.4, zorder=3, solid_capstyle="butt"
        )
        axes.plot(at(one.median), y - APART, MARKERS[one.verdict], color=colour, markerfacecolor=COLOURS[one.verdict],
                  markersize=7, markeredgewidth=1.2, zorder=4)  # fmt: skip


def _observed(axes: Axes, at: Callable[[float], float], one: Scored, y: float) -> None:
    """The observed number and its range, which may have no end."""
    m = one.measure
    if m.low is not None or m.high is not None:
        low = at(m.low) if m.low is not None else at(m.observed) if m.observed is not None else LEFT
        high = at(m.high) if m.high is not None else at(m.observed) if m.observed is not None else RIGHT
        axes.plot([low, high], [y, y], color=INK, linewidth=1.2, zorder=3, solid_capstyle="butt")
        for end, x, marker in (
            (m.low, low, "|" if m.low is not None else "<"),
            (m.high, high, "|" if m.high is not None else ">"),
        ):
            if end is not None or m.observed is None:
                axes.plot(x, y, marker, color=INK, markersize=4, zorder=3)
    if m.observed is not None:
        axes.plot(at(m.observed), y, "|", color=INK, markersize=9, markeredgewidth=2.2, zorder=4)
