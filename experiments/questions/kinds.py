"""Which kinds of results there are: one for each folder here that has a command, found by looking, not by a list."""

from __future__ import annotations

import ast
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Kinds of results that no command of this name writes: of `samspel run`, and of `samspel compare --over set`.
OTHERS = {"run": "designed", "over": "over"}


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the questions, which are those of their commands and of the kinds of their results."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/command.py")))


def short_help(name: str) -> str:
    """What a question asks, in a line: the first line of its command's file, which is not imported for it."""
    text = (HERE / name / "command.py").read_text(encoding="utf-8")
    line = (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]
    words = line.partition(": ")[2] or line
    return words[:1].upper() + words[1:]


def question_of(name: str) -> Any:
    """The record of a question."""
    return import_module(f"experiments.questions.{name}.command").QUESTION


def answer_of(kind: str, where: str) -> Any:
    """How results of a kind are read and told. Raises SamspelError for a kind that this version does not know."""
    from sim.errors import unknown

    if kind in OTHERS:
        return import_module(f"experiments.questions.{OTHERS[kind]}.answer").ANSWER
    if kind not in names():
        raise unknown("kind of results", kind, (*names(), *OTHERS), where)
    return question_of(kind).answer
