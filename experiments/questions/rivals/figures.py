"""Rival rules: the verdict on every finding, rule by rule, and under every combination."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.analysis.intervals import Interval
from experiments.questions.question import Drawing, View
from experiments.questions.rivals.drawn import NAMES, ROW, draw_cells, name_rules, short_name
from experiments.questions.rivals.result import Finding, Rivals
from experiments.questions.rivals.rules import asked, plain
from experiments.questions.rivals.words import over
from experiments.reporting.finding import BLUE, ORANGE, PURPLE, Verdict, key
from experiments.reporting.marks import OLIVE
from experiments.reporting.names import fitted
from experiments.reporting.numbers import listed, percent
from experiments.reporting.style import INK, SIZE, new_figure, put_head

OPEN = "#E6E6E6"
SHADES = (ORANGE, OLIVE, OPEN, PURPLE, BLUE)  # worse, lower, undecided, higher, better
CODES = {Verdict.WORSE: -2, Verdict.LOWER: -1, Verdict.HIGHER: 1, Verdict.BETTER: 2}


def draw(found: Rivals, view: View) -> Sequence[Drawing]:
    """The verdict by rule, all findings rule by rule, and combination by combination."""
    return [
        Drawing("verdict", partial(draw_verdict, found)),
        Drawing("rules", partial(draw_rules, found)),
        Drawing("combinations", partial(draw_combinations, found)),
    ]


def finding(found: Rivals) -> str:
    """How many findings hold, lean, flip or stay open, as a title."""
    count = {word: sum(one.told == word for one in found.findings) for word in ("holds", "leans", "flips", "open")}
    all_of_them = f"{len(found.findings)} finding{'s' * (len(found.findings) != 1)}"
    told = [f"{count['holds']} hold{'s' * (count['holds'] == 1)}"]
    told += [f"{count['leans']} lean{'s' * (count['leans'] == 1)} one way"] * bool(count["leans"])
    told += [f"{count['flips'] or 'none'} flip{'s' * (count['flips'] < 2)}"]
    told += [f"{count['open']} {'is' if count['open'] == 1 else 'are'} open"] * bool(count["open"])
    return f"Of {all_of_them} {listed(told)}, under {len(found.points)} combinations of rival rules"


def verdict_finding(found: Rivals) -> str:
    """Under how many combinations the first finding is raised and lowered, as a title."""
    first, every = found.findings[0], len(found.points)
    up, down = first.signs.count(1), first.signs.count(-1)
    rest = f", undecided in {every - up - down}" if up + down < every else ""
    return f"{short_name(first.quantity)}: raised in {up} and lowered in {down} of {every} combinations of rules{rest}"


def draw_verdict(found: Rivals) -> Figure:
    """The first finding under each rule: a row a rule, by rivalry, with its 95 % interval."""
    first = found.findings[0]
    rows = [(name, rule) for name, rules in found.rules.items() for rule in rules]
    figure = new_figure(0.9 + ROW * len(rows))
    note = (
        f"{short_name(first.quantity)}, {found.on} minus {found.off}, paired on common random numbers. A row is the "
        f"finding with the rule ({over(found)}), and its 95 % interval; the first of each question is the model's "
        "own. Grey band: the model as it stands."
    )
    put_head(figure, verdict_finding(found), note, found.results.source)
    axes = figure.subplots()
    stands = first.each[0]
    if stands.known:
        axes.axvspan(stands.low, stands.high, color=OPEN, zorder=0)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    for y, (name, rule) in enumerate(rows):
        value = first.by_rule[name][rule]
        shade = SHADES[_code(first.quantity.finding(value).verdict) + 2]
        colour = INK if shade == OPEN else shade
        if value.known:
            axes.plot([value.low, value.high], [y, y], color=colour, linewidth=1.6)
        axes.plot([value.mean], [y], "o", color=colour, markersize=4.5)
    name_rules(axes, found.rules)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel(first.quantity.unit_of_difference)
    return figure


def draw_rules(found: Rivals) -> Figure:
    """A row a rule, by rivalry, after the model as it stands and the mean over all; a column a finding."""
    cells = [[one.quantity.finding(value) for value in _cells(one)] for one in found.findings]
    rows = len(cells[0])
    figure = new_figure(3.1 + ROW * rows)
    some = f" that were run, {len(found.points)} of {found.possible:,} (one rule replaced at a time)"
    note = (
        f"{found.on.capitalize()} minus {found.off}, paired on common random numbers: "
        f"{key(cell.verdict for column in cells for cell in column)}. First row: the model's own rules. Others: mean "
        f"over all combinations of rules{'' if found.whole else some}, or with the rule that the row names "
        f"({over(found)}). Numbers and intervals are in summary.md."
    )
    put_head(figure, finding(found), note, found.results.source)
    axes = figure.subplots()
    draw_cells(axes, np.array([[_code(cell.verdict) for cell in column] for column in cells]).T, SHADES)
    for x, column in enumerate(cells):
        for y, cell in enumerate(column):
            axes.text(x, y, cell.mark.symbol, ha="center", va="center", fontsize=SIZE, color=cell.mark.ink)
    axes.set_xticks(
        range(len(cells)), [fitted(short_name(one.quantity), NAMES, SIZE) for one in found.findings], rotation=90
    )
    name_rules(axes, found.rules, ("as it stands", "mean of all"))
    return figure


def draw_combinations(found: Rivals) -> Figure:
    """A row a finding, a column a combination; above, which rules each column has."""
    rows, rules = len(found.findings), sum(map(len, found.rules.values()))
    figure = new_figure(0.4 + ROW * rows + 0.19 * rules)
    some = "" if found.whole else f" {len(found.points)} of {found.possible:,}: one rule replaced at a time."
    shades = {_code(one.quantity.finding(value).verdict) for one in found.findings for value in one.each}
    other = " Purple: higher; olive: lower, where neither is better." if {1, -1} & shades else ""
    note = (
        f"{found.on.capitalize()} minus {found.off}. A column is one combination of rules, the first one the model as "
        f"it stands.{some} Blue, dark: better; orange, lighter: worse; pale grey: undecided, as the 95 % interval over "
        f"replicates covers zero.{other} At the right the share of combinations that raise (+) and lower (−) it, and "
        "whether it has one sign everywhere (holds), where it is decided (leans), both signs (flips), or is decided "
        "nowhere, or so rarely that chance may do it (open)."
    )
    put_head(figure, finding(found), note, found.results.source)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[0.19 * rules, ROW * rows])
    codes = [[_code(one.quantity.finding(value).verdict) for value in one.each] for one in found.findings]
    draw_cells(below, np.array(codes), SHADES)
    for y, one in enumerate(found.findings):
        words = f"+ {percent(one.share(1))}  − {percent(one.share(-1))}  {one.told}"
        # Beside the last column, whatever the width of a column.
        below.annotate(words, (1, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                       fontsize=SIZE, va="center", color=INK)  # fmt: skip
    below.set_xticks([])
    _name_rows(below, found.findings)
    _which_rules(above, found)
    return figure


def _cells(one: Finding) -> list[Interval]:
    rules = [value for by_rule in one.by_rule.values() for value in by_rule.values()]
    return [one.each[0], one.mean, *rules]


def _code(verdict: Verdict) -> int:
    return CODES.get(verdict, 0)


def _name_rows(axes: Axes, findings: Sequence[Finding]) -> None:
    labels = [fitted(short_name(one.quantity), NAMES, SIZE) for one in findings]
    axes.set_yticks(range(len(findings)), labels)


def _which_rules(axes: Axes, found: Rivals) -> None:
    """A line a rivalry, stepping through its rules as the columns do; the rules are named at the left end."""
    ticks, labels, top = [], [], 0
    for name, rules in found.rules.items():
        for place, point in enumerate(found.points):
            height = top + rules.index(point[name]) + 0.5
            axes.add_line(Line2D([place - 0.5, place + 0.5], [height, height], color=INK, linewidth=2.2))
        if top:
            axes.axhline(top, color="#B0B0B0", linewidth=0.8)
        ticks += [top + index + 0.5 for index in range(len(rules))]
        labels += [f"{asked(name)}:  {plain(rules[0])}", *(plain(rule) for rule in rules[1:])]
        top += len(rules)
    axes.set_yticks(ticks, [fitted(label, NAMES + 0.3, SIZE) for label in labels])
    axes.set_ylim(top, 0)
    axes.tick_params(length=0, labelbottom=False)
    axes.grid(visible=False)
