"""Neighbourhood by neighbourhood: where the last year is better, worse or undecided."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.engine.results import Results
from experiments.questions.compare.areas import (
    MAIN,
    OUTCOMES,
    ROOM,
    area_findings,
    areas_title,
    row_label,
    rows_by_municipality,
)
from experiments.reporting.finding import INK, Finding, key
from experiments.reporting.marks import draw_point
from experiments.reporting.names import drawn_label, fitted
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import SIZE, head, new_figure, wrapped

Array = NDArray[Any]
ROW = 0.172  # inches
TINY = 1e-9  # of a difference in the unit shown


def draw_neighbourhoods(results: Results, on: str, off: str) -> Figure:
    """A row a neighbourhood, a panel an outcome: the paired difference in the last year with its interval."""
    order = rows_by_municipality(results)
    found = {outcome: area_findings(results, outcome, on, off) for outcome in OUTCOMES}
    figure = new_figure(ROW * (len(order) + 1) + 0.85)
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    every = [one.verdict for findings in found.values() for one in findings]
    note = (
        f"{treated} minus {control}, mean of the last year, with 95 % intervals over replicates; better is to the "
        f"right. {key(every)}. Lines separate municipalities."
    )
    head(figure, areas_title(results, on, off, [one.verdict for one in found[MAIN]]), results, note)
    for axes, (outcome, findings) in zip(figure.subplots(1, len(OUTCOMES), sharey=True), found.items(), strict=True):
        _panel(axes, outcome, [findings[index] for index in order])
    _name_rows(figure, results, order)
    return figure


def _panel(axes: Axes, outcome: str, findings: list[Finding]) -> None:
    measure = measure_of(outcome)
    for y, finding in enumerate(findings):
        draw_point(axes, finding, y, size=4.8)
    axes.axvline(0, color=INK, linewidth=0.8)
    low, high = axes.dataLim.intervalx
    if high - low < TINY:
        axes.set_xlim(-1, 1)  # arms that are the same: what rounding leaves is not magnified
    axes.set_title(wrapped(measure.title, 22))
    axes.set_xlabel(wrapped(measure.difference_unit, 22))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="y")
    axes.locator_params(axis="x", nbins=4)


def _name_rows(figure: Figure, results: Results, order: list[int]) -> None:
    names = results.areas("neighbourhood")
    towns = [results.made.municipality_of[names[index]] for index in order]
    labels = []
    for place, index in enumerate(order):
        starts = place == 0 or towns[place] != towns[place - 1]
        labels.append(row_label(names[index], towns[place] if starts else ""))
        if starts and place:
            for panel in figure.axes:
                panel.axhline(place - 0.5, color="#A0A0A0", linewidth=0.7, zorder=0)
    first = figure.axes[0]
    first.set_yticks(np.arange(len(order)), [fitted(label, ROOM, SIZE) for label in labels])
    first.set_ylim(len(order) - 0.4, -0.6)
