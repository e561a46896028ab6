"""Paired differences over time: each arm minus the baseline, on common random numbers."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.intervals import band
from experiments.analysis.pairs import Pairs
from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.finding import INK
from experiments.reporting.names import PLACE, drawn, drawn_label
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import flat_axis, head, panel_grid, wrapped, year_axis


def draw_differences(results: Results, outcomes: Sequence[str], arms: Sequence[str], area: str | None = None) -> Figure:
    """Small multiples, one panel an outcome: mean paired difference and its 95 % interval, year by year."""
    figure, panels = panel_grid(len(outcomes))
    others = [arm for arm in arms if arm != results.baseline]
    control = drawn_label(results, results.baseline).lower()
    place = drawn(area or results.made.region.title, PLACE)
    shared = results.made.shared_seeds
    pairing = "paired on common random numbers" if shared else "each on random numbers of its own"
    note = (
        f"Yearly means, each arm minus {control}, {pairing}; band: 95 % t interval over replicates. "
        "Where the band covers the zero line, the difference is not statistically distinguishable from zero."
    )
    head(figure, f"What differs from {control} in {place}", results, note, others)
    for axes, outcome in zip(panels, outcomes, strict=False):
        axes.axhline(0, color=INK, linewidth=0.8)
        for arm in others:
            _difference(axes, results, outcome, arm, area)
        _describe(axes, results, outcome)
    return figure


def _difference(axes: Axes, results: Results, outcome: str, arm: str, area: str | None) -> None:
    kind = results.kind_of(area) if area else "region"
    on, off = (results.yearly(outcome, name, kind, area) for name in (arm, results.baseline))
    mean, low, high = band(Pairs(on, off).difference * measure_of(outcome).factor)
    colour, dashes, _ = arm_style(results, arm)
    axes.fill_between(results.years, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(results.years, mean, color=colour, linestyle=dashes)


def _describe(axes: Axes, results: Results, outcome: str) -> None:
    measure = measure_of(outcome)
    direction = {1: "more is better", -1: "less is better"}.get(measure.better, "")
    axes.set_title(wrapped(measure.label, 27))
    axes.set_ylabel("\n".join(filter(None, [wrapped(measure.difference_unit, 24), direction])))
    year_axis(axes, results)
    flat_axis(axes)
