"""The benchmark within a question: both arms run, drawn beside it, and told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from experiments.design.arms import BASELINE, FOCUS
from experiments.questions.validate.aggregate_words import SHOWN, departures, told

if TYPE_CHECKING:
    from experiments.engine.experiment import Experiment
    from experiments.questions.question import Question

MOST = 10  # replicates: the band needs no more
STAGE = "aggregate"


def beside_agents(question: Question, experiment: Experiment) -> str:
    """Run silos and coordination through the engine (at most ten replicates), write figures/aggregate, and say where
    agents and benchmark part, as Markdown. Raises SamspelError."""
    from experiments.design.plan import split_settings
    from experiments.questions.validate.aggregate_figures import draw_aggregate
    from sim import load_parameters

    few = replace(question, replicates=min(question.replicates, MOST))
    tables = experiment.run(few.design([BASELINE, FOCUS], [{}], curves=True), stage=STAGE)
    curves = tables.curves(SHOWN)
    by_arm = {str(arm): part for arm, part in curves.groupby("arm", sort=False)}
    parameters = load_parameters().replace(split_settings(question.settings)[0])
    found = departures(by_arm, question.place, parameters)
    draw_aggregate(found, f"{question.title}, {few.replicates} replicates", experiment.folder)
    return told(found)
