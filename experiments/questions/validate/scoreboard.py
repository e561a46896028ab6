"""The scoreboard: one row a pattern, with the test that it does worst in, and a mark for each of its tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.questions.validate.groups import Group, groups, titled, unfitted
from experiments.questions.validate.measuring.score import VERDICTS, Scored, Verdict, worst
from experiments.questions.validate.words import range_words, value_words
from experiments.reporting.finding import BLUE, GREY, ORANGE, WHITE
from experiments.reporting.finding import MARKS as FOUND
from experiments.reporting.finding import Verdict as Found
from experiments.reporting.marks import EDGE as LIGHT
from experiments.reporting.names import lines_of
from experiments.reporting.numbers import listed
from experiments.reporting.style import INK, LINE, SIZE, new_figure, put_head

# As of findings: what passes is as dark and points up, what misses is lighter and points down, the rest is grey.
COLOURS: dict[Verdict, str] = {"pass": BLUE, "near": GREY, "miss": ORANGE, "not measured": WHITE, "shown": WHITE}
EDGES: dict[Verdict, str] = {"pass": BLUE, "near": LIGHT, "miss": ORANGE, "not measured": LIGHT, "shown": LIGHT}
MARKERS: dict[Verdict, str] = {
    "pass": FOUND[Found.BETTER].marker, "near": "D", "miss": FOUND[Found.WORSE].marker, "not measured": "_",
    "shown": "o",
}  # fmt: skip
NOTE = (
    "A row a pattern, with the test that it does worst in: the mark is the median over seeds, the line 90 % of them, "
    "the pale band the pattern's range, drawn equally wide in every row; what lies far outside stands at the edge. At "
    "the right a mark for each of its tests. ▲ passes, ◆ within 1.5 times of the range, ▼ misses, – not measured, "
    "○ only shown. Hollow: the number is also an input of the model, and a pass no evidence."
)
BAND = "#DCE6EE"
REACH = 3.0  # half ranges from the middle of the strip to its ends
# Inches from the left: words, the strip's middle and half width, numbers, marks.
WORDS, MIDDLE, HALF, NUMBERS, TESTS, END = 3.82, 4.72, 0.78, 5.62, 7.06, 7.9
APART, A_LINE = 0.18, 5  # inches between marks, and how many stand on a line
GAP = 0.13  # inches between rows


def draw_scoreboard(found: Sequence[Scored], source: str) -> Figure:
    """The patterns that were predicted, then those only checked, then the fitted ones, each group with its count."""
    parts = list(groups(found).values())
    height = sum(_height(tests) for part in parts for tests in part.patterns) + 0.4 + 0.36 * len(parts)
    figure = new_figure(height)
    put_head(figure, finding(found), NOTE, source)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, END)
    axes.set_ylim(height, 0)
    heads = ((0.0, "Pattern, and its worst test"), (NUMBERS, "Model, and range"), (TESTS, "Its tests"))
    for x, words in heads:
        axes.text(x, 0.1, words, fontsize=SIZE, va="center", color="#505050")
    axes.text(MIDDLE, 0.1, "below  range  above", fontsize=SIZE, va="center", ha="center", color="#505050")
    top = 0.24
    for part in parts:
        top = _group(axes, part, top)
    return figure


def finding(found: Sequence[Scored]) -> str:
    """What the scoreboard says, as a title: of what was not fitted, as what chose the default does not score it."""
    part, name = unfitted(found), "patterns that were not fitted"
    if not part.of:
        part, name = groups(found)["fit"], "fitted patterns"
    verdicts = [worst(tests) for tests in part.patterns]
    clean, near, missed, unknown = (verdicts.count(verdict) for verdict in VERDICTS)
    if part.of == 1:
        kind = "fitted pattern " if part.uses == ("fit",) else "pattern "
        return f"The model {'reproduces' if clean else 'does not reproduce'} {kind}{part.tests[0].pattern.key}"
    parts = [f"passes every test of {clean}"]
    parts += [f"comes near in {near}"] * bool(near) + [f"misses in {missed}"] * bool(missed)
    parts += [f"leaves tests of {unknown} unmeasured"] * bool(unknown)
    return f"Of {part.of} {name} the model {listed(parts)}"


def told_by(tests: Sequence[Scored]) -> Scored:
    """The test that a pattern does worst in, of those measured: by verdict, then by how far outside it lies."""
    scored = [one for one in tests if one.test.scored]
    measured = [one for one in scored if one.verdict != "not measured"]
    return max(measured or scored, key=lambda one: (VERDICTS.index(one.verdict), _outside(one)))


def _outside(one: Scored) -> float:
    """How far the judged number lies from the middle of its range, in half ranges."""
    if math.isnan(one.value):
        return 0.0
    return float(abs(_Scale(one, np.array([one.value]))(np.array([one.value]))[0]))


def _words(tests: Sequence[Scored]) -> tuple[list[str], list[str]]:
    pattern, one = tests[0].pattern, told_by(tests)
    name = lines_of(f"{pattern.key}  {pattern.name}", WORDS, SIZE, bold=True)
    unit = "" if one.test.unit in one.test.title.lower() else f", {one.test.unit}"
    return name, lines_of(one.test.title + unit, WORDS, SIZE)


def _height(tests: Sequence[Scored]) -> float:
    return max(2, sum(map(len, _words(tests)))) * LINE + GAP


def _group(axes: Axes, part: Group, top: float) -> float:
    """Draw a group of patterns from `top` down, and say where it ends."""
    axes.axhline(top + 0.3, color=INK, linewidth=0.8)
    axes.text(0, top + 0.17, titled(part), fontsize=SIZE, va="center", fontweight="bold", color=INK)
    top += 0.36
    for tests in part.patterns:
        _row(axes, tests, top)
        top += _height(tests)
        axes.axhline(top - GAP / 2 + 0.02, color="#E4E4E4", linewidth=0.6)
    return top


def _row(axes: Axes, tests: Sequence[Scored], top: float) -> None:
    name, test = _words(tests)
    one, middle = told_by(tests), top + (_height(tests) - GAP) / 2 + 0.02
    axes.text(0, top, "\n".join(name), fontsize=SIZE, fontweight="bold", va="top", color=INK)
    axes.text(0, top + LINE * len(name), "\n".join(test), fontsize=SIZE, va="top", color="#505050")
    _strip(axes, one, middle)
    ends = range_words(one.test)
    axes.text(NUMBERS, middle, f"{value_words(one.value)}\n{ends}", fontsize=SIZE, va="center", color=INK)
    lines = -(-len(tests) // A_LINE)
    for place, each in enumerate(tests):
        line, column = divmod(place, A_LINE)
        _mark(axes, each, TESTS + 0.06 + APART * column, middle + APART * (line - (lines - 1) / 2))


def _mark(axes: Axes, one: Scored, x: float, y: float) -> None:
    hollow = one.pattern.input_of(one.test) == "yes"
    face = WHITE if hollow else COLOURS[one.verdict]
    axes.plot(x, y, MARKERS[one.verdict], color=EDGES[one.verdict], markerfacecolor=face, markersize=7, zorder=4,
              markeredgewidth=1.2)  # fmt: skip


def _strip(axes: Axes, one: Scored, y: float) -> None:
    """A test: its band, and quantiles of its runs."""
    known = one.values[~np.isnan(one.values)]
    if one.test.over == "share":
        known = np.array([] if math.isnan(one.value) else [one.value])
    to_line = _Scale(one, known)
    low, high = (MIDDLE + HALF / REACH * end for end in to_line.band)
    axes.barh(y, 2 * HALF, left=MIDDLE - HALF, height=0.2, color="#F5F5F5", zorder=1)
    axes.barh(y, high - low, left=low, height=0.2, color=BAND, zorder=1)
    if not len(known) or one.verdict == "not measured":
        return
    low, x, high = MIDDLE + HALF / REACH * to_line(np.quantile(known, [0.05, 0.5, 0.95], method="nearest"))
    axes.plot([low, high], [y, y], color=EDGES[one.verdict], linewidth=2, zorder=2, solid_capstyle="butt")
    _mark(axes, one, float(x), y)


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
        self.band = (-1.0, REACH) if high is None else (-REACH, 1.0) if low is None else (-1.04, -0.96)
        self.middle = end - self.unit if low is None else end + self.unit

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip((values - self.middle) / self.unit, -REACH, REACH)
