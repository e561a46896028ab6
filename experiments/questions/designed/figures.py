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
from experiments.questions.designed.result import Designed, main_quantity, places_along
from experiments.questions.question import Drawing, View
from experiments.reporting.accounts import HEADLINE
from experiments.reporting.arms import arm_style
from experiments.reporting.curves import A_ROW, MAIN, draw_curves
from experiments.reporting.finding import Finding
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import short
from experiments.reporting.quantity import Quantity
from experiments.reporting.style import flat_axis, head, panel_grid, wrapped

Array = NDArray[Any]
MOST_BARS = 60


def draw(designed: Designed, view: View) -> Sequence[Drawing]:
    """Curves of what questions are about, or means of it over the points."""
    results = designed.results
    if not results.varied and results.outcomes:
        shown = tuple(name for name in MAIN if name in results.outcomes)
        return [Drawing("curves", partial(draw_curves, results, shown, results.arms))]
    return [Drawing("points", partial(draw_points, designed))]


def draw_points(designed: Designed) -> Figure:
    """Small multiples, one panel an outcome: means over replicates with intervals, by arm, over the points."""
    results = designed.results
    outcomes = [quantity for quantity in designed.outcomes if quantity.name in MAIN]
    figure, panels = panel_grid(len(outcomes), A_ROW)
    name, places = places_along(designed)
    many = designed.points > MOST_BARS
    setting = results.setting(name) if name else Setting(words="point, by its number in the design")
    note = "Means of the last year over replicates" + ("" if many else ", with 95 % t intervals") + ", by arm."
    head(figure, points_title(designed, outcomes[0], places), results, note, results.arms)
    for axes, quantity in zip(panels, outcomes, strict=False):
        _panel(axes, designed, quantity, np.asarray(places), bool(name), many)
        axes.set_xlabel(wrapped(setting.label, 42))
    return figure


def points_title(designed: Designed, quantity: Quantity, places: Sequence[float]) -> str:
    """What society gains on average over the points; with a single arm, between which levels the first outcome is."""
    results = designed.results
    if results.focus is not None:
        main = main_quantity(designed)
        found = Finding(designed.difference(main), main.better, main.unit_of_difference)
        on, off = (drawn_label(results, arm).lower() for arm in (results.focus, results.baseline))
        return f"{found.clause(HEADLINE.about)}, {on} against {off}, on average over {len(places)} points"
    levels = [one.mean for one in designed.levels(quantity, results.baseline)]
    low, high = (short(float(value)) for value in (np.nanmin(levels), np.nanmax(levels)))
    return f"{quantity.title} goes from {low} to {high} {quantity.unit} over {len(places)} points"


def _panel(axes: Axes, designed: Designed, quantity: Quantity, places: Array, line: bool, many: bool) -> None:
    arms = designed.results.arms
    order = np.argsort(places)
    gap = float(np.diff(places[order]).min()) if len(places) > 1 else 1.0
    for index, arm in enumerate(arms):
        colour, dashes, marker = arm_style(designed.results, arm)
        # Arms stand side by side at a point, so that intervals are not drawn over one another.
        x = places[order] + 0.12 * gap * (index - (len(arms) - 1) / 2)
        levels = designed.levels(quantity, arm)
        found = [levels[place] for place in order]
        mean, half = np.array([one.mean for one in found]), np.array([one.half for one in found])
        style: Any = dashes if line else "none"
        axes.plot(x, mean, color=colour, linestyle=style, marker=marker, markersize=2 if many else 4)
        if not many:
            axes.errorbar(x, mean, half, color=colour, linestyle="none", linewidth=1.2)
    axes.set_title(wrapped(quantity.title, 34))
    axes.set_ylabel(wrapped(quantity.unit, 24))
    flat_axis(axes)
