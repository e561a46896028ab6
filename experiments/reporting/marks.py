"""Findings drawn: points with intervals, bars, cells and shades, as the grammar of findings marks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from experiments.reporting.finding import BLUE, COLOURS, INK, ORANGE, PURPLE, WHITE, Finding, Verdict
from experiments.reporting.names import width
from experiments.reporting.numbers import SCALES
from experiments.reporting.style import SIZE

OLIVE = "#8F8B3A"  # less, on a map of what is neither better nor worse, where nothing else tells directions apart
EDGE = "#949494"  # of hollow marks, and intervals that cover zero: light, and still seen on white


def shades(better: int) -> LinearSegmentedColormap:
    """Colours for a map of differences, symmetric around zero, which is white. better: as of a finding."""
    worse, good = (OLIVE, PURPLE) if not better else (ORANGE, BLUE) if better > 0 else (BLUE, ORANGE)
    return LinearSegmentedColormap.from_list(f"findings{better}", [worse, WHITE, good])


def line_colour(verdict: Verdict) -> str:
    """The colour of a verdict's interval and of its mark's edge."""
    return COLOURS[verdict] if verdict.decided else EDGE


def draw_point(axes: Axes, finding: Finding, y: float, factor: float = 1.0, size: float = 7.0) -> None:
    """A finding as its mark at its mean, with its interval, along x at the height y; `factor` turns the finding's
    numbers into the axis's. Nothing where there is no finding."""
    verdict, value = finding.verdict, finding.value
    if verdict is Verdict.NOTHING:
        return
    colour = line_colour(verdict)
    if value.known:
        ends = sorted((value.low * factor, value.high * factor))
        axes.plot(
            ends, [y, y], color=colour, linewidth=2.2 if verdict.decided else 1.3, solid_capstyle="butt", zorder=3
        )
    face = colour if finding.mark.filled else WHITE
    axes.plot(value.mean * factor, y, linestyle="", marker=finding.mark.marker, color=colour, markerfacecolor=face,
              markeredgewidth=1.3, markersize=size, zorder=4)  # fmt: skip


def draw_along(axes: Axes, places: Sequence[float], findings: Sequence[Finding], size: float = 6.0) -> None:
    """Findings along x as their marks, on a line through their means within the band of their intervals; zero is
    drawn. For findings of one thing under one setting after the other."""
    known = [(x, one) for x, one in zip(places, findings, strict=True) if one.verdict is not Verdict.NOTHING]
    sure = [(x, one.value) for x, one in known if one.value.known]
    axes.axhline(0, color=INK, linewidth=0.8)
    if sure:
        low, high = [value.low for _, value in sure], [value.high for _, value in sure]
        axes.fill_between([x for x, _ in sure], low, high, color=INK, alpha=0.1, linewidth=0)
    axes.plot([x for x, _ in known], [one.value.mean for _, one in known], color=EDGE, linewidth=1.2)
    for x, one in known:
        colour = line_colour(one.verdict)
        face = colour if one.mark.filled else WHITE
        axes.plot(x, one.value.mean, linestyle="", marker=one.mark.marker, color=colour, markerfacecolor=face,
                  markeredgewidth=1.3, markersize=size, zorder=4)  # fmt: skip


def draw_bar(axes: Axes, finding: Finding, y: float, height: float, factor: float = 1.0) -> None:
    """A finding as a bar from zero to its mean, hatched where it is worse, with its interval as a line."""
    verdict, value = finding.verdict, finding.value
    if verdict is Verdict.NOTHING:
        return
    axes.barh(y, value.mean * factor, height=height, color=finding.colour, hatch=finding.mark.hatch, edgecolor=WHITE,
              linewidth=0)  # fmt: skip
    if value.known:
        axes.plot([value.low * factor, value.high * factor], [y, y], color=INK, linewidth=1.2, zorder=3)


def finding_line(axes: Axes, finding: Finding, room: float = 0.0) -> None:
    """A finding in a line over a panel, between it and its title: mark, difference, interval, and where there are as
    many inches of `room` its unit, unless that stands along the axis."""
    title = axes.get_title(loc="left")
    axes.set_title(title, pad=17)
    if finding.verdict is Verdict.NOTHING:
        return
    words = finding.shown(finding.places)
    longer = f"{words} {finding.unit}"
    if finding.unit not in SCALES.values() and width(longer, SIZE) <= room:
        words = longer
    over: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    axes.annotate(finding.mark.symbol, (0, 1), (0, 4), color=line_colour(finding.verdict), fontsize=SIZE, **over)
    axes.annotate(words, (0, 1), (11, 4), color=INK, fontsize=SIZE, **over)
