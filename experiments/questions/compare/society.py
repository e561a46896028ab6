"""What society's account is made of: its lines, which add up to it, and the parts of that of persons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, account_rows
from experiments.reporting.accounts import HEADLINE, UNIT
from experiments.reporting.columns import places_of
from experiments.reporting.finding import INK, MEANINGS, Verdict
from experiments.reporting.marks import draw_bar
from experiments.reporting.names import drawn_label, fitted
from experiments.reporting.style import SIZE, head, new_figure, years_words
from experiments.reporting.titles import weighed

HEIGHTS = {"society": 0.74, "line": 0.6, "part": 0.36}
ROW = 0.27  # inches
NAMES = 2.3
LINE, PART = "society: ", "of which "


def draw_society(results: Results, on: str, off: str) -> Figure:
    """A bar each: society, its lines, and under persons the parts of that line."""
    rows = [row for row in account_rows(results, on, off) if row.account.kind in HEIGHTS]
    figure = new_figure(ROW * (len(rows) + 0.8) + 0.45)
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    flats = results.made.flats
    note = (
        f"{treated} minus {control}, present value over {years_words(results)}, {UNIT}. Bars add up to society's, "
        "narrow ones to that of persons; lines: 95 % intervals over replicates; blue better, orange and hatched worse, "
        f"grey {MEANINGS[Verdict.UNDECIDED]}."
    )
    head(figure, society_title(results, rows), results, note)
    axes = figure.subplots()
    places = places_of([row.finding(flats).value for row in rows])
    for y, row in enumerate(rows):
        finding = row.finding(flats)
        draw_bar(axes, finding, y, HEIGHTS[row.account.kind], 1.0)
        weight = "bold" if row.account is HEADLINE else "normal"
        words = finding.shown(places)
        axes.annotate(words, (1, y), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                      va="center", fontsize=SIZE, fontweight=weight, color=INK)  # fmt: skip
    _frame(axes, rows)
    return figure


def society_title(results: Results, rows: Sequence[AccountRow]) -> str:
    """What society gains, and which lines weigh most for and against it."""
    flats = results.made.flats
    society = next((row for row in rows if row.account is HEADLINE), None)
    if society is None:
        return "What society's account is made of"
    lines = [(_in_title(row), row.finding(flats)) for row in rows if row.account.kind == "line"]
    return weighed(society.finding(flats).clause(HEADLINE.about), lines)


def _in_title(row: AccountRow) -> str:
    words = row.account.label.removeprefix(LINE)
    if words.endswith(", cash"):
        return f"cash of {words.removesuffix(', cash')}"
    return "what is left at the end" if words == "left at the end" else words


def _frame(axes: Axes, rows: Sequence[AccountRow]) -> None:
    axes.axvline(0, color=INK, linewidth=0.8)
    ticks = axes.set_yticks(np.arange(len(rows)), [fitted(label_of(row), NAMES, SIZE) for row in rows])
    for tick, row in zip(ticks, rows, strict=True):
        tick.label1.set_fontweight("bold" if row.account is HEADLINE else "normal")
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"{UNIT}; to the left loses, to the right gains")


def label_of(row: AccountRow) -> str:
    """Lines without the word society; parts as such."""
    words = row.account.label.removeprefix(LINE)
    return PART + words.removeprefix("persons, ") if row.account.kind == "part" else words[:1].upper() + words[1:]
