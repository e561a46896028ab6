"""Rival rules over the set: what each does to the verdict, and in which share of the set every finding has its sign."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.analysis.intervals import Interval
from experiments.questions.over.sentences import whole_share
from experiments.questions.question import Drawing, View
from experiments.questions.rivals.drawn import NAMES, ROW, draw_cells, name_rules, short_name
from experiments.questions.rivals.over_set.result import Finding, RivalsOver, Under
from experiments.questions.rivals.over_set.words import better
from experiments.questions.rivals.rules import asked, plain
from experiments.reporting.finding import BLUE, INK, ORANGE, PURPLE, WHITE
from experiments.reporting.marks import OLIVE
from experiments.reporting.names import drawn_treatment, fitted
from experiments.reporting.numbers import listed, lower_first
from experiments.reporting.style import SIZE, new_figure, put_head

OPEN, LIGHT_BLUE, LIGHT_ORANGE = "#E6E6E6", "#A9C6E3", "#F6D8B8"
LIGHT_PURPLE, LIGHT_OLIVE = "#D9D2E9", "#E3E1C3"
# Worse and better in nine tenths of the set and in most of it; between them, the same of lower and higher.
SHADES = (ORANGE, LIGHT_ORANGE, OLIVE, LIGHT_OLIVE, OPEN, LIGHT_PURPLE, PURPLE, LIGHT_BLUE, BLUE)
CLEAR = 0.9  # share of the set from which on it is told as nine tenths
SIGNS = {"turns": "×", "may turn": "?"}
VERDICTS = {"turns": "turns it", "may turn": "may turn it", "not known": "not known"}
TITLED = 3  # rules that a title names; of more it tells the number
TICKS = 4


def draw(found: RivalsOver, view: View) -> Sequence[Drawing]:
    """The verdict by rule, and all findings rule by rule."""
    if not found.findings[0].own.over.members:
        return []
    return [Drawing("verdict", partial(draw_verdict, found)), Drawing("rules", partial(draw_rules, found))]


def verdict_title(found: RivalsOver) -> str:
    """Which rules turn the first finding, as a title."""
    first = found.findings[0]
    turns, may = (found.told(first, word) for word in ("turns", "may turn"))
    who = first.quantity.about.inside if first.quantity.account else lower_first(first.quantity.title)
    verb = first.quantity.account.verb(True) if first.quantity.account else f"is {better(first)}"
    named = [f"{asked(name)} ({plain(rule)})" for name, rule in turns]
    which = f": {listed(named)}" if 0 < len(named) <= TITLED else ""
    does = f"{len(turns) or 'none'} of {len(found.rivals)} rival rules surely turn{'s' * (len(turns) < 2)} that{which}"
    rest = f"; {len(may)} may" if may else ""
    with_ = drawn_treatment(found.results)
    return f"With {with_} {who} {verb} in {whole_share(first.own.over.wins)} of the set; {does}{rest}"


def draw_verdict(found: RivalsOver) -> Figure:
    """A row a rule, by rivalry: the first finding over the set with it, and what it adds to the model's own rules."""
    first, rows = found.findings[0], list(found.alone.items())
    figure = new_figure(1.1 + ROW * len(rows))
    note = (
        f"{short_name(first.quantity)}, {found.on} minus {found.off}, over the set of parameters that the evidence "
        "leaves open, weighted by fit; each rule alone replaces the model's own, which is the first of its question. "
        "Dot and line: weighted median, and the range of nine tenths of the set. On the "
        f"left blue: {found.on} is better in more than half of the set; orange and dotted: worse; grey band: the "
        "model's own rules. In the middle what the rule adds to a member, on the same random numbers. Numbers at the "
        f"right: the share of the set in which {found.on} is {better(first)}."
    )
    put_head(figure, verdict_title(found), note, found.source)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.25, 1.0])
    value = first.own.over.over
    left.axvspan(value.low, value.high, color=OPEN, zorder=0)
    for y, (_, place) in enumerate(rows):
        under = first.under[place]
        _line(left, under.over.over, y, _colour(first, under), dotted=_worse(first, under))
        if under.moved is not None:
            _line(right, under.moved, y, INK)
        words = f"{whole_share(under.over.wins)} {VERDICTS.get(under.told, '')}".rstrip()
        right.annotate(words, (1, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                       fontsize=SIZE, va="center", color=INK,
                       fontweight="bold" if under.told == "turns" else "normal")  # fmt: skip
    for axes, what in ((left, "with the rule"), (right, "the rule adds")):
        axes.axvline(0.0, color=INK, linewidth=1.0)
        axes.xaxis.set_major_locator(MaxNLocator(TICKS))
        axes.set_xlabel(f"{what}\n{first.quantity.unit_of_difference}".rstrip())
    name_rules(left, found.rules)
    for name in found.names[1:]:
        right.axhline(found_row(found, name) - 0.5, color=INK, linewidth=1.0)
    right.tick_params(length=0, labelleft=False)
    right.annotate(f"{better(first)} in", (1, 1), (4, 2), xycoords="axes fraction", textcoords="offset points",
                   fontsize=SIZE, va="bottom", color=INK)  # fmt: skip
    left.set_ylim(len(rows) - 0.5, -0.5)
    return figure


def found_row(found: RivalsOver, name: str) -> int:
    """The row of a rivalry's first rule."""
    return [rivalry for rivalry, _ in found.alone].index(name)


def draw_rules(found: RivalsOver) -> Figure:
    """A row a rule, by rivalry, a column a finding: how much of the set agrees, and which rules turn it."""
    rows = list(found.alone.values())
    figure = new_figure(3.1 + ROW * len(rows))
    neutral = any(not one.quantity.better for one in found.findings)
    other = " Purple: raised, olive: lowered, where neither is better." * neutral
    note = (
        f"{found.on.capitalize()} minus {found.off} over the set. Blue: better in most of it, dark in nine tenths; "
        f"orange: worse, likewise; grey: nothing differs.{other} ×: the rule turns the finding to the other side of "
        "zero; ?: it may, which the members are too few to tell. Each rule alone replaces the model's own, which is "
        "the first of its question. Numbers are in summary.md."
    )
    put_head(figure, rules_title(found), note, found.source)
    axes = figure.subplots()
    codes = np.array([[_code(one, one.under[place]) for one in found.findings] for place in rows])
    draw_cells(axes, codes, SHADES)
    for x, one in enumerate(found.findings):
        for y, place in enumerate(rows):
            dark = SHADES[codes[y, x] + len(SHADES) // 2] in (BLUE, PURPLE)
            axes.text(x, y, SIGNS.get(one.under[place].told, ""), ha="center", va="center", fontsize=SIZE,
                      color=WHITE if dark else INK, fontweight="bold")  # fmt: skip
    names = [fitted(short_name(one.quantity), NAMES, SIZE) for one in found.findings]
    axes.set_xticks(range(len(names)), names, rotation=90)
    name_rules(axes, found.rules)
    return figure


def rules_title(found: RivalsOver) -> str:
    """How many findings some rule turns, and how many none does, as a title."""
    turned = sum(bool(found.told(one, "turns")) for one in found.findings)
    held = sum(len(found.told(one, "holds")) == len(found.rivals) for one in found.findings)
    some = f"{turned} {'is' if turned == 1 else 'are'} turned by some rival rule"
    rest = len(found.findings) - turned - held
    return (
        f"Of {len(found.findings)} findings over the set {some if turned else 'no rival rule surely turns any'}; "
        f"{held} hold{'s' * (held == 1)} under every rule, {rest or 'none'} may turn"
    )


def _line(axes: Axes, value: Interval, y: float, colour: str, dotted: bool = False) -> None:
    axes.plot(
        [value.low, value.high], [y, y], color=colour, linewidth=1.8, linestyle=(0, (1.2, 0.8)) if dotted else "-"
    )
    axes.plot([value.mean], [y], "o", color=colour, markersize=4.5)


def _worse(finding: Finding, under: Under) -> bool:
    return under.side * finding.quantity.better < 0


def _colour(finding: Finding, under: Under) -> str:
    if not under.side:
        return INK
    if not finding.quantity.better:
        return PURPLE if under.side > 0 else OLIVE
    return ORANGE if _worse(finding, under) else BLUE


def _code(finding: Finding, under: Under) -> int:
    """The place of its shade, 0 being where nothing differs."""
    if not under.side:
        return 0
    over, judged = under.over, finding.quantity.better
    way = under.side * (judged or 1)
    clear = max(over.wins, 1.0 - over.wins - over.ties) >= CLEAR
    if judged:
        return way * (4 if clear else 3)
    return way * (2 if clear else 1)
