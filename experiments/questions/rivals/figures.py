"""Rival rules: the sign of every finding, rule by rule, and under every combination."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval
from experiments.analysis.signs import sign
from experiments.questions.question import Drawing, View
from experiments.questions.rivals.result import Finding, Rivals
from experiments.questions.rivals.rules import asked, plain
from experiments.questions.rivals.words import about
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import number, percent
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head, wrapped

OPEN = "#E4E4E4"
COLOURS = ListedColormap([LOSS, OPEN, GAIN])
ALL = ""  # columns that belong to no rivalry


def draw(found: Rivals, view: View) -> Sequence[Drawing]:
    """Rule by rule, and combination by combination."""
    return [
        Drawing("rules", partial(draw_rules, found)),
        Drawing("combinations", partial(draw_combinations, found)),
    ]


def draw_rules(found: Rivals) -> Figure:
    """A row a finding; columns: the model as it stands, the mean over all combinations, and each rule."""
    figure = new_figure(2.9 + 0.34 * len(found.findings))
    some = f" that were run, {len(found.points)} of {found.possible} (one rule replaced at a time)"
    note = (
        f"{found.on.capitalize()} minus {found.off}, paired on common random numbers. Blue: {found.on} raises it; "
        "orange: it lowers it; grey: the 95 % interval over replicates covers zero. First column: the model's own "
        f"rules. Others: mean over all combinations of rules{'' if found.whole else some}, or over those with the rule "
        "that the column names."
    )
    title = "Which findings hold, whichever rule one believes"
    put_head(figure, title, note, found.results.source, below=0.05)
    axes = figure.subplots()
    columns = [(ALL, "as it stands"), (ALL, "mean of all")]
    columns += [(name, plain(rule)) for name, rules in found.rules.items() for rule in rules]
    cells = [_cells(finding) for finding in found.findings]
    _image(axes, np.array([[sign(value) for value in row] for row in cells]))
    for y, row in enumerate(cells):
        places = places_of(row)
        for x, value in enumerate(row):
            decided = sign(value) != 0
            text = number(value.mean, places, signed=True)
            axes.text(x, y, text, ha="center", va="center", fontsize=7.5, color="white" if decided else INK,
                      fontweight="bold" if decided else "normal")  # fmt: skip
    axes.set_xticks(range(len(columns)), [words.replace(" ", "\n") for _, words in columns], fontsize=7.5)
    _groups(axes, [name for name, _ in columns])
    _name_rows(axes, found.findings, units=True)
    return figure


def draw_combinations(found: Rivals) -> Figure:
    """A row a finding, a column a combination; above, which rules each column has."""
    rows, names = len(found.findings), len(found.names)
    figure = new_figure(2.8 + 0.32 * rows + 0.55 * names)
    some = "" if found.whole else f" {len(found.points)} of {found.possible}: one rule replaced at a time."
    note = (
        f"A column is one combination of rules, the first one the model as it stands.{some} Blue: {found.on} raises "
        f"the outcome against {found.off}; orange: it lowers it; grey: the 95 % interval over replicates covers zero. "
        "At the right the share of combinations that raise and lower, and the verdict: one sign everywhere (holds), "
        "where it is decided (leans), both signs (flips), or decided nowhere (open)."
    )
    title = "The sign of every finding under every combination of rival rules"
    if not found.whole:
        title = "The sign of every finding with one rule replaced at a time"
    put_head(figure, title, note, found.results.source, below=0.05)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[0.55 * names, 0.32 * rows])
    _image(below, np.array([finding.signs for finding in found.findings]))
    for y, finding in enumerate(found.findings):
        words = f"+ {percent(finding.share(1))}   − {percent(finding.share(-1))}   {finding.verdict}"
        # Beside the last column, whatever the width of a column.
        below.annotate(words, (1, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                       fontsize=7.5, va="center", color=INK)  # fmt: skip
    below.set_xticks([])
    _name_rows(below, found.findings, units=False)
    _which_rules(above, found)
    return figure


def _cells(finding: Finding) -> list[Interval]:
    rules = [value for by_rule in finding.by_rule.values() for value in by_rule.values()]
    return [finding.each[0], finding.mean, *rules]


def _image(axes: Axes, signs: NDArray[Any]) -> None:
    axes.imshow(signs, cmap=COLOURS, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for edge in range(1, signs.shape[0]):
        axes.axhline(edge - 0.5, color="white", linewidth=0.8)
    if signs.shape[1] < 40:
        for edge in range(1, signs.shape[1]):
            axes.axvline(edge - 0.5, color="white", linewidth=0.8)


def _name_rows(axes: Axes, findings: Sequence[Finding], units: bool) -> None:
    labels = []
    for finding in findings:
        labels.append(f"{finding.quantity.title}{about(finding, units)}")
    axes.set_yticks(range(len(findings)), [wrapped(label, 42) for label in labels], fontsize=7.2)


def _groups(axes: Axes, groups: Sequence[str]) -> None:
    """Each rivalry's name over its columns, and a line between rivalries."""
    for name in dict.fromkeys(groups):
        places = [place for place, group in enumerate(groups) if group == name]
        words = (asked(name) if name != ALL else "all rules").capitalize()
        axes.text(float(np.mean(places)), -0.75, wrapped(words, 8 * len(places)), ha="center", va="bottom",
                  fontsize=8.5, fontweight="bold", color=INK)  # fmt: skip
        axes.axvline(places[-1] + 0.5, color=INK, linewidth=1.4)


def _which_rules(axes: Axes, found: Rivals) -> None:
    """A line a rivalry, stepping through its rules as the columns do; the rules are named at the left end."""
    ticks, labels = [], []
    for row, (name, rules) in enumerate(found.rules.items()):
        for place, point in enumerate(found.points):
            height = row + (rules.index(point[name]) + 0.5) / len(rules)
            axes.add_line(Line2D([place - 0.5, place + 0.5], [height, height], color=INK, linewidth=2.2))
        if row:
            axes.axhline(row, color="#B0B0B0", linewidth=0.8)
        ticks += [row + (index + 0.5) / len(rules) for index in range(len(rules))]
        labels += [f"{asked(name)}:  {plain(rules[0])}", *(plain(rule) for rule in rules[1:])]
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.set_ylim(len(found.names), 0)
    axes.tick_params(length=0, labelbottom=False)
    axes.grid(visible=False)
