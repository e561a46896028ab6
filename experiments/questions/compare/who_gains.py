"""Who pays, who gains: society with its lines, every budget, and the way of their cash over the years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, account_rows
from experiments.questions.compare.paths import draw_break_even, draw_paths
from experiments.reporting.accounts import REST, UNIT
from experiments.reporting.finding import COLOURS
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import percent
from experiments.reporting.style import INK, head, new_figure

HEIGHTS = {"society": 0.72, "line": 0.5, "part": 0.26}
GAP = 0.7  # between society and the budgets
BESIDE = 0.17  # how far an owner's cash and own view lie apart


def draw_who_gains(results: Results, on: str, off: str) -> Figure:
    """Left: society, its lines, then budgets; right: their cash over the years, and break-even additionality."""
    figure = new_figure(9.6)
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    rate = percent(results.made.discount_rate, 1)
    note = (
        f"{treated} minus {control}, present value at {rate} real a year, SEK of 2011; lines: 95 % intervals over "
        "replicates. Blue gains, orange loses, grey: not statistically distinguishable from zero. Society's lines add "
        "up to its bar, and the four narrow ones to that of persons. Every krona of cash has a payer and a receiver: "
        "the cash of all budgets sums to zero."
    )
    head(figure, f"Who pays, who gains: {treated.lower()} minus {control}", results, note)
    grid = figure.add_gridspec(2, 2, height_ratios=[1.25, 1], width_ratios=[1.15, 1])
    rows = account_rows(results, on, off)
    _accounts(figure.add_subplot(grid[:, 0]), results, rows)
    draw_paths(figure.add_subplot(grid[0, 1]), results, rows, on, off)
    draw_break_even(figure.add_subplot(grid[1, 1]), [row for row in rows if row.account.kind == "budget"])
    return figure


def _accounts(axes: Axes, results: Results, rows: Sequence[AccountRow]) -> None:
    factor = 1e-3 / results.made.flats
    own = {row.account.cash: row for row in rows if row.account.kind == "closing"}
    shown = [row for row in rows if row.account.kind != "closing"]
    places = np.cumsum([1.0 + GAP * (place > 0 and _starts(shown, place)) for place in range(len(shown))])
    for place, row in zip(places, shown, strict=True):
        if row.account.kind in HEIGHTS:
            _bar(axes, row, place, factor)
            continue
        beside = own.get(row.account.name)
        _point(axes, row, place - BESIDE * (beside is not None), factor, "D", True)
        if beside is not None:
            _point(axes, beside, place + BESIDE, factor, "o", False)
    axes.axvline(0, color=INK, linewidth=0.8)
    labels = axes.set_yticks(places, [_label(row) for row in shown])
    for tick, row in zip(labels, shown, strict=True):
        tick.label1.set_fontweight("bold" if row.account.kind == "society" else "normal")
    axes.set_ylim(places[-1] + 0.7, places[0] - 0.7)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(UNIT)
    axes.set_title("Present value: loses to the left, gains to the right")
    keys = (
        Line2D([], [], color=INK, marker="D", markerfacecolor="white", linestyle="", label="a budget's cash"),
        Line2D([], [], color=INK, marker="o", linestyle="", label="owners' own view: cash and closing property value"),
    )
    axes.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.3, -0.07), ncols=1, fontsize=8)


def _starts(shown: Sequence[AccountRow], place: int) -> bool:
    """Whether budgets begin here."""
    return shown[place].account.kind == "budget" != shown[place - 1].account.kind


def _label(row: AccountRow) -> str:
    """Within the figure, where places and marks say the rest: lines without the word society, budgets without cash."""
    words = row.account.label.removeprefix("society: ")
    if row.account.kind in ("line", "part"):
        return words
    words = words.removesuffix(", cash") + " (not in society)" * (row.account.name == REST.name)
    return words[:1].upper() + words[1:]


def _colour(row: AccountRow) -> str:
    return COLOURS[row.verdict]


def _bar(axes: Axes, row: AccountRow, place: float, factor: float) -> None:
    axes.barh(place, row.value.mean * factor, color=_colour(row), height=HEIGHTS[row.account.kind])
    if row.value.known:
        axes.plot([row.value.low * factor, row.value.high * factor], [place, place], color=INK, linewidth=1.4)


def _point(axes: Axes, row: AccountRow, place: float, factor: float, marker: str, hollow: bool) -> None:
    colour = _colour(row)
    if row.value.known:
        axes.plot([row.value.low * factor, row.value.high * factor], [place, place], color=colour, linewidth=2)
    face = "white" if hollow else colour
    axes.plot(row.value.mean * factor, place, marker, color=colour, markerfacecolor=face, markersize=6.5)
