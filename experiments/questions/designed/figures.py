"""A design of one's own drawn: over the years where nothing varies but the arms, or else over its points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.engine.settings import Setting
from experiments.questions.designed.result import Designed, places_along
from experiments.questions.question import Drawing, View
from experiments.reporting.arms import arm_style
from experiments.reporting.curves import draw_curves
from experiments.reporting.numbers import headlines
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import flat_axis, head, panel_grid, wrapped

Array = NDArray[Any]
MOST_BARS = 60


def draw(designed: Designed, view: View) -> Sequence[Drawing]:
    """Curves of the headline outcomes, or their means over the points."""
    results = designed.results
    if not results.varied and results.outcomes:
        shown = tuple(name for name in headlines() if name in results.outcomes)
        return [Drawing("curves", partial(draw_curves, results, shown, results.arms))]
    return [Drawing("points", partial(draw_points, designed))]


def draw_points(designed: Designed) -> Figure:
    """Small multiples, one panel an outcome: means over replicates with intervals, by arm, over the points."""
    results = designed.results
    figure, panels = panel_grid(len(designed.outcomes))
    name, places = places_along(designed)
    many = designed.points > MOST_BARS
    setting = results.setting(name) if name else Setting(words="point, by its number in the design")
    note = "Means of the last year over replicates" + ("" if many else ", with 95 % t intervals") + ", by arm."
    title = f"The end of the run, by {setting.words if name else 'point of the design'}"
    head(figure, title, results, note, results.arms)
    for axes, quantity in zip(panels, designed.outcomes, strict=False):
        _panel(axes, designed, quantity, np.asarray(places), bool(name), many)
        axes.set_xlabel(wrapped(setting.label, 34))
    return figure


def _panel(axes: Axes, designed: Designed, quantity: Quantity, places: Array, line: bool, many: bool) -> None:
    arms = designed.results.arms
    order = np.argsort(places)
    gap = float(np.diff(places[order]).min()) if len(places) > 1 else 1.0
    for index, arm in enumerate(arms):
        colour, dashes, _ = arm_style(designed.results, arm)
        # Arms stand side by side at a point, so that intervals are not drawn over one another.
        x = places[order] + 0.12 * gap * (index - (len(arms) - 1) / 2)
        levels = designed.levels(quantity, arm)
        found = [levels[place] for place in order]
        mean, half = np.array([one.mean for one in found]), np.array([one.half for one in found])
        style: Any = dashes if line else "none"
        axes.plot(x, mean, color=colour, linestyle=style, marker="o", markersize=2 if many else 3.5)
        if not many:
            axes.errorbar(x, mean, half, color=colour, linestyle="none", linewidth=1.2)
    axes.set_title(wrapped(quantity.title, 27))
    axes.set_ylabel(wrapped(quantity.unit, 24))
    flat_axis(axes)
