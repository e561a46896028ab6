"""The aggregate benchmark beside the agent model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.questions.compare.curves import panel_grid
from experiments.questions.validate.departures import MINUS, SHOWN, Departure
from experiments.reporting.arms import style_of
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import put_head, wrapped
from sim.vocabulary import FIRST_YEAR

DOTS = (0, (1.0, 1.6))


def aggregate_figure(found: Sequence[Departure], source: str) -> Figure:
    """A panel an outcome: the agent model's median and middle 90 % of runs, and the benchmark, for every arm."""
    levels = [one for one in found if MINUS not in one.arm]
    outcomes = [name for name in SHOWN if any(one.outcome == name for one in levels)]
    figure, panels = panel_grid(len(outcomes))
    note = (
        "Line and band: agents, median and middle 90 % of runs, yearly means. Dotted: the same parameters as a few "
        "difference equations without agents. Axes do not start at zero."
    )
    put_head(figure, "What agents add: the model beside its aggregate benchmark", note, source, below=0.27)
    for axes, outcome in zip(panels, outcomes, strict=False):
        for one in (one for one in levels if one.outcome == outcome):
            _panel(axes, one)
        measure = measure_of(outcome)
        axes.set_title(wrapped(measure.label, 27))
        axes.set_ylabel(wrapped(measure.unit, 24))
    _legend(figure, [one.arm for one in levels if one.outcome == outcomes[0]])
    return figure


def _panel(axes: Axes, one: Departure) -> None:
    years = FIRST_YEAR + np.arange(len(one.aggregate))
    colour, dashes, _ = style_of(one.arm)
    axes.fill_between(years, one.agents[0], one.agents[2], color=colour, alpha=0.18, linewidth=0)
    axes.plot(years, one.agents[1], color=colour, linestyle=dashes)
    axes.plot(years, one.aggregate, color=colour, linestyle=DOTS, linewidth=2.2)
    axes.set_xlim(years[0], max(years[-1], years[0] + 1))
    axes.locator_params(axis="x", nbins=4, integer=True)


def _legend(figure: Figure, arms: Sequence[str]) -> None:
    handles = []
    for arm in arms:
        colour, dashes, _ = style_of(arm)
        handles.append(Line2D([], [], color=colour, linestyle=dashes, label=f"{arm}, agents"))
        handles.append(Line2D([], [], color=colour, linestyle=DOTS, linewidth=2.2, label=f"{arm}, aggregate"))
    top = 1.0 - 0.74 / figure.get_figheight()
    legend = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=len(handles), handlelength=3.2
    )
    legend.set_in_layout(False)
