"""The difference over the set: how it is distributed in every account, and who wins in which share of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.questions.over.result import Distribution
from experiments.questions.over.sentences import whole_share
from experiments.questions.over.turns.figure import draw_turns
from experiments.questions.over.turns.words import title_of
from experiments.questions.question import Drawing, View
from experiments.reporting.accounts import of_kind
from experiments.reporting.curves import MOST_PANELS
from experiments.reporting.finding import BLUE, INK, MARKS, ORANGE, WHITE, Verdict
from experiments.reporting.names import drawn_label
from experiments.reporting.over_figure import draw_headlines
from experiments.reporting.over_set import Over
from experiments.reporting.style import panel_grid, put_head, wrapped
from experiments.reporting.tracks.figure import draw_history

BINS = 20  # at most, and as many as the root of the number of members
BUDGETS = {account.name for account in of_kind("budget", "closing")}
TWICE = "npv_builders"  # a budget that is a line of society already
TICKS = 4  # at most, of long numbers under a narrow panel
LETTERS = 28  # of a line of a panel's title
DEFAULT, NOTHING = "#000000", "#C8C8C8"


def draw(over: Distribution, view: View) -> Sequence[Drawing]:
    """Society and its lines, budgets, what was observed, and shares of everything."""
    if not over.found[0].members:
        return []
    kinds = {"society": ("society", "line"), "budgets": ("budget", "closing")}
    source = over.results.source
    drawings = []
    for name, wanted in kinds.items():
        accounts = [one for one in over.found if one.quantity.account and one.quantity.account.kind in wanted]
        # What differs in no member has a row in the summary, and no panel.
        differ = [one for one in accounts if over.differences(one.quantity).any()] or accounts
        chosen = [one for one in differ if one.quantity.name != TWICE]
        if name == "society":  # the whole, and then the largest lines
            chosen[1:] = sorted(chosen[1:], key=lambda one: -abs(one.over.mean))
        drawings += [Drawing(page, partial(draw_distributions, over, shown)) for page, shown in _pages(name, chosen)]
    title = title_of(over.turns)  # of all pages: the odds may turn with what stands on another
    turns = [
        Drawing(page, partial(draw_turns, over.results, shown, title)) for page, shown in _pages("turns", over.turns)
    ]
    history = over.history
    observed = (
        [Drawing("observed", partial(draw_history, history))] if history is not None and history.held(False) else []
    )
    return [*drawings, *turns, *observed, Drawing("shares", partial(draw_headlines, over.found, source, over.arms))]


def _pages(name: str, panels: Sequence[Any]) -> list[tuple[str, Sequence[Any]]]:
    """The panels of each page, and the name of its file."""
    firsts = range(0, len(panels), MOST_PANELS)
    return [(f"{name}{f'-{k}' * (k > 1)}", panels[i : i + MOST_PANELS]) for k, i in enumerate(firsts, 1)]


def draw_distributions(over: Distribution, chosen: Sequence[Over]) -> Figure:
    """A panel an account: the share of the set at each size of the difference, and where the default lies."""
    figure, panels = panel_grid(len(chosen))
    on, off = (drawn_label(over.results, arm) for arm in over.arms)
    note = (
        f"{on} minus {off.lower()} in {over.found[0].members:,} members of the set, weighted by fit. Blue: "
        f"{on.lower()} is better; orange and hatched: worse; thick line: no difference; dashed: median; black "
        "triangle: the default parameters, which are one possibility among those of the set."
    )
    put_head(figure, _title(over, chosen), note, over.results.source)
    for one, axes in zip(chosen, panels, strict=False):
        _panel(axes, over, one)
    return figure


def _title(over: Distribution, chosen: Sequence[Over]) -> str:
    """For society its share and where the default lies in it; for others how many gain in most of the set."""
    first = chosen[0]
    if first.quantity.account is not None and first.quantity.account.kind == "society":
        rank = over.rank(first.quantity)
        default = "" if rank is None else f"; the default parameters lie above {whole_share(rank)} of it"
        return f"Society gains in {whole_share(first.wins)} of the set{default}"
    clear = [one for one in chosen if one.clear]
    gain = sum(one.wins >= 0.5 for one in clear)
    what = "budgets" if all(one.quantity.name in BUDGETS for one in chosen) else "lines of society"
    return (
        f"Of {len(chosen)} {what} {gain} gain and {len(clear) - gain} lose in nine tenths of the set or more; "
        f"{len(chosen) - len(clear)} depend on what is uncertain"
    )


def _panel(axes: Axes, over: Distribution, one: Over) -> None:
    values, weights = over.differences(one.quantity)[1:], over.weight[1:]
    known = ~np.isnan(values) & (weights > 0)
    values, weights = values[known], 100.0 * weights[known] / weights[known].sum()
    default = over.default(one.quantity)
    if not values.any():
        axes.bar([0.0], [100.0], 0.1, color=NOTHING)
        axes.set_xlim(-1.0, 1.0)
    else:
        edges = _edges(values)
        heights, _ = np.histogram(values, edges, weights=weights)
        better = (edges[:-1] + edges[1:]) / 2 * one.quantity.better > 0
        hatch = MARKS[Verdict.WORSE].hatch
        for which, colour, drawn in ((better, BLUE, ""), (~better, ORANGE, hatch)):
            axes.bar(edges[:-1][which], heights[which], np.diff(edges)[which], align="edge", color=colour, hatch=drawn,
                     edgecolor=WHITE, linewidth=0.5)  # fmt: skip
    axes.axvline(0.0, color=INK, linewidth=1.4)
    axes.axvline(one.over.mean, color=INK, linewidth=1.0, linestyle="dashed")
    if np.isfinite(default):
        axes.plot(
            [default], [0.0], marker="^", markersize=9, color=DEFAULT, markeredgecolor=WHITE, clip_on=False, zorder=5
        )
    axes.set_ylim(bottom=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS))
    axes.set_xlabel(one.quantity.unit_of_difference)
    axes.set_ylabel("% of the set")
    name = one.quantity.account.brief if one.quantity.account else one.quantity.title
    name = name.removeprefix("society: ")
    better_in = "no difference" if not values.any() else f"better in {whole_share(one.wins)}"
    axes.set_title(f"{wrapped(name[:1].upper() + name[1:], LETTERS)}\n{better_in}")


def _edges(values: np.ndarray) -> np.ndarray:
    """Edges of bars of equal width, one of which is zero: no bar holds gains and losses. Some value is another."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    width = (high - low) / min(BINS, max(3, round(len(values) ** 0.5)))
    return np.asarray(width * np.arange(np.floor(low / width), np.ceil(high / width) + 1))
