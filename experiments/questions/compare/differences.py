"""Paired differences: all headline outcomes at the end at a glance, and over the years those that are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.intervals import band
from experiments.analysis.pairs import Pairs
from experiments.engine.results import Results
from experiments.questions.compare.findings import Row, outcome_rows
from experiments.reporting.arms import arm_style
from experiments.reporting.curves import A_ROW, HEIGHT, LABEL, PANEL, curves_title, end_finding
from experiments.reporting.ends import MOST, End, label_ends
from experiments.reporting.finding import INK, Verdict, key
from experiments.reporting.marks import finding_line
from experiments.reporting.names import drawn_label, fitted
from experiments.reporting.numbers import decimals_for, measure_of, number
from experiments.reporting.rows import Told, draw_rows, height_of
from experiments.reporting.style import SIZE, flat_axis, head, new_figure, panel_grid, wrapped, year_axis, years_words
from experiments.reporting.titles import together

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


def draw_forest(results: Results, on: str, off: str) -> Figure:
    """A row a headline outcome, those of one verdict together: both levels, the difference and its interval."""
    rows = sorted(outcome_rows(results, on, off), key=lambda row: ORDER[row.verdict])
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    told = [_told(row, place > 0 and row.verdict is not rows[place - 1].verdict) for place, row in enumerate(rows)]
    figure = new_figure(height_of(told) + 0.35)
    note = (
        f"{treated} minus {control}, mean of the last year, with 95 % intervals over replicates; under each name both "
        f"levels, {control} → {treated.lower()}. Each row has a scale "
        "of its own: better is to the right, and what is neither better nor worse has more to the right. "
        f"{key(row.verdict for row in rows)}."
    )
    head(figure, forest_title(results, on, off, rows), results, note)
    axes = figure.subplots()
    draw_rows(axes, told, own_scale=True)
    axes.set_xlabel("← worse     better →")
    return figure


def forest_title(results: Results, on: str, off: str, rows: Sequence[Row]) -> str:
    """How many outcomes are better, worse and undecided."""
    entries = [(row.label, row.verdict) for row in rows]
    when = f"after {years_words(results)}"
    return together(drawn_label(results, on), drawn_label(results, off).lower(), when, entries, most=0)


def _told(row: Row, begins: bool) -> Told:
    places = decimals_for(row.difference.half or row.difference.mean or row.control.mean / 100)
    levels = f"{number(row.control.mean, places)} → {number(row.treated.mean, places)}"
    unit = row.measure.difference_unit
    return Told(row.label, f"{levels} {row.measure.unit}".rstrip(), row.finding, unit, begins=begins, places=places)


def draw_differences(results: Results, outcomes: Sequence[str], arms: Sequence[str], area: str | None = None) -> Figure:
    """Small multiples, one panel an outcome: mean paired difference and its 95 % interval, year by year."""
    figure, panels = panel_grid(len(outcomes), A_ROW, HEIGHT)
    others = [arm for arm in arms if arm != results.baseline]
    direct = len(others) <= MOST
    told = results.focus if results.focus in others else others[0]
    found = [end_finding(results, outcome, told, results.baseline, area) for outcome in outcomes]
    control = drawn_label(results, results.baseline).lower()
    shared = results.made.shared_seeds
    pairing = "paired on common random numbers" if shared else "each on random numbers of its own"
    note = (
        f"Yearly means, each arm minus {control}, {pairing}; band: 95 % t interval over replicates. Where it covers "
        f"the zero line, the difference is undecided. Over a panel: {drawn_label(results, told).lower()} in the last "
        f"year; {key(one.verdict for one in found)}."
    )
    title = curves_title(results, outcomes, arms, (told, results.baseline), found, area)
    head(figure, title, results, note, () if direct else others)
    for axes, outcome, one in zip(panels, outcomes, found, strict=False):
        axes.axhline(0, color=INK, linewidth=0.8)
        ends = [_difference(axes, results, outcome, arm, area) for arm in others]
        _describe(axes, results, outcome)
        if direct and len(others) > 1:
            label_ends(axes, ends, PANEL)
        finding_line(axes, one)
    return figure


def _difference(axes: Axes, results: Results, outcome: str, arm: str, area: str | None) -> End:
    kind = results.kind_of(area) if area else "region"
    on, off = (results.yearly(outcome, name, kind, area) for name in (arm, results.baseline))
    mean, low, high = band(Pairs(on, off).difference * measure_of(outcome).factor)
    colour, dashes, _ = arm_style(results, arm)
    axes.fill_between(results.years, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(results.years, mean, color=colour, linestyle=dashes)
    return End(float(mean[-1]), fitted(drawn_label(results, arm), LABEL, SIZE), colour)


def _describe(axes: Axes, results: Results, outcome: str) -> None:
    measure = measure_of(outcome)
    direction = {1: "more is better", -1: "less is better"}.get(measure.better, "")
    axes.set_title(wrapped(measure.title, 34))
    axes.set_ylabel("\n".join(filter(None, [wrapped(measure.difference_unit, 18), direction])))
    year_axis(axes, results)
    flat_axis(axes)
    axes.set_ylim(axes.get_ylim())
