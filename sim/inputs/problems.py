"""What is wrong with input files, gathered: one line for each problem, all of them in one message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.errors import SamspelError, clip

__all__ = ["InputError", "Problem", "clip", "refused", "stop_if", "told"]

SHOWN = 3  # like problems spelled out before "and n more like these"
LONGEST = 1_900  # characters of a message
_PLACE, _LINE = 160, 520


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where. row: as in a spreadsheet, the header is 1. name: what the row is called."""

    file: str
    what: str
    row: int = 0
    name: str | None = None
    column: str = ""
    word: str = "column"

    def __str__(self) -> str:
        """The problem as a line."""
        named = "" if self.name is None else f' ("{clip(self.name)}")'
        return self._line([f"row {self.row}{named}"] if self.row else [], self.what)

    def _line(self, rows: list[str], what: str) -> str:
        file = self.file if len(self.file) <= _PLACE else "…" + self.file[1 - _PLACE :]
        column = [f"{self.word} {clip(self.column, 120)}"] if self.column else []
        return clip(f"{', '.join([file, *rows, *column])}: {what}", _LINE)

    @property
    def alike(self) -> tuple[str, str, str]:
        """Equal for problems that differ only in row and value."""
        return self.file, self.column, re.sub(r'"[^"]*"|[-\d.,]+', "", self.what)

    def others(self, rows: Sequence[int]) -> str:
        """The line that stands for further problems like this one."""
        return self._line([f"rows {clip(_spans(rows), 100)}"] * any(rows), f"and {len(rows)} more like these")


class InputError(SamspelError):
    """Problems of files, as one error."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(told(self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """How it passes between processes: with its problems, of which it makes its message again."""
        return type(self), (self.problems,)


def refused(file: str, what: str) -> InputError:
    """A whole file that cannot be read."""
    return InputError([Problem(file, what)])


def stop_if(problems: Sequence[Problem]) -> None:
    """Raise one error for all problems, if there are any."""
    if problems:
        raise InputError(problems)


def told(problems: Iterable[Problem]) -> str:
    """All problems by file, a line each. Where there are too many, each file has its share and the rest is counted."""
    files: dict[str, list[tuple[str, int]]] = {}
    for group in _groups(problems):
        shown = SHOWN if len(group) > SHOWN + 1 else len(group)
        rest = group[shown:]
        lines = files.setdefault(group[0].file, [])
        lines += [(str(problem), 1) for problem in group[:shown]]
        lines += [(group[0].others([problem.row for problem in rest]), len(rest))] if rest else []
    taken = dict.fromkeys(files, 0)
    left, open_files = LONGEST, list(files)
    while open_files:
        for file in tuple(open_files):
            lines, at = files[file], taken[file]
            if at == len(lines) or len(lines[at][0]) + 1 > left:
                open_files.remove(file)
                continue
            left -= len(lines[at][0]) + 1
            taken[file] += 1
    said = [line for file, lines in files.items() for line, _ in lines[: taken[file]]]
    unsaid = sum(count for file, lines in files.items() for _, count in lines[taken[file] :])
    return "\n".join([*said, *([f"and {unsaid:,} more problems"] if unsaid else [])])


def _groups(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Problems that are alike, in the order of files and rows."""
    found: dict[tuple[str, str, str], list[Problem]] = {}
    files: dict[str, int] = {}
    for problem in problems:
        files.setdefault(problem.file, len(files))
        found.setdefault(problem.alike, []).append(problem)
    return sorted(found.values(), key=lambda group: (files[group[0].file], group[0].row))


def _spans(rows: Sequence[int]) -> str:
    """Rows 5, 6, 7 and 9 as "5-7, 9"."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row - spans[-1][1] <= 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
