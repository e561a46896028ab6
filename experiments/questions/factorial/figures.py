"""What each practice adds: bars with intervals, a matrix of interactions, and the best order of adoption."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.questions.factorial.result import Factorial, Shares
from experiments.questions.factorial.words import MAIN, names_of
from experiments.questions.question import Drawing, View
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import number
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head, wrapped

COLUMNS = 3
PALE = "#B8B8B8"
NO_INTERVALS = "One replicate: no intervals."


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
    """A panel an account."""
    return _shares(found, found.accounts, "What each practice adds, account by account", "Present values.")


def draw_outcomes(found: Factorial) -> Figure:
    """A panel an outcome."""
    read = "Means of the last year, unless named otherwise."
    return _shares(found, found.outcomes, "What each practice changes, outcome by outcome", read)


def _shares(found: Factorial, shown: Sequence[Shares], title: str, what: str) -> Figure:
    """A panel a quantity: the Shapley value of each practice, and its interval."""
    names = names_of(found)
    columns = min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = new_figure(1.3 + (0.6 + 0.225 * len(names)) * rows, 12.0 if columns > 1 else 7.0)
    sure = (
        "line: its 95 % bootstrap interval over replicates. Blue raises, orange lowers, pale grey: the interval covers "
        "zero."
        if shown[0].known
        else f"blue raises, orange lowers. {NO_INTERVALS}"
    )
    note = (
        "Bar: what a practice adds on average over all orders of taking practices up (Shapley value); "
        f"{sure} Bars add up to the total in the heading. {what}"
    )
    put_head(figure, title, note, found.results.source)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axes, shares in zip(grid.flat, shown, strict=False):
        _bars(axes, shares, names)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    return figure


def _bars(axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    places = np.arange(len(names))
    for place, value in zip(places, shares.share, strict=True):
        colour = PALE if value.known and not value.distinguishable else GAIN if value.mean > 0 else LOSS
        axes.barh(place, value.mean, color=colour, height=0.7)
        if value.known:
            axes.plot([value.low, value.high], [place, place], color=INK, linewidth=1.3)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(places, names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.margins(x=0.08)
    axes.grid(visible=False, axis="y")
    direction = {1: "more is better", -1: "less is better"}.get(shares.quantity.better, "")
    axes.set_xlabel(", ".join(filter(None, [shares.quantity.unit_of_difference, direction])))
    total = number(shares.total.mean, places_of([*shares.share, shares.total]), signed=True)
    axes.set_title(wrapped(f"{shares.quantity.title}: {total}", 42))


def draw_interactions(found: Factorial) -> Figure:
    """A matrix a quantity, of the first ones: what two practices are worth together beyond apart."""
    names, shown = names_of(found), found.shares[:MAIN]
    figure = new_figure(2.9 + 0.7 * (len(names) - 1), 6.6 * len(shown))
    sure = "Numbers in bold have a 95 % bootstrap interval that excludes zero." if shown[0].known else NO_INTERVALS
    note = (
        "Purple: two practices add more together than apart; orange: less, one stands in for the other (Shapley "
        f"interaction index). {sure}"
    )
    put_head(figure, "Which practices need each other", note, found.results.source)
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, shares in zip(panels, shown, strict=True):
        _matrix(figure, axes, shares, names)
    return figure


def _matrix(figure: Figure, axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    count = len(names)
    cells = [(i, j, cell) for i in range(1, count) for j in range(i) if (cell := shares.pairs[i][j]) is not None]
    means = np.full((count - 1, count - 1), np.nan)
    for i, j, cell in cells:
        means[i - 1, j] = cell.mean
    reach = float(np.nanmax(np.abs(means))) or 1.0
    image = axes.imshow(means, cmap="PuOr", vmin=-reach, vmax=reach)
    places = places_of(cell for _, _, cell in cells)
    for i, j, cell in cells:
        text = number(cell.mean, places, signed=True)
        weight = "bold" if cell.distinguishable else "normal"
        colour = "white" if abs(cell.mean) > 0.6 * reach else INK
        axes.text(j, i - 1, text, ha="center", va="center", fontsize=8.5, fontweight=weight, color=colour)
    labels = [wrapped(name, 13) for name in names]
    axes.set_xticks(range(count - 1), labels[:-1], fontsize=7.5)
    axes.set_yticks(range(count - 1), labels[1:], fontsize=7.5)
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(wrapped(shares.quantity.title, 60))
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=40, fraction=0.05, pad=0.03)
    unit = shares.quantity.unit_of_difference
    bar.set_label(", ".join(filter(None, [unit, "together beyond apart"])), fontsize=8)
    bar.outline.set_visible(False)


def draw_order(found: Factorial) -> Figure:
    """A panel a quantity, of the first ones: what is reached step by step in the best order of adoption."""
    names, shown = names_of(found), found.shares[:MAIN]
    figure = new_figure(4.6, max(6.0, 1.0 * len(names)) * len(shown))
    note = (
        "The order with the highest value on average over its steps (the lowest, where less is better). Bars and "
        "numbers: the mean reached after each step, against none of them; blue a step up, orange a step down."
    )
    put_head(figure, "The best order to take practices up in", note, found.results.source)
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, shares in zip(panels, shown, strict=True):
        _steps(axes, shares, names)
    return figure


def _steps(axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    path = shares.sign * np.array(shares.order.path)
    labels = [wrapped(names[player], 13) for player in shares.order.players]
    places = places_of([shares.total])
    for step, (before, after) in enumerate(pairwise(path)):
        axes.bar(step, after - before, bottom=before, width=0.65, color=GAIN if after >= before else LOSS)
        text, up = number(after, places, signed=True), after >= before
        offset, side = ((0, 2), "bottom") if up else ((0, -3), "top")
        axes.annotate(text, (step, after), offset, textcoords="offset points", ha="center", va=side, fontsize=8)
        if step:
            axes.plot([step - 1 + 0.325, step - 0.325], [before, before], color=INK, linewidth=0.7)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(range(len(labels)), labels, fontsize=7.5)
    axes.grid(visible=False, axis="x")
    room = 0.12 * float(np.ptp(path)) or 1.0
    axes.set_ylim(path.min() - room, path.max() + room)
    direction = {1: "more is better", -1: "less is better"}.get(shares.quantity.better, "")
    axes.set_ylabel(", ".join(filter(None, [shares.quantity.unit_of_difference, direction])))
    axes.set_title(wrapped(shares.quantity.title, 60))
