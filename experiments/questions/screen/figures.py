"""What answers to what: a grid of patterns by parameters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from experiments.questions.question import Drawing, View
from experiments.questions.screen.result import HEADLINE, Screened
from experiments.reporting.finding import BLUE, ORANGE
from experiments.reporting.style import new_figure, put_head, wrapped

SHOWN = 40
LINE, LETTERS = 0.15, 46  # inches of a line of words, and letters on it
LARGEST = 90.0  # points², of a correlation of one


def draw(found: Screened, view: View) -> Sequence[Drawing]:
    """The grid."""
    return [Drawing("answers", partial(draw_answers, found))]


def draw_answers(found: Screened) -> Figure:
    """A row a parameter, the strongest first; a column the headline and every pattern: the strongest of its answers."""
    names = found.matter[:SHOWN]
    columns = list(dict.fromkeys(str(output).partition(".")[0] for output in found.measured.columns))
    labels = [wrapped(found.results.setting(name).brief, LETTERS) for name in names]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    figure = new_figure(1.0 + (0.06 + LINE * lines) * max(len(names), 4))
    more = len(found.matter) - len(names)
    note = (
        "Dot: the strongest answer among a pattern's measures, its area by the size of the rank correlation; blue: "
        "it rises "
        "with the parameter, orange: it falls, ring: it turns round in the middle. Empty: nothing that chance may "
        "not do."
        f"{f' {more} more parameters matter less.' if more else ''}"
    )
    put_head(figure, told(found), note, found.results.source)
    axes = figure.subplots()
    places = {name: place for place, name in enumerate(names)}
    rows = found.answers[found.answers["matters"] & found.answers["input"].isin(names)]
    best: dict[tuple[int, int], tuple[float, bool]] = {}
    for output, name, straight, bent in rows[["output", "input", "straight", "bent"]].itertuples(index=False):
        cell = (columns.index(output.partition(".")[0]), places[name])
        turns = abs(bent) > abs(straight)
        rho = bent if turns else straight
        if abs(rho) > abs(best.get(cell, (0.0, False))[0]):
            best[cell] = (rho, turns)
    for (x, y), (rho, turns) in best.items():
        colour = BLUE if rho > 0 else ORANGE
        axes.scatter(
            [x], [y], s=LARGEST * abs(rho), color="none" if turns else colour, edgecolors=colour, linewidths=1.2
        )
    axes.set_yticks(range(len(names)), labels)
    shown = ["gain" if f"{column}." == HEADLINE[: len(column) + 1] else column for column in columns]
    axes.set_xticks(range(len(columns)), shown, rotation=90)
    axes.xaxis.tick_top()
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.tick_params(length=0)
    return figure


def told(found: Screened) -> str:
    """How many parameters matter, as a title."""
    share = 100.0 * len(found.matter) / max(len(found.table), 1)
    return (
        f"Patterns and the gain of coordination answer to {len(found.matter)} of {len(found.table)} parameters "
        f"({np.round(share):.0f} %)"
    )
