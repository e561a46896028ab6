"""What each practice adds: bars with intervals, a matrix of interactions, and the best order of adoption."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.intervals import Interval
from experiments.questions.factorial.result import Factorial, Shares
from experiments.questions.factorial.titles import by_practice, in_order, together_or_apart
from experiments.questions.factorial.words import MAIN, names_of
from experiments.questions.question import Drawing, View
from experiments.reporting.columns import places_of
from experiments.reporting.finding import COLOURS, MARKS, WHITE, Verdict, key
from experiments.reporting.marks import draw_bar
from experiments.reporting.numbers import number
from experiments.reporting.style import INK, SIZE, new_figure, put_head, wrapped

MOST = 6
PALE = "#E6E6E6"  # a cell in which nothing is decided
NO_INTERVALS = "One replicate: no intervals."
NOTHING = 1e-9  # of a quantity: rounding alone


def draw(found: Factorial, view: View) -> Sequence[Drawing]:
    """Shares in accounts and outcomes, interactions and the best order for the first quantities."""
    drawings = []
    if found.accounts:
        drawings.append(Drawing("practices-accounts", partial(draw_accounts, found)))
    if found.outcomes:
        drawings.append(Drawing("practices-outcomes", partial(draw_outcomes, found)))
    drawings.append(Drawing("interactions", partial(draw_interactions, found)))
    drawings.append(Drawing("order", partial(draw_order, found)))
    return drawings


def draw_accounts(found: Factorial) -> Figure:
    """A panel an account, of the first ones."""
    return _shares(found, found.accounts, "Present values.")


def draw_outcomes(found: Factorial) -> Figure:
    """A panel an outcome, of the first ones."""
    return _shares(found, found.outcomes, "Means of the last year, unless named otherwise.")


def _shares(found: Factorial, all_of_them: Sequence[Shares], what: str) -> Figure:
    """A panel a quantity: the Shapley value of each practice, and its interval."""
    names, shown = names_of(found), all_of_them[:MOST]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure = new_figure((0.75 + 0.2 * len(names)) * rows)
    verdicts = [shares.quantity.finding(value).verdict for shares in shown for value in shares.share]
    sure = "line: its 95 % bootstrap interval over replicates. " if shown[0].known else f"{NO_INTERVALS} "
    marks = "Blue: better; orange and hatched: worse; grey: undecided. " if shown[0].known else ""
    other = "Purple: neither better nor worse. " if {Verdict.HIGHER, Verdict.LOWER} & set(verdicts) else ""
    more = len(all_of_them) - len(shown)
    note = (
        f"Bar: what a practice adds on average over all orders of taking practices up (Shapley value); {sure}{marks}"
        f"{other}Bars add up to the total in the heading. {what}{f' {more} more are in summary.md.' * bool(more)}"
    )
    put_head(figure, by_practice(shown[0], names), note, found.results.source)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axes, shares in zip(grid.flat, shown, strict=False):
        _bars(axes, shares, names)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    return figure


def _bars(axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    for place, value in enumerate(shares.share):
        draw_bar(axes, shares.quantity.finding(value), place, 0.7)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.margins(x=0.08)
    if all(abs(value.mean) < NOTHING for value in shares.share):
        axes.set_xlim(-1.0, 1.0)  # or the axis would tell of powers of ten where nothing is
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_unit(shares))
    total = number(shares.total.mean, places_of([*shares.share, shares.total]), signed=True)
    axes.set_title(wrapped(f"{shares.quantity.title}: {total}", 36))


def _unit(shares: Shares) -> str:
    direction = {1: "more is better", -1: "less is better"}.get(shares.quantity.better, "")
    return ", ".join(filter(None, [shares.quantity.unit_of_difference, direction]))


def draw_interactions(found: Factorial) -> Figure:
    """A matrix a quantity, of the first ones: what two practices are worth together beyond apart."""
    names, shown = names_of(found), found.shares[:MAIN]
    figure = new_figure((1.0 + 0.36 * (len(names) - 1)) * len(shown))
    cells = [shares.quantity.finding(cell).verdict for shares in shown for _, _, cell in _below(shares)]
    note = (
        "What two practices add together beyond what they add apart (Shapley interaction index). Cells: "
        f"{key(cells)}. {'' if shown[0].known else NO_INTERVALS}"
    )
    put_head(figure, together_or_apart(shown[0], names), note, found.results.source)
    for axes, shares in zip(figure.subplots(len(shown), 1, squeeze=False)[:, 0], shown, strict=True):
        _matrix(axes, shares, names)
    return figure


def _below(shares: Shares) -> list[tuple[int, int, Interval]]:
    count = len(shares.share)
    return [(i, j, cell) for i in range(1, count) for j in range(i) if (cell := shares.pairs[i][j]) is not None]


def _matrix(axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    count, cells = len(names), _below(shares)
    places = places_of(cell for _, _, cell in cells)
    for i, j, cell in cells:
        verdict = shares.quantity.finding(cell).verdict
        mark = MARKS[verdict]
        colour = COLOURS[verdict] if verdict.decided else PALE
        axes.fill_between([j - 0.48, j + 0.48], i - 1.46, i - 0.54, color=colour, linewidth=0)
        words = f"{mark.symbol} {number(cell.mean, places, signed=True)}"
        axes.text(j, i - 1, words, ha="center", va="center", fontsize=SIZE, color=mark.ink,
                  fontweight="bold" if verdict.decided else "normal")  # fmt: skip
    axes.set_xticks(range(count - 1), [wrapped(name, 14) for name in names[:-1]])
    axes.set_yticks(range(count - 1), [wrapped(name, 22) for name in names[1:]])
    axes.set_xlim(-0.5, max(1.5, count - 1.5))
    axes.set_ylim(count - 1.5, -0.5)
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    unit = shares.quantity.unit_of_difference
    axes.set_title(", ".join(filter(None, [shares.quantity.title, unit])))


def draw_order(found: Factorial) -> Figure:
    """A panel a quantity, of the first ones: what is reached step by step in the best order of adoption."""
    names, shown = names_of(found), found.shares[:MAIN]
    figure = new_figure(2.5 * len(shown))
    note = (
        "The order with the highest value on average over its steps (the lowest, where less is better). Numbers: the "
        "mean reached after each step, against none of them. Bars: a step; "
        f"{key(shares.quantity.finding(step).verdict for shares in shown for step in shares.steps)}. As the order was "
        "picked from these runs, its first steps look better than they are."
    )
    put_head(figure, in_order(shown[0], names), note, found.results.source)
    for axes, shares in zip(figure.subplots(len(shown), 1, squeeze=False)[:, 0], shown, strict=True):
        _steps(axes, shares, names)
    return figure


def _steps(axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    path = shares.sign * np.array(shares.order.path)
    places = places_of([shares.total])
    room = 0.16 * float(np.ptp(path)) or 1.0
    for step, (before, value) in enumerate(zip(path[:-1], shares.steps, strict=True)):
        verdict = shares.quantity.finding(value).verdict
        after = before + value.mean
        axes.bar(step, value.mean, bottom=before, width=0.62, color=COLOURS[verdict], hatch=MARKS[verdict].hatch,
                 edgecolor=WHITE, linewidth=0)  # fmt: skip
        if value.known:
            axes.plot([step, step], [before + value.low, before + value.high], color=INK, linewidth=1.0)
        axes.annotate(number(after, places, signed=True), (step + 0.34, after), (1, 0), textcoords="offset points",
                      ha="left", va="center", fontsize=SIZE)  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(range(len(names)), [wrapped(names[player], 14) for player in shares.order.players])
    axes.set_xlim(-0.5, len(names) - 0.2)
    axes.grid(visible=False, axis="x")
    known = [end for before, one in zip(path[:-1], shares.steps, strict=True) if one.known
             for end in (before + one.low, before + one.high)]  # fmt: skip
    axes.set_ylim(min(path.min() - room, *known, 0.0), max(path.max() + room, *known, 0.0))
    axes.set_ylabel(wrapped(_unit(shares), 24))
    axes.set_title(wrapped(shares.quantity.title, 60))
