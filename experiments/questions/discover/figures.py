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
from experiments.reporting.finding import COLOURS, MARKS, ORANGE, Verdict
from experiments.reporting.names import drawn_treatment
from experiments.reporting.numbers import percent, short
from experiments.reporting.style import INK, new_figure, put_head, wrapped

Array = NDArray[Any]
LARGE = 1e4  # from here on numbers along an axis have their thousands apart


def draw(found: Found, view: View) -> Sequence[Drawing]:
    """The box."""
    return [Drawing("box", partial(draw_box, found))]


def draw_box(found: Found) -> Figure:
    """Above: the runs over the box's two strongest limits. Below: how often coordination loses along each of them, and
    PRIM's way from all runs to small, dense boxes."""
    figure = new_figure(7.0)
    about = drawn_treatment(found.results)
    note = (
        f"Each mark is a pair of runs, paired on common random numbers: ▼ {about} loses in {found.quantity.label}, "
        "▲ it gains. The frame is the box; in other directions it may be limited too, see summary.md. Lines below: 95 "
        "% intervals of shares (Wilson)."
    )
    put_head(figure, finding(found), note, f"{found.results.made.title}, {len(found.pairs):,} pairs of runs")
    grid = figure.add_gridspec(2, 2, height_ratios=(1.15, 1))
    draw_runs(figure.add_subplot(grid[0, :]), found)
    _along(figure.add_subplot(grid[1, 0]), found)
    _way(figure.add_subplot(grid[1, 1]), found)
    return figure


def finding(found: Found) -> str:
    """When it happens most, as a title."""
    about = drawn_treatment(found.results)
    about = about[:1].upper() + about[1:]
    share = percent(float(found.cases.mean()))
    if not found.box.limits:
        return f"{about} {found.find} in {share} of {len(found.cases):,} draws, with no pattern in what was drawn"
    sides = [_side(found, limit) for limit in found.box.limits[:2]]
    more = len(found.box.limits) - 2
    rest = f" and {more} more limit{'s' * (more > 1)} hold{'s' * (more == 1)}" if more > 0 else ""
    return (
        f"{about} {found.find} in {percent(found.box.density)} of the draws where {' and '.join(sides)}{rest}, "
        f"against {percent(found.box.base)} of all"
    )


def _side(found: Found, limit: Limit) -> str:
    seen = found.input(limit.name)
    words = seen.setting.words.partition(",")[0].partition(" (")[0]
    return f"{words} is {'below' if limit.upper else 'above'} {short(limit.value * seen.factor)}"


def _axes_of(found: Found) -> list[str]:
    limited = list(dict.fromkeys(limit.name for limit in sorted(found.box.limits, key=lambda limit: limit.chance)))
    others = strongest(found.inputs, found.cases) if found.cases.any() and not found.cases.all() else list(found.inputs)
    return list(dict.fromkeys([*limited, *others]))[:2]


def draw_runs(axes: Axes, found: Found) -> None:
    """The runs over the two inputs that say most, and the box's sides along them, in the units of the labels."""
    loses = found.cases if found.find == "loses" else ~found.cases
    x, y = _axes_of(found)
    for flags, verdict in ((~loses, Verdict.BETTER), (loses, Verdict.WORSE)):
        across, up = found.shown(x)[flags], found.shown(y)[flags]
        axes.scatter(across, up, s=16, c=COLOURS[verdict], marker=MARKS[verdict].marker, alpha=0.6, linewidths=0)
    (left, right), (low, high) = (_sides(found, name) for name in (x, y))
    if found.box.limits:
        axes.add_patch(Rectangle((left, low), right - left, high - low, fill=False, edgecolor=INK, linewidth=2))
    axes.set_xlabel(wrapped(found.input(x).setting.label, 90))
    axes.set_ylabel(wrapped(found.input(y).setting.label, 40))
    for axis, name in ((axes.xaxis, x), (axes.yaxis, y)):
        if float(np.abs(found.shown(name)).max()) >= LARGE:
            axis.set_major_formatter("{x:,.0f}")
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
    """The share of cases in tenths of the runs, sorted by each of the two inputs above, with intervals."""
    for name, colour, marker, shift in zip(_axes_of(found), (INK, "#808080"), "so", (-0.8, 0.8), strict=False):
        order = np.argsort(found.pairs[name].to_numpy(), kind="stable")
        groups = [group for group in np.array_split(order, bins) if group.size]
        counts = np.array([group.size for group in groups])
        shares = np.array([float(found.cases[group].mean()) for group in groups])
        places = (np.arange(len(groups)) + 0.5) * 100 / len(groups) + shift
        low, high = wilson(shares, counts)
        axes.vlines(places, 100 * low, 100 * high, color=colour, linewidth=0.9, alpha=0.6)
        label = wrapped(found.input(name).setting.words, 44)
        axes.plot(places, 100 * shares, color=colour, marker=marker, markersize=4, linewidth=1.2, label=label)
    axes.axhline(100 * float(found.cases.mean()), color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.set_ylim(0, 108)
    axes.set_xlabel("from lowest to highest value, % of runs")
    axes.set_ylabel(f"% of runs in which it {found.find}")
    axes.set_title(f"How often it {found.find} along each input")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.1, -0.22))


def wilson(shares: Array, counts: Array, reach: float = 1.96) -> tuple[Array, Array]:
    """95 % intervals of shares of so many runs (Wilson 1927)."""
    square = reach**2
    middle = (shares + square / (2 * counts)) / (1 + square / counts)
    half = reach * np.sqrt(shares * (1 - shares) / counts + square / (4 * counts**2)) / (1 + square / counts)
    return middle - half, middle + half


def _way(axes: Axes, found: Found) -> None:
    way = 100 * np.array(found.box.path).reshape(-1, 2)
    axes.plot(way[:, 0], way[:, 1], color="#808080", marker="o", markersize=3, linewidth=0.8, label="boxes on the way")
    axes.plot(100 * found.box.coverage, 100 * found.box.density, color=INK, marker="*", markersize=14, linestyle="",
              label="the box, without limits by chance")  # fmt: skip
    if found.check is not None:
        axes.plot(100 * found.check.coverage, 100 * found.check.density, color=ORANGE, marker="X", markersize=9,
                  linestyle="", label="found on halves, seen on the others")  # fmt: skip
    axes.set_xlim(0, 105)
    axes.set_ylim(0, 108)
    axes.set_xlabel(f"coverage: % of all that {found.find[:-1]} in the box")
    axes.set_ylabel(f"density: % of the box that {found.find}")
    axes.set_title("From all runs to small, dense boxes")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.1, -0.22))
