"""What is measured, each in a process of its own, and what came of it: medians over rounds."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answer = dict[str, Any]
Figures = dict[str, tuple[float, float]]  # by name: the value, and the yardstick beside it (s), 0 where it is no time


@dataclass(frozen=True)
class Request:
    """One measurement: its name in files, what `alone.py` (or, for a command, the clock) is asked, and at most how
    many rounds of it are worth their time."""

    name: str
    asked: tuple[tuple[str, Any], ...]
    most: int = 99
    also_earlier: bool = True  # whether an earlier commit is asked too

    @classmethod
    def of(cls, name: str, what: str, most: int = 99, also_earlier: bool = True, **asked: Any) -> Request:
        """From what is asked."""
        return cls(name, (("what", what), *asked.items()), most, also_earlier)

    @property
    def question(self) -> dict[str, Any]:
        """As a table."""
        return dict(self.asked)


@dataclass
class Found:
    """Answers of one tree by request, a list with one a round; and why there are none, where something went wrong."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, request: Request, answer: Answer) -> None:
        """One more round."""
        self.answers.setdefault(request.name, []).append(answer)

    def figures(self) -> Figures:
        """All figures, each the median over rounds."""
        found: Figures = {}
        for name, answers in self.answers.items():
            yard = statistics.median(answer["yardstick"] for answer in answers)
            for figure in read(answers[0]):
                values = [read(answer)[figure] for answer in answers]
                found[f"{name}: {figure}"] = (statistics.median(values), 0.0 if figure in TIMELESS else yard)
        return found


WHOLE, WALL, PEAK, BYTES = "whole run", "whole run by the clock", "peak memory", "bytes"
GROWTH, RATE = "growth", "runs a minute"
TIMELESS = frozenset({PEAK, BYTES, GROWTH})


def read(answer: Answer) -> dict[str, float]:
    """The figures of one answer: of a run in ns per resident and quarter, otherwise as they come."""
    if "spent" in answer:
        each = 1e9 / answer["flats"] / answer["quarters"]
        spent = {name: seconds * each for name, seconds in answer["spent"].items()}
        whole = {WHOLE: answer["cpu"] * each, WALL: answer["wall"] * each}
        return whole | spent | {PEAK: answer["peak"], BYTES: answer["bytes"]}
    if "late" in answer:
        return {GROWTH: answer["late"] - answer["early"], PEAK: answer["late"]}
    if "runs" in answer:
        return {RATE: 60.0 * answer["runs"] / answer["seconds"]}
    return {name: float(value) for name, value in answer.items() if name != "yardstick"}


def at_yardstick(then: tuple[float, float], now: float, rate: bool = False) -> float:
    """What a figure measured in another hour would be now, if all took as much longer as the yardstick does. rate: it
    is a number of runs and not a time."""
    value, yard = then
    longer = now / yard if yard and now else 1.0
    return value / longer if rate else value * longer


def parts_of(figures: Mapping[str, tuple[float, float]], request: str, leave_out: Sequence[str] = ()) -> list[str]:
    """Names of the parts of a run that were timed, in the order of a quarter."""
    told = [name.removeprefix(f"{request}: ") for name in figures if name.startswith(f"{request}: ")]
    return [name for name in told if name not in (WHOLE, WALL, PEAK, BYTES, *leave_out)]
