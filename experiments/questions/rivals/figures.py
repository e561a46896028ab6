"""Rival rules: the sign of every finding, rule by rule, and under every combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.analysis.signs import sign, verdict
from experiments.questions.rivals.words import ASKED, direction, plain
from experiments.reporting.style import GAIN, INK, LOSS, house_style, new_figure, put_head, save, wrapped

if TYPE_CHECKING:
    from experiments.analysis.intervals import Interval
    from experiments.questions.rivals.command import Finding

Points = Sequence[Mapping[str, Any]]

OPEN = "#E4E4E4"
COLOURS = ListedColormap([LOSS, OPEN, GAIN])


def draw_rivals(found: Sequence[Finding], points: Points, on: str, source: str, folder: Path) -> list[Path]:
    """Both figures; returns the files."""
    with house_style():
        files = save(draw_rules(found, points, on, source), folder / "figures", "rules")
        return files + save(draw_combinations(found, points, on, source), folder / "figures", "combinations")


def draw_rules(found: Sequence[Finding], points: Points, on: str, source: str) -> Figure:
    """A row a finding; columns: the model as it stands, the mean over all combinations, and each rule."""
    figure = new_figure(2.9 + 0.34 * len(found))
    note = (
        f"{on.capitalize()} less siloed in the same random-number worlds. Blue: {on} raises it; orange: it lowers it; "
        "grey: the 95 % interval over replicates covers zero. First column: the model's own rules. Others: mean over "
        "all combinations of rules, or over those with the rule that the column names."
    )
    put_head(figure, "Which findings hold, whichever rule one believes", note, source, below=0.05)
    axes = figure.subplots()
    columns = [("all", "as it stands"), ("all", "mean of all")]
    columns += [(name, plain(rule)) for name in points[0] for rule in found[0].by_rule[name]]
    cells = [_cells(finding, points) for finding in found]
    _image(axes, np.array([[sign(value) for value in row] for row in cells]))
    for y, row in enumerate(cells):
        for x, value in enumerate(row):
            decided = sign(value) != 0
            text = f"{value.mean:+.2g}" if value.mean else "0"
            axes.text(x, y, text, ha="center", va="center", fontsize=7.5, color="white" if decided else INK,
                      fontweight="bold" if decided else "normal")  # fmt: skip
    axes.set_xticks(range(len(columns)), [words.replace(" ", "\n") for _, words in columns], fontsize=7.5)
    _groups(axes, [name for name, _ in columns])
    _name_rows(axes, found, units=True)
    return figure


def draw_combinations(found: Sequence[Finding], points: Points, on: str, source: str) -> Figure:
    """A row a finding, a column a combination; above, which rules each column has."""
    names = list(points[0])
    figure = new_figure(2.8 + 0.32 * len(found) + 0.55 * len(names))
    note = (
        f"A column is one combination of rules, the first one the model as it stands. Blue: {on} raises the outcome "
        "against siloed; orange: it lowers it; grey: the 95 % interval over replicates covers zero. At the right the "
        "share of combinations that raise and lower, and the verdict: one sign everywhere (holds), where it is decided "
        "(leans), both signs (flips), or decided nowhere (open)."
    )
    put_head(figure, "The sign of every finding under every combination of rival rules", note, source, below=0.05)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[0.55 * len(names), 0.32 * len(found)])
    signs = np.array([[sign(value) for value in finding.each] for finding in found])
    _image(below, signs)
    for y, row in enumerate(signs):
        words = f"+ {np.mean(row > 0):.0%}   − {np.mean(row < 0):.0%}   {verdict(row.tolist())}"
        below.text(len(points) - 0.3, y, words, fontsize=7.5, va="center", color=INK)
    below.set_xticks([])
    _name_rows(below, found, units=False)
    _which_rules(above, points, names)
    return figure


def _cells(finding: Finding, points: Points) -> list[Interval]:
    rules = [value for name in points[0] for value in finding.by_rule[name].values()]
    return [finding.each[0], finding.mean, *rules]


def _image(axes: Axes, signs: np.ndarray[Any, Any]) -> None:
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


def _name_rows(axes: Axes, found: Sequence[Finding], units: bool) -> None:
    unit = [f", {f.quantity.unit_of_difference}" if units and f.quantity.unit_of_difference else "" for f in found]
    labels = [f"{f.quantity.title}{direction(f)}{of}" for f, of in zip(found, unit, strict=True)]
    axes.set_yticks(range(len(found)), [wrapped(label, 42) for label in labels], fontsize=7.2)


def _groups(axes: Axes, groups: Sequence[str]) -> None:
    """Each rivalry's name over its columns, and a line between rivalries."""
    for name in dict.fromkeys(groups):
        places = [place for place, group in enumerate(groups) if group == name]
        words = ASKED.get(name, "all rules").capitalize()
        axes.text(float(np.mean(places)), -0.75, wrapped(words, 9 * len(places)), ha="center", va="bottom",
                  fontsize=8.5, fontweight="bold", color=INK)  # fmt: skip
        axes.axvline(places[-1] + 0.5, color=INK, linewidth=1.4)


def _which_rules(axes: Axes, points: Points, names: Sequence[str]) -> None:
    """A line a rivalry, stepping through its rules as the columns do; the rules are named at the left end."""
    for row, name in enumerate(names):
        rules = list(dict.fromkeys(point[name] for point in points))
        for place, point in enumerate(points):
            height = row + (rules.index(point[name]) + 0.5) / len(rules)
            axes.add_line(Line2D([place - 0.5, place + 0.5], [height, height], color=INK, linewidth=2.2))
        if row:
            axes.axhline(row, color="#B0B0B0", linewidth=0.8)
    ticks, labels = [], []
    for row, name in enumerate(names):
        rules = list(dict.fromkeys(point[name] for point in points))
        ticks += [row + (index + 0.5) / len(rules) for index in range(len(rules))]
        labels += [f"{ASKED[name]}:  {plain(rule)}" if index == 0 else plain(rule) for index, rule in enumerate(rules)]
    axes.set_yticks(ticks, labels, fontsize=7)
    axes.set_ylim(len(names), 0)
    axes.tick_params(length=0, labelbottom=False)
    axes.grid(visible=False)
