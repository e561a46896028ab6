"""Figures of a validation: the scoreboard, and agents beside the aggregate benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from experiments.questions.question import Drawing, View
from experiments.questions.validate.aggregate_figures import aggregate_figure
from experiments.questions.validate.result import STAGE, Validated
from experiments.questions.validate.scoreboard import draw_scoreboard


def draw(found: Validated, view: View) -> Sequence[Drawing]:
    """The scoreboard, and agents beside the aggregate benchmark."""
    drawings = [Drawing("scoreboard", partial(draw_scoreboard, found.scored, found.results.source))]
    if found.departures:
        few = f"{found.results.made.title}, {found.results.made.stages[STAGE].replicates} replicates"
        drawings.append(Drawing("aggregate", partial(aggregate_figure, found.departures, few)))
    return drawings
