"""How far each parameter narrows around truths that are known, and how often its interval holds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.questions.question import Drawing, View
from experiments.questions.recover.result import SAYS, Tested
from experiments.reporting.finding import BLUE, GREY, INK, ORANGE, WHITE
from experiments.reporting.numbers import percent
from experiments.reporting.style import new_figure, put_head, wrapped

LINE, LETTERS = 0.15, 38  # inches of a line of words, and letters on it
NINE_IN_TEN = 90.0  # % of truths that a parameter's interval is to hold


def draw(found: Tested, view: View) -> Sequence[Drawing]:
    """Parameters by rows."""
    return [Drawing("recovery", partial(draw_recovery, found))]


def draw_recovery(found: Tested) -> Figure:
    """Left: every world's narrowing and the median. Right: the share of worlds whose interval holds the truth."""
    told = found.told
    labels = [wrapped(found.results.setting(name).brief, LETTERS) for name in told["parameter"]]
    lines = max(label.count("\n") + 1 for label in labels)
    figure = new_figure(0.9 + (0.06 + LINE * max(lines, 2)) * max(len(told), 3))
    note = (
        "Left: by how much narrower the middle nine tenths of what is left are than those of the plausible range; dot: "
        "a world, "
        f"bar: the median, blue where it is {percent(SAYS)} or more (dashed line), orange where it is less. Right: the "
        "share of worlds in which they hold the true value, with its 95 % interval; dashed line: 90 %."
    )
    put_head(figure, finding(found), note, found.results.source)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.5, 1.0))
    _narrowing(left, found)
    _coverage(right, found)
    left.set_yticks(range(len(told)), labels)
    left.set_ylim(max(len(told), 1) - 0.4, -0.6)
    return figure


def finding(found: Tested) -> str:
    """What is kept and what narrows, as a title."""
    kept, count, size = int(found.truths["kept"].sum()), len(found.truths), found.space.size
    never = len(found.never)
    rest = f"{never} of {size} parameters are never narrowed" if never else "every parameter is narrowed in some world"
    return f"Calibration leaves the truth in what it keeps in {kept} of {count} invented worlds; {rest}"


def _narrowing(axes: Axes, found: Tested) -> None:
    for place, one in enumerate(found.told.to_dict("records")):
        colour = BLUE if one["narrowed"] >= SAYS else ORANGE
        own = found.intervals[found.intervals["parameter"] == one["parameter"]]["narrowed"].dropna() * 100.0
        axes.barh(place, 100.0 * one["narrowed"], height=0.55, color=colour, alpha=0.45)
        axes.plot(own, [place] * len(own), linestyle="none", marker="o", markersize=3.5, color=INK, alpha=0.55)
        axes.plot([100.0 * one["narrowed"]] * 2, [place - 0.34, place + 0.34], color=colour, linewidth=2.2)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.axvline(100.0 * SAYS, color=INK, linewidth=0.9, linestyle="--")
    axes.set_xlim(right=102.0)
    axes.set_xlabel("narrower by, % of the plausible range's")
    axes.set_title("How far it narrows")


def _coverage(axes: Axes, found: Tested) -> None:
    axes.axvline(NINE_IN_TEN, color=INK, linewidth=0.9, linestyle="--")
    for place, one in enumerate(found.told.to_dict("records")):
        if not one["of"]:
            continue
        ends = [100.0 * one["share_low"], 100.0 * one["share_high"]]
        axes.plot(ends, [place, place], color=BLUE, linewidth=1.6)
        axes.plot(
            [100.0 * one["share"]], [place], marker="o", markersize=6, markerfacecolor=WHITE, color=BLUE, linestyle=""
        )
    axes.set_xlim(-3.0, 103.0)
    axes.set_xlabel("% of worlds")
    axes.set_title("How often it holds the truth")
    axes.tick_params(axis="y", length=0)
