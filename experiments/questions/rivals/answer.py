"""How results of `samspel rivals` are read and told: over the set, or with the default parameters, as they were run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.engine.manifest import read_manifest
from experiments.questions.question import Answer
from experiments.questions.rivals import figures, result, words
from experiments.questions.rivals.over_set import figures as over_set_figures
from experiments.questions.rivals.over_set import result as over_set
from experiments.questions.rivals.over_set import words as over_set_words
from experiments.questions.rivals.over_set.plan import members_in
from experiments.questions.rivals.over_set.result import RivalsOver
from experiments.questions.rivals.result import Rivals

KIND = "rivals"
Found = Rivals | RivalsOver

AT_DEFAULT: Answer[Rivals] = Answer(
    kind=KIND, read=result.read, title=words.title, said=words.said, sections=words.sections,
    headline=result.headline, draw=figures.draw, adds=result.adds,
)  # fmt: skip
OVER_SET: Answer[RivalsOver] = Answer(
    kind=KIND, read=over_set.read, title=over_set_words.title, said=over_set_words.said,
    sections=over_set_words.sections, headline=over_set.headline, draw=over_set_figures.draw, adds=over_set.adds,
)  # fmt: skip


def read(folder: Path) -> Found:
    """What stored results of rivals hold. Raises SamspelError."""
    over = members_in(read_manifest(folder).options)
    return AT_DEFAULT.read(folder) if over is None else OVER_SET.read(folder)


def _of(found: Found) -> Answer[Any]:
    return OVER_SET if isinstance(found, RivalsOver) else AT_DEFAULT


ANSWER: Answer[Found] = Answer(
    kind=KIND,
    read=read,
    title=lambda found: _of(found).title(found),
    said=lambda found: _of(found).said(found),
    sections=lambda found: _of(found).sections(found),
    headline=lambda found: _of(found).headline(found),
    draw=lambda found, view: _of(found).draw(found, view),
    adds=lambda found: _of(found).adds(found),
)
