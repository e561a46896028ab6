"""One setting over a range: what coordination adds, the levels of the arms, and how things go over the years."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis.frontier import crossing, crossings
from experiments.analysis.intervals import Interval, band, interval
from experiments.analysis.pairs import Pairs
from experiments.questions.question import Drawing, View
from experiments.questions.sweep.frontier import draw_maps
from experiments.questions.sweep.result import Swept
from experiments.questions.sweep.words import held, over
from experiments.reporting.arms import arm_style
from experiments.reporting.finding import Finding, key
from experiments.reporting.marks import draw_along
from experiments.reporting.names import drawn_label, lines_of
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import INK, SIZE, WIDTH, flat_axis, head, panel_grid, put_head, wrapped, year_axis

Array = NDArray[Any]
MOST = 6


def draw(swept: Swept, view: View) -> Sequence[Drawing]:
    """Along one setting differences, levels and years, over two a map."""
    if len(swept.axes) > 1:
        return [Drawing("frontier", partial(draw_maps, swept))]
    drawings = [Drawing("sweep", partial(draw_differences, swept)), Drawing("levels", partial(draw_levels, swept))]
    if any(quantity.curve for quantity in swept.quantities):
        drawings.append(Drawing("years", partial(draw_years, swept)))
    return drawings


def draw_differences(swept: Swept) -> Figure:
    """A panel a quantity: the paired difference along the setting, with the values at which its mean crosses zero."""
    shown = swept.quantities[:MOST]
    found = {q.name: [q.finding(value) for value in swept.differences(q)] for q in shown}
    figure, panels = panel_grid(len(shown))
    on, off = (drawn_label(swept.results, arm) for arm in (swept.on, swept.off))
    verdicts = key(one.verdict for findings in found.values() for one in findings)
    note = (
        f"{on} minus {off.lower()}, paired on common random numbers: means over replicates, band: 95 % t intervals. "
        f"{verdicts[:1].upper()}{verdicts[1:]}. Numbers in bold: where the mean crosses zero."
    )
    put_head(figure, over(swept), note, swept.results.source, across=_across(swept))
    for axes, quantity in zip(panels, shown, strict=False):
        _difference(axes, swept, quantity, found[quantity.name])
    return figure


def _difference(axes: Axes, swept: Swept, quantity: Quantity, findings: Sequence[Finding]) -> None:
    values = swept.axes[0].values
    draw_along(axes, values, findings)
    for zero in crossings(values, [one.value.mean for one in findings]):
        axes.plot([zero.at], [0], marker="|", markersize=9, color=INK)
        axes.annotate(crossing(zero.at), (zero.at, 0), (4, 4), textcoords="offset points", fontsize=SIZE,
                      fontweight="bold")  # fmt: skip
    _describe(axes, quantity, quantity.unit_of_difference)


def draw_levels(swept: Swept) -> Figure:
    """A panel a quantity: all arms along the setting; the two compared with their intervals."""
    shown = swept.quantities[:MOST]
    figure, panels = panel_grid(len(shown))
    pair = (swept.off, swept.on)
    note = "Means over replicates; bands: 95 % t intervals of the two arms compared, which vary together."
    head(figure, held(swept), swept.results, note, swept.arms, _across(swept))
    for axes, quantity in zip(panels, shown, strict=False):
        for arm in swept.arms:
            colour, dashes, marker = arm_style(swept.results, arm)
            mean, low, high = band(swept.samples(quantity, arm).T)
            if arm in pair:
                axes.fill_between(swept.axes[0].values, low, high, color=colour, alpha=0.15, linewidth=0)
            axes.plot(swept.axes[0].values, mean, color=colour, linestyle=dashes, marker=marker, markersize=4)
        _describe(axes, quantity, quantity.unit)
    return figure


def draw_years(swept: Swept) -> Figure:
    """A panel a quantity that is recorded by quarter: the difference over the years, a line a value of the setting."""
    shown = [quantity for quantity in swept.quantities if quantity.curve][:MOST]
    axis = swept.axes[0]
    setting = swept.results.setting(axis.name)
    figure, panels = panel_grid(len(shown))
    on, off = (drawn_label(swept.results, arm) for arm in (swept.on, swept.off))
    note = (
        f"{on} minus {off.lower()}: yearly means over replicates, a line a value of the setting; bands: 95 % t "
        "intervals at the lowest and the highest value."
    )
    put_head(figure, _last(swept, shown[0]), note, swept.results.source)
    norm = Normalize(axis.values[0], axis.values[-1])
    for axes, quantity in zip(panels, shown, strict=False):
        difference = Pairs(*(swept.yearly(quantity, arm) for arm in (swept.on, swept.off))).difference
        _lines(axes, swept, difference, norm)
        _describe(axes, quantity, quantity.unit_of_difference)
    bar = figure.colorbar(ScalarMappable(norm, "viridis"), ax=panels[: len(shown)], location="bottom", aspect=60,
                          fraction=0.05, pad=0.03)  # fmt: skip
    bar.set_label("\n".join(lines_of(setting.label, WIDTH - 1, SIZE)))
    return figure


def _across(swept: Swept) -> str:
    return swept.results.setting(swept.axes[0].name).label


def _last(swept: Swept, quantity: Quantity) -> str:
    """What the lowest and the highest value come to in the last year, as a title."""
    difference = Pairs(*(swept.yearly(quantity, arm) for arm in (swept.on, swept.off))).difference
    low, high = (quantity.finding(interval(difference[place][:, -1])) for place in (0, -1))
    words = swept.results.setting(swept.axes[0].name).words
    if low.value == high.value:
        return f"{low.clause(quantity.about)}, whatever {words} is"
    ends = [f"{_signed(one)} at {swept.axes[0].told(at)}" for one, at in zip((low, high), _ends(swept), strict=True)]
    return f"{quantity.title} ends {' and '.join(ends)} of {words}"


def _ends(swept: Swept) -> tuple[float, float]:
    return swept.axes[0].values[0], swept.axes[0].values[-1]


def _signed(one: Finding) -> str:
    value: Interval = one.value
    if not value.count:
        return "unknown"
    return f"{one.signed} ({one.verdict.value})"


def _lines(axes: Axes, swept: Swept, values: Array, norm: Normalize) -> None:
    settings, years = swept.axes[0].values, swept.results.years
    colours = matplotlib.colormaps["viridis"]
    axes.axhline(0, color=INK, linewidth=0.8)
    for place, setting in enumerate(settings):
        mean, low, high = band(values[place])
        colour = colours(norm(setting))
        if place in (0, len(settings) - 1):
            axes.fill_between(years, low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(years, mean, color=colour, linewidth=1.3)
    year_axis(axes, swept.results)


def _describe(axes: Axes, quantity: Quantity, unit: str) -> None:
    direction = {1: "more is better", -1: "less is better"}.get(quantity.better, "")
    axes.set_ylabel("\n".join(filter(None, [wrapped(unit, 24), direction])))
    axes.set_title(wrapped(quantity.title, 25))
    flat_axis(axes)
