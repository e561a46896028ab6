"""Figures of a validation: the scoreboard, and agents beside the aggregate benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from experiments.questions.question import Drawing, View
from experiments.questions.validate.aggregate_figures import aggregate_figure
from experiments.questions.validate.result import STAGE, Validated, members_in
from experiments.questions.validate.scoreboard import draw_scoreboard


def draw(found: Validated, view: View) -> Sequence[Drawing]:
    """The scoreboard, and agents beside the aggregate benchmark."""
    drawings = [Drawing("scoreboard", partial(draw_scoreboard, found.scored, found.results.source))]
    if found.departures:
        members, made = members_in(found.results), found.results.made
        what = f"{len(members)} of {members.of} members of the set" if members else (
            f"{made.stages[STAGE].replicates} replicates"
        )  # fmt: skip
        few = f"{made.title}, {what}"
        drawings.append(Drawing("aggregate", partial(aggregate_figure, found.departures, few)))
    return drawings
