"""Outcome curves: outcomes over the years, two arms unless more are asked for, with what replicates differ by."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.analysis.intervals import interval
from experiments.analysis.pairs import Pairs
from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.ends import MOST, End, label_ends
from experiments.reporting.finding import Finding, key
from experiments.reporting.marks import finding_line
from experiments.reporting.names import PLACE, drawn, drawn_label, fitted
from experiments.reporting.numbers import lower_first, measure_of, short
from experiments.reporting.style import SIZE, flat_axis, head, panel_grid, wrapped, year_axis, years_words
from experiments.reporting.titles import together
from experiments.reporting.tracks.marks import KEY, draw_observed

BANDS = ((5, 95, 0.12), (25, 75, 0.22))
MOST_PANELS = 6
A_ROW, HEIGHT, PANEL = 2, 2.0, 1.15  # panels a row; inches of a row, and of a panel without what stands around it
LABEL, ROOM = 0.95, 2.95  # inches of an arm's label beside its line, and of a line over a panel
# What the question is about, one each: work, what tenants pay, who has to go, how much is renewed, what that does to
# the climate, and what others think of the place. Society is no curve: its flow knows nothing of what is left.
SHORT = {
    "employment": "employment",
    "rent_burden": "rent burden",
    "moves_caused": "moves caused",
    "renovated_share": "flats renovated",
    "energy_use": "energy use",
    "reputation": "reputation",
}
MAIN = tuple(SHORT)


def draw_curves(results: Results, outcomes: Sequence[str], arms: Sequence[str], area: str | None = None) -> Figure:
    """Small multiples, one panel an outcome: yearly means, median and bands over replicates. For designs without
    points."""
    figure, panels = panel_grid(len(outcomes), A_ROW, HEIGHT)
    direct = len(arms) <= MOST
    pair = _pair(results, arms)
    found = [end_finding(results, outcome, *pair, area) for outcome in outcomes] if pair else []
    note = (
        "Yearly means; line: median over replicates; bands: the middle 50 and 90 % of replicates. "
        f"{'Siloed: all practices off. ' * ('siloed' in arms)}Axes do not start at zero."
    )
    if pair:
        on, off = (drawn_label(results, arm).lower() for arm in pair)
        note += f" Over a panel: {on} minus {off} in the last year, with its 95 % interval; "
        note += f"{key(one.verdict for one in found)}."
    ends = [
        [_curve(axes, results, outcome, arm, area) for arm in arms]
        for axes, outcome in zip(panels, outcomes, strict=False)
    ]
    seen = [draw_observed(axes, results, outcome, area) for axes, outcome in zip(panels, outcomes, strict=False)]
    note += f" {KEY}" * any(seen)
    head(figure, curves_title(results, outcomes, arms, pair, found, area), results, note, () if direct else arms)
    for axes, outcome, of_arms in zip(panels, outcomes, ends, strict=False):
        _describe(axes, results, outcome)
        if direct and len(arms) > 1:
            label_ends(axes, of_arms, PANEL)
    for axes, one in zip(panels, found, strict=False):
        finding_line(axes, one, ROOM)
    return figure


def curves_title(
    results: Results,
    outcomes: Sequence[str],
    arms: Sequence[str],
    pair: tuple[str, str] | None,
    found: Sequence[Finding],
    area: str | None,
) -> str:
    """What the last year shows, in words; without a pair of arms, where the first outcome goes in the first arm."""
    place = drawn(area or results.made.region.title, PLACE)
    if pair is None:
        return _alone(results, outcomes[0], arms[0], place, area)
    on, off = (drawn_label(results, arm) for arm in pair)
    names = [SHORT.get(outcome) or lower_first(measure_of(outcome).title) for outcome in outcomes]
    entries = [(name, one.verdict) for name, one in zip(names, found, strict=True)]
    return together(on, off.lower(), f"{f'in {place} ' * bool(area)}after {years_words(results)}", entries)


def _alone(results: Results, outcome: str, arm: str, place: str, area: str | None) -> str:
    measure = measure_of(outcome)
    kind = results.kind_of(area) if area else "region"
    path = percentiles(results.yearly(outcome, arm, kind, area) * measure.factor, [50])[0]
    name = SHORT.get(outcome) or lower_first(measure.title)
    who = f"{drawn_label(results, arm)} in {place}"
    if np.isnan(path[[0, -1]]).any():
        return f"{who}: {name} is not known throughout"
    first, last = (short(float(value)) for value in path[[0, -1]])
    return f"{who}: {name} goes from {first} to {last} {measure.unit} in {years_words(results)}".replace("  ", " ")


def end_finding(results: Results, outcome: str, on: str, off: str, area: str | None = None) -> Finding:
    """The difference between two arms in the last year, in the units of its measure."""
    measure = measure_of(outcome)
    kind = results.kind_of(area) if area else "region"
    values = Pairs(*(results.yearly(outcome, arm, kind, area) for arm in (on, off))).difference
    return Finding(interval(values[:, -1] * measure.factor), measure.better, measure.difference_unit)


def percentiles(values: NDArray[Any], levels: Sequence[float]) -> NDArray[Any]:
    """Percentiles over replicates (axis 0), NaN left out."""
    with warnings.catch_warnings():
        # A year in which no replicate has a value stays empty in the figure.
        warnings.filterwarnings("ignore", "All-NaN slice")
        found: NDArray[Any] = np.nanpercentile(values, levels, axis=0)
    return found


def _pair(results: Results, arms: Sequence[str]) -> tuple[str, str] | None:
    """The arms whose difference is told: the focus, or else the first other one, against the baseline."""
    others = [arm for arm in arms if arm != results.baseline]
    if not others or results.baseline not in arms:
        return None
    return (results.focus if results.focus in others else others[0]), results.baseline


def _curve(axes: Axes, results: Results, outcome: str, arm: str, area: str | None) -> End:
    kind = results.kind_of(area) if area else "region"
    values = results.yearly(outcome, arm, kind, area) * measure_of(outcome).factor
    colour, dashes, marker = arm_style(results, arm)
    for low, high, alpha in BANDS:
        lower, upper = percentiles(values, [low, high])
        axes.fill_between(results.years, lower, upper, color=colour, alpha=alpha, linewidth=0)
    middle = percentiles(values, [50])[0]
    axes.plot(results.years, middle, color=colour, linestyle=dashes, marker=marker, markersize=4,
              markevery=max(1, len(middle) // 3))  # fmt: skip
    return End(float(middle[-1]), fitted(drawn_label(results, arm), LABEL, SIZE), colour)


def _describe(axes: Axes, results: Results, outcome: str) -> None:
    measure = measure_of(outcome)
    axes.set_title(wrapped(measure.title, 34))
    axes.set_ylabel(wrapped(measure.unit, 18))
    year_axis(axes, results)
    flat_axis(axes)
    axes.set_ylim(axes.get_ylim())
