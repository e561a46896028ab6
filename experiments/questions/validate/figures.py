"""The scoreboard: one line a test, the pattern's range as a band and the model's runs on the same line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.questions.question import Drawing, View
from experiments.questions.validate.aggregate_figures import aggregate_figure
from experiments.questions.validate.measuring.score import Scored, Verdict, by_pattern
from experiments.questions.validate.result import STAGE, Validated
from experiments.questions.validate.words import range_words, value_words
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head

COLOURS: dict[Verdict, str] = {"pass": GAIN, "near": "#E69F00", "miss": LOSS, "not measured": "#808080"}
MARKERS: dict[Verdict, str] = {"pass": "o", "near": "D", "miss": "X", "not measured": "_"}
BAND, EDGE = "#D6E6F2", 3.0
NOTE = (
    "Pale band: the pattern's range, drawn equally wide on every line; white beyond it, with its numbers at the left. "
    "Marker: median over seeds; thick line: half of them, thin line: 90 %. Blue circle: pass; yellow diamond: within "
    "1.5 times of the range; orange cross: miss. Hollow marker and grey words: the number is also an input of the "
    "model, and a pass no evidence; * partly an input. Markers at the edge lie beyond it."
)


def draw(found: Validated, view: View) -> Sequence[Drawing]:
    """The scoreboard, and agents beside the aggregate benchmark."""
    drawings = [Drawing("scoreboard", partial(draw_scoreboard, found.scored, found.results.source))]
    if found.departures:
        few = f"{found.results.made.title}, {found.results.made.stages[STAGE].replicates} replicates"
        drawings.append(Drawing("aggregate", partial(aggregate_figure, found.departures, few)))
    return drawings


def draw_scoreboard(found: Sequence[Scored], source: str) -> Figure:
    """Two columns of lines, one a test, under the names of their patterns."""
    columns = _halves(list(by_pattern(found).values()))
    lines = max(sum(len(tests) + 1 for tests in column) for column in columns)
    figure = new_figure(1.5 + 0.205 * lines, 9.8 * len(columns))
    put_head(figure, "Does the model reproduce what is known to have happened?", NOTE, source)
    for axes, column in zip(figure.subplots(1, len(columns), squeeze=False)[0], columns, strict=True):
        _column(axes, column, lines)
    return figure


def _halves(groups: list[list[Scored]]) -> list[list[list[Scored]]]:
    """Patterns in one column, or in two of about the same length."""
    lengths = np.cumsum([len(tests) + 1 for tests in groups])
    if lengths[-1] < 16:
        return [groups]
    cut = int(np.abs(lengths - lengths[-1] / 2).argmin()) + 1
    return [groups[:cut], groups[cut:]]


def _column(axes: Axes, groups: Sequence[Sequence[Scored]], lines: int) -> None:
    place, labels = 0, []
    for tests in groups:
        pattern = tests[0].pattern
        axes.text(-EDGE * 1.06, place, f"{pattern.key}  {pattern.name}", va="center", ha="right", fontsize=8,
                  fontweight="bold", color=INK)  # fmt: skip
        place += 1
        for one in tests:
            _line(axes, one, place)
            labels.append((place, one))
            place += 1
    for at, one in labels:
        own = one.pattern.input_of(one.test)
        words = f"{one.test.title}{' *' if own == 'partly' else ''}   [{range_words(one.test)}]"
        axes.text(
            -EDGE * 1.06, at, words, va="center", ha="right", fontsize=7, color="#808080" if own == "yes" else INK
        )
        axes.text(EDGE * 1.06, at, f"{value_words(one.value)}  {one.verdict}", va="center", ha="left", fontsize=7,
                  color=COLOURS[one.verdict])  # fmt: skip
    axes.set_xlim(-EDGE * 1.04, EDGE * 1.04)
    axes.set_ylim(lines - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlabel("lower than observed  ←  range  →  higher than observed", fontsize=8)


def _line(axes: Axes, one: Scored, place: int) -> None:
    """A test: its band, and quantiles of its runs."""
    known = one.values[~np.isnan(one.values)]
    if one.test.over == "share":
        known = np.array([one.value] if one.value == one.value else [])
    to_line = _Scale(one, known)
    low, high = to_line.band
    axes.barh(place, high - low, left=low, height=0.72, color=BAND, zorder=1)
    if not len(known):
        return
    colour = COLOURS[one.verdict]
    q = to_line(np.quantile(known, [0.05, 0.25, 0.5, 0.75, 0.95], method="nearest"))
    axes.plot(q[[0, 4]], [place, place], color=colour, linewidth=0.9, zorder=2)
    axes.plot(q[[1, 3]], [place, place], color=colour, linewidth=3.0, zorder=2, solid_capstyle="butt")
    face = "white" if one.pattern.input_of(one.test) == "yes" else colour
    axes.plot(q[2], place, MARKERS[one.verdict], color=colour, markerfacecolor=face, markersize=5, zorder=3)


class _Scale:
    """From a test's unit to a line on which its range is drawn from -1 to 1, or on from there where it has one end."""

    def __init__(self, one: Scored, known: NDArray[np.float64]) -> None:
        low, high = one.test.low, one.test.high
        finite = known[np.isfinite(known)]
        if low is not None and high is not None and high > low:
            self.middle, self.unit = (low + high) / 2, (high - low) / 2
            self.band = (-1.0, 1.0)
            return
        end = low if low is not None else high
        assert end is not None
        reach = float(np.abs(finite - end).max()) if len(finite) else 0.0
        # With one end the farthest run decides on the scale: it lies two units from that end.
        self.unit = reach / 2 if reach > 0 else max(abs(end), 1.0)
        self.band = (-1.0, EDGE) if high is None else (-EDGE, 1.0) if low is None else (-1.04, -0.96)
        self.middle = end - self.unit if low is None else end + self.unit

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip((values - self.middle) / self.unit, -EDGE, EDGE)
