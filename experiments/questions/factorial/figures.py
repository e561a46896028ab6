"""What each practice carries: bars with intervals, a matrix of interactions, and the best order of adoption."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.reporting.style import GAIN, INK, LOSS, house_style, new_figure, put_head, save, wrapped

if TYPE_CHECKING:
    from experiments.questions.factorial.command import Shares

COLUMNS = 3
PALE = "#B8B8B8"


def draw_factorial(found: Sequence[Shares], players: Sequence[str], source: str, folder: Path) -> list[Path]:
    """All figures of a factorial; returns the files."""
    names = [name.replace("_", " ") for name in players]
    money = [shares for shares in found if shares.quantity.name.startswith("npv_")]
    others = [shares for shares in found if not shares.quantity.name.startswith("npv_")]
    main, figures = found[:2], folder / "figures"
    files: list[Path] = []
    with house_style():
        if money:
            title = "Which practice carries the gain, purse by purse"
            files += save(draw_shares(money, names, title, source), figures, "practices-purses")
        if others:
            title = "Which practice carries the change, outcome by outcome"
            files += save(draw_shares(others, names, title, source), figures, "practices-outcomes")
        files += save(draw_interactions(main, names, source), figures, "interactions")
        files += save(draw_order(main, names, source), figures, "order")
    return files


def draw_shares(found: Sequence[Shares], names: Sequence[str], title: str, source: str) -> Figure:
    """A panel a quantity: the Shapley value of each practice, and its interval."""
    columns = min(COLUMNS, len(found))
    rows = -(-len(found) // columns)
    figure = new_figure(1.3 + 1.95 * rows, 12.0 if columns > 1 else 7.0)
    note = (
        "Bar: what a practice adds on average over all orders of taking practices up (Shapley value); line: its 95 % "
        "bootstrap interval over replicates. Blue raises, orange lowers, pale grey: the interval covers zero. "
        "Bars add up to the total in the heading."
    )
    put_head(figure, title, note, source, 150 if columns > 1 else 85)
    grid = figure.subplots(rows, columns, squeeze=False, sharey=True)
    for axes, shares in zip(grid.flat, found, strict=False):
        _bars(axes, shares, names)
    for axes in list(grid.flat)[len(found) :]:
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
    axes.invert_yaxis() if not axes.yaxis_inverted() else None
    axes.margins(x=0.08)
    axes.grid(visible=False, axis="y")
    direction = {1: "more is better", -1: "less is better"}.get(shares.quantity.better, "")
    unit = shares.quantity.unit_of_difference
    axes.set_xlabel(", ".join(filter(None, [unit, direction])))
    axes.set_title(wrapped(f"{shares.quantity.title}: {shares.total.mean:+.3g}", 42))


def draw_interactions(found: Sequence[Shares], names: Sequence[str], source: str) -> Figure:
    """A matrix a quantity: what two practices are worth together beyond apart."""
    figure = new_figure(6.4, 6.6 * len(found))
    note = (
        "Purple: two practices are worth more together than apart; orange: less, one stands in for the other. "
        "Numbers in bold have a 95 % bootstrap interval that leaves zero out."
    )
    put_head(figure, "Which practices need each other", note, source, 75 * len(found))
    panels = figure.subplots(1, len(found), squeeze=False)[0]
    for axes, shares in zip(panels, found, strict=True):
        _matrix(figure, axes, shares, names)
    return figure


def _matrix(figure: Figure, axes: Axes, shares: Shares, names: Sequence[str]) -> None:
    n = len(names)
    means = np.array([[np.nan if cell is None else cell.mean for cell in row] for row in shares.pairs])
    lower = np.where(np.tri(n, k=-1) > 0, means, np.nan)
    reach = float(np.nanmax(np.abs(lower))) or 1.0
    image = axes.imshow(lower[1:, :-1], cmap="PuOr", vmin=-reach, vmax=reach)
    for i in range(1, n):
        for j in range(i):
            cell = shares.pairs[i][j]
            if cell is not None:
                _number(axes, j, i - 1, cell.mean, cell.distinguishable, reach)
    labels = [wrapped(name, 13) for name in names]
    axes.set_xticks(range(n - 1), labels[:-1], fontsize=7.5)
    axes.set_yticks(range(n - 1), labels[1:], fontsize=7.5)
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(wrapped(shares.quantity.title, 60))
    bar = figure.colorbar(image, ax=axes, location="bottom", aspect=40, fraction=0.05, pad=0.03)
    bar.set_label(f"{shares.quantity.unit_of_difference}, together beyond apart", fontsize=8)
    bar.outline.set_visible(False)


def _number(axes: Axes, x: int, y: int, value: float, sure: bool, reach: float) -> None:
    dark = abs(value) > 0.6 * reach
    weight = "bold" if sure else "normal"
    axes.text(x, y, f"{value:+.2g}", ha="center", va="center", fontsize=8.5, fontweight=weight,
              color="white" if dark else INK)  # fmt: skip


def draw_order(found: Sequence[Shares], names: Sequence[str], source: str) -> Figure:
    """A panel a quantity: what is reached step by step in the best order of adoption."""
    figure = new_figure(4.6, 6.0 * len(found))
    note = "The order with the highest value on average over its steps; each bar is what the step adds to the mean."
    put_head(figure, "The best order to take practices up in", note, source, 72 * len(found))
    panels = figure.subplots(1, len(found), squeeze=False)[0]
    for axes, shares in zip(panels, found, strict=True):
        sign = -1 if shares.quantity.better < 0 else 1
        path = sign * np.array(shares.order.path)
        labels = [wrapped(names[player], 13) for player in shares.order.players]
        for step, (before, after) in enumerate(pairwise(path)):
            axes.bar(step, after - before, bottom=before, width=0.65, color=GAIN if after >= before else LOSS)
            axes.annotate(f"{after:+.3g}", (step, max(before, after)), (0, 2), textcoords="offset points", ha="center",
                          fontsize=8)  # fmt: skip
            if step:
                axes.plot([step - 1 + 0.325, step - 0.325], [before, before], color=INK, linewidth=0.7)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set_xticks(range(len(labels)), labels, fontsize=7.5)
        axes.grid(visible=False, axis="x")
        room = 0.12 * float(np.ptp(path)) or 1.0
        axes.set_ylim(path.min() - room * bool(path.min() < 0), path.max() + room)
        axes.set_ylabel(shares.quantity.unit_of_difference)
        axes.set_title(wrapped(shares.quantity.title, 60))
    return figure
