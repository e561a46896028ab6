"""How results of `samspel compare --over set` are read, told and drawn."""

from __future__ import annotations

from experiments.questions.over.figures import draw
from experiments.questions.over.result import Distribution, headline, read, verdicts
from experiments.questions.over.words import said, sections, table, title
from experiments.questions.question import Answer

ANSWER: Answer[Distribution] = Answer(
    kind="over", read=read, title=title, said=said, sections=sections, headline=headline, draw=draw, adds=verdicts,
    table=table,
)  # fmt: skip
