"""How results of `samspel run` are read, told and drawn."""

from __future__ import annotations

from experiments.questions.designed.figures import draw
from experiments.questions.designed.result import Designed, headline, read, verdicts
from experiments.questions.designed.words import said, sections, title
from experiments.questions.question import Answer

ANSWER: Answer[Designed] = Answer(
    kind="run", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw, adds=verdicts
)
