"""In which share of the set that is not ruled out coordination wins: a bar a quantity."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from experiments.reporting.finding import BLUE, INK, MARKS, ORANGE, WHITE, Verdict
from experiments.reporting.names import fitted
from experiments.reporting.numbers import short
from experiments.reporting.over_set import Over
from experiments.reporting.style import SIZE, new_figure, put_head

NOTHING = "#C8C8C8"
ROW, NAMES = 0.36, 2.6  # inches of a row, and of words at its left


def draw_headlines(found: Sequence[Over], source: str, arms: tuple[str, str] = ("coordinated", "siloed")) -> Figure:
    """A bar an outcome and account: the share of the set in which the first arm wins against the second, and in which
    nothing differs."""
    figure = new_figure(0.5 + ROW * len(found))
    note = (
        f"Over {found[0].members} members of the set, weighted by fit: blue, {arms[0]} is better than {arms[1]}; "
        "orange and hatched, worse, both by the sign of the mean over replicates; grey, no difference. At the right: "
        "the median difference, with the range of nine tenths of the set, and its mark."
    )
    put_head(figure, agreed(found), note, source)
    axes = figure.subplots()
    worse = MARKS[Verdict.WORSE].hatch
    for place, one in enumerate(found):
        axes.barh(place, 100 * one.wins, height=0.68, color=BLUE)
        axes.barh(place, 100 * one.ties, left=100 * one.wins, height=0.68, color=NOTHING)
        start = 100 * (one.wins + one.ties)
        axes.barh(place, 100 - start, left=start, height=0.68, color=ORANGE, hatch=worse, edgecolor=WHITE, linewidth=0)
        finding = one.quantity.finding(one.over)
        unit = "" if finding.verdict is Verdict.SAME else finding.unit
        words = f"{finding.mark.symbol} {finding.shown(finding.places)}\n{unit}".rstrip()
        axes.annotate(words, (1, place), (4, 0),
                      xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=SIZE, va="center",
                      color=INK)  # fmt: skip
    axes.axvline(50, color=INK, linestyle="dashed", linewidth=0.8)
    axes.set_yticks(range(len(found)), [fitted(_name(one), NAMES, SIZE) for one in found])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of the set")
    return figure


def agreed(found: Sequence[Over]) -> str:
    """In how many members the first account gains, and on how much nine in ten agree, as a title."""
    first, clear = found[0], sum(one.clear for one in found)
    who = first.quantity.about.name if first.quantity.account else f"{first.quantity.title} is better and so"
    verb = first.quantity.account.verb(True) if first.quantity.account else "coordination wins"
    share = f"{short(100 * first.wins)} % of {first.members} members of the set"
    return f"{who} {verb} in {share}; nine in ten agree on {clear} of {len(found)} results"


def _name(one: Over) -> str:
    words = one.quantity.account.brief if one.quantity.account else one.quantity.title
    return words[:1].upper() + words[1:]
