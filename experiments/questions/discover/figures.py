"""The box in which coordination loses, among the runs that it was found in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from experiments.analysis.prim import Limit, strongest
from experiments.questions.discover.result import Found
from experiments.questions.question import Drawing, View
from experiments.reporting.names import drawn_treatment
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head, wrapped

Array = NDArray[Any]


def draw(found: Found, view: View) -> Sequence[Drawing]:
    """The box."""
    return [Drawing("box", partial(draw_box, found))]


def draw_box(found: Found) -> Figure:
    """Left: the runs over the box's two strongest limits. Middle: how often coordination loses along each limit.
    Right: PRIM's way from all runs to small, dense boxes."""
    figure = new_figure(5.2)
    about = drawn_treatment(found.results)
    note = (
        f"Each point is a pair of runs, paired on common random numbers. Orange: {about} loses in "
        f"{found.quantity.label}; blue: it gains. The frame is the box; in other directions it may be limited too, see "
        "summary.md."
    )
    source = f"{found.results.made.title}, {len(found.pairs):,} pairs of runs"
    put_head(figure, f"When {about} {found.find}", note, source)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.25, 1, 1))
    draw_runs(left, found)
    _along(middle, found)
    _way(right, found)
    return figure


def _axes_of(found: Found) -> list[str]:
    limited = list(dict.fromkeys(limit.name for limit in sorted(found.box.limits, key=lambda limit: limit.chance)))
    others = strongest(found.inputs, found.cases) if found.cases.any() and not found.cases.all() else list(found.inputs)
    return list(dict.fromkeys([*limited, *others]))[:2]


def draw_runs(axes: Axes, found: Found) -> None:
    """The runs over the two inputs that say most, and the box's sides along them, in the units of the labels."""
    loses = found.cases if found.find == "loses" else ~found.cases
    x, y = _axes_of(found)
    for flags, colour, marker in ((~loses, GAIN, "o"), (loses, LOSS, "^")):
        across, up = found.shown(x)[flags], found.shown(y)[flags]
        axes.scatter(across, up, s=9, c=colour, marker=marker, alpha=0.55, linewidths=0)
    (left, right), (low, high) = (_sides(found, name) for name in (x, y))
    if found.box.limits:
        axes.add_patch(Rectangle((left, low), right - left, high - low, fill=False, edgecolor=INK, linewidth=2))
    axes.set_xlabel(wrapped(found.input(x).setting.label, 52))
    axes.set_ylabel(wrapped(found.input(y).setting.label, 44))
    axes.set_title("The box among the runs" if found.box.limits else "The runs; no box found")


def _sides(found: Found, name: str) -> tuple[float, float]:
    """The box's sides along an input, in the unit shown."""
    low, high = found.span(name)
    for limit in found.box.limits:
        if limit.name == name:
            low, high = (low, limit.value) if limit.upper else (limit.value, high)
    factor = found.input(name).factor
    return low * factor, high * factor


def _along(axes: Axes, found: Found, bins: int = 10) -> None:
    """The share of cases in tenths of the runs, sorted by each limited input; filled where inside the limit."""
    limits: list[Limit | str] = list(found.box.limits[:4]) or list(_axes_of(found))
    styles = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#CC79A7", "D"))
    for limit, (colour, marker) in zip(limits, styles, strict=False):
        name = limit if isinstance(limit, str) else limit.name
        order = np.argsort(found.pairs[name].to_numpy(), kind="stable")
        groups = [group for group in np.array_split(order, bins) if group.size]
        shares = [100 * float(found.cases[group].mean()) for group in groups]
        places = (np.arange(len(groups)) + 0.5) * 100 / len(groups)
        axes.plot(
            places,
            shares,
            color=colour,
            marker=marker,
            markersize=4,
            label=wrapped(found.input(name).setting.words, 44),
        )
    axes.axhline(100 * float(found.cases.mean()), color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_ylim(0, 108)
    axes.set_xlabel("runs from the lowest to the highest value of the input, %")
    axes.set_ylabel(f"{drawn_treatment(found.results)} {found.find}, % of runs")
    axes.set_title(f"How often it {found.find} along each input")
    axes.legend(fontsize=7, loc="best")


def _way(axes: Axes, found: Found) -> None:
    way = 100 * np.array(found.box.path).reshape(-1, 2)
    axes.plot(way[:, 0], way[:, 1], color="#808080", marker="o", markersize=3, linewidth=0.8, label="boxes on the way")
    axes.plot(100 * found.box.coverage, 100 * found.box.density, color=INK, marker="*", markersize=14, linestyle="",
              label="the box, without chance limits")  # fmt: skip
    if found.check is not None:
        axes.plot(100 * found.check.coverage, 100 * found.check.density, color=LOSS, marker="X", markersize=9,
                  linestyle="", label="found on halves, seen on the others")  # fmt: skip
    axes.set_xlim(0, 105)
    axes.set_ylim(0, 108)
    axes.set_xlabel(f"coverage: of the runs in which it {found.find}, % in the box")
    axes.set_ylabel(f"density: of the runs in the box, % in which it {found.find}")
    axes.set_title("From all runs to small, dense boxes")
    axes.legend(fontsize=7, loc="lower left")
